"""How a register declares itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core.registry import Shelf, registry

READ_REGISTERS = policy.declare_permission("register.read", _("Read official records"))


@dataclass(frozen=True)
class Column:
    """One entry of a record: its key in the data, its names, whether it is masked on screens."""

    key: str
    zh: str
    en: str
    masking: str = ""


@dataclass(frozen=True)
class Register:
    """A register: who keeps it, whom it is about (`person` or `organisation`), what stands in it."""

    name: str
    zh: str
    en: str
    keeper_zh: str
    keeper_en: str
    about: str
    columns: tuple[Column, ...]


registers: Shelf[Register] = registry.shelf("registers")  # type: ignore[assignment] # shelves are untyped by name


def declare(register: Register) -> Register:
    """Put a register on the shelf."""
    return registers.add(register.name, register)
