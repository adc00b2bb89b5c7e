"""How somebody is spoken of: as they wrote it, else by name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conftest import Someone
from nearer.people.models import Space
from nearer.people.pronouns import pronouns_of


@pytest.mark.parametrize(
    ("written", "they", "them"),
    [
        ("they/them", "they", "them"),
        ("she/her", "she", "her"),
        ("he/him", "he", "him"),
        (" He / Him ", "he", "him"),
        ("she/her/hers", "she", "her"),
        ("she", "she", "her"),
        ("she/they", "she", "her"),
        ("xe/xem", "xe", "xem"),
        ("ze/hir/hirs", "ze", "hir"),
        ("", "Bo", "Bo"),
        ("ella", "Bo", "Bo"),
        ("any", "Bo", "Bo"),
        ("/", "Bo", "Bo"),
        ("xe/", "Bo", "Bo"),
    ],
)
def test_somebody_is_spoken_of_as_they_wrote_it_or_by_name(
    written: str, they: str, them: str
) -> None:
    found = pronouns_of("Bo", written)
    assert (found.they, found.them) == (they, them)


def _says(who: Someone, pronouns: str) -> None:
    who.client.post(reverse("people:name"), {"name": who.name, "pronouns": pronouns})


def _page(who: Someone, name: str, space: Space) -> str:
    return " ".join(who.client.get(reverse(name, args=[space.id])).content.decode().split())


def test_pages_about_the_two_use_the_pronouns_of_the_other(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _says(bo, "he/him")
    assert "What Bo wrote stays with him," in _page(ana, "web:leave_bond", space)
    bond = _page(ana, "people:bond", space)
    assert "What he kept private stays closed." in bond
    assert "Bo · he/him" in bond


def test_pages_about_the_two_say_the_name_where_no_pronouns_were_given(
    ana: Someone, bo: Someone, space: Space
) -> None:
    _says(bo, "")
    assert "What Bo wrote stays with Bo," in _page(ana, "web:leave_bond", space)
    assert "What Bo kept private stays closed." in _page(ana, "people:bond", space)
