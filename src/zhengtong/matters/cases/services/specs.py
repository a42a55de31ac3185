"""What a case needs to know of its service item, in the version it was opened under; immutable, so kept in memory."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from zhengtong.engines.calendars import Limit
from zhengtong.engines.forms import Form


@dataclass(frozen=True)
class Material:
    """One material the item asks for: how it is obtained decides whether it may be demanded."""

    code: str
    name: str
    name_en: str
    source: str
    required: bool


@dataclass(frozen=True)
class Spec:
    """The item as cases use it."""

    item_id: int
    name: str
    name_en: str
    implement_code: str
    agency_id: int
    region: str
    promise: Limit
    legal: Limit
    extension_days: int
    correction_days: int
    procedures: Mapping[str, int]
    licence: bool
    assurance: int
    mark: str
    remedies: Mapping[str, str]
    basis: tuple[str, ...]
    result_name: str
    approval_reasons: str
    form: Form
    process_xml: bytes
    materials: tuple[Material, ...]
    licence_type_code: str


@functools.lru_cache(maxsize=512)
def spec_of(item_id: int) -> Spec:
    """The item of a case. A published version never changes, so it is read once a server process."""
    raise NotImplementedError
