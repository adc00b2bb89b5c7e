"""Opening a session, counting its taps, and telling the other phone that something changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, get_channel_layer
from django.db import transaction

from nearer.people.models import Space
from nearer.people.queries import Named
from nearer.stage.models import Sitting, TapTaken
from nearer.stage.rules import Clock, Phones, Tap, Tapped, judged
from nearer.vault.fields import seal
from nearer.vault.sealing import SpaceKey, new_secret


class Late(Exception):
    """Somebody else's tap came first, or this page is an old one."""


def open_sitting(
    space: Space, *, room: str, seats: tuple[UUID, UUID], phones: Phones, now: datetime
) -> Sitting:
    """An unsaved session; :func:`key_sitting` gives it its key and saves it."""
    return Sitting(
        id=uuid4(),
        space=space,
        room=room,
        first_seat=seats[0],
        second_seat=seats[1],
        phones=phones.value,
        clock_started_at=now,
        clock_before=timedelta(),
        opened_at=now,
    )


def key_sitting(
    sitting: Sitting, *, bond_key: SpaceKey, key: SpaceKey, people: Iterable[Named]
) -> None:
    """Give the session its one-round key, under the bond's, and the names under that key."""
    names = {str(person.id): [person.name, person.pronouns] for person in people}
    seal(sitting, bond_key, round_key=key.secret.raw.hex())
    seal(sitting, key, names=json.dumps(names))
    sitting.save()
    announce(sitting)


def new_round_key() -> SpaceKey:
    return SpaceKey(1, new_secret())


def locked(sitting_id: UUID) -> Sitting:
    """The session's row, held until the transaction ends: moves come one after the other."""
    return Sitting.objects.select_for_update().get(pk=sitting_id)


def is_news(sitting: Sitting, tap: Tapped, *, moment: str) -> bool:
    """Note a tap that counts; ``False`` for one that was noted before.

    Raises:
        Late: somebody's other tap came first, or the page is an old one; nothing was changed.
    """
    if sitting.ended_at:
        raise Late
    verdict = judged(tap, moment=moment, earlier=_earlier(sitting, tap))
    if verdict is Tap.LATE:
        raise Late
    if verdict is Tap.NEW:
        TapTaken.objects.create(
            sitting=sitting, moment=tap.moment, seat=tap.seat, digest=tap.digest
        )
    return verdict is Tap.NEW


def changed(sitting: Sitting, clock: Clock, *, ended_at: datetime | None = None) -> None:
    """Write what every live session has in common.

    Whether the other may see that something happened, and so whether to :func:`announce` it, is
    for the room to say.
    """
    sitting.taps += 1
    sitting.clock_started_at, sitting.clock_stopped_at = clock.started_at, clock.stopped_at
    sitting.clock_before = clock.before
    sitting.ended_at = ended_at
    sitting.save()
    if ended_at:
        TapTaken.objects.filter(sitting=sitting).delete()


def announce(sitting: Sitting) -> None:
    """Tell every phone that may see this session, once the change is safely written.

    Where the layer between processes is lost, this is logged, and phones learn it when they next
    ask by themselves: the change stands.
    """
    message = {"type": "changed", "sitting": str(sitting.id), "taps": sitting.taps}
    groups = (f"space.{sitting.space_id}", f"sitting.{sitting.id}")

    async def tell() -> None:
        layer = cast("BaseChannelLayer", get_channel_layer())
        for group in groups:
            await layer.group_send(group, message)

    # One step into the loop for both groups: each costs a thread.
    transaction.on_commit(lambda: async_to_sync(tell)(), robust=True)


def _earlier(sitting: Sitting, tap: Tapped) -> Tapped | None:
    row = TapTaken.objects.filter(sitting=sitting, moment=tap.moment, seat=tap.seat).first()
    return Tapped(row.moment, row.seat, bytes(row.digest)) if row else None
