"""A guest: one link, one name, one door, and a gentle end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import Someone
from nearer.people.bonds import end_guest_links, guest_link, seat_guest
from nearer.people.devices import end_passes, here_of
from nearer.people.models import Device, Guest, Space
from nearer.people.queries import guest_name
from nearer.people.tests.forms import is_inside
from nearer.vault.sealing import SpaceKey, new_recovery_code, new_secret

DOOR = "/listening/door/"
CLOSED = "This link does not open"


@dataclass(frozen=True, slots=True)
class Seat:
    """A guest's seat, its round's key, and the letters of its link."""

    guest: Guest
    key: SpaceKey
    letters: str

    @property
    def address(self) -> str:
        return reverse("people:guest", args=[self.guest.id])

    def comes_in(self, client: Client, **more: str) -> str:
        return client.post(self.address, {"letters": self.letters, **more}).content.decode()


@pytest.fixture
def seat(alone: Space) -> Seat:
    key = SpaceKey(1, new_secret())
    guest = seat_guest(alone, "Dee", key, door=DOOR)
    link = guest_link(guest, key, expires_at=timezone.now() + timedelta(hours=2))
    return Seat(guest, key, link.letters)


def test_guest_is_greeted_with_the_name_that_was_kept(seat: Seat) -> None:
    assert 'value="Dee"' in seat.comes_in(Client())


def test_guest_sits_down_under_an_own_name_and_is_led_to_the_door(seat: Seat) -> None:
    client = Client()
    response = client.post(seat.address, {"letters": seat.letters, "name": "Delphine"})
    assert response.headers["Location"] == DOOR
    assert guest_name(Guest.objects.get(), seat.key).name == "Delphine"


def test_guests_browser_holds_the_rounds_key_and_no_other(seat: Seat) -> None:
    client = Client()
    seat.comes_in(client, name="Dee")
    here = here_of(client.cookies[settings.DEVICE_COOKIE].value, now=timezone.now())
    assert here
    assert here.pass_key == seat.key
    assert here.keyring is None


def test_guest_link_shows_nothing_before_its_letters(seat: Seat) -> None:
    page = Client().get(seat.address).content.decode()
    assert "Dee" not in page
    assert 'name="letters"' in page


def test_other_letters_other_guest_and_late_get_the_same_page(seat: Seat, alone: Space) -> None:
    other = seat_guest(alone, "Eli", seat.key, door=DOOR)
    wrong = {"letters": new_recovery_code(), "name": "Cy"}
    pages = [Client().post(seat.address, wrong).content.decode()]
    other_address = reverse("people:guest", args=[other.id])
    pages.append(Client().post(other_address, {"letters": seat.letters}).content.decode())
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        pages.append(seat.comes_in(Client()))
    end_guest_links([seat.guest.id])
    pages.append(seat.comes_in(Client()))
    mains = {page.split("<main")[1].split("csrfmiddlewaretoken")[0] for page in pages}
    assert len(mains) == 1
    assert CLOSED in mains.pop()


def test_guest_whose_round_is_over_reads_so_and_is_sent_in_no_circle(seat: Seat) -> None:
    client = Client()
    seat.comes_in(client, name="Dee")
    end_passes(DOOR)
    response = client.get(reverse("people:name"))
    assert response.headers["Location"] == reverse("people:round_over")
    assert b"This round is over" in client.get(response.headers["Location"]).content


def test_end_of_one_round_ends_no_other(seat: Seat) -> None:
    client = Client()
    seat.comes_in(client, name="Dee")
    end_passes("/listening/another/")
    assert client.get(reverse("people:name")).headers["Location"] == DOOR


def test_person_is_told_before_a_guests_seat_signs_them_out(ana: Someone, seat: Seat) -> None:
    assert "Going on as a guest signs you out" in seat.comes_in(ana.client)
    assert is_inside(ana.client)
    seat.comes_in(ana.client, name="Ana")
    assert not Device.objects.filter(person=ana.person).exists()


def test_guest_may_sign_up_and_becomes_a_person(seat: Seat) -> None:
    client = Client()
    seat.comes_in(client, name="Dee")
    assert client.get(reverse("people:sign_up")).status_code == 200
