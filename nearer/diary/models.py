"""What was done, when and in which space: facts, never words."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing that was finished."""

    space = models.ForeignKey("people.Space", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who did it alone; empty for what two did together."""
    room = models.CharField(max_length=24)
    what = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["space", "-at"], name="diary_space_recent"),
            models.Index(fields=["space", "room", "what"], name="diary_space_room"),
        )

    def __str__(self) -> str:
        return f"{self.room}: {self.what}"
