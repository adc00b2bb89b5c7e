"""One browser that is signed in: opened, locked, handed over, ended.

The cookie is ``<device id>.<secret>``. The row keeps a digest to know the secret again and the
private key wrapped under it, so neither the row nor the cookie opens anything alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from asgiref.sync import async_to_sync
from channels.layers import channel_layers
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from nearer.people.keys import keyring_of, pair_of
from nearer.people.models import Device, Guest, Person
from nearer.people.rules import DEVICE_LASTS, SHARED_DEVICE_LASTS, SHARED_IDLE_MINUTES, is_idle
from nearer.vault.keyring import Keyring
from nearer.vault.sealing import (
    Pair,
    Secret,
    SpaceKey,
    derived,
    new_salt,
    new_secret,
    unwrapped,
    wrapped,
)

_SEEN_TO_THE = timedelta(minutes=1)
_ROUND_KEY = "pass 1"
"""A one-round key has one version only."""


@dataclass(frozen=True, slots=True)
class Here:
    """Who this browser speaks for, and what it can open right now."""

    device: Device
    secret: Secret
    keyring: Keyring | None
    pass_key: SpaceKey | None

    @property
    def person(self) -> Person | None:
        return self.device.person

    @property
    def guest(self) -> Guest | None:
        return self.device.guest

    @property
    def door(self) -> str:
        return self.device.door

    @property
    def is_open(self) -> bool:
        """Unlocked, and in its owner's hands."""
        return self.keyring is not None and not self.door


def open_device(
    *,
    now: datetime,
    label: str,
    person: Person | None = None,
    guest: Guest | None = None,
    is_shared: bool = False,
) -> Here:
    """A new, unsaved device with a new secret; nothing is carried over from before a sign-in."""
    secret = new_secret()
    device = Device(
        id=uuid4(),
        person=person,
        guest=guest,
        token_digest=_digest(secret),
        salt=new_salt(),
        label=label,
        is_shared=is_shared,
        made_at=now,
        seen_at=now,
    )
    return Here(device, secret, keyring=None, pass_key=None)


def unlock(here: Here, pair: Pair) -> Here:
    """Keep the pair for this browser, half of it with the row, half with the cookie.

    The secret is a new one each time, so that a cookie copied while locked stays worthless; the
    answer must carry it (:func:`set_cookie`).
    """
    device = here.device
    opened = Here(device, new_secret(), _keyring(device, pair), pass_key=None)
    device.token_digest, device.salt = _digest(opened.secret), new_salt()
    device.door, device.wrapped_pass = "", None
    device.wrapped_private = wrapped(
        pair.private, under=_session_key(opened), purpose="session", owner=str(device.id)
    )
    device.save()
    return opened


def lock(device: Device) -> None:
    """Forget the key; who is signed in stays, what can be read is nothing."""
    device.wrapped_private = None
    _keep(device, "wrapped_private")
    hang_up([device.id])


def hand_over(here: Here, *, door: str, key: SpaceKey) -> None:
    """Leave this browser nothing but one address and the one-round key of what happens there.

    Its sockets close, and come back with what belongs to that address alone.
    """
    device = here.device
    device.door, device.wrapped_private = door, None
    device.wrapped_pass = wrapped(
        key.secret, under=_session_key(here), purpose=_ROUND_KEY, owner=str(device.id)
    )
    _keep(device, "door", "wrapped_private", "wrapped_pass")
    hang_up([device.id])


def end_passes(door: str) -> None:
    """The round behind this door is over: phones that were handed over for it open nothing."""
    Device.objects.filter(door=door).update(wrapped_pass=None)


def end_devices(devices: QuerySet[Device]) -> None:
    """Sign these browsers out, and close their sockets once that is safely written."""
    ids = list(devices.values_list("id", flat=True))
    devices.delete()
    hang_up(ids)


def hang_up(device_ids: list[UUID]) -> None:
    """Close the sockets of these devices; one that may still listen simply comes back.

    Where the layer between processes is lost, this is logged and nothing else fails: each socket
    asks by itself every minute whether it may stay.
    """
    transaction.on_commit(lambda: _close_sockets(device_ids), robust=True)


def here_of(cookie: str, *, now: datetime) -> Here | None:
    """Who a cookie speaks for; a made-up, ended or outlived one speaks for nobody."""
    found = _read_cookie(cookie)
    if found is None:
        return None
    device = _device(found[0])
    if device is None or not hmac.compare_digest(_digest(found[1]), bytes(device.token_digest)):
        return None
    if now - device.made_at > _lasts(device):
        end_devices(Device.objects.filter(pk=device.pk))
        return None
    if _is_left_alone(device, now):
        lock(device)
    return _opened(device, found[1])


def note_seen(device: Device, now: datetime) -> None:
    """Somebody did something here; to the minute, which is all that the idle lock needs."""
    if now - device.seen_at > _SEEN_TO_THE:
        device.seen_at = now
        _keep(device, "seen_at")


def set_cookie(response: HttpResponse, here: Here) -> None:
    value = f"{here.device.id.hex}.{base64.urlsafe_b64encode(here.secret.raw).decode()}"
    response.set_cookie(
        settings.DEVICE_COOKIE,
        value,
        max_age=None if here.device.is_shared else DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(settings.DEVICE_COOKIE, samesite="Lax")


def forget_browser(response: HttpResponse) -> None:
    """Nothing of the house stays in this browser; takes it a moment."""
    drop_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def label_of(request: HttpRequest) -> str:
    """A browser's family in two words, for the list of one's own sessions."""
    agent = request.headers.get("User-Agent", "")
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = ("Firefox", "Edg", "Chrome", "Safari")
    system = next((name for name in systems if name in agent), "")
    browser = next((name for name in browsers if name in agent), "")
    return f"{browser.replace('Edg', 'Edge')} {system.replace('Macintosh', 'Mac')}".strip()


def _keep(device: Device, *columns: str) -> None:
    """Write these columns; a row that was ended a moment ago stays ended."""
    values = {column: getattr(device, column) for column in columns}
    Device.objects.filter(pk=device.pk).update(**values)


def _opened(device: Device, secret: Secret) -> Here:
    here = Here(device, secret, keyring=None, pass_key=None)
    owner = str(device.id)
    if device.door and device.wrapped_pass:
        raw = unwrapped(
            bytes(device.wrapped_pass), under=_session_key(here), purpose=_ROUND_KEY, owner=owner
        )
        return Here(device, secret, keyring=None, pass_key=SpaceKey(1, raw))
    if device.person and device.wrapped_private:
        private = unwrapped(
            bytes(device.wrapped_private), under=_session_key(here), purpose="session", owner=owner
        )
        return Here(device, secret, _keyring(device, pair_of(private)), pass_key=None)
    return here


def _keyring(device: Device, pair: Pair) -> Keyring | None:
    return keyring_of(device.person, pair) if device.person else None


def _device(device_id: UUID) -> Device | None:
    rows = Device.objects.select_related("person", "guest")
    return rows.filter(pk=device_id).first()


def _lasts(device: Device) -> timedelta:
    return SHARED_DEVICE_LASTS if device.is_shared else DEVICE_LASTS


def _is_left_alone(device: Device, now: datetime) -> bool:
    if device.person is None or device.wrapped_private is None:
        return False
    minutes = device.person.idle_minutes
    if device.is_shared:
        minutes = min(minutes, SHARED_IDLE_MINUTES)
    return is_idle(device.seen_at, now, idle_minutes=minutes)


def _close_sockets(device_ids: list[UUID]) -> None:
    """The consumer in ``stage`` joins one group a device; this floor knows only its name."""
    layer = channel_layers["default"]
    for device_id in device_ids:
        async_to_sync(layer.group_send)(f"device.{device_id}", {"type": "ended"})


def _read_cookie(cookie: str) -> tuple[UUID, Secret] | None:
    identity, _dot, letters = cookie.partition(".")
    try:
        return UUID(identity), Secret(base64.urlsafe_b64decode(letters))
    except (ValueError, binascii.Error):
        return None


def _digest(secret: Secret) -> bytes:
    return hashlib.sha256(derived(secret, "token").raw).digest()


def _session_key(here: Here) -> Secret:
    return derived(here.secret, "session", str(here.device.id), salt=bytes(here.device.salt))
