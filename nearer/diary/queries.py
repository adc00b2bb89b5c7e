"""Looking back at what was done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from nearer.diary.models import Entry
from nearer.people.models import Membership, Person


def entries_in(spaces: Iterable[UUID], reader: Person) -> QuerySet[Entry]:
    """What was done there; nothing from after a new account took the reader's place."""
    put_out = Membership.objects.filter(
        person=reader, space=OuterRef("space"), replaced_at__lte=OuterRef("at")
    )
    return Entry.objects.filter(~Exists(put_out), space_id__in=list(spaces)).order_by("-at")
