"""How a bond is spoken of. Whoever shows words about the two of them takes them from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from nearer.people.rules import Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one kind of bond, in the language of whoever reads."""

    name: str
    """As a heading: «Partners»."""
    hint: str
    """Who may mean this when choosing."""
    as_what: str
    """How the two are together: «as partners»."""


def wording(kind: Kind) -> Wording:
    """
    Raises:
        KeyError: a private space has nobody to speak of.
    """
    return {
        Kind.PARTNERS: Wording(
            name=_("Partners"),
            hint=_("Married, together, or finding out. Under one roof or not."),
            as_what=_("as partners"),
        ),
        Kind.FRIENDS: Wording(
            name=_("Friends"),
            hint=_("Someone you chose, and who chose you."),
            as_what=_("as friends"),
        ),
        Kind.SIBLINGS: Wording(
            name=_("Siblings"),
            hint=_("By birth, adoption, or from growing up in the same house."),
            as_what=_("as siblings"),
        ),
        Kind.FAMILY: Wording(
            name=_("Parent and grown child"),
            hint=_("Both of you are 18 or older. Either one may begin."),
            as_what=_("as parent and grown child"),
        ),
    }[kind]
