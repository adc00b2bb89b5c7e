"""Everything that somebody does in the house without anybody else being told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.test import Client
from django.utils import timezone

from conftest import PASSPHRASE, Someone, client_of, signed_up
from nearer.people.bonds import NewBond, accept_invitation, invite, make_bond, open_invitation
from nearer.people.devices import Here, open_device, unlock
from nearer.people.rules import Kind
from nearer.practices.listening.models import ListeningTurn
from nearer.practices.listening.prompts import scenes
from tests.rounds import begin_to_write, begun, hidden, sit_down_as_guest

Do = Callable[[Someone, UUID], object]
"""Done by Ana while a round with Bo is open in which she has rated a turn."""


@dataclass(frozen=True, slots=True)
class Private:
    """A deed, and the addresses that it posts to."""

    do: Do
    posts: tuple[str, ...] = ()


def new_bond_of(host: Someone) -> UUID:
    """With Eli, who has no account."""
    made = host.client.post("/bond/new/", {"kind": "friends", "other_name": "Eli"})
    return UUID(made.headers["Location"].rstrip("/").rpartition("/")[2])


def guest_of(host: Someone) -> tuple[Client, UUID]:
    """A browser of a guest at a round of the host's."""
    guest = Client()
    return guest, sit_down_as_guest(host.client, guest, new_bond_of(host))


def invited_to_a_round(who: Someone) -> UUID:
    """Somebody else whom they have a bond with begins one; they have not come in."""
    host = signed_up("Kim")
    new = NewBond(Kind.FRIENDS, other_name=who.name, is_long_distance=False)
    bond = make_bond(host.person, host.keyring, new, now=timezone.now())
    _row, link = invite(bond, host.person, host.keyring, now=timezone.now())
    found = open_invitation(link.letters, now=timezone.now())
    accept_invitation(found, who.person, who.keyring, now=timezone.now())
    return begun(host.client, bond.id, mode="same_room")


def other_device(who: Someone) -> Here:
    return unlock(open_device(now=timezone.now(), label="", person=who.person), who.pair)


def _saved(path: str, **data: str) -> Do:
    """A form that is taken leads on; one that is not would be shown again."""

    def deed(ana: Someone, _round: UUID) -> None:
        assert ana.client.post(path, data).status_code == 302

    return deed


def _look(ana: Someone, round_id: UUID) -> None:
    live = f"/listening/round/{round_id}/"
    for path in ("/", "/us/", "/me/", "/listening/", "/safety/", live, f"{live}stage/"):
        assert ana.client.get(path).status_code == 200


def _drill(ana: Someone, _round: UUID) -> None:
    page = ana.client.post(f"/listening/drill/{scenes()[0].id}/", {"words": "You miss it."})
    assert "Only you see this" in page.content.decode()


def _remove_a_try(ana: Someone, round_id: UUID) -> None:
    _drill(ana, round_id)
    page = ana.client.get("/listening/tries/").content.decode()
    found = re.search(r'action="(/listening/tries/[0-9a-f-]{36}/remove/)"', page)
    assert found
    assert ana.client.post(found[1]).status_code == 302


def _take_back(ana: Someone, _round: UUID) -> None:
    """The other sees that it is gone, and not when it went."""
    turn = ListeningTurn.objects.get(round__is_paper=True)
    path = f"/listening/session/{turn.round_id}/take-back/"
    for column in ("caught", "line"):
        words = {"column": column, "row": str(turn.pk)}
        assert ana.client.post(path, words).status_code == 302


def _set_aside(ana: Someone, _round: UUID) -> None:
    path = f"/listening/not-now/{invited_to_a_round(ana)}/"
    assert ana.client.post(path).status_code == 302


def _take_along(ana: Someone, _round: UUID) -> None:
    packed = ana.client.post("/me/export/", {"passphrase": f"{PASSPHRASE} Ana"})
    assert packed.headers["Content-Type"] == "application/zip"


def _make_a_code(ana: Someone, _round: UUID) -> None:
    page = ana.client.post("/me/code/", {"passphrase": f"{PASSPHRASE} Ana"})
    assert hidden(page.content.decode(), "code")


def _write_a_draft(ana: Someone, round_id: UUID) -> None:
    begin_to_write(ana.client, round_id, "You were")
    assert "You were" in ana.client.get(f"/listening/round/{round_id}/").content.decode()


def _look_over(ana: Someone, round_id: UUID) -> None:
    page = ana.client.post(f"/listening/round/{round_id}/feedback/", {"words": "You were proud"})
    assert "Only you see this" in page.content.decode()


def _invite_and_think_better_of_it(ana: Someone, _round: UUID) -> None:
    bond = f"/bond/{new_bond_of(ana)}/"
    assert ana.client.post(f"{bond}invite/").status_code == 200
    assert ana.client.post(f"{bond}withdraw/").status_code == 302
    assert ana.client.post(f"{bond}leave/").status_code == 302


def _end_another_device(ana: Someone, _round: UUID) -> None:
    address = f"/me/devices/{other_device(ana).device.id}/end/"
    assert ana.client.post(address).status_code == 302


def _recover(ana: Someone, _round: UUID) -> None:
    """From another phone; it ends every session, so this one comes in anew."""
    said = {"login": "ana", "code": ana.code, "passphrase": "four owls under the old bridge"}
    elsewhere = Client()
    assert hidden(elsewhere.post("/recover/", said).content.decode(), "code")
    ana.client.cookies = elsewhere.cookies


def _type_the_code_back(ana: Someone, _round: UUID) -> None:
    groups = dict(zip(("first", "second"), ana.code.split("-"), strict=False))
    said = {"code": ana.code, "asked": "1,2", **groups}
    assert ana.client.post("/code/", said).status_code == 302


def _sit_with_a_guest(ana: Someone, _round: UUID) -> None:
    guest, own_round = guest_of(ana)
    assert guest.get(f"/listening/round/{own_round}/").status_code == 200


def _hand_over_and_take_up(ana: Someone, _round: UUID) -> None:
    space = new_bond_of(ana)
    first, second = (client_of(other_device(ana)) for _phone in range(2))
    own_round = begun(first, space, mode="same_room", phones="one")
    taken_up = second.post(f"/listening/take-up/{own_round}/")
    assert taken_up.status_code == 302


def _guest_decides(ana: Someone, _round: UUID) -> None:
    """With one guest the words stay, with another they go."""
    for answer in ("keep", "erase"):
        guest, own_round = guest_of(ana)
        ana.client.post(f"/listening/round/{own_round}/leave/", {"how": "end"})
        assert guest.post(f"/listening/round/{own_round}/{answer}/").status_code == 200


def _leave_fast(ana: Someone, _round: UUID) -> None:
    elsewhere = client_of(other_device(ana))
    assert elsewhere.post("/lock/", {"leave": "fast"}).status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def _begin_to_sign_up(_ana: Someone, _round: UUID) -> None:
    about = {"name": "Eli", "is_adult": "on"}
    account = {"login": "eli", "passphrase": "nine otters asleep in the reeds"}
    settings_ = {"language": "en", "time_zone": "UTC"}
    assert Client().post("/begin/", about).status_code == 200
    page = Client().post("/begin/account/", about | account | settings_)
    assert hidden(page.content.decode(), "code")


def _look_at_an_invitation(ana: Someone, _round: UUID) -> None:
    """Nobody hears that it was opened, or that the answer was «not now»."""
    shown = ana.client.post(f"/bond/{new_bond_of(ana)}/invite/").content.decode()
    letters = shown.split("/invitation/#")[1][:32]
    for answer in ({"letters": letters}, {"letters": letters, "answer": "not now"}):
        assert Client().post("/invitation/", answer).status_code == 200


def _come_and_go(ana: Someone, _round: UUID) -> None:
    login = {"login": "ana", "passphrase": f"{PASSPHRASE} Ana"}
    elsewhere = Client()
    assert elsewhere.post("/sign-in/", login).status_code == 302
    assert elsewhere.post("/lock/").status_code == 302
    assert elsewhere.post("/unlock/", {"passphrase": login["passphrase"]}).status_code == 302
    assert elsewhere.post("/sign-out/").status_code == 302


def _show_a_rating_and_hide_it(ana: Someone, round_id: UUID) -> None:
    turn = ListeningTurn.objects.get(round=round_id, number=1)
    path = f"/listening/session/{round_id}/share/{turn.id}/"
    for said in ({}, {"hide": "1"}):
        assert ana.client.post(path, said).status_code == 302


PRIVATE_DEEDS = {
    "looks around": Private(_look),
    "drills": Private(_drill, ("listening:scene",)),
    "removes a try": Private(_remove_a_try, ("listening:remove_try",)),
    "takes words back": Private(_take_back, ("listening:take_back",)),
    "sets an invitation aside": Private(_set_aside, ("listening:not_now",)),
    "plans": Private(
        _saved("/listening/habit/", drift="I plan dinner", plan="Look up"), ("listening:habit",)
    ),
    "drafts": Private(_write_a_draft, ("listening:draft",)),
    "has a draft looked over": Private(_look_over, ("listening:feedback",)),
    "shows a rating and hides it": Private(_show_a_rating_and_hide_it, ("listening:share",)),
    "renames herself": Private(
        _saved("/me/name/", name="Anna", pronouns="she/her"), ("people:name",)
    ),
    "sets the idle minutes": Private(
        _saved("/me/house/", language="en", time_zone="UTC", idle_minutes="60"), ("people:house",)
    ),
    "sets a reminder": Private(
        _saved("/me/reminders/", address="ana@example.org"), ("people:reminders",)
    ),
    "exports": Private(_take_along, ("web:export",)),
    "makes a recovery code": Private(_make_a_code, ("people:code",)),
    "types the code back": Private(_type_the_code_back, ("people:keep_code",)),
    "recovers": Private(_recover, ("people:recover",)),
    "changes the passphrase": Private(
        _saved("/me/passphrase/", old=f"{PASSPHRASE} Ana", new="four owls under the old bridge"),
        ("people:passphrase",),
    ),
    "invites somebody else": Private(
        _invite_and_think_better_of_it,
        ("people:new_bond", "people:make_invitation", "people:withdraw_invitation"),
    ),
    "lets somebody look at an invitation": Private(_look_at_an_invitation, ("people:invitation",)),
    "comes and goes": Private(
        _come_and_go, ("people:sign_in", "people:lock", "people:unlock", "people:sign_out")
    ),
    "leaves fast": Private(_leave_fast, ("people:lock",)),
    "ends another device": Private(_end_another_device, ("people:end_device",)),
    "lets somebody make an account": Private(
        _begin_to_sign_up, ("people:sign_up", "people:make_account")
    ),
    "sits down with a guest": Private(_sit_with_a_guest, ("listening:guest_link", "people:guest")),
    "lets a guest decide": Private(_guest_decides, ("listening:keep", "listening:erase")),
    "passes a phone to somebody else": Private(_hand_over_and_take_up, ("listening:take_up",)),
}
TOLD_TO_THE_OTHER = {
    "listening:begin": "a round waits for both",
    "listening:move": "the round goes on",
    "listening:leave": "the round stands still, or is over",
    "listening:paper_result": "a session is there for both",
    "web:leave_bond": "the bond is over",
    "web:delete_account": "every bond is over",
}
"""Posts after which the other sees something else of the bond that both are in, and what."""
