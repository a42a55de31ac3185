"""The facts of papers as far as a pack and an example know them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zhengtong.matters.catalog.choices import MATTERS, ItemType, ResultType

if TYPE_CHECKING:
    from zhengtong.matters.catalog.packs.trials import Course


def facts_of(course: "Course", kind: str) -> dict[str, Any]:
    """What `engines.documents.compose_letter` asks for the paper `kind`, on the example's day."""
    service, say = course.pack.service, course.pack.say
    facts: dict[str, Any] = {
        "issuer": say("implementer.name", "zh-hans"),
        "addressee": str(course.source.data.get("applicant") or "—"),
        "addressee_kind": str(course.source.data.get("applicant_kind") or "organisation"),
        "item": say("item", "zh-hans"),
        "date": course.today.isoformat(),
        "seal": dict(service["documents"]["seal"]),
        "hotline": service["channels"]["hotline"],
        "remedies": {
            "review_organ": say("remedies.review_organ", "zh-hans"),
            "review_days": service["remedies"]["review_days"],
            "court": say("remedies.court", "zh-hans"),
            "suit_months": service["remedies"]["suit_months"],
        },
    }
    facts["matter"] = MATTERS.get(str(service["item"]["item_type"]), "other")
    facts["basis"] = [f"《{basis['law']}》{basis['article']}" for basis in service["setting_basis"]]
    facts |= {name: day.isoformat() for name, day in course.dates.items()}
    facts["applied_on"] = facts.get("received_first_on")
    own = _OWN.get(kind)
    return facts | (own(course) if own else {})


def _receipt(course: "Course") -> dict[str, Any]:
    handed_in = [entry for entry in course.pack.service["materials"] if entry["how"] != "exempt"]
    names = [course.pack.say(f"materials.{entry['code']}.name", "zh-hans") for entry in handed_in]
    return {"materials": [{"name": name, "form": "电子"} for name in names]}


def _correction(course: "Course") -> dict[str, Any]:
    return {"gaps": course.gaps, "due_on": course.dates["correction_due"].isoformat()}


def _acceptance(course: "Course") -> dict[str, Any]:
    limits = course.pack.service["limits"]
    dues = {name: clock.deadline for name, clock in course.clocks.items()}
    return {
        "promise_limit": limits["promise"],
        "promise_due": dues["promise"],
        "legal_limit": limits["legal"],
        "legal_due": dues["legal"],
        "manner": "accepted" if course.route[-1] == "cases.accept@1" else "deemed",
    }


def _special(course: "Course") -> dict[str, Any]:
    procedure = (course.pack.service.get("special_procedures") or [{"type": "TESTING", "max_days": 5}])[0]
    planned = int(course.entry.get("planned_days") or procedure["max_days"])
    return {
        "procedure": procedure["type"],
        "started_on": course.today.isoformat(),
        "planned": {"number": planned, "unit": "working_day"},
    }


def _approval(course: "Course") -> dict[str, Any]:
    service = course.pack.service
    if service["result"]["type"] == ResultType.LICENCE:
        return {"licence": course.pack.say("result.name", "zh-hans"), "remedies": None}
    said = course.told()
    if said is not None:
        return {**said, "by_rule": True}
    reasons = course.entry.get("reasons") or [course.pack.say("approval_reasons", "zh-hans")]
    return {"content" if str(service["item"]["item_type"]) == ItemType.ADMIN_PAYMENT else "reasons": list(reasons)}


def _refusal(course: "Course") -> dict[str, Any]:
    said = course.told()
    if said is not None:
        return {"reasons": said["reasons"], "by_rule": True}
    return {"reasons": list(course.entry.get("reasons") or [])}


def _non_acceptance(course: "Course") -> dict[str, Any]:
    return {name: course.entry.get(name) for name in ("reason_code", "reason", "right_organ")}


def _delivery(course: "Course") -> dict[str, Any]:
    return {
        "document": course.pack.say("result.name", "zh-hans"),
        "recipient": str(course.source.data.get("applicant") or "—"),
        "mode": "电子送达",
    }


_OWN: Mapping[str, Callable[["Course"], dict[str, Any]]] = {
    "receipt": _receipt,
    "correction": _correction,
    "acceptance": _acceptance,
    "special_procedure": _special,
    "approval": _approval,
    "refusal": _refusal,
    "non_acceptance": _non_acceptance,
    "delivery": _delivery,
}
