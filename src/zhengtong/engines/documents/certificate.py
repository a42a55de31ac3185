"""The shape of a licence as a paper: title, number, fields, code, authority, seal and date."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.documents.errors import DocumentError
from zhengtong.engines.documents.facts import Facts, format_date
from zhengtong.engines.documents.letters import Seal, Verification, seal_data, verification_data
from zhengtong.engines.documents.texts import LETTERS
from zhengtong.engines.documents.wording import seal_of, verification_of

MOST_FIELDS = 24


@dataclass(frozen=True, slots=True)
class Certificate:
    """A licence ready to be drawn; `fields` are label and value in reading order."""

    locale: str
    title: str
    number_label: str
    number: str
    fields: tuple[tuple[str, str], ...]
    issuer: str
    date: dt.date
    seal: Seal | None
    verification: Verification | None
    identifier: str
    note: str


def compose_certificate(facts: Mapping[str, Any], locale: str) -> Certificate:
    """A certificate from facts: title, number, number_label, fields [{label, value}], issuer, date, seal,
    verification, identifier, note.

    Raises DocumentError at the pointer of what is missing; more than 24 fields do not fit one page.
    """
    asked = Facts(facts, locale)
    rows = asked.each("fields")
    if len(rows) > MOST_FIELDS:
        raise DocumentError("documents.too_many", position="/fields", name="fields", limit=MOST_FIELDS)
    return Certificate(
        locale=asked.locale,
        title=asked.text("title"),
        number_label=asked.text("number_label", LETTERS["label.licence_no"][asked.locale]),
        number=asked.text("number"),
        fields=tuple((row.text("label"), row.text("value", "—")) for row in rows),
        issuer=asked.text("issuer"),
        date=asked.day("date"),
        seal=seal_of(asked),
        verification=verification_of(asked, "verify.licence"),
        identifier=asked.text("identifier", ""),
        note=asked.text("note", ""),
    )


def certificate_data(certificate: Certificate) -> dict[str, Any]:
    """The certificate as the JSON object that a pack's licence template draws."""
    return {
        "kind": "licence",
        "lang": "en" if certificate.locale == "en" else "zh",
        "title": certificate.title,
        "number_label": certificate.number_label,
        "number": certificate.number,
        "fields": [list(field) for field in certificate.fields],
        "issuer": certificate.issuer,
        "date": format_date(certificate.date, certificate.locale),
        "seal": seal_data(certificate.seal),
        "verification": verification_data(certificate.verification),
        "identifier_label": LETTERS["label.identifier"][certificate.locale],
        "identifier": certificate.identifier,
        "note": certificate.note,
    }
