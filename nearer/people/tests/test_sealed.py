"""After a life in the house, its tables hold no word that anybody entered."""

from __future__ import annotations

import base64

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON, Someone
from nearer.people.bonds import guest_link, name_guest, seat_guest
from nearer.people.models import Person, Space
from nearer.people.tests.forms import begin, code_on
from nearer.vault.sealing import SpaceKey, new_secret

NAME, PRONOUNS, LOGIN = "Wilhelmina Quist", "zie/hirself", "quist-at-the-ferry"
PASSPHRASE, OTHER = "seven umbrellas and one dry sock", "Bartholomew"
ADDRESS, GUEST, LATER = "quist@ferry.example", "Cornelius", "Minna Halvorsen"


def live_through_everything() -> list[str]:
    """Sign up, bond, invite, rename, seat a guest; returns every word that was entered or made."""
    client = Client()
    code = code_on(begin(client, name=NAME, pronouns=PRONOUNS, login=LOGIN, passphrase=PASSPHRASE))
    said = {"kind": "friends", "other_name": OTHER}
    address = client.post(reverse("people:new_bond"), said).headers["Location"]
    invitation = client.post(f"{address}invite/").content.decode()
    letters = invitation.split("/invitation/#")[1][:32]
    client.post(reverse("people:reminders"), {"address": ADDRESS})
    client.post(reverse("people:name"), {"name": LATER, "pronouns": PRONOUNS})
    space, key = Space.objects.get(kind="friends"), SpaceKey(1, new_secret())
    guest = seat_guest(space, GUEST, key, door="/listening/x/")
    name_guest(guest, key, GUEST)
    link = guest_link(guest, key, expires_at=timezone.now())
    words = [NAME, PRONOUNS, LOGIN, PASSPHRASE, OTHER, ADDRESS, GUEST, LATER, letters]
    return [*words, link.letters, code, code.replace("-", ""), *code.split("-")]


def everything_stored() -> bytes:
    """All values of all tables as they lie there, and what a text column might hide in base64."""
    values: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = cursor.fetchall()
            values += [_raw(value) for row in rows for value in row]
    return b"\n".join(values).lower()


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def forms_of(word: str) -> list[bytes]:
    plain = word.encode()
    return [plain.lower(), plain.hex().encode(), base64.b64encode(plain)[:-4].lower()]


def test_no_entered_word_lies_readable_in_any_table(db: None) -> None:
    words = [word for word in live_through_everything() if len(word) > 4]
    stored = everything_stored()
    assert [word for word in words if any(form in stored for form in forms_of(word))] == []


def test_recovery_code_lies_in_no_table(db: None) -> None:
    """Not as it is printed, not without its hyphens, and not the secret that it spells."""
    code = code_on(begin(Client()))
    spelt = base64.b32decode(code.replace("-", ""))
    lying = [*forms_of(code), *forms_of(code.replace("-", "")), spelt.lower(), spelt.hex().encode()]
    stored = everything_stored()
    assert [form for form in lying if form in stored] == []


def test_search_above_would_find_a_word_that_lies_open(ana: Someone) -> None:
    Space.objects.create(kind="Cornelius", made_at=NOON)
    assert forms_of("Cornelius")[0] in everything_stored()


def test_lengths_of_names_do_not_show(db: None) -> None:
    begin(Client(), name="Jo", login="jo-at-the-ferry")
    begin(Client(), name="Wilhelmina-Charlotte", login="wc-at-the-ferry")
    assert len({len(bytes(person.name or b"")) for person in Person.objects.all()}) == 1
