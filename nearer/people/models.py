"""Who is here: people, the spaces they share, and the boxes with the keys of those spaces.

No name, word or number that a person enters stands here in the clear: a user name is kept as a
keyed digest, to be found by, and sealed, to be shown.
"""

from __future__ import annotations

import uuid

from django.db import models

from nearer.people.rules import Kind
from nearer.vault.fields import SealedField


class Space(models.Model):
    """Where words belong: one person's private space, or a bond of two."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12)
    is_long_distance = models.BooleanField(default=False)
    key_version = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    other_name = SealedField()
    """What the one who made the bond calls the other, until the other brings an own name."""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_bond(self) -> bool:
        return self.kind != Kind.PRIVATE.value


class Person(models.Model):
    """Somebody with an account: keys first, everything else sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login_digest = models.BinaryField(unique=True, max_length=32)
    verifier = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    memory_kib = models.PositiveIntegerField()
    passes = models.PositiveSmallIntegerField()
    lanes = models.PositiveSmallIntegerField()
    public_key = models.BinaryField(max_length=32)
    private_by_passphrase = models.BinaryField()
    private_by_code = models.BinaryField()
    private_space = models.OneToOneField(Space, on_delete=models.PROTECT, related_name="+")
    login = SealedField()
    name = SealedField()
    pronouns = SealedField()
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    idle_minutes = models.PositiveSmallIntegerField(default=30)
    is_discreet = models.BooleanField(default=False)
    """Whether tabs and the app's icon show a neutral name."""
    has_kept_code = models.BooleanField(default=False)
    """Whether part of the present recovery code was typed back: somebody has it on paper."""
    reminder_address = models.BinaryField(null=True)
    """An e-mail address, sealed under the house key: reminders go out while nobody is unlocked."""
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"person {self.id}"


class Membership(models.Model):
    """One person in one space, under the name that this space may read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    """Empty after the account was deleted: what stays is the name that the other one knew."""
    name = SealedField()
    pronouns = SealedField()
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    """When somebody came back with a new account in this one's place. This one still reads, takes
    along and takes back what was written until then: nobody is put out of a bond unseen."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["space", "person"], name="people_member_once"),
        )

    def __str__(self) -> str:
        return f"membership {self.id}"


class Grant(models.Model):
    """A box with one version of a space's key, for one person."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="grants")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    version = models.PositiveSmallIntegerField()
    box = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["space", "person", "version"], name="people_one_box_per_version"
            ),
        )

    def __str__(self) -> str:
        return f"grant {self.space_id} v{self.version}"


class Invitation(models.Model):
    """A door to a bond: the space's keys under a secret that only the link holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="invitations")
    inviter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    proof = models.BinaryField(max_length=32, unique=True)
    """By this the letters find their invitation; they do not follow from it."""
    keys = models.JSONField()
    """``{version: base64 of the wrapped key}``"""
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When it was used, taken back or replaced; the inviter is not told which."""

    def __str__(self) -> str:
        return f"invitation {self.id}"


class Guest(models.Model):
    """Somebody without an account, in one round and nowhere else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="guests")
    name = SealedField()
    """Under the one-round key."""
    door = models.CharField(max_length=120)
    """The address below which this guest may go."""
    wrapped_key = models.BinaryField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"guest {self.id}"


class Device(models.Model):
    """One browser that somebody signed in with; the only session there is.

    The row alone opens nothing: half of the key is in the browser's cookie.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="devices")
    guest = models.ForeignKey(Guest, null=True, on_delete=models.CASCADE, related_name="devices")
    token_digest = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    wrapped_private = models.BinaryField(null=True)
    """The private key, wrapped; empty while locked or handed over."""
    door = models.CharField(max_length=120, blank=True)
    """While the phone is handed over, or for a guest: the one address below which it works."""
    wrapped_pass = models.BinaryField(null=True)
    """The one-round key that goes with the door."""
    label = models.CharField(max_length=40)
    is_shared = models.BooleanField(default=False)
    """A computer that others use too: locks sooner, and is forgotten with the browser."""
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, guest__isnull=True)
                | models.Q(person__isnull=True, guest__isnull=False),
                name="people_device_is_somebodys",
            ),
        )

    def __str__(self) -> str:
        return f"device {self.id}"


class SlowDown(models.Model):
    """Wrong passphrases lately, per account and address; it slows and never locks."""

    key = models.BinaryField(primary_key=True, max_length=32)
    misses = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.misses} misses"
