"""Looking back at what was done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from nearer.diary.models import Entry


def entries_in(spaces: Iterable[UUID]) -> QuerySet[Entry]:
    return Entry.objects.filter(space_id__in=list(spaces)).order_by("-at")
