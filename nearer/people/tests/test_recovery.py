"""Lost and changed passphrases: what opens again, what ends, what stays closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSPHRASE, Someone
from nearer.people.keys import keyring_of, pair_by_code, pair_by_passphrase
from nearer.people.models import Device, Person, Space
from nearer.people.queries import opened_bond, own_name
from nearer.people.tests.forms import code_on, is_inside, sign_in
from nearer.people.tests.test_sessions import hears_the_end
from nearer.vault.sealing import SealBroken, new_pair

NEW = "a new lamp on the kitchen table"


def recovered(someone: Someone, **changed: str) -> str:
    said = {"login": someone.name, "code": someone.code, "passphrase": NEW, **changed}
    return Client().post(reverse("people:recover"), said).content.decode()


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_code_opens_everything_again_under_a_new_passphrase(ana: Someone, space: Space) -> None:
    recovered(ana)
    pair = pair_by_passphrase(fresh(ana.person), NEW)
    assert pair
    keyring = keyring_of(ana.person, pair)
    assert own_name(ana.person, keyring).name == "Ana"
    assert opened_bond(space, ana.person, keyring).other_name == "Bo"


def test_code_may_be_typed_small_and_with_blanks(ana: Someone) -> None:
    assert "Put this on paper" in recovered(ana, code=ana.code.replace("-", " ").lower())


def test_recovery_gives_a_new_code_and_the_old_one_opens_nothing(ana: Someone) -> None:
    new = code_on(recovered(ana))
    assert pair_by_code(fresh(ana.person), new) == ana.pair
    with pytest.raises(SealBroken):
        pair_by_code(fresh(ana.person), ana.code)


def test_recovery_ends_every_session_and_the_old_passphrase(ana: Someone) -> None:
    recovered(ana)
    assert not is_inside(ana.client)
    assert sign_in(Client(), "ana", f"{PASSPHRASE} Ana") == 200


@pytest.mark.parametrize(
    "changed",
    [{"code": "ABCD-" * 7 + "ABCD"}, {"login": "nobody"}, {"login": "bo"}, {"code": "not a code"}],
)
def test_every_failed_recovery_says_the_same_sentence(
    ana: Someone, bo: Someone, changed: dict[str, str]
) -> None:
    assert "That user name and recovery code do not fit together." in recovered(ana, **changed)


def test_failed_recovery_changes_nothing(ana: Someone) -> None:
    recovered(ana, code="ABCD-" * 7 + "ABCD")
    assert is_inside(ana.client)
    assert pair_by_passphrase(fresh(ana.person), f"{PASSPHRASE} Ana") == ana.pair


def test_recovery_is_slowed_down_for_unknown_user_names_too(ana: Someone) -> None:
    for login in ("ana", "nobody"):
        with time_machine.travel(timezone.now(), tick=False):
            pages = [recovered(ana, login=login, code="ABCD-" * 7 + "ABCD") for _ in range(5)]
        assert "Wait 1 second," in pages[-1]


def test_weak_passphrase_is_refused_at_recovery(ana: Someone) -> None:
    assert "easy to guess" in recovered(ana, passphrase="password1234")
    assert pair_by_code(fresh(ana.person), ana.code) == ana.pair


def test_changed_passphrase_opens_the_same_words(ana: Someone) -> None:
    said = {"old": f"{PASSPHRASE} Ana", "new": NEW}
    response = ana.client.post(reverse("people:passphrase"), said)
    assert response.headers["Location"] == reverse("people:passphrase") + "?saved"
    assert pair_by_passphrase(fresh(ana.person), NEW) == ana.pair
    assert pair_by_passphrase(fresh(ana.person), f"{PASSPHRASE} Ana") is None


def test_changed_passphrase_ends_all_other_sessions_and_their_sockets(
    ana: Someone, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    other = Client()
    sign_in(other, "ana", f"{PASSPHRASE} Ana")
    theirs = Device.objects.filter(person=ana.person).order_by("-made_at")[0]
    said = {"old": f"{PASSPHRASE} Ana", "new": NEW}
    change = lambda: ana.client.post(reverse("people:passphrase"), said)  # noqa: E731 - one line
    assert hears_the_end(theirs, change, django_capture_on_commit_callbacks)
    assert not is_inside(other)
    assert is_inside(ana.client)


def test_passphrase_is_not_changed_without_the_old_one(ana: Someone) -> None:
    ana.client.post(reverse("people:passphrase"), {"old": "a guess of somebody", "new": NEW})
    assert pair_by_passphrase(fresh(ana.person), f"{PASSPHRASE} Ana") == ana.pair


def test_new_code_needs_the_passphrase(ana: Someone) -> None:
    ana.client.post(reverse("people:code"), {"passphrase": "a guess of somebody"})
    assert pair_by_code(fresh(ana.person), ana.code) == ana.pair


def test_new_code_replaces_the_old_one(ana: Someone) -> None:
    said = {"passphrase": f"{PASSPHRASE} Ana"}
    new = code_on(ana.client.post(reverse("people:code"), said).content.decode())
    assert pair_by_code(fresh(ana.person), new) == ana.pair
    with pytest.raises(SealBroken):
        pair_by_code(fresh(ana.person), ana.code)


def test_new_code_has_to_be_typed_back_again(ana: Someone) -> None:
    Person.objects.update(has_kept_code=True)
    ana.client.post(reverse("people:code"), {"passphrase": f"{PASSPHRASE} Ana"})
    assert not fresh(ana.person).has_kept_code


def test_pair_follows_from_the_private_key_whatever_the_row_says(ana: Someone) -> None:
    Person.objects.filter(pk=ana.person.pk).update(public_key=new_pair().public)
    changed = fresh(ana.person)
    assert pair_by_passphrase(changed, f"{PASSPHRASE} Ana") == ana.pair
    assert pair_by_code(changed, ana.code) == ana.pair
