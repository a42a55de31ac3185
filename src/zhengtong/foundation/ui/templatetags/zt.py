"""Tags and filters of the ui: dates, numbers, groups, icons, lights, navigation and form drawing."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import drawing, fields, shells, writing

register = template.Library()


def _language() -> str:
    return get_language() or "zh-hans"


def _local_date(value: dt.date | str) -> dt.date:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    return clock.local(value).date() if isinstance(value, dt.datetime) else value


def _time(value: dt.date, words: str) -> SafeString:
    machine = clock.local(value).isoformat("T", "minutes") if isinstance(value, dt.datetime) else value.isoformat()
    return format_html('<time class="zt-nb" datetime="{}">{}</time>', machine, words)


@register.filter
def day(value: dt.date | str | None, style: str = "text") -> str | SafeString:
    """3 月 19 日; styles text, weekday, full, table. Absent dates are a dash."""
    if not value:
        return "—"
    date = _local_date(value)
    return _time(date, writing.day(date, this_year=clock.today().year, language=_language(), style=style))


@register.filter
def moment(value: dt.datetime | str | None, style: str = "text") -> str | SafeString:
    """3 月 13 日 14:20, in local time."""
    if not value:
        return "—"
    instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    local = clock.local(instant)
    return _time(local, writing.moment(local, this_year=clock.today().year, language=_language(), style=style))


@register.filter
def clock_time(value: dt.datetime | str) -> SafeString:
    """14:20, in local time."""
    local = clock.local(dt.datetime.fromisoformat(value) if isinstance(value, str) else value)
    return _time(local, f"{local.hour}:{local:%M}")


@register.filter
def number(value: int | Decimal | float | str | None) -> str:
    """1,284; words pass through as they are."""
    if value is None or isinstance(value, str):
        return value or "—"
    return writing.number(value)


@register.filter
def percent(value: int | Decimal | float) -> str:
    """99.7%."""
    return writing.percent(value)


@register.filter
def money(value: int | Decimal | float, style: str = "text") -> str:
    """1,280 元, or with style `table` ¥1,280.00."""
    return writing.money(value, language=_language(), table=style == "table")


@register.filter
def grouped(value: object, cuts: str = "") -> SafeString:
    """A long number with visual gaps; copying gives the bare number. `cuts` such as "6 8 4"."""
    groups = writing.parts(str(value), [int(size) for size in cuts.split()])
    return format_html_join("", '<span class="zt-group">{}</span>', ((group,) for group in groups))


@register.filter
def cited(words: object) -> SafeString:
    """《某法》第三十三条 with the article in one piece: a line never ends within 第三十三条. Other words may break."""
    law, mark, article = str(words).rpartition("》")
    if not mark:
        return format_html("{}", words)
    return format_html('{}{}<span class="zt-nb">{}</span>', law, mark, article)


@register.filter
def digest(value: str, style: str = "") -> SafeString:
    """A digest in groups of four; style `short` leaves out the middle."""
    groups = writing.digest_parts(value, short=style == "short")
    return format_html_join(mark_safe("<wbr>"), '<span class="zt-group">{}</span>', ((group,) for group in groups))


@register.filter
def dotted(value: str) -> SafeString:
    """A long identifier that may break at its dots only."""
    return format_html_join(mark_safe(".<wbr>"), "{}", ((part,) for part in str(value).split(".")))


@register.filter
def working_days(count: int) -> SafeString:
    """10 个工作日, never broken."""
    return nowrap(ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count})


@register.filter
def natural_days(count: int) -> SafeString:
    """60 个自然日, never broken."""
    return nowrap(ngettext("%(count)s calendar day", "%(count)s calendar days", count) % {"count": count})


@register.filter
def nowrap(value: object) -> SafeString:
    """A unit of meaning that the browser must not break."""
    return format_html('<span class="zt-nb">{}</span>', value)


@register.filter
def phrased(value: object) -> SafeString:
    """A title that breaks, where it must, between its clauses: short brackets （…） and short clauses stay whole."""
    pieces = re.split(r"(（[^）]{1,8}）|[^，（]{1,9}，|(?<=，)[^，（]{1,9}$)", str(value))
    return format_html_join("", "{}", ((nowrap(piece) if place % 2 else piece,) for place, piece in enumerate(pieces)))


@register.filter
def one_line(value: object) -> str:
    """Words that a template wrote over several lines, on one; what is escaped already stays so."""
    joined = " ".join(str(value).split())
    return SafeString(joined) if isinstance(value, SafeString) else joined


@register.filter
def united(value: object) -> SafeString:
    """A text in which a number keeps its unit (18 号, 3 月 18 日) and a credit code breaks in its middle only.

    What is marked up already passes as it is.
    """
    if isinstance(value, SafeString):
        return value
    pieces = re.split(r"(\d[\d,.]* [\u4e00-\u9fff]{1,3}(?: \d[\d,.]* [日室号])?|\b[0-9A-Z]{18}\b)", str(value))
    return format_html_join("", "{}", ((_unit(piece) if place % 2 else piece,) for place, piece in enumerate(pieces)))


def _unit(piece: str) -> SafeString:
    if " " in piece:
        return nowrap(piece)
    return format_html("{}<wbr>{}", nowrap(piece[:8]), nowrap(piece[8:]))


@register.filter
def masked_name(value: str) -> str:
    """李** for public lists."""
    return f"{value[:1]}{'*' * 2}" if value else ""


@register.simple_tag
def between() -> str:
    """What stands between two sentences, or a sentence and a link: nothing in Chinese, a space in English."""
    return "" if writing.spoken(_language()) == writing.CHINESE else " "


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon, always beside a word."""
    return drawing.icon(name, size)


@register.simple_tag
def qr(text: str) -> SafeString:
    """`text` as a QR code."""
    return drawing.qr(text)


@register.simple_tag
def light(state: str, note: object = "") -> SafeString:
    """A light: shape and word, and a note such as 剩 6 日."""
    words = {
        "green": gettext("Green"),
        "yellow": gettext("Yellow"),
        "red": gettext("Red"),
        "paused": gettext("Paused"),
    }
    said = format_html('<span class="zt-light__note">{}</span>', note) if note else ""
    return format_html(
        '<span class="zt-light" data-state="{}">{}<span>{}</span>{}</span>',
        state,
        drawing.shape(state),
        words[state],
        said,
    )


@register.simple_tag
def light_shape(state: str) -> SafeString:
    """The shape alone, for where the word stands elsewhere."""
    return drawing.shape(state)


@register.simple_tag
def tag(words: object, state: str = "", icon_name: str = "") -> SafeString:
    """A tag; states azure, jade, gold, red, line or none."""
    mark = drawing.icon(icon_name) if icon_name else ""
    return format_html('<span class="zt-tag" data-state="{}">{}{}</span>', state, mark, words)


@register.simple_tag
def bar(share: float, state: str = "green") -> SafeString:
    """A thin bar of used time, 0 to 1."""
    return drawing.bar(share, state)


@register.simple_tag
def arc(share: float) -> str:
    """The dash pattern of a ring."""
    return drawing.arc(share)


@register.simple_tag(takes_context=True)
def navigation(context: template.Context, door: str, current: str = "") -> list[dict[str, object]]:
    """The lines of a door's navigation: those the request brings, or those on the registry's shelf."""
    given = (context.get("zt") or {}).get("navigation", {}).get(door)
    return shells.as_lines(given, current) if given is not None else shells.navigation(door, current)


@register.simple_tag
def link(name: str) -> str:
    """The address of a page that every shell points to (login, account, accessibility…)."""
    return shells.link(name)


@register.simple_tag
def help_ways() -> list[dict[str, object]]:
    """How an elder gets a person's help."""
    return shells.help_ways()


@register.simple_tag
def seal_length(name: str) -> int:
    """How long the name runs along the rim of an official seal."""
    return drawing.seal_length(name)


@register.simple_tag
def draw_page(page: Mapping[str, object]) -> dict[str, object]:
    """A page of a form made ready for its template."""
    return fields.draw_page(page)


@register.simple_tag
def draw_field(field: Mapping[str, object]) -> dict[str, object]:
    """One field made ready for its template."""
    return fields.draw_field(field)
