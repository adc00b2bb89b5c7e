"""From nothing to an own room: three screens and a code on paper."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import NOON
from nearer.people import actions
from nearer.people.keys import pair_by_code, pair_by_passphrase
from nearer.people.models import Person
from nearer.people.rules import ACCOUNTS_AT_ONCE, ONE_MORE_ACCOUNT_AFTER, groups_of
from nearer.people.tests.forms import (
    ABOUT,
    ACCOUNT,
    PASSPHRASE,
    begin,
    code_on,
    hidden,
    is_inside,
    only_person,
)
from nearer.vault.sealing import SealBroken

pytestmark = pytest.mark.django_db


def typed_back(client: Client, page: str, **changed: str) -> str:
    """Answer the page that asks for two groups; returns where it leads, or «» if it stays."""
    code, asked = hidden(page, "code"), hidden(page, "asked")
    first, second = (groups_of(code)[int(number) - 1] for number in asked.split(","))
    answer = {"code": code, "asked": asked, "first": first, "second": second}
    answer |= {"next": hidden(page, "next"), **changed}
    response = client.post(reverse("people:keep_code"), answer)
    return response.headers.get("Location", "")


def asked_page(client: Client, page: str) -> str:
    said = {"code": code_on(page), "next": hidden(page, "next"), "is_first": "1"}
    return client.post(reverse("people:keep_code"), said).content.decode()


def test_newcomer_gets_to_the_first_drill_in_three_screens(client: Client) -> None:
    second = client.post(reverse("people:sign_up"), ABOUT).content.decode()
    assert hidden(second, "name") == "Dee"
    third = begin(client)
    assert typed_back(client, asked_page(client, third)) == reverse("listening:drill")


def test_code_on_the_page_opens_the_account(client: Client) -> None:
    code = code_on(begin(client))
    person = only_person()
    by_passphrase = pair_by_passphrase(person, PASSPHRASE)
    assert by_passphrase == pair_by_code(person, code)


def test_code_counts_as_kept_only_when_two_groups_were_typed_back(client: Client) -> None:
    page = asked_page(client, begin(client))
    assert not only_person().has_kept_code
    typed_back(client, page)
    assert only_person().has_kept_code


def test_wrong_group_is_said_and_the_code_can_be_shown_again(client: Client) -> None:
    first = begin(client)
    page = asked_page(client, first)
    assert typed_back(client, page, first="AAAA") == ""
    assert not only_person().has_kept_code
    again = client.post(reverse("people:keep_code"), {"code": code_on(first), "show": "1"})
    assert code_on(again.content.decode()) == code_on(first)


def test_invented_code_is_not_taken_for_the_real_one(client: Client) -> None:
    begin(client)
    invented = "-".join(["ABCD"] * 8)
    said = {"code": invented, "asked": "1,2", "first": "ABCD", "second": "ABCD"}
    response = client.post(reverse("people:keep_code"), said)
    assert response.headers["Location"] == reverse("people:code")
    assert not only_person().has_kept_code


@pytest.mark.parametrize("asked", ["", "1", "9,9", "1,2,3", "x"])
def test_question_that_was_tampered_with_confirms_nothing(client: Client, asked: str) -> None:
    code = code_on(begin(client))
    said = {"code": code, "asked": asked, "first": "", "second": ""}
    assert client.post(reverse("people:keep_code"), said).status_code == 200
    assert not only_person().has_kept_code


def test_reload_of_the_code_page_leads_to_making_a_new_code(client: Client) -> None:
    begin(client)
    response = client.post(reverse("people:make_account"), {**ABOUT, **ACCOUNT})
    assert response.headers["Location"] == reverse("people:code")
    assert Person.objects.count() == 1


def test_reload_with_the_form_from_before_the_account_is_no_closed_door() -> None:
    """As a browser sends it: the key of the form is the one of somebody still unknown."""
    browser = Client(enforce_csrf_checks=True)
    key = hidden(browser.get(reverse("people:sign_up")).content.decode(), "csrfmiddlewaretoken")
    said = {**ABOUT, **ACCOUNT, "csrfmiddlewaretoken": key}
    code = code_on(browser.post(reverse("people:make_account"), said).content.decode())
    again = browser.post(reverse("people:make_account"), said, follow=True)
    assert again.status_code == 200
    page = again.content.decode()
    assert "Your code is not confirmed yet" in page
    assert "Your account is made and your passphrase opens it" in page
    assert code not in page
    assert Person.objects.count() == 1


def test_old_form_of_somebody_signed_out_still_meets_a_closed_door(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("people:make_account"), {**ABOUT, **ACCOUNT})
    assert answer.status_code == 403
    assert "was not taken" in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.parametrize("name", ["people:make_account", "people:keep_code"])
def test_tab_that_was_closed_at_the_code_comes_back_to_making_a_new_one(
    client: Client, name: str
) -> None:
    begin(client)
    answer = client.get(reverse(name), follow=True)
    assert "Your code is not confirmed yet" in answer.content.decode()


def test_new_code_takes_the_place_of_the_one_that_was_not_confirmed(client: Client) -> None:
    first = code_on(begin(client))
    shown = client.post(reverse("people:code"), {"passphrase": PASSPHRASE}).content.decode()
    pair = pair_by_code(only_person(), code_on(shown))
    assert pair == pair_by_passphrase(only_person(), PASSPHRASE)
    with pytest.raises(SealBroken):
        pair_by_code(only_person(), first)
    typed_back(client, asked_page(client, shown))
    assert only_person().has_kept_code
    assert "A new recovery code" in client.get(reverse("people:code")).content.decode()


def test_error_on_the_second_screen_loses_nothing_typed(client: Client) -> None:
    page = begin(client, passphrase="too short")
    assert [hidden(page, name) for name in ("name", "pronouns", "login")] == [
        "Dee",
        "they/them",
        "dee",
    ]
    assert 'value="Asia/Kolkata" selected' in page
    assert not Person.objects.exists()


def test_way_back_to_the_first_screen_keeps_its_words(client: Client) -> None:
    page = client.post(reverse("people:sign_up"), {**ABOUT, "back": "1"}).content.decode()
    assert "Step 1 of 3" in page
    assert hidden(page, "name") == "Dee"


def test_nobody_under_eighteen_signs_up(client: Client) -> None:
    page = client.post(reverse("people:make_account"), {**ABOUT, **ACCOUNT, "is_adult": ""})
    assert "18 and older" in page.content.decode()
    assert not Person.objects.exists()


def test_loss_is_said_before_the_passphrase_is_chosen(client: Client) -> None:
    page = client.post(reverse("people:sign_up"), ABOUT).content.decode()
    assert page.index("your private words are gone") < page.index('name="passphrase"')


def test_taken_user_name_is_refused_in_any_spelling(client: Client) -> None:
    begin(client)
    page = begin(Client(), login=" DEE ")
    assert "taken in this house" in page
    assert Person.objects.count() == 1


def test_two_sign_ups_with_one_user_name_at_once_make_one_person(client: Client) -> None:
    begin(client)
    now = only_person().made_at
    new = actions.NewPerson(name="Eve", pronouns="", **ACCOUNT)
    late, _pair, _code = actions._person_with_keys(new, now)
    with pytest.raises(actions.LoginTaken):
        actions._settle_in(late, new, now)
    assert Person.objects.count() == 1


def test_only_so_many_accounts_are_made_from_one_address(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        pages = [begin(Client(), login=f"dee-{n}") for n in range(ACCOUNTS_AT_ONCE + 1)]
        assert Person.objects.count() == ACCOUNTS_AT_ONCE
        assert "Several accounts were made from here" in pages[-1]
        clock.shift(ONE_MORE_ACCOUNT_AFTER)
        begin(Client(), login="one-more")
        assert Person.objects.count() == ACCOUNTS_AT_ONCE + 1


def test_new_accounts_in_between_do_not_free_tries_of_taken_user_names(client: Client) -> None:
    begin(client)
    with time_machine.travel(timezone.now(), tick=False):
        pages = [begin(Client(), login="dee" if n % 2 else f"dee-{n}") for n in range(30)]
    told = sum("taken in this house" in page for page in pages)
    assert told < ACCOUNTS_AT_ONCE


def test_passphrase_may_be_pasted_and_keeps_its_blanks(client: Client) -> None:
    begin(client, passphrase=f"  {PASSPHRASE}  ")
    assert pair_by_passphrase(only_person(), PASSPHRASE) is None
    assert pair_by_passphrase(only_person(), f"  {PASSPHRASE}  ")


def test_sign_up_ends_whatever_the_browser_was_before(client: Client) -> None:
    client.cookies["nearer"] = "an attacker's own idea of a session"
    begin(client)
    assert client.cookies["nearer"].value != "an attacker's own idea of a session"
    assert is_inside(client)
