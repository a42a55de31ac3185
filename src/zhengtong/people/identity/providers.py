"""Who answers whether a name and a number belong together: the register held here, or an authority outside."""

from dataclasses import dataclass
from typing import Protocol

from zhengtong.people.identity import queries


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether they belong together, and who says so."""

    matches: bool
    source: str


class RealNameProvider(Protocol):
    """One question; Unavailable when the authority does not answer."""

    def check(self, *, name: str, document_type: str, number: str) -> Finding:
        """Whether a person of this name carries a document of this number."""
        ...


class LocalRegister:
    """The register of natural persons held in this deployment."""

    def check(self, *, name: str, document_type: str, number: str) -> Finding:
        person = queries.person_by_document(document_type, number)
        return Finding(person is not None and person.name == name, "local register of natural persons")
