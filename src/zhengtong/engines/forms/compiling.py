"""From JSON Schema 2020-12 with hints under `zt` to a form; whatever is not understood is refused with its place."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import jsonschema_rs

from zhengtong.engines.feel import Expression, FeelError, compile_expression
from zhengtong.engines.forms import judging
from zhengtong.engines.forms.errors import FormError
from zhengtong.engines.forms.model import Field, Form, Judge, Kind, Option, Page, Section, Text

MOST_FIELDS = 400
DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = Mapping[str, Any]

FIELD_HINTS = frozenset(
    {"label", "help", "widget", "visible", "required-when", "computed", "source", "sensitive", "masking", "options",
     "unit", "width", "row", "accept", "autocomplete", "material"}
)  # fmt: skip
PAGE_HINTS = frozenset({"key", "title", "help", "sections"})
SECTION_HINTS = frozenset({"key", "title", "help", "fields", "visible"})
WIDGETS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("text", "textarea", "code", "phone", "email", "read_only"),
    Kind.NUMBER: ("number", "money", "computed"),
    Kind.INTEGER: ("integer", "computed"),
    Kind.BOOLEAN: ("yes_no", "checkbox"),
    Kind.DATE: ("date", "date_parts"),
    Kind.CHOICE: ("radios", "select"),
    Kind.CHOICES: ("checkboxes",),
    Kind.FILES: ("file",),
    Kind.TABLE: ("table", "group"),
}
_FORMAT_WIDGETS = {"mobile": "phone", "phone": "phone", "email": "email", "id-number": "code", "uscc": "code"}
_KEY = re.compile(r"^[a-z][a-z0-9_]{0,59}$")


def compile_form(schema: Mapping[str, Any]) -> Form:
    """Compile a form; FormError with a JSON pointer for the first thing that is wrong with it."""
    _check_schema(schema)
    properties = schema.get("properties") or {}
    if len(properties) > MOST_FIELDS:
        raise FormError("forms.too_many_fields", position="/properties", most=MOST_FIELDS)
    required = frozenset(schema.get("required", ()))
    fields = {key: _field(key, inner, f"/properties/{key}", key in required) for key, inner in properties.items()}
    for name in required - fields.keys():
        raise FormError("forms.reference", position="/required", name=name)
    pages = _pages(schema)
    sections = _placed(pages, fields)
    _check_references(fields, sections)
    return Form(pages, fields, _order(fields, sections), sections, _net(schema))


def _check_schema(schema: Any) -> None:
    if not isinstance(schema, Mapping):
        raise FormError("forms.hint_wrong", position="", name="form", expected="{…}")
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DRAFT})
    except (jsonschema_rs.ValidationError, ValueError, RecursionError, TypeError) as fault:
        path = "/".join(str(part) for part in getattr(fault, "instance_path", ()))
        raise FormError("forms.schema_invalid", position=f"/{path}", reason=str(fault).splitlines()[0][:200]) from None


def _net(schema: Schema) -> Any:
    """A last look by an independent validator, with what depends on visibility left out."""
    bare = {key: value for key, value in schema.items() if key not in ("required", "zt")}
    return jsonschema_rs.validator_for({**bare, "$schema": DRAFT}, validate_formats=False)


# Hints


def _hints(owner: Schema, known: Iterable[str], pointer: str) -> Mapping[str, Any]:
    hints = owner.get("zt", {})
    if not isinstance(hints, Mapping):
        raise FormError("forms.hint_wrong", position=f"{pointer}/zt", name="zt", expected="{…}")
    for name in hints.keys() - set(known):
        raise FormError(
            "forms.hint_unknown", position=f"{pointer}/zt/{name}", name=name[:60], known=", ".join(sorted(known))
        )
    return hints


def _text(hints: Mapping[str, Any], name: str, pointer: str, *, needed: bool = False) -> Text:
    value = hints.get(name)
    if value is None:
        if needed:
            raise FormError("forms.hint_missing", position=pointer, name=name)
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(value.get(tag), str) for tag in ("zh-hans", "en")):
        raise FormError("forms.text_missing", position=f"{pointer}/{name}", name=name)
    return dict(value)


def _expression(hints: Mapping[str, Any], name: str, pointer: str) -> Expression | None:
    if name not in hints:
        return None
    try:
        return compile_expression(hints[name])
    except FeelError as error:
        position = f"{pointer}/{name} {error.position or ''}".rstrip()
        raise FormError("forms.expression", position=position, reason=error) from None


# Fields


def _field(key: str, schema: Schema, pointer: str, required: bool) -> Field:
    if not isinstance(schema, Mapping) or not _KEY.match(key):
        raise FormError("forms.hint_wrong", position=pointer, name=key[:60], expected="a-z 0-9 _")
    hints, place = _hints(schema, FIELD_HINTS, pointer), f"{pointer}/zt"
    kind = _kind(schema, pointer)
    return Field(
        key=key,
        pointer=f"/{key}",
        kind=kind,
        widget=_widget(kind, schema, hints, place),
        label=_text(hints, "label", place, needed=True),
        help=_text(hints, "help", place),
        judge=_judge(kind, schema, pointer),
        required=required,
        visible=_expression(hints, "visible", place),
        required_when=_expression(hints, "required-when", place),
        computed=_expression(hints, "computed", place),
        source=str(hints.get("source", "")),
        sensitive=bool(hints.get("sensitive", False)),
        masking=str(hints.get("masking", "")),
        options=_options(kind, schema, hints, place),
        columns=_columns(schema, pointer) if kind is Kind.TABLE else (),
        unit=_text(hints, "unit", place),
        row_name=_text(hints, "row", place),
        width=int(hints.get("width", 0)),
        autocomplete=str(hints.get("autocomplete", "")),
        accept=tuple(hints.get("accept", ())),
        least=int(schema.get("minItems", 0)),
        most=schema.get("maxItems", schema.get("maxLength")),
        material=str(hints.get("material", "")),
    )


def _kind(schema: Schema, pointer: str) -> Kind:
    found = schema.get("type")
    if found == "string":
        if "enum" in schema:
            return Kind.CHOICE
        return Kind.DATE if schema.get("format") == "date" else Kind.TEXT
    simple = {"number": Kind.NUMBER, "integer": Kind.INTEGER, "boolean": Kind.BOOLEAN}
    if found in simple:
        return simple[str(found)]
    items = schema.get("items")
    if found == "array" and isinstance(items, Mapping):
        if items.get("type") == "object":
            return Kind.TABLE
        if items.get("type") == "string":
            return Kind.CHOICES if "enum" in items else Kind.FILES
    raise FormError("forms.type_unknown", position=f"{pointer}/type", found=str(found)[:60])


def _widget(kind: Kind, schema: Schema, hints: Mapping[str, Any], place: str) -> str:
    usual = _FORMAT_WIDGETS.get(str(schema.get("format")), WIDGETS[kind][0])
    widget = str(hints.get("widget", "computed" if "computed" in hints and kind is not Kind.TEXT else usual))
    if widget not in WIDGETS[kind]:
        raise FormError("forms.widget_wrong", position=f"{place}/widget", widget=widget[:60])
    return widget


def _judge(kind: Kind, schema: Schema, pointer: str) -> Judge:
    if kind is Kind.TEXT:
        name = schema.get("format")
        if name is None:
            return judging.text_judge(schema)
        if name not in judging.FORMATS:
            known = ", ".join(sorted([*judging.FORMATS, "date"]))
            raise FormError("forms.format_unknown", position=f"{pointer}/format", found=str(name)[:60], known=known)
        return judging.format_judge(str(name))
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return judging.number_judge(schema, whole=kind is Kind.INTEGER)
    return {
        Kind.BOOLEAN: judging.boolean_judge,
        Kind.DATE: judging.date_judge,
        Kind.CHOICE: judging.choice_judge,
        Kind.CHOICES: judging.choices_judge,
        Kind.FILES: judging.files_judge,
        Kind.TABLE: _rows_judge,
    }[kind](schema)


def _rows_judge(schema: Schema) -> Judge:
    """How many rows there are; the cells are judged one by one."""
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 50))
    return lambda value, _today: (value, judging.counted(len(value), least, most))


def _options(kind: Kind, schema: Schema, hints: Mapping[str, Any], place: str) -> tuple[Option, ...]:
    if kind not in (Kind.CHOICE, Kind.CHOICES):
        return ()
    values = schema["enum"] if kind is Kind.CHOICE else schema["items"]["enum"]
    given = hints.get("options", {})
    if not isinstance(given, Mapping) or set(given) != set(values):
        raise FormError("forms.hint_wrong", position=f"{place}/options", name="options", expected=", ".join(values))
    return tuple(
        Option(value, _text(given[value], "label", f"{place}/options/{value}", needed=True),
               _text(given[value], "help", f"{place}/options/{value}"))
        for value in values
    )  # fmt: skip


def _columns(schema: Schema, pointer: str) -> tuple[Field, ...]:
    items = schema["items"]
    required = frozenset(items.get("required", ()))
    inner = f"{pointer}/items/properties"
    columns = tuple(
        _field(key, column, f"{inner}/{key}", key in required) for key, column in items.get("properties", {}).items()
    )
    for column in columns:
        if column.kind in (Kind.TABLE, Kind.FILES):
            raise FormError("forms.type_unknown", position=f"{inner}/{column.key}", found="table in a table")
    return columns


# Pages


def _pages(schema: Schema) -> tuple[Page, ...]:
    hints = _hints(schema, {"pages"}, "")
    pages = hints.get("pages")
    if not isinstance(pages, list) or not pages:
        raise FormError("forms.hint_missing", position="/zt", name="pages")
    return tuple(_page(page, f"/zt/pages/{place}") for place, page in enumerate(pages))


def _page(page: Any, pointer: str) -> Page:
    _known(page, PAGE_HINTS, pointer)
    sections = page.get("sections")
    if not isinstance(sections, list) or not sections:
        raise FormError("forms.hint_missing", position=pointer, name="sections")
    return Page(
        str(page.get("key", "")),
        _text(page, "title", pointer, needed=True),
        _text(page, "help", pointer),
        tuple(_section(section, f"{pointer}/sections/{place}") for place, section in enumerate(sections)),
    )


def _section(section: Any, pointer: str) -> Section:
    _known(section, SECTION_HINTS, pointer)
    return Section(
        str(section.get("key", "")),
        _text(section, "title", pointer, needed=True),
        _text(section, "help", pointer),
        tuple(section.get("fields", ())),
        _expression(section, "visible", pointer),
    )


def _known(value: Any, names: frozenset[str], pointer: str) -> None:
    if not isinstance(value, Mapping):
        raise FormError("forms.hint_wrong", position=pointer, name=pointer, expected="{…}")
    for name in value.keys() - names:
        raise FormError("forms.hint_unknown", position=f"{pointer}/{name}", name=name[:60], known=", ".join(names))


def _placed(pages: tuple[Page, ...], fields: Mapping[str, Field]) -> dict[str, Section]:
    """Which section each field stands in; every field stands in exactly one."""
    found: dict[str, Section] = {}
    for page in pages:
        for section in page.sections:
            for key in section.fields:
                if key not in fields:
                    raise FormError("forms.reference", position="/zt/pages", name=str(key)[:60])
                if key in found:
                    raise FormError("forms.placed_twice", position="/zt/pages", name=key)
                found[key] = section
    for key in fields:
        if key not in found:
            raise FormError("forms.not_placed", position=f"/properties/{key}", name=key)
    return found


# What depends on what


def _asked(fields: Mapping[str, Field], sections: Mapping[str, Section], key: str) -> frozenset[str]:
    own = fields[key]
    parts = (own.visible, own.required_when, own.computed, sections[key].visible)
    return frozenset().union(*(part.names for part in parts if part is not None))


def _check_references(fields: Mapping[str, Field], sections: Mapping[str, Section]) -> None:
    for key in fields:
        for name in _asked(fields, sections, key) - fields.keys():
            raise FormError("forms.reference", position=f"/properties/{key}/zt", name=name)
        for column in fields[key].columns:
            inner = {each.key for each in fields[key].columns}
            parts = (column.visible, column.required_when, column.computed)
            for name in frozenset().union(*(part.names for part in parts if part is not None)) - inner:
                raise FormError(
                    "forms.reference", position=f"/properties/{key}/items/properties/{column.key}", name=name
                )


def _order(fields: Mapping[str, Field], sections: Mapping[str, Section]) -> tuple[str, ...]:
    """The fields so that each comes after those its conditions ask for; FormError names a cycle."""
    left = {key: set(_asked(fields, sections, key)) - {key} for key in fields}
    for key in fields:
        if key in _asked(fields, sections, key):
            raise FormError("forms.cycle", position=f"/properties/{key}/zt", names=key)
    order: list[str] = []
    while left:
        free = [key for key, needs in left.items() if not needs & left.keys()]
        if not free:
            raise FormError("forms.cycle", position="/properties", names=", ".join(sorted(left)))
        order.extend(free)
        for key in free:
            del left[key]
    return tuple(order)
