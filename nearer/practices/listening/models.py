"""What a listening session leaves behind, each word sealed."""

from __future__ import annotations

import uuid

from django.db import models

from nearer.practices.listening.rules import Step
from nearer.vault.fields import PersonalField, SealedField


class ListeningRound(models.Model):
    """Where one session stands."""

    sitting = models.OneToOneField(
        "stage.Sitting", primary_key=True, on_delete=models.CASCADE, related_name="listening"
    )
    mode = models.CharField(max_length=12)
    minutes = SealedField()
    """How long each may speak."""
    first = models.UUIDField()
    """The seat that speaks first."""
    turns = SealedField()
    """How many there will be."""
    turn = models.PositiveSmallIntegerField(default=1)
    step = models.CharField(max_length=8, default=Step.SETTLE.value)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.JSONField(default=list)
    paused_by = models.UUIDField(null=True)
    ended_by = models.UUIDField(null=True)
    """The seat that ended it before its last turn was over."""
    is_paper = models.BooleanField(default=False)
    guest_keeps = models.BooleanField(null=True)
    """Whether the guest lets own words stay; until that was said they are not shown."""
    topic = SealedField()

    def __str__(self) -> str:
        return f"round {self.pk}"


class ListeningTurn(models.Model):
    """One person speaks, the other gives back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ListeningRound, on_delete=models.CASCADE, related_name="turns_taken")
    number = models.PositiveSmallIntegerField()
    speaker = models.UUIDField()
    listener = models.UUIDField()
    said = SealedField()
    """In writing only: what the speaker wrote."""
    caught = SealedField()
    """What the speaker says the listener caught that mattered."""
    guess = SealedField()
    """What the listener thinks face and voice said that words did not."""
    guess_answer = SealedField()
    felt = PersonalField()
    """For the one who gave it."""
    felt_shared = SealedField()
    """The same, if the giver shares it with the listener."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["round", "number"], name="listening_turn_once"),
        )

    def __str__(self) -> str:
        return f"turn {self.number}"


class Reflection(models.Model):
    """One try at giving back what was heard."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    turn = models.ForeignKey(ListeningTurn, on_delete=models.CASCADE, related_name="reflections")
    number = models.PositiveSmallIntegerField()
    words = SealedField()
    """Empty when it was said aloud."""
    answer = SealedField()
    missing = SealedField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["turn", "number"], name="listening_reflection_once"),
        )

    def __str__(self) -> str:
        return f"reflection {self.number}"


class Keepsake(models.Model):
    """What one person keeps for themselves from a session, and words not sent yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ListeningRound, on_delete=models.CASCADE, related_name="keepsakes")
    seat = models.UUIDField()
    line = PersonalField()
    draft = PersonalField()
    round_draft = SealedField()
    """The same from a guest, or on a phone that is passed: neither has a key for one person. A
    draft belongs to the step that is going on; when that is over, it goes."""
    is_set_aside = models.BooleanField(default=False)
    """An invitation answered with «not now»: Today does not show it any longer. The other sees
    nothing of it."""
    guest_line = SealedField()
    """A guest has no keys of their own: for the guest's last page, and gone half a day later."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "seat"], name="listening_keepsake_once"),
        )

    def __str__(self) -> str:
        return "keepsake"


class Habit(models.Model):
    """How one person wants to practise; all of it private."""

    person = models.OneToOneField(
        "people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    drift = SealedField()
    plan = SealedField()
    wants_feedback = models.BooleanField(default=True)

    def __str__(self) -> str:
        return "habit"


class DrillTry(models.Model):
    """One reply written alone to one scene."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    scene = models.CharField(max_length=60)
    words = SealedField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="listening_drill_recent"),)

    def __str__(self) -> str:
        return f"try at {self.scene}"
