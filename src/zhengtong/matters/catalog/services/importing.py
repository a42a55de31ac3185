"""Importing a published list of items (CSV): every row kept, its code unchanged, its faults written down."""

import csv
import pathlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.codes import ITEM_TYPES, ItemCode, is_credit_code, parse_item_code
from zhengtong.engines.errors import EngineError
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.catalog.choices import Status
from zhengtong.matters.catalog.models import ItemFault, ServiceItem
from zhengtong.matters.catalog.rules import MANAGE
from zhengtong.matters.catalog.services.faults import FAULTS
from zhengtong.matters.catalog.services.finding import make_findable

COLUMNS = ("department", "catalogue", "name", "item_code", "task_type", "task_type_name", "dept_code", "area_code")
BATCH = 200
LONGEST_CODE = 180
LONGEST = {"name": 200, "catalogue": 300, "department": 200}
"""What is kept of a text; a longer one is cut, and told as a fault."""


@dataclass
class Imported:
    """What an import did: `added` and `present` items, and how many faults of each code were written down."""

    read: int = 0
    added: int = 0
    present: int = 0
    faults: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one row, in both languages."""

    code: str
    field: str
    message: str
    message_en: str
    position: str = ""


def import_items(
    *,
    by: Actor,
    path: pathlib.Path | str,
    source: str = "",
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Load the items of a CSV (columns `COLUMNS`), to be browsed and searched but not yet open for application.

    No row is dropped: an unknown code layout, a wrong implementer code, a type that does not fit its name, no code or
    one that another row of the list has too is written to the item's faults. What was imported already is left as it
    is. Raises Invalid for other columns and for what is no UTF-8 or no CSV, before anything is written.
    """
    require(by, MANAGE)
    rows = _rows(pathlib.Path(path))
    different = {tuple(row.values()): row for row in rows}.values()
    names = Counter((row["department"], row["name"]) for row in different)
    keys, shared = _keys(rows)
    done = Imported()
    for start in range(0, len(rows), BATCH):
        batch = list(zip(keys, rows, strict=True))[start : start + BATCH]
        write(partial(_import_batch, by, batch, names, shared, source or pathlib.Path(path).name, done))
        if progress is not None:
            progress(min(start + BATCH, len(rows)))
    return done


def _rows(path: pathlib.Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        try:
            missing = sorted(set(COLUMNS) - set(reader.fieldnames or ()))
            if missing:
                raise Invalid("catalog.columns", _("The list lacks the columns: %s") % ", ".join(missing))
            return [{name: _kept(row[name]) for name in COLUMNS} for row in reader]
        except UnicodeDecodeError:
            words = _("The list is not in UTF-8; save it as “CSV UTF-8” and import that")
            raise Invalid("catalog.not_utf8", words) from None
        except csv.Error as fault:
            words = _("Line %(line)d cannot be read as CSV: %(cause)s")
            raise Invalid("catalog.not_csv", words % {"line": reader.line_num + 1, "cause": fault}) from None


def _kept(cell: str | None) -> str:
    """A cell without blank ends and without NUL, which no database keeps."""
    return (cell or "").replace("\0", "").strip()


def _keys(rows: Sequence[Mapping[str, str]]) -> tuple[list[str], frozenset[str]]:
    """The key of each row, and the codes that rows with other contents share.

    The first row of a code is known by it; another one, and one without a code that can be kept, by its contents.
    """
    first: dict[str, Mapping[str, str]] = {}
    shared: set[str] = set()
    keys = []
    for row in rows:
        code = row["item_code"]
        if first.setdefault(code, row) != row:
            shared.add(code)
        alone = 0 < len(code) <= LONGEST_CODE and first[code] == row
        keys.append(f"external:{code}" if alone else f"external:{code[:100]}#{_digest(row)}")
    return keys, frozenset(shared)


def _digest(row: Mapping[str, str]) -> str:
    return sm3("\0".join(row[name] for name in COLUMNS).encode()).hex()[:32]


def _import_batch(
    by: Actor,
    batch: list[tuple[str, dict[str, str]]],
    names: Mapping[tuple[str, str], int],
    shared: frozenset[str],
    source: str,
    done: Imported,
) -> None:
    present = set(ServiceItem.objects.filter(key__in=[key for key, _row in batch]).values_list("key", flat=True))
    items: list[ServiceItem] = []
    faults: list[ItemFault] = []
    for key, row in batch:
        if key in present:
            done.present += 1
            continue
        present.add(key)
        item = _item(key, row, source)
        items.append(item)
        faults.extend(_fault_rows(item, _faults(row, names, shared)))
    ServiceItem.objects.bulk_create(items)
    ItemFault.objects.bulk_create(faults)
    for item in items:
        make_findable(item)
    done.read += len(batch)
    done.added += len(items)
    done.faults.update(fault.code for fault in faults)
    if items:
        payload = {"source": source, "added": len(items), "faults": len(faults)}
        ledger.record(by=by, type="catalog.imported", subject=("catalog", items[0].id), payload=payload)


def _item(key: str, row: Mapping[str, str], source: str) -> ServiceItem:
    code = _parsed(row["item_code"])
    implementation = code.implementation if code else None
    now = clock.now()
    return ServiceItem(
        id=new_id(),
        token=new_token(),
        key=key,
        status=Status.PUBLISHED,
        current=True,
        open=False,
        name=(row["name"] or row["item_code"] or row["catalogue"] or "—")[:200],
        catalogue=row["catalogue"][:300],
        item_type=row["task_type"].zfill(2)[:2],
        basic_code=implementation.basic.text if implementation else "",
        implement_code=implementation.text[:31] if implementation else "",
        external_code=row["item_code"][:200],
        region=row["area_code"][:12],
        department=row["department"][:200],
        department_code=row["dept_code"][:40],
        created_at=now,
        published_at=now,
        source=source[:200],
    )


def _parsed(code: str) -> ItemCode | None:
    try:
        return parse_item_code(code)
    except EngineError:
        return None


def _faults(row: Mapping[str, str], names: Mapping[tuple[str, str], int], shared: frozenset[str]) -> Iterator[Fault]:
    yield from _code_faults(row["item_code"])
    if row["item_code"] and row["item_code"] in shared:
        yield _said("catalog.same_code", "item_code", value=row["item_code"])
    if not row["name"]:
        yield _said("catalog.no_name", "name")
    for column, most in LONGEST.items():
        if len(row[column]) > most:
            yield _said("catalog.cut", column, name=column, most=str(most), now=str(len(row[column])))
    kind = row["task_type"].zfill(2)
    if kind not in ITEM_TYPES:
        yield _said("catalog.item_type", "task_type", value=row["task_type"])
    elif ITEM_TYPES[kind] != row["task_type_name"]:
        yield _said("catalog.item_type_name", "task_type_name", value=row["task_type_name"], expected=ITEM_TYPES[kind])
    if not is_credit_code(row["dept_code"]):
        yield _said("catalog.department_code", "dept_code", value=row["dept_code"])
    if row["name"] and names[row["department"], row["name"]] > 1:
        yield _said("catalog.same_name", "name", value=row["name"])


def _code_faults(code: str) -> Iterator[Fault]:
    try:
        faults: Iterable[EngineError] = parse_item_code(code).faults
    except EngineError as unreadable:
        faults = [unreadable]
    for fault in faults:
        yield Fault(fault.code, "item_code", fault.text("zh-hans"), fault.text("en"), fault.position or "")


def _said(code: str, column: str, **params: str) -> Fault:
    said = FAULTS[code]
    return Fault(code, column, said["zh-hans"].format_map(params), said["en"].format_map(params))


def _fault_rows(item: ServiceItem, faults: Iterable[Fault]) -> list[ItemFault]:
    return [
        ItemFault(
            item=item,
            code=fault.code,
            field=fault.field,
            position=fault.position[:60],
            message=fault.message[:400],
            message_en=fault.message_en[:400],
        )
        for fault in faults
    ]
