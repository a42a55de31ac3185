"""From JSON Schema 2020-12 with hints under `zt` to a form; whatever is not understood is refused with its place."""

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from zhengtong.engines.feel import Expression
from zhengtong.engines.forms import hints as h
from zhengtong.engines.forms import judging
from zhengtong.engines.forms.errors import FormError
from zhengtong.engines.forms.model import MOST_ROWS, Field, Form, Judge, Kind, Option, Page, Section
from zhengtong.engines.forms.wholeness import check_wholeness

MOST_FIELDS = 400
DRAFT = "https://json-schema.org/draft/2020-12/schema"
DEEPEST_SCHEMA = 16
MOST_VALUES = 100_000
LONGEST_PATTERN = 500
Schema = Mapping[str, Any]

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


def compile_form(schema: Mapping[str, Any]) -> Form:
    """Compile a form; FormError with a JSON pointer for the first thing that is wrong with it."""
    _check_schema(schema)
    properties = schema.get("properties") or {}
    if len(properties) > MOST_FIELDS:
        raise FormError("forms.too_many_fields", position="/properties", most=MOST_FIELDS)
    required = frozenset(schema.get("required", ()))
    fields = {
        key: _field(key, inner, "/properties" + h.pointer_to(key), key in required) for key, inner in properties.items()
    }
    _require_asked(required, fields, "/required")
    pages = _pages(schema)
    sections = _placed(pages, fields)
    _check_references(fields, sections)
    check_wholeness(fields)
    order = _order(fields, sections)
    heard = frozenset().union(*(_asked(fields, sections, key) for key in fields))
    return Form(pages, MappingProxyType(fields), order, MappingProxyType(sections), heard, _net(schema))


def _check_schema(schema: Any) -> None:
    _check_size(schema, "", 1, [MOST_VALUES])
    h.require_keywords(schema, h.ROOT_KEYWORDS, "")
    if schema.get("$schema", DRAFT) != DRAFT:
        raise FormError("forms.hint_wrong", position="/$schema", name="$schema", expected=f"{DRAFT}")
    if schema.get("type") != "object":
        raise FormError("forms.hint_wrong", position="/type", name="type", expected="object")
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DRAFT})
    except (jsonschema_rs.ValidationError, ValueError, TypeError) as fault:
        place = h.pointer_to(*getattr(fault, "instance_path", ()))
        raise FormError("forms.schema_invalid", position=place, reason=str(fault).splitlines()[0][:200]) from None


def _check_size(value: Any, pointer: str, depth: int, left: list[int]) -> None:
    """Bounds before anything else looks at it: the validator would recurse to the end of the stack."""
    left[0] -= 1
    if depth > DEEPEST_SCHEMA or left[0] < 0:
        raise FormError("forms.schema_invalid", position=pointer, reason=f"> {DEEPEST_SCHEMA} levels or {MOST_VALUES}")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise FormError("forms.schema_invalid", position=pointer, reason=f"{key!r:.60}")
            _check_size(inner, pointer + h.pointer_to(key), depth + 1, left)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            _check_size(inner, f"{pointer}/{place}", depth + 1, left)


def _net(schema: Schema) -> Any:
    """A last look by an independent validator, with what depends on visibility left out."""
    options = jsonschema_rs.RegexOptions()
    return jsonschema_rs.Draft202012Validator(
        _bare(schema), validate_formats=False, pattern_options=options, offline=True
    )


def _bare(schema: Schema) -> dict[str, Any]:
    """The schema without names of its own, requiredness and hints."""
    bare = {name: value for name, value in schema.items() if name not in ("$schema", "$id", "required", "zt", "const")}
    if "properties" in bare:
        bare["properties"] = {key: _bare(inner) for key, inner in bare["properties"].items()}
    if "items" in bare:
        bare["items"] = _bare(bare["items"])
    return bare


def _require_asked(names: Iterable[str], fields: Mapping[str, Field], pointer: str) -> None:
    for name in names:
        if name not in fields:
            raise FormError("forms.reference", position=pointer, name=name)


# Fields


def _field(key: str, schema: Any, pointer: str, required: bool) -> Field:
    if not isinstance(schema, Mapping) or not h.KEY.fullmatch(key):
        raise FormError("forms.hint_wrong", position=pointer, name=key[:60], expected="a-z 0-9 _ : {…}")
    hints, place = h.hints_of(schema, h.FIELD_HINTS, pointer), f"{pointer}/zt"
    kind = _kind(schema, pointer)
    _check_keywords(kind, schema, pointer)
    h.require_fit(hints, kind, place)
    columns = _columns(schema, pointer) if kind is Kind.TABLE else ()
    return Field(
        key=key,
        pointer=f"/{key}",
        kind=kind,
        widget=_widget(kind, schema, hints, place),
        label=h.text(hints, "label", place, needed=True),
        help=h.text(hints, "help", place),
        judge=_judge(kind, schema, pointer),
        required=required,
        visible=h.expression(hints, "visible", place),
        required_when=h.expression(hints, "required-when", place),
        computed=h.expression(hints, "computed", place),
        source=h.word(hints, "source", place, h.SOURCE),
        sensitive=h.flag(hints, "sensitive", place),
        masking=h.word(hints, "masking", place),
        options=_options(kind, schema, hints, place),
        columns=columns,
        heard=_heard(columns),
        unit=h.text(hints, "unit", place),
        row_name=h.text(hints, "row", place),
        width=h.width(hints, place),
        autocomplete=h.word(hints, "autocomplete", place),
        accept=h.words(hints, "accept", place, h.MEDIA_TYPE),
        least=int(schema.get("minItems", 0)),
        most=schema.get("maxItems", schema.get("maxLength")),
        material=h.word(hints, "material", place, h.KEY),
    )


def _check_keywords(kind: Kind, schema: Schema, pointer: str) -> None:
    h.require_keywords(schema, h.KEYWORDS[kind], pointer)
    if kind in h.ITEM_KEYWORDS:
        h.require_keywords(schema["items"], h.ITEM_KEYWORDS[kind], f"{pointer}/items")
    if kind in (Kind.CHOICE, Kind.CHOICES):
        many = kind is Kind.CHOICES
        _check_enum(schema["items"] if many else schema, f"{pointer}/items" if many else pointer)
    for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"), ("minimum", "maximum")):
        if schema.get(low, 0) > schema.get(high, schema.get(low, 0)):
            raise FormError("forms.bounds", position=f"{pointer}/{low}")
    if kind is Kind.TABLE and not 1 <= schema.get("maxItems", 1) <= MOST_ROWS:
        raise FormError("forms.hint_wrong", position=f"{pointer}/maxItems", name="maxItems", expected=f"1–{MOST_ROWS}")
    if schema.get("const", True) is not True:
        raise FormError("forms.hint_wrong", position=f"{pointer}/const", name="const", expected="true")


def _check_enum(schema: Schema, pointer: str) -> None:
    values = schema["enum"]
    if not values or not all(isinstance(value, str) and h.OPTION.fullmatch(value) for value in values):
        raise FormError("forms.hint_wrong", position=f"{pointer}/enum", name="enum", expected=h.OPTION.pattern)


def _kind(schema: Schema, pointer: str) -> Kind:
    found = schema.get("type")
    if found == "string":
        if "enum" in schema:
            return Kind.CHOICE
        return Kind.DATE if schema.get("format") == "date" else Kind.TEXT
    simple = {"number": Kind.NUMBER, "integer": Kind.INTEGER, "boolean": Kind.BOOLEAN}
    if isinstance(found, str) and found in simple:
        return simple[found]
    items = schema.get("items")
    if found == "array" and isinstance(items, Mapping):
        if items.get("type") == "object":
            return Kind.TABLE
        if items.get("type") == "string":
            return Kind.CHOICES if "enum" in items else Kind.FILES
    raise FormError("forms.type_unknown", position=f"{pointer}/type", found=str(found)[:60])


def _widget(kind: Kind, schema: Schema, hints: Mapping[str, Any], place: str) -> str:
    usual = _FORMAT_WIDGETS.get(str(schema.get("format")), WIDGETS[kind][0])
    if "computed" in hints:
        usual = "computed" if "computed" in WIDGETS[kind] else "read_only" if kind is Kind.TEXT else usual
    if schema.get("const") is True:
        usual = "checkbox"
    widget = h.word(hints, "widget", place) or usual
    if widget not in WIDGETS[kind]:
        raise FormError("forms.widget_wrong", position=f"{place}/widget", widget=widget[:60])
    return widget


def _judge(kind: Kind, schema: Schema, pointer: str) -> Judge:
    if kind is Kind.TEXT:
        name = schema.get("format")
        if name is None:
            return _text_judge(schema, pointer)
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


def _text_judge(schema: Schema, pointer: str) -> Judge:
    try:
        if len(schema.get("pattern", "")) > LONGEST_PATTERN:
            raise ValueError
        return judging.text_judge(schema)
    except (jsonschema_rs.ValidationError, ValueError):
        raise FormError("forms.pattern_wrong", position=f"{pointer}/pattern", most=LONGEST_PATTERN) from None


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
        expected = ", ".join(values)
        raise FormError("forms.hint_wrong", position=f"{place}/options", name="options", expected=expected)
    return tuple(_option(value, given[value], f"{place}/options/{value}") for value in values)


def _option(value: str, stated: Any, place: str) -> Option:
    h.require_known(stated, ("label", "help"), place)
    return Option(value, h.text(stated, "label", place, needed=True), h.text(stated, "help", place))


def _columns(schema: Schema, pointer: str) -> tuple[Field, ...]:
    items = schema["items"]
    required = frozenset(items.get("required", ()))
    inner = f"{pointer}/items/properties"
    columns = tuple(
        _field(key, column, inner + h.pointer_to(key), key in required)
        for key, column in items.get("properties", {}).items()
    )
    _require_asked(required, {column.key: column for column in columns}, f"{pointer}/items/required")
    if not columns:
        raise FormError("forms.hint_missing", position=f"{pointer}/items", name="properties")
    for column in columns:
        if column.kind in (Kind.TABLE, Kind.FILES):
            raise FormError("forms.type_unknown", position=f"{inner}/{column.key}", found="table in a table")
    return columns


# Pages


def _pages(schema: Schema) -> tuple[Page, ...]:
    pages = h.hints_of(schema, h.FORM_HINTS, "").get("pages")
    if not isinstance(pages, list) or not pages:
        raise FormError("forms.hint_missing", position="/zt", name="pages")
    found = tuple(_page(page, f"/zt/pages/{place}") for place, page in enumerate(pages))
    _require_once([page.key for page in found], "/zt/pages")
    return found


def _page(page: Any, pointer: str) -> Page:
    h.require_known(page, h.PAGE_HINTS, pointer)
    sections = page.get("sections")
    if not isinstance(sections, list) or not sections:
        raise FormError("forms.hint_missing", position=pointer, name="sections")
    found = tuple(_section(section, f"{pointer}/sections/{place}") for place, section in enumerate(sections))
    _require_once([section.key for section in found], f"{pointer}/sections")
    return Page(_key(page, pointer), h.text(page, "title", pointer, needed=True), h.text(page, "help", pointer), found)


def _section(section: Any, pointer: str) -> Section:
    h.require_known(section, h.SECTION_HINTS, pointer)
    return Section(
        _key(section, pointer),
        h.text(section, "title", pointer, needed=True),
        h.text(section, "help", pointer),
        h.words(section, "fields", pointer, h.KEY),
        h.expression(section, "visible", pointer),
    )


def _key(stated: Schema, pointer: str) -> str:
    key = h.word(stated, "key", pointer, h.KEY)
    if not key:
        raise FormError("forms.hint_missing", position=pointer, name="key")
    return key


def _require_once(keys: list[str], pointer: str) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise FormError("forms.key_twice", position=f"{pointer}/{place}/key", name=key)


def _placed(pages: tuple[Page, ...], fields: Mapping[str, Field]) -> dict[str, Section]:
    """Which section each field stands in; every field stands in exactly one."""
    found: dict[str, Section] = {}
    for number, page in enumerate(pages):
        for place, section in enumerate(page.sections):
            for index, key in enumerate(section.fields):
                position = f"/zt/pages/{number}/sections/{place}/fields/{index}"
                if key not in fields:
                    raise FormError("forms.reference", position=position, name=key)
                if key in found:
                    raise FormError("forms.placed_twice", position=position, name=key)
                found[key] = section
    for key in fields:
        if key not in found:
            raise FormError("forms.not_placed", position=f"/properties/{key}", name=key)
    return found


# What depends on what


def _asked(fields: Mapping[str, Field], sections: Mapping[str, Section], key: str) -> frozenset[str]:
    around = sections[key].visible
    return _heard_by(fields[key], fields) | (frozenset() if around is None else _names(around, fields))


def _heard_by(found: Field, fields: Container[str]) -> frozenset[str]:
    """The names that its own conditions ask for."""
    parts = (found.visible, found.required_when, found.computed)
    return frozenset().union(*(_names(part, fields) for part in parts if part is not None))


def _names(part: Expression, fields: Container[str]) -> frozenset[str]:
    """What it asks for, a name like that of a built-in function (`count`) where a question has it."""
    return part.names.union(name for name in part.functions if name in fields)


def _heard(columns: Iterable[Field]) -> frozenset[str]:
    """The columns that others of their row ask for."""
    keys = frozenset(column.key for column in columns)
    return frozenset().union(*(_heard_by(column, keys) for column in columns))


def _check_references(fields: Mapping[str, Field], sections: Mapping[str, Section]) -> None:
    for key, found in fields.items():
        for name in sorted(_asked(fields, sections, key) - fields.keys()):
            raise FormError("forms.reference", position=f"/properties/{key}/zt", name=name)
        _check_columns(found)


def _check_columns(table: Field) -> None:
    """A column refers to columns of its row only, and to those before it, since rows are worked out in that order."""
    keys = [column.key for column in table.columns]
    for place, column in enumerate(table.columns):
        for name in sorted(_heard_by(column, keys) - set(keys[:place])):
            code = "forms.reference_later" if name in keys else "forms.reference"
            raise FormError(code, position=f"/properties/{table.key}/items/properties/{column.key}/zt", name=name)


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
