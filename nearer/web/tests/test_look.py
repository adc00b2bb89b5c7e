"""What the look promises: contrast in both themes, no inline code, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nearer.web.templatetags.shell import ICONS, UnknownIcon, bar, icon

HOUSE = Path(__file__).resolve().parents[2]
STATIC = HOUSE / "web" / "static" / "web"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
TEMPLATES = sorted(HOUSE.glob("**/templates/**/*.html"))
HUES = ("listen", "thank", "open", "attune", "talk", "together", "repair", "check")

INLINE = re.compile(r'\sstyle="|<style|<script(?![^>]*\ssrc=)|\son\w+="|hx-on|hx-vals=.js')

Colour = tuple[float, float, float]
Theme = dict[str, str]


def _themes() -> list[Theme]:
    """The blocks of tokens.css that name a paper colour: light, dark by system, dark by choice."""
    blocks = re.findall(r"{([^{}]*--paper:[^{}]*)}", TOKENS)
    return [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in blocks]


LIGHT, DARK, CHOSEN_DARK = _themes()


def _linear(hex_colour: str) -> Colour:
    r, g, b = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return (_unbent(r), _unbent(g), _unbent(b))


def _unbent(channel: float) -> float:
    """sRGB to linear light (IEC 61966-2-1)."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _oklab(colour: Colour) -> Colour:
    """Linear sRGB to Oklab (CSS Color 4, section 10), as color-mix(in oklab) does."""
    r, g, b = colour
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(lab: Colour) -> Colour:
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _mixed(one: str, share: float, other: str) -> Colour:
    pairs = zip(_oklab(_linear(one)), _oklab(_linear(other)), strict=True)
    light, a, b = (x * share + y * (1 - share) for x, y in pairs)
    return _from_oklab((light, a, b))


def _contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    dark, bright = sorted(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] for c in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def _grounds(theme: Theme) -> list[Colour]:
    """Everything that text and fields stand on: paper, cards, and the tint of each hue."""
    tints = [_mixed(theme[hue], 0.09, theme["card"]) for hue in HUES]
    return [_linear(theme["paper"]), _linear(theme["card"]), *tints]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("part", "least"), [("ink", 4.5), ("soft", 4.5), ("field", 3.0)])
def test_text_and_field_edges_stand_out_on_every_ground(
    theme: Theme, part: str, least: float
) -> None:
    assert min(_contrast(_linear(theme[part]), ground) for ground in _grounds(theme)) >= least


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("hue", HUES)
def test_hue_can_be_read_as_text_and_written_on(theme: Theme, hue: str) -> None:
    colour, card = _linear(theme[hue]), _linear(theme["card"])
    grounds = [_linear(theme["paper"]), card, _mixed(theme[hue], 0.09, theme["card"])]

    assert min(_contrast(colour, ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("hue", HUES)
def test_marked_words_can_be_read(theme: Theme, hue: str) -> None:
    marked = _mixed(theme[hue], 0.22, theme["card"])

    assert _contrast(_linear(theme["ink"]), marked) >= 4.5


def test_initials_can_be_read_on_every_face() -> None:
    faces = re.findall(r"--face: (#[0-9a-f]{6});", TOKENS)

    assert len(faces) == len(HUES)
    assert min(_contrast((1.0, 1.0, 1.0), _linear(face)) for face in faces) >= 4.5


def test_evening_is_the_same_whether_the_system_or_the_person_chose_it() -> None:
    assert DARK == CHOSEN_DARK


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert INLINE.findall(text) == []


def test_every_icon_is_used_and_every_used_icon_is_there() -> None:
    sources = [path for path in HOUSE.glob("**/*.py") if "tests" not in path.parts]
    written = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *sources])
    named = {path.stem for path in ICONS.glob("*.svg")}

    assert {n for n in named if not re.search(rf"""["']{re.escape(n)}["']""", written)} == set()
    assert set(re.findall(r'{% icon "([^"]+)" %}', written)) - named == set()


def test_unknown_icon_stops_the_page() -> None:
    with pytest.raises(UnknownIcon):
        icon("no-such-drawing")


def test_icon_is_silent_for_screen_readers_and_has_no_style() -> None:
    drawing = icon("ear")

    assert 'aria-hidden="true"' in drawing
    assert "style" not in drawing


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_bar_refuses_what_is_no_share(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        bar(share)


def test_style_sheets_and_scripts_ask_no_other_host() -> None:
    files = [*STATIC.glob("*.css"), *STATIC.glob("*.js")]

    assert [f.name for f in files if re.search(r"https?://|//[a-z]+\.[a-z]", f.read_text())] == []
