"""Live sessions of any room: who sits there, the one-round key, and every tap once."""

from __future__ import annotations

import uuid

from django.db import models

from nearer.vault.fields import SealedField


class Sitting(models.Model):
    """Two seats at one session. What happens there belongs to the room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey("people.Space", on_delete=models.CASCADE, related_name="+")
    room = models.CharField(max_length=24)
    first_seat = models.UUIDField()
    """The person who opened it."""
    second_seat = models.UUIDField()
    """A person's id, or a guest's."""
    is_with_guest = models.BooleanField(default=False)
    phones = models.CharField(max_length=4)
    round_key = SealedField()
    """The one-round key, under the bond's key."""
    names = SealedField()
    """What the people in it were called then, under the one-round key: a guest, or a phone that
    was handed over, cannot open the bond's own list."""
    taps = models.PositiveIntegerField(default=0)
    clock_started_at = models.DateTimeField()
    clock_stopped_at = models.DateTimeField(null=True)
    clock_before = models.DurationField()
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["space", "room", "-opened_at"], name="stage_sitting_recent"),
            models.Index(fields=["space", "ended_at"], name="stage_sitting_open"),
            # Guests are few: who has not decided yet is found without reading every session.
            models.Index(
                fields=["ended_at"],
                name="stage_sitting_guests",
                condition=models.Q(is_with_guest=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.room} {self.id}"


class TapTaken(models.Model):
    """A tap that counted; each seat has one at each moment of a session."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="taken")
    moment = models.CharField(max_length=32)
    seat = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    """Under a key that only the tapping browser has: with any other, three ratings or a «not yet»
    could be found by trying them out. Gone when the session ends."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["sitting", "moment", "seat"], name="stage_one_tap_a_moment"
            ),
        )

    def __str__(self) -> str:
        return f"a tap at {self.moment}"
