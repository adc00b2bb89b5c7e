"""What somebody types, for tests that go through the pages."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from nearer.people.models import Person

PASSPHRASE = "nine otters asleep in the reeds"
ABOUT = {"name": "Dee", "pronouns": "they/them", "is_adult": "on"}
ACCOUNT = {"login": "dee", "passphrase": PASSPHRASE, "language": "en", "time_zone": "Asia/Kolkata"}


def begin(client: Client, **more: str) -> str:
    """Go through the first two screens; returns the third, with the code."""
    said = {**ABOUT, **ACCOUNT, **more}
    return client.post(reverse("people:make_account"), said).content.decode()


def code_on(page: str) -> str:
    found = re.search(r'name="code" value="([A-Z2-7-]{39})"', page)
    assert found
    return found[1]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found
    return found[1]


def sign_in(client: Client, login: str, passphrase: str, **more: str) -> int:
    said = {"login": login, "passphrase": passphrase, **more}
    return client.post(reverse("people:sign_in"), said).status_code


def is_inside(client: Client) -> bool:
    return client.get(reverse("people:name")).status_code == 200


def only_person() -> Person:
    return Person.objects.get()
