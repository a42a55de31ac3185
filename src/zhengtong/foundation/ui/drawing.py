"""Marks drawn as inline SVG: icons, light shapes, bars, QR codes. No style attribute, so a strict CSP bears them."""

import functools
import io
import json
import math
import pathlib

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = pathlib.Path(__file__).with_name("icons.json")
SHAPES = {
    "green": '<circle cx="5" cy="5" r="5"/>',
    "yellow": '<path d="M5 0 10 9.4H0Z"/>',
    "red": '<rect width="10" height="10" rx="1.5"/>',
    "paused": '<circle cx="5" cy="5" r="4"/>',
}
RING = 2 * math.pi * 30


@functools.cache
def icon_table() -> dict[str, str]:
    """The inner marks of every icon by its lucide name."""
    table: dict[str, str] = json.loads(ICONS.read_text())
    return table


def icon(name: str, size: str = "") -> SafeString:
    """An icon that a screen reader passes over; `size` is nothing, `large` or `huge`. KeyError names the missing."""
    if name not in icon_table():
        raise KeyError(f"no icon {name!r}; add it to scripts/assets/icons.txt and run scripts/assets/build")
    wide = f" zt-icon--{size}" if size else ""
    return mark_safe(  # noqa: S308 our own drawing; the name was looked up
        f'<svg class="zt-icon{wide}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{icon_table()[name]}</svg>"
    )


def shape(state: str) -> SafeString:
    """The shape of a light: ● green, ▲ yellow, ■ red, ○ paused."""
    return mark_safe(  # noqa: S308 our own drawing
        f'<svg class="zt-light__shape" viewBox="0 0 10 10" aria-hidden="true" focusable="false">{SHAPES[state]}</svg>'
    )


def bar(share: float, state: str = "green") -> SafeString:
    """A thin bar of used time; `share` is 0 to 1 and is held within it."""
    held = min(max(float(share), 0.0), 1.0)
    return format_html(
        '<svg class="zt-bar" data-state="{}" aria-hidden="true" focusable="false">'
        '<rect width="{}%" height="100%"/></svg>',
        state,
        round(held * 100, 1),
    )


def arc(share: float) -> str:
    """The dash pattern of a ring of radius 30 of which `share` (0 to 1) is drawn."""
    held = min(max(float(share), 0.0), 1.0)
    return f"{held * RING:.1f} {RING:.1f}"


@functools.lru_cache(maxsize=256)
def qr(text: str) -> SafeString:
    """`text` as a QR code with its quiet zone, inline SVG in ink; the words beside it say the same."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=2,
        dark="#16262e",
        svgclass=None,
        lineclass=None,
    )
    drawn = out.getvalue().decode().strip()
    return mark_safe(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S308 made here


def seal_length(name: str) -> int:
    """How long, of the rim's upper half, a name of that many characters runs."""
    return min(182, max(40, 20 * len(name)))
