"""What an official must enter for each outcome, checked before anything is written."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Invalid
from zhengtong.matters.cases.choices import LICENSING_PROCEDURES, ProcedureKind
from zhengtong.matters.cases.services.gaps import entered, known
from zhengtong.matters.cases.services.specs import Spec

Entry = Mapping[str, Any]
Fault = tuple[str, str, str]
LONGEST = 4000
MOST_GAPS = 40


def check_entry(outcome: str, entry: Entry, spec: Spec) -> None:
    """Raise `Invalid` with every fault of the entry for this outcome; outcomes that need nothing pass."""
    check = _CHECKS.get(outcome)
    faults = check(entry, spec) if check else []
    if faults:
        raise Invalid("cases.entry", _("Please complete what is marked."), faults)


def _text(entry: Entry, key: str, sentence: object, least: int = 2) -> list[Fault]:
    value = str(entry.get(key) or "").strip()
    if len(value) < least:
        return [(key, "required", str(sentence))]
    return too_long(key, value)


def too_long(key: str, value: str, most: int = LONGEST) -> list[Fault]:
    """The fault of a text of more than so many characters."""
    if len(value) <= most:
        return []
    said = _("At most %(most)d characters; there are %(now)d.") % {"most": most, "now": len(value)}
    return [(key, "too_long", str(said))]


def _correction(entry: Entry, spec: Spec) -> list[Fault]:
    gaps = entered(entry)
    if not gaps:
        return [("gaps", "required", str(_("List everything that is missing; it can be asked for only once.")))]
    if len(gaps) > MOST_GAPS:
        return [("gaps", "too_many", str(_("At most %d gaps.") % MOST_GAPS))]
    if not all(known(gap, spec.form, spec.materials) for gap in gaps):
        return [("gaps", "unknown", str(_("A gap names something that this service does not ask for.")))]
    return []


def _refuse_acceptance(entry: Entry, _spec: Spec) -> list[Fault]:
    faults = _text(entry, "reasons", _("Say why the application is not accepted."))
    if entry.get("reason_code") not in ("outside_authority", "no_permission_needed"):
        faults.append(("reason_code", "required", str(_("Choose the ground of non-acceptance."))))
    if entry.get("reason_code") == "outside_authority":
        faults += _text(entry, "right_organ", _("Name the authority that is competent (Article 32)."))
    return faults


def _returned(entry: Entry, _spec: Spec) -> list[Fault]:
    return _text(entry, "reasons", _("Say why the application is returned."))


def _suspend(entry: Entry, spec: Spec) -> list[Fault]:
    kind = str(entry.get("procedure") or "")
    allowed = set(spec.procedures) & (LICENSING_PROCEDURES if spec.licence else set(ProcedureKind.values))
    if kind not in allowed:
        return [("procedure", "not_allowed", str(_("This service does not provide for that special procedure.")))]
    days, most = _whole(entry.get("planned_days")), spec.procedures[kind]
    if days is None or not 1 <= days <= most:
        return [("planned_days", "range", str(_("The time needed is 1 to %d working days.") % most))]
    return []


def _whole(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _resume(entry: Entry, _spec: Spec) -> list[Fault]:
    return _text(entry, "result", _("Enter the result of the special procedure."))


def _checked(entry: Entry, _spec: Spec) -> list[Fault]:
    found = _text(entry, "result", _("Enter what was found on the premises."))
    return found + _text(entry, "companions", _("Name the colleagues who went along; two officials go at least."))


def _opinion(entry: Entry, _spec: Spec) -> list[Fault]:
    return _text(entry, "opinion", _("Write your opinion; a decision rests on it."))


def _remark(entry: Entry, _spec: Spec) -> list[Fault]:
    return _text(entry, "opinion", "", least=0)


def _refusal(entry: Entry, _spec: Spec) -> list[Fault]:
    return _text(entry, "reasons", _("A refusal must state its reasons (Article 38)."), least=5)


_CHECKS: Mapping[str, Callable[[Entry, Spec], list[Fault]]] = {
    "request_correction": _correction,
    "refuse_acceptance": _refuse_acceptance,
    "return": _returned,
    "suspend": _suspend,
    "resume": _resume,
    "checked": _checked,
    "propose_approve": _opinion,
    "propose_refuse": _opinion,
    "send_back": _returned,
    "refuse": _refusal,
    "done": _remark,
    "agree": _remark,
    "disagree": _opinion,
}
