"""What a writer sees where their words may speak of danger or contempt, and who else sees it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Someone
from nearer.cues.danger import Kind, care_for
from nearer.people.models import Space
from nearer.practices.listening.models import DrillTry
from nearer.practices.listening.prompts import scenes
from nearer.practices.listening.tests.test_views import begun, stage, tap

DANGERS = {
    Kind.DIE: "I want to die",
    Kind.THREAT: "If you leave me I will kill myself",
    Kind.FEAR: "I am scared of you",
}
CONTEMPT = "You are impossible and I hate this"
HELP = f"{reverse('web:safety')}#help"


@pytest.fixture
def reflecting(ana: Someone, bo: Someone, space: Space) -> UUID:
    round_id = begun(ana, space)
    for who, move in ((ana, "ready"), (bo, "ready"), (ana, "spoke")):
        tap(who.client, round_id, move)
    return round_id


def drilled(who: Someone, words: str) -> str:
    address = reverse("listening:scene", args=[scenes()[0].id])
    headers = {"HX-Request": "true"}
    return str(who.client.post(address, {"words": words}, headers=headers).content.decode())


def looked_over(who: Someone, round_id: UUID, words: str) -> str:
    address = reverse("listening:feedback", args=[round_id])
    headers = {"HX-Request": "true"}
    return str(who.client.post(address, {"words": words}, headers=headers).content.decode())


def seen_by(who: Someone, round_id: UUID) -> str:
    """The page of the other, without the key of its form, which is new each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", stage(who.client, round_id))


@pytest.mark.parametrize(("kind", "words"), DANGERS.items())
def test_words_of_danger_lead_to_help_instead_of_a_remark(
    ana: Someone, bo: Someone, reflecting: UUID, kind: Kind, words: str
) -> None:
    care = care_for(words)
    assert care
    assert care.kind is kind
    for page in (drilled(ana, words), looked_over(bo, reflecting, words)):
        assert all(line in page for line in (care.title, HELP, "Nobody is told"))
        assert "<mark>" not in page


def test_leave_fast_stands_beside_words_of_fear(bo: Someone, reflecting: UUID) -> None:
    page = looked_over(bo, reflecting, DANGERS[Kind.FEAR])
    assert 'form="leave-fast"' in page
    assert (
        'id="leave-fast"'
        in bo.client.get(reverse("listening:round", args=[reflecting])).content.decode()
    )


def test_contempt_gets_one_question_and_no_praise(ana: Someone) -> None:
    page = drilled(ana, CONTEMPT)
    assert "Is this the way you want to be heard?" in page
    assert (HELP in page, "seem" in page.split('role="status"')[1].split("</div>")[0]) == (
        False,
    ) * 2


@pytest.mark.parametrize("words", [*DANGERS.values(), CONTEMPT])
def test_nobody_else_learns_of_it_and_the_writer_may_send(
    ana: Someone, bo: Someone, reflecting: UUID, words: str
) -> None:
    before = seen_by(ana, reflecting)
    assert 'value="reflected"' in looked_over(bo, reflecting, words)
    assert seen_by(ana, reflecting) == before


def test_a_drill_with_words_of_danger_stores_no_more_than_any_other(ana: Someone) -> None:
    kept = []
    for words in ("You miss it.", DANGERS[Kind.DIE]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            drilled(ana, words)
        kept.append(sum(each["sql"].startswith("INSERT") for each in asked))
    assert kept[0] == kept[1]
    assert DrillTry.objects.count() == 2


def test_a_reply_is_shown_once_with_both_remarks_under_it(ana: Someone) -> None:
    page = drilled(ana, "You sold it. Cheer up, it was only a boat.")
    note = page.split('role="status"')[1].split("</div>")[0]
    assert note.count("Cheer up, it was only a boat.</mark>") == 1
    assert note.count("<p") == len(("the reply", "what is there", "what to try", "who sees it"))


def test_a_drill_with_words_of_danger_goes_on_to_no_example(ana: Someone) -> None:
    assert "What matters most here" in drilled(ana, CONTEMPT)
    assert "What matters most here" not in drilled(ana, DANGERS[Kind.DIE])
