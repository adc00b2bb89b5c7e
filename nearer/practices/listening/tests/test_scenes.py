"""The scenes of the drill: enough of them, and of all kinds of people and feelings."""

from __future__ import annotations

import re
from collections import Counter

from nearer.people.rules import BONDS
from nearer.practices.listening.prompts import scenes

AT_LEAST = 40
FEELINGS = {
    "sorrow",
    "joy",
    "pride",
    "shame",
    "worry",
    "good_news",
    "anger",
    "loneliness",
}
_AGE = re.compile(r"\b(\d\d)\b")


def age(who: str) -> int:
    found = _AGE.search(who)
    assert found, who
    return int(found[1])


def test_there_are_at_least_forty_scenes_and_none_comes_twice() -> None:
    for told in ([each.id for each in scenes()], [each.message for each in scenes()]):
        assert len(set(told)) == len(told) >= AT_LEAST


def test_each_kind_of_bond_has_its_share() -> None:
    found = Counter(each.bond for each in scenes())
    assert set(found) == {kind.value for kind in BONDS}
    assert min(found.values()) >= 10


def test_each_kind_of_feeling_is_met_in_several_bonds() -> None:
    bonds = {name: {each.bond for each in scenes() if each.feeling == name} for name in FEELINGS}
    assert {each.feeling for each in scenes()} == FEELINGS
    assert [name for name, found in bonds.items() if len(found) < 3] == []


def test_people_of_every_age_say_something() -> None:
    """From eighteen on; nobody under age is in a drill."""
    decades = Counter(age(each.who) // 10 for each in scenes())
    assert {decade for decade in range(2, 9) if decades[decade] < 2} == set()
    assert min(age(each.who) for each in scenes()) >= 18


def test_every_scene_says_what_matters_and_shows_two_different_answers() -> None:
    for scene in scenes():
        assert scene.message.strip()
        assert scene.heart.strip()
        assert len({each.strip() for each in scene.examples} - {""}) == 2
