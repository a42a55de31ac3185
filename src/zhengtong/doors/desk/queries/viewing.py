"""The viewer: one page of one material on show, turned and enlarged as asked, with the notes pinned to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import PLACES
from zhengtong.doors.desk.queries import answers
from zhengtong.foundation.files.choices import PDF, SHOWN_INLINE
from zhengtong.foundation.files.queries import files_by_id
from zhengtong.foundation.files.services import page_sizes
from zhengtong.foundation.policy import Actor

Row = dict[str, Any]
ZOOMS = (100, 150, 200, 300)
WIDTHS = {100: 1200, 150: 1800}
WIDEST = 2400
TURNS = (0, 90, 180, 270)
ACROSS = 1000
"""Every page is this many units wide on the screen's canvas, whatever its own unit."""


@dataclass(frozen=True, slots=True)
class View:
    """What the viewer shows: the place of the material, its page, how far enlarged and turned, and a comparison.

    `note` is what was typed into a refused note, `faults` the sentences about it by field.
    """

    material: int = 0
    page: int = 1
    zoom: int = 100
    turn: int = 0
    compare: bool = False
    note: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, list[str]] = field(default_factory=dict)

    def address(self, case: Any, **changes: int) -> str:
        """The address of the case with this view, changed."""
        now = {"m": self.material, "p": self.page, "zoom": self.zoom, "turn": self.turn, "compare": int(self.compare)}
        asked: dict[str, str | int] = {**self.beside(), **now, **changes}
        usual = {"m": 0, "p": 1, "zoom": 100, "turn": 0, "compare": 0}
        query = urlencode({name: value for name, value in asked.items() if value != usual.get(name)})
        return reverse("desk:case", args=[case.token]) + (f"?{query}" if query else "")

    def at(self, case: Any, place: int) -> str:
        """The address of another material: its first page, upright."""
        return self.address(case, m=place, p=1, turn=0, compare=0)

    def beside(self) -> Mapping[str, str]:
        """What of the address is not the viewer's, kept as it is."""
        return {}


def chosen(query: QueryDict) -> dict[str, Any]:
    """The view a request asks for; what is not understood falls back."""

    def number(name: str, usual: int, known: tuple[int, ...] = ()) -> int:
        text = query.get(name, "")
        found = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else usual
        return found if not known or found in known else usual

    return {
        "material": number("m", 0),
        "page": max(number("p", 1), 1),
        "zoom": number("zoom", 100, ZOOMS),
        "turn": number("turn", 0, TURNS),
        "compare": query.get("compare") == "1",
    }


@dataclass(frozen=True, slots=True)
class Papers:
    """What a viewer draws from: the materials that count now, what was handed in, the answers, the notes."""

    materials: list[Row]
    submissions: list[Any]
    pages: list[Row]
    notes: list[Any]


def viewer(actor: Actor, case: Any, papers: Papers, look: View) -> Row | None:
    """The material on show; None where the application has none."""
    materials = papers.materials
    if not materials:
        return None
    place = min(look.material, len(materials) - 1)
    one = materials[place]
    earlier = answers.earlier_files(case, papers.submissions, one["code"])
    sheets = page_sizes(one["file"]) if one["file"] is not None and one["file"].media_type in SHOWN_INLINE else ()
    number = min(look.page, max(len(sheets), 1))
    told = [_note(actor, case, note, order) for order, note in enumerate(_of(papers.notes, one), 1)]
    return {
        "name": one["name"],
        "page_words": one["file"].name if one["file"] is not None else "",
        "tools": [*_comparing(case, look, earlier), *_alone(case, one)],
        "sheet": _sheet(case, one, look, sheets, number, told),
        **(_content(case, one["id"], one["file"]) or {"text": _without_paper(one, papers.pages)}),
        "earlier": [_earlier(case, each, one) for each in earlier] if look.compare else [],
        "pinned": told,
        "note_form": _note_form(case, one, look, number),
        "previous": _turn(case, look, materials, place - 1),
        "next": _turn(case, look, materials, place + 1),
        "place_words": _("%(place)s of %(count)s") % {"place": place + 1, "count": len(materials)},
    }


def _of(notes: list[Any], one: Row) -> list[Any]:
    return [note for note in notes if note.material_id == one["id"]]


def _comparing(case: Any, look: View, earlier: list[Any]) -> list[Row]:
    if not earlier:
        return []
    label = _("Without comparison") if look.compare else _("Compare with before")
    return [{"icon": "git-compare-arrows", "label": label, "url": look.address(case, compare=int(not look.compare))}]


def _alone(case: Any, one: Row) -> list[Row]:
    if one["file"] is None:
        return []
    return [{"icon": "external-link", "label": _("Open by itself"), "url": file_url(case, one["id"])}]


def file_url(case: Any, material_id: int) -> str:
    """The address of a material's file."""
    return reverse("desk:material", args=[case.token, material_id])


def _sheet(case: Any, one: Row, look: View, sheets: Any, number: int, notes: list[Row]) -> Row | None:
    """One page as the canvas draws it: 1,000 units wide, turned as a whole, pins upright; None without a page."""
    if not sheets:
        return None
    wide, high = sheets[number - 1]
    tall = round(ACROSS * high / wide)
    turned = {
        0: (ACROSS, tall, ""),
        90: (tall, ACROSS, f"translate({tall} 0) rotate(90)"),
        180: (ACROSS, tall, f"translate({ACROSS} {tall}) rotate(180)"),
        270: (tall, ACROSS, f"translate(0 {ACROSS}) rotate(270)"),
    }[look.turn]
    address = look.address
    step = ZOOMS.index(look.zoom)
    return {
        "href": _picture(case, one, look, number),
        "width": ACROSS,
        "height": tall,
        "box": f"0 0 {turned[0]} {turned[1]}",
        "transform": turned[2],
        "zoom": look.zoom,
        "pins": [_pin(note, tall, look.turn) for note in notes if note["page"] == number and not note["struck"]],
        "number": number,
        "count": len(sheets),
        "smaller": address(case, zoom=ZOOMS[step - 1]) if step else "",
        "larger": address(case, zoom=ZOOMS[step + 1]) if step + 1 < len(ZOOMS) else "",
        "turn": address(case, turn=(look.turn + 90) % 360),
        "before": address(case, p=number - 1) if number > 1 else "",
        "after": address(case, p=number + 1) if number < len(sheets) else "",
    }


def _picture(case: Any, one: Row, look: View, number: int) -> str:
    if one["file"].media_type != PDF:
        return file_url(case, one["id"])
    page = reverse("desk:page", args=[case.token, one["id"], number])
    return f"{page}?w={WIDTHS.get(look.zoom, WIDEST)}"


def _pin(note: Row, tall: int, turn: int) -> Row:
    x, y = note["x"], round(note["y"] * tall / ACROSS)
    return {"number": note["number"], "x": x, "y": y, "upright": f"rotate({-turn} {x} {y})" if turn else ""}


def _note(actor: Actor, case: Any, note: Any, number: int) -> Row:
    own = note.account_id == actor.account_id and case.closed_at is None and note.struck_at is None
    return {
        "number": number,
        "page": note.page,
        "x": note.x,
        "y": note.y,
        "place": place_words(note.x, note.y),
        "who": note.name,
        "at": note.written_at,
        "text": note.text,
        "struck": note.struck_at,
        "strike_url": reverse("desk:strike_note", args=[case.token, note.id]) if own else "",
    }


def place_words(x: int, y: int) -> object:
    """Where on the page a point lies, in words."""
    column, row = min(x * 3 // ACROSS, 2), min(y * 3 // ACROSS, 2)
    return PLACES[row * 3 + column][1]


def _note_form(case: Any, one: Row, look: View, number: int) -> Row | None:
    """What a note needs; None where there is no file to pin it to, or the case is closed."""
    if one["file"] is None or case.closed_at is not None:
        return None
    typed, place = look.note, look.note.get("place", "c")
    query = look.address(case).partition("?")[2]
    return {
        "action": reverse("desk:write_note", args=[case.token]) + (f"?{query}" if query else ""),
        "query": query,
        "material": one["id"],
        "page": typed.get("page") or number,
        "x": typed.get("x", ""),
        "y": typed.get("y", ""),
        "places": [{"value": code, "label": label, "chosen": code == place} for code, label in PLACES],
        "text": typed.get("text", ""),
        "faults": look.faults,
        "open": bool(look.note or look.faults),
    }


def _content(case: Any, material_id: int, file: Any) -> Row | None:
    """How a file is shown of which no page can be drawn; None without a file."""
    if file is None:
        return None
    if file.media_type not in SHOWN_INLINE:
        return {"open_url": file_url(case, material_id)}
    if file.media_type.startswith("image/"):
        return {"image_url": file_url(case, material_id)}
    return {"drawing": _frame(case, material_id, file.name)}


def _frame(case: Any, material_id: int, title: str) -> str:
    url = f"{file_url(case, material_id)}#toolbar=0&navpanes=0&view=FitH"
    return format_html('<iframe src="{}" title="{}"></iframe>', url, title)


def _earlier(case: Any, material: Any, row: Row) -> Row:
    file = files_by_id([material.file_id]).get(material.file_id)
    if file is not None and file.media_type == PDF:
        return {"drawing": _frame(case, material.id, _("%s before the correction") % row["name"])}
    return _content(case, material.id, file) or {}


def _without_paper(row: Row, pages: list[Row]) -> str:
    """What stands for a material that needs no paper: its source, and the answers taken from it."""
    name = (row["source"] or {}).get("name")
    taken = [f"{line['label']}：{line['value']}" for page in pages for line in page["rows"] if line["from"] == name]
    return "\n".join([_("No paper: %(note)s.") % {"note": row["note"]}, *(taken if name else [])])


def _turn(case: Any, look: View, materials: list[Row], place: int) -> Row | None:
    if not 0 <= place < len(materials):
        return None
    return {"label": materials[place]["name"], "url": look.at(case, place)}
