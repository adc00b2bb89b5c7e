"""From what a form sends to clean, typed values."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nearer.practices.listening.actions.rounds import Brought, Opening, Paper
from nearer.practices.listening.prompts import felt_labels, words
from nearer.practices.listening.queries.rounds import Seen
from nearer.practices.listening.rules import MINUTES, TURNS, Felt, Mode, Move, Step
from nearer.stage.rules import Phones

LONGEST = 20_000
"""Characters in one field; an hour of typing. More is refused with a sentence, never cut."""

_PARTS = ("understood", "valued", "cared_for")
_NEED_WORDS = (Move.SPOKE.value, Move.REFLECTED.value)
"""In writing there is nothing else that could be said aloud."""

_ALOUD = ("aloud", "aloud")
"""«I said it aloud»: what stands in the field by then is not sent."""


class Words(forms.CharField):
    """A text that keeps its line breaks and says how much is too much."""

    def __init__(self, *, rows: int = 4, required: bool = False, **kwargs: Any) -> None:
        super().__init__(
            required=required,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={
                "max_length": _(
                    "That is more than fits in one piece (%(limit_value)d characters). "
                    "Nothing is lost: shorten it here, or send it in two parts."
                ),
                "required": _("Write a few words first."),
                "null_characters_not_allowed": _("There is a character here that cannot be kept."),
            },
            **kwargs,
        )


class OpeningForm(forms.Form):
    """What is settled before two people begin."""

    mode = forms.ChoiceField(
        label=_("Where are you two?"),
        choices=[
            (Mode.SAME_ROOM.value, _("Same room")),
            (Mode.ON_A_CALL.value, _("On a call")),
            (Mode.IN_WRITING.value, _("In writing")),
        ],
        initial=Mode.SAME_ROOM.value,
        widget=forms.RadioSelect,
    )
    phones = forms.ChoiceField(
        label=_("How many screens?"),
        choices=[
            (Phones.TWO.value, _("Two, one each")),
            (Phones.ONE.value, _("One, passed over")),
        ],
        initial=Phones.TWO.value,
        widget=forms.RadioSelect,
    )
    first = forms.ChoiceField(
        label=_("Who speaks first?"),
        choices=[("me", _("I do")), ("other", _("The other"))],
        initial="other",
        widget=forms.RadioSelect,
    )
    minutes = forms.TypedChoiceField(
        label=_("Minutes to speak"),
        coerce=int,
        choices=[(n, str(n)) for n in MINUTES],
        initial=4,
        help_text=_("Each of you gets the same. You may stop sooner."),
    )
    turns = forms.TypedChoiceField(
        label=_("How often does each of you speak?"),
        coerce=int,
        choices=[(TURNS[0], _("Once")), (TURNS[1], _("Twice"))],
        initial=TURNS[0],
        widget=forms.RadioSelect,
    )
    topic = forms.CharField(
        label=_("About what?"),
        required=False,
        max_length=200,
        help_text=_("Leave it empty to begin wherever you like."),
    )

    def __init__(self, *args: Any, me: str, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = cast("forms.ChoiceField", self.fields["first"])
        first.choices = [("other", other), ("me", me)]

    def opening(self) -> Opening:
        given = self.cleaned_data
        return Opening(
            mode=Mode(given["mode"]),
            phones=Phones(given["phones"]),
            minutes=given["minutes"],
            turns=given["turns"],
            i_speak_first=given["first"] == "me",
            topic=given["topic"],
        )


class RatingsForm(forms.Form):
    """Three ratings from 0 to 10; all three or none."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, label in felt_labels(name).items():
            self.fields[part] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=10,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        filled = [part for part in _PARTS if given.get(part) is not None]
        if filled and len(filled) < len(_PARTS) and not self.errors:
            raise forms.ValidationError(_("Set all three, or leave all three empty."))
        return given

    def felt(self) -> Felt | None:
        given = [self.cleaned_data.get(part) for part in _PARTS]
        filled = [value for value in given if isinstance(value, int)]
        return Felt(*filled) if len(filled) == len(_PARTS) else None

    def rows(self) -> list[dict[str, Any]]:
        """Each rating's field with the words at its two ends."""
        return [{"field": self[part], **words()["felt"][part]} for part in _PARTS]


class AtMoment(forms.Form):
    """Sent from a live page: where that stood, and whom this phone speaks for."""

    moment = forms.CharField(max_length=32)
    by = forms.UUIDField()

    def __init__(self, *args: Any, seen: Seen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen = seen

    def clean_by(self) -> UUID:
        by: UUID = self.cleaned_data["by"]
        if by not in self._seen.place.seats:
            raise forms.ValidationError(_("This phone does not speak for that person."))
        return by


class MoveForm(AtMoment, RatingsForm):
    """One move in a live session, with whatever comes along."""

    move_made = forms.ChoiceField(choices=[*((move.value, move.value) for move in Move), _ALOUD])
    words = Words()
    shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, seen: Seen, words_before: str = "", **kwargs: Any) -> None:
        super().__init__(*args, seen=seen, name=seen.other.name, **kwargs)
        self.fields["words"].initial = words_before

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        writes = self._seen.round.mode is Mode.IN_WRITING
        if writes and given.get("move_made") in _NEED_WORDS and not given.get("words"):
            self.add_error("words", _("Write a few words first."))
        return given

    def move(self) -> Move:
        made: str = self.cleaned_data["move_made"]
        if made != _ALOUD[0]:
            return Move(made)
        return Move.GUESSED if self._seen.round.step is Step.NOTICE else Move.REFLECTED

    def seat(self) -> UUID:
        by: UUID = self.cleaned_data["by"]
        return by

    def brought(self) -> Brought:
        given = self.cleaned_data
        words_sent = "" if given["move_made"] == _ALOUD[0] else given["words"]
        return Brought(words=words_sent, felt=self.felt(), is_shared=given["shared"])


class LookForm(forms.Form):
    """Words to be looked over before they are sent."""

    words = Words()


class DraftForm(AtMoment):
    """Words not sent yet."""

    words = Words()


class ReplyForm(forms.Form):
    """A reply to a drill scene."""

    words = Words(required=True, label=_("What do you say?"))


class PaperForm(RatingsForm):
    """A round done on paper, typed in by one of the two."""

    who = forms.ChoiceField(
        label=_("Which was you?"),
        choices=[("spoke", _("I spoke")), ("listened", _("I listened"))],
        widget=forms.RadioSelect,
    )
    caught = Words(label=_("What was caught that mattered?"), rows=3)
    line = Words(label=_("One line to keep for yourself"), rows=2)

    def paper(self) -> Paper:
        given = self.cleaned_data
        return Paper(
            i_spoke=given["who"] == "spoke",
            caught=given["caught"],
            felt=self.felt(),
            line=given["line"],
        )


class TakeBackForm(forms.Form):
    """Which written thing of a session."""

    column = forms.CharField(max_length=12)
    row = forms.UUIDField()


class HabitForm(forms.Form):
    """How one's own mind drifts, and what to do then."""

    drift = forms.CharField(label=_("When I notice"), required=False, max_length=300)
    plan = Words(label=_("then I will"), rows=2)
    wants_feedback = forms.BooleanField(
        label=_("In a round, show me private feedback on what I write"),
        required=False,
        help_text=_(
            "Holds on every phone that you write on. A drill always shows it: that is what a drill "
            "is for."
        ),
    )
