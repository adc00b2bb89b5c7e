"""What people type about themselves and their bonds, turned into clean values."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from nearer.people.actions import TooManyAccounts, TooSoon
from nearer.people.bonds import NewBond
from nearer.people.keys import NotNow
from nearer.people.rules import (
    BONDS,
    CODE_GROUPS,
    IDLE_MINUTES,
    MAX_PASSPHRASE,
    MIN_PASSPHRASE,
    Kind,
    Weak,
    groups_of,
    same_letters,
    weakness,
)
from nearer.people.wording import wording

NAME_LENGTH = 40
LOGIN_LENGTH = 60


class Passphrase(forms.CharField):
    """Every character counts, blanks at the ends as well; ``keep`` sends it back after errors.

    controls.js puts a way to look at it beside the field, with the words given here.
    """

    def __init__(self, *, is_new: bool, keep: bool = False, **kwargs: Any) -> None:
        attrs = {
            "autocomplete": "new-password" if is_new else "current-password",
            "data-show": _("Show"),
            "data-hide": _("Hide"),
        }
        widget = forms.PasswordInput(attrs, render_value=keep)
        super().__init__(strip=False, widget=widget, **kwargs)


def login_field(**kwargs: Any) -> forms.CharField:
    attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=_("User name"), max_length=LOGIN_LENGTH, widget=forms.TextInput(attrs), **kwargs
    )


def code_field() -> forms.CharField:
    attrs = {"class": "code", "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(label=_("Recovery code"), max_length=80, widget=forms.TextInput(attrs))


def language_field() -> forms.ChoiceField:
    """Nothing to choose, and so nothing to see, while the house speaks one language."""
    several = len(settings.LANGUAGES) > 1
    return forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
        widget=forms.Select if several else forms.HiddenInput,
    )


def _zones() -> list[tuple[str, str]]:
    """Places in the world; the abbreviations and offsets beside them only confuse."""
    places = sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


def _idle_choices() -> list[tuple[int, str]]:
    return [(n, gettext("%(n)s minutes") % {"n": n}) for n in IDLE_MINUTES]


def _kinds() -> list[tuple[str, str]]:
    named = [(kind, wording(kind)) for kind in BONDS]
    return [(k.value, format_html("{}<small>{}</small>", w.name, w.hint)) for k, w in named]


def zone_field(attrs: dict[str, str] | None = None) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        initial="UTC",
        widget=forms.Select(attrs),
    )


def new_passphrase(passphrase: str, *, about: list[str]) -> str:
    """
    Raises:
        ValidationError: too short, too long, or too easy to guess.
    """
    why = weakness(passphrase, about=about)
    if why is None:
        return passphrase
    raise forms.ValidationError(
        {
            Weak.SHORT: gettext("That is shorter than %(min)s characters. Add a few words."),
            Weak.LONG: gettext("That is longer than %(max)s characters. A sentence is enough."),
            Weak.COMMON: gettext(
                "That one is easy to guess. Try a sentence of your own with a few unusual words."
            ),
        }[why]
        % {"min": MIN_PASSPHRASE, "max": MAX_PASSPHRASE}
    )


def please_wait(why: NotNow) -> str:
    if isinstance(why, TooManyAccounts):
        return gettext(
            "Several accounts were made from here in a short time. "
            "Wait a few minutes and try again. Nothing is lost."
        )
    if not isinstance(why, TooSoon):
        return gettext("The house is busy. Wait a moment and try again. Nothing is lost.")
    return ngettext(
        "That was not right a few times. Wait %(n)s second, then try again. Nothing is locked.",
        "That was not right a few times. Wait %(n)s seconds, then try again. Nothing is locked.",
        why.seconds,
    ) % {"n": why.seconds}


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        help_text=_("The one that people close to you use."),
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )
    pronouns = forms.CharField(
        label=_("Your pronouns"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=_(
            "Such as she/her or they/them. Those you make a bond with see them, and some sentences "
            "about you use them. Elsewhere, and if this is empty, we say your name."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class AboutYouForm(NameForm):
    """The first screen of sign-up."""

    is_adult = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={"required": _("Nearer is for people of 18 and older.")},
    )


class AccountForm(forms.Form):
    """The second screen. ``about``: words close to the person, which make a weak passphrase."""

    login = login_field(help_text=_("Only for signing in. Nobody else gets to see it."))
    passphrase = Passphrase(
        is_new=True,
        keep=True,
        label=_("Passphrase"),
        help_text=_(
            "At least 12 characters. A sentence works well: one that only you would say. "
            "You may paste it."
        ),
    )
    language = language_field()
    time_zone = zone_field({"data-time-zone": ""})
    """sign-up.js chooses the browser's own."""

    def __init__(self, *args: Any, about: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def clean_passphrase(self) -> str:
        about = [*self.about, self.cleaned_data.get("login", "")]
        return new_passphrase(self.cleaned_data["passphrase"], about=about)


class SignInForm(forms.Form):
    login = login_field()
    passphrase = Passphrase(is_new=False, label=_("Passphrase"))
    is_shared = forms.BooleanField(
        label=_("Others use this computer too"),
        required=False,
        help_text=_(
            "Then it locks after 15 minutes without you, and is signed out when the browser closes."
        ),
    )


class UnlockForm(forms.Form):
    passphrase = Passphrase(is_new=False, label=_("Your passphrase"))


class RecoverForm(forms.Form):
    login = login_field()
    code = code_field()
    passphrase = Passphrase(
        is_new=True,
        keep=True,
        label=_("A new passphrase"),
        help_text=_("At least 12 characters. A sentence works well."),
    )

    def clean_passphrase(self) -> str:
        about = [self.cleaned_data.get("login", "")]
        return new_passphrase(self.cleaned_data["passphrase"], about=about)


class ChangePassphraseForm(forms.Form):
    old = Passphrase(is_new=False, keep=True, label=_("The passphrase you have now"))
    new = Passphrase(
        is_new=True,
        keep=True,
        label=_("The new one"),
        help_text=_("At least 12 characters. A sentence works well."),
    )

    def __init__(self, *args: Any, about: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about

    def clean_new(self) -> str:
        return new_passphrase(self.cleaned_data["new"], about=self.about)


class CodeCheckForm(forms.Form):
    """Two groups of the code, copied back from the paper.

    The code itself travels with the page that shows it, so that the house need not remember it.
    """

    code = forms.CharField(widget=forms.HiddenInput({"autocomplete": "off"}))
    asked = forms.RegexField(r"^[1-8],[1-8]$", widget=forms.HiddenInput)
    first = forms.CharField(max_length=20)
    second = forms.CharField(max_length=20)

    def __init__(self, *args: Any, asked: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, number in zip(("first", "second"), asked.split(","), strict=False):
            attrs = {"class": "code", "autocomplete": "off", "spellcheck": "false"}
            self.fields[name].label = gettext("Group %(n)s") % {"n": number}
            self.fields[name].widget.attrs.update(attrs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        groups = groups_of(data.get("code", ""))
        if "asked" not in data or len(groups) != CODE_GROUPS:
            raise forms.ValidationError(gettext("This page is an old one. Make a new code."))
        for name, number in zip(("first", "second"), data["asked"].split(","), strict=True):
            if name in data and not same_letters(data[name], groups[int(number) - 1]):
                self.add_error(name, gettext("That is not the group. Look at your paper again."))
        return data


class HouseForm(forms.Form):
    language = language_field()
    time_zone = zone_field()
    idle_minutes = forms.TypedChoiceField(
        label=_("Lock when nobody has touched anything for"),
        choices=_idle_choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Locked means: your passphrase is needed to read on."),
    )
    is_discreet = forms.BooleanField(
        label=_("A neutral name in the tab and on the icon"),
        required=False,
        help_text=_("The tab then says «Notes», beside a plain icon."),
    )


class ReminderForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class NewBondForm(forms.Form):
    kind = forms.ChoiceField(label=_("You two are"), choices=_kinds, widget=forms.RadioSelect)
    other_name = forms.CharField(
        label=_("What do you call the other?"),
        max_length=NAME_LENGTH,
        help_text=_("Mum, Kofi, a pet name. Once the other joins, the name they chose is shown."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    is_long_distance = forms.BooleanField(
        label=_("We live far apart"),
        required=False,
        help_text=_("Then we suggest things that work on a call or in writing."),
    )

    def bond(self) -> NewBond:
        data = self.cleaned_data
        return NewBond(Kind(data["kind"]), data["other_name"], data["is_long_distance"])


class GuestForm(forms.Form):
    name = forms.CharField(
        label=_("What shall we call you?"),
        max_length=NAME_LENGTH,
        help_text=_("Only the two of you see it."),
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )
