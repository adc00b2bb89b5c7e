"""Template tags of the shell: icons and bars drawn as inline SVG.

Inline, because the content security policy forbids style attributes but not SVG attributes, and
because an icon that is part of the page needs no request and takes the colour of its text.
"""

import re
from functools import cache
from pathlib import Path

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "static" / "web" / "icons"
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIcon(LookupError):
    """No SVG of that name lies in static/web/icons."""


@cache
def _drawing(name: str) -> SafeString:
    """Return the whole <svg> of one icon.

    Raises:
        UnknownIcon: there is no such file, or it holds no drawing.
    """
    path = ICONS / f"{name}.svg"
    shapes = _SHAPES.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    if shapes is None:
        raise UnknownIcon(f"{name!r}: add the drawing to {ICONS.name}/ or mend the name")
    # The files are our own static files, read from disk: nothing a person typed gets here.
    return mark_safe(  # noqa: S308
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{' '.join(shapes[1].split())}</svg>"
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a Lucide icon; it is hidden from screen readers, so put a word beside it."""
    return _drawing(name)


@register.simple_tag
def bar(share: float) -> SafeString:
    """Draw a horizontal bar filled to `share` (0..1); say the same in words beside it.

    Raises:
        ValueError: the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    return format_html(
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-rest" width="100" height="4"/>'
        '<rect class="bar-fill" width="{}" height="4"/></svg>',
        round(share * 100, 1),
    )


@register.filter
def digits(number: str) -> str:
    """A phone number as a link dials it."""
    return "".join(each for each in number if each.isdigit())
