"""The pages below «Me»."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conftest import PASSPHRASE, Someone
from nearer.people.models import Device, Person, Space
from nearer.people.queries import opened_bond, own_name, reminder_address
from nearer.people.tests.forms import is_inside, sign_in


def test_new_name_shows_in_every_bond_at_once(
    ana: Someone, bo: Someone, space: Space, alone: Space
) -> None:
    ana.client.post(reverse("people:name"), {"name": "Anahí", "pronouns": "ella"})
    person = Person.objects.get(pk=ana.person.pk)
    assert own_name(person, ana.keyring).pronouns == "ella"
    assert opened_bond(space, bo.person, bo.keyring).other_name == "Anahí"
    assert opened_bond(alone, person, ana.keyring).me.name == "Anahí"


def test_nobody_goes_without_a_name(ana: Someone) -> None:
    ana.client.post(reverse("people:name"), {"name": "  ", "pronouns": ""})
    assert own_name(Person.objects.get(pk=ana.person.pk), ana.keyring).name == "Ana"


def test_zone_and_idle_minutes_are_kept(ana: Someone) -> None:
    said = {"language": "en", "time_zone": "Pacific/Apia", "idle_minutes": "60"}
    ana.client.post(reverse("people:house"), said)
    person = Person.objects.get(pk=ana.person.pk)
    assert (person.time_zone, person.idle_minutes) == ("Pacific/Apia", 60)


@pytest.mark.parametrize(
    "said", [{"time_zone": "Mars/Base"}, {"idle_minutes": "100000"}, {"language": "tlh"}]
)
def test_made_up_choices_are_refused(ana: Someone, said: dict[str, str]) -> None:
    whole = {"language": "en", "time_zone": "Pacific/Apia", "idle_minutes": "60", **said}
    ana.client.post(reverse("people:house"), whole)
    assert Person.objects.get(pk=ana.person.pk).time_zone == "UTC"


def test_reminder_address_is_kept_and_can_be_taken_away(ana: Someone) -> None:
    page = reverse("people:reminders")
    ana.client.post(page, {"address": "ana@example.org"})
    assert reminder_address(Person.objects.get(pk=ana.person.pk)) == "ana@example.org"
    ana.client.post(page, {"address": ""})
    assert reminder_address(Person.objects.get(pk=ana.person.pk)) == ""


def test_list_shows_own_sessions_only(ana: Someone, bo: Someone, space: Space) -> None:
    Device.objects.filter(person=bo.person).update(label="Bos Browser")
    sign_in(Client(headers={"User-Agent": "Firefox iPad"}), "ana", f"{PASSPHRASE} Ana")
    page = ana.client.get(reverse("people:devices")).content.decode()
    assert "Firefox iPad" in page
    assert "this one" in page
    assert "Bos Browser" not in page


def test_list_says_at_what_time_each_was_opened_and_used_in_the_readers_zone(ana: Someone) -> None:
    Person.objects.filter(pk=ana.person.pk).update(time_zone="Asia/Kolkata")
    Device.objects.filter(person=ana.person).update(
        made_at=datetime(2026, 3, 13, 20, 5, tzinfo=UTC),
        seen_at=datetime(2026, 3, 14, 12, 0, tzinfo=UTC),
    )
    with time_machine.travel(datetime(2026, 3, 14, 12, 0, 30, tzinfo=UTC), tick=False):
        page = ana.client.get(reverse("people:devices")).content.decode()
    assert "Opened 14 March 2026, 01:35 · last used 14 March 2026, 17:30" in page


def test_own_other_session_can_be_ended(ana: Someone) -> None:
    other = Client()
    sign_in(other, "ana", f"{PASSPHRASE} Ana")
    device = Device.objects.filter(person=ana.person).order_by("-made_at")[0]
    ana.client.post(reverse("people:end_device", args=[device.id]))
    assert not is_inside(other)
    assert is_inside(ana.client)


def test_ending_the_present_session_signs_out(ana: Someone) -> None:
    device = Device.objects.get(person=ana.person)
    response = ana.client.post(reverse("people:end_device", args=[device.id]))
    assert response.headers["Location"] == reverse("people:sign_in")
    assert not is_inside(ana.client)


@pytest.mark.parametrize("name", ["name", "house", "reminders", "passphrase", "code", "devices"])
def test_page_below_me_asks_few_questions_of_the_database(
    ana: Someone, space: Space, alone: Space, name: str, django_assert_max_num_queries: object
) -> None:
    assert callable(django_assert_max_num_queries)
    ana.client.get(reverse("people:devices"))
    with django_assert_max_num_queries(4):
        ana.client.get(reverse(f"people:{name}"))


def test_page_of_a_bond_asks_few_questions_of_the_database(
    ana: Someone, space: Space, django_assert_max_num_queries: object
) -> None:
    assert callable(django_assert_max_num_queries)
    ana.client.get(reverse("people:devices"))
    with django_assert_max_num_queries(8):
        ana.client.get(reverse("people:bond", args=[space.id]))
