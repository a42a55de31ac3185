"""What this house answers by itself, from the registers it keeps and from verified identities.

Where an authority has a service of its own, a deployment offers that under the same name instead.
"""

from collections.abc import Mapping
from typing import Any

from zhengtong.people.identity import queries as identity
from zhengtong.records.exchange.registry import Fact, offer
from zhengtong.records.registers.queries import Subject, standing

Values = Mapping[str, Any] | None


def business_licence(subject: Subject) -> Values:
    """营业执照: the register's record; without one, what the enterprise was registered with."""
    record = standing("business-licence", subject)
    if record is not None:
        return dict(record.data)
    organisation = identity.organisation(subject[1]) if subject[0] == "organisation" else None
    if organisation is None:
        return None
    return {"name": organisation.name_zh, "credit_code": organisation.uscc or "", "address": organisation.address}


def resident(subject: Subject) -> Values:
    """户籍: of a person himself; of an enterprise, its legal representative as the business licence names him.

    `division` is the county-level code of the registered residence, six digits.
    """
    person_id = subject[1] if subject[0] == "person" else _representative(subject)
    person = identity.person(person_id) if person_id is not None else None
    if person is None:
        return None
    record = standing("resident", ("person", person.pk))
    if record is not None:
        return dict(record.data)
    return {
        "name": person.name,
        "number": person.document_number,
        "residence": person.address or "",
        "division": person.division_code[:6],
    }


def _representative(subject: Subject) -> int | None:
    record = standing("business-licence", subject)
    number = str(record.data.get("representative_number") or "") if record is not None else ""
    person = identity.person_by_document("resident_id", number) if number else None
    return person.pk if person is not None else None


def real_estate(subject: Subject) -> Values:
    """不动产登记: address, area and right of the premises."""
    record = standing("real-estate", subject)
    return None if record is None else dict(record.data)


def health_certificates(subject: Subject) -> Values:
    """健康证明: whose are in force."""
    record = standing("health-certificates", subject)
    return None if record is None else dict(record.data)


offer(
    Fact(
        "market-supervision.business-licence",
        "organisation",
        "营业执照",
        "the business licence",
        frozenset({"name", "credit_code", "address", "legal_representative", "scope"}),
        business_licence,
    )
)
offer(
    Fact(
        "public-security.identity",
        "person",
        "公安户籍信息",
        "the residents' register",
        frozenset({"name", "number", "residence", "division"}),
        resident,
    )
)
offer(
    Fact(
        "natural-resources.real-estate",
        "organisation",
        "不动产登记",
        "the property register",
        frozenset({"address", "area", "right", "certificate"}),
        real_estate,
    )
)
offer(
    Fact(
        "health.health-certificates",
        "organisation",
        "健康证数据库",
        "the health certificates database",
        frozenset({"people", "count"}),
        health_certificates,
    )
)
