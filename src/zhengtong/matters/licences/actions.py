"""What a process may ask of licences: issue the one its case was approved for."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhengtong.engines.codes.check_characters import hybrid
from zhengtong.engines.forms import in_words
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.sequences import next_number
from zhengtong.matters.cases.actions.sharing import work_of
from zhengtong.matters.cases.queries import latest_submission
from zhengtong.matters.cases.services.work import Work
from zhengtong.matters.catalog.packs import SERIAL
from zhengtong.matters.catalog.queries import ItemSpec, item_spec
from zhengtong.matters.licences.services import Entry, Grant, issue_licence
from zhengtong.matters.workflow.registry import Call, action
from zhengtong.people.identity import queries as identity

# How the kind of business is written in a food licence's number (first digit after JY).
ACTIVITY_DIGITS = {"sales": "1", "catering": "2", "canteen": "3"}


@action("licences.issue@1")
def issue(call: Call) -> None:
    """Issue the licence of an approved case, with what the pack says stands on it."""
    work = work_of(call)
    item = item_spec(work.case.item_id)
    if item.result.get("type") != "licence" or not item.licence_type_code:
        raise Conflict("licences.no_licence", "the item leads to no licence", item=item.key)
    agency = identity.organisation(work.case.agency_id)
    if agency is None or agency.uscc is None:
        raise Conflict("licences.no_issuer", "the authority has no credit code")
    answers = latest_submission(work.case).answers
    last = last_valid_day(work.today, int(item.result.get("valid_years") or 0))
    issue_licence(
        by=work.by,
        on=work.today,
        rows=work.rows,
        grant=Grant(
            type_code=item.licence_type_code,
            name=item.say("result.name"),
            name_en=item.say("result.name", "en"),
            number=_number(item, answers, agency.uscc, work.today),
            issuer_id=agency.id,
            issuer_name=agency.name_zh,
            issuer_code=agency.uscc,
            holder_kind=work.case.applicant_kind,
            holder_name=work.case.applicant_label,
            holder_person_id=work.case.applicant_person_id,
            holder_organisation_id=work.case.applicant_organisation_id,
            entries=_entries(item, work, answers, last),
            valid_from=work.today,
            valid_to=last,
            case_id=work.case.id,
            serial=str(item.result.get("serial") or SERIAL),
        ),
    )


def last_valid_day(start: dt.date, years: int) -> dt.date | None:
    """The last day of a licence of so many years: the day before the corresponding day; None for no limit."""
    if not years:
        return None
    try:
        return start.replace(year=start.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return dt.date(start.year + years, 2, 28)


def _number(item: ItemSpec, answers: Mapping[str, Any], issuer: str, day: dt.date) -> str:
    template = str(item.result.get("number") or "{year}{seq:06d}")
    serial = next_number(f"licence-number:{item.licence_type_code}:{issuer}")
    places = {
        "activity": ACTIVITY_DIGITS.get(str(answers.get("activity")), "0"),
        "region": item.region[:6],
        "year": f"{day.year}",
        "seq": serial,
    }
    head = template.replace("{check}", "").format(**places)
    if "{check}" not in template:
        return head
    return head + hybrid("".join(c for c in head if c.isdigit()), characters="0123456789")


def _entries(item: ItemSpec, work: Work, answers: Mapping[str, Any], last: dt.date | None) -> list[Entry]:
    entries = []
    for stated in item.result.get("fields") or ():
        code, origin = str(stated["code"]), str(stated["from"])
        value = _value(item, work, answers, last, origin)
        if value:
            label, label_en = (item.say(f"result.fields.{code}", tag) for tag in ("zh-hans", "en"))
            entries.append(Entry(label, label_en, value, public=bool(stated.get("public", True))))
    return entries


def _value(item: ItemSpec, work: Work, answers: Mapping[str, Any], last: dt.date | None, origin: str) -> str:
    """What `applicant.name`, `answers.<key>` or `licence.valid_until` stands for."""
    kind, _dot, key = origin.partition(".")
    if kind == "answers":
        field = item.form.fields.get(key)
        return in_words(field, answers.get(key), "zh-hans") if field else ""
    if kind == "licence":
        return f"{last.year} 年 {last.month} 月 {last.day} 日" if last else "长期"
    known = {
        "name": work.case.applicant.get("name"),
        "credit_code": work.case.applicant.get("uscc"),
        "legal_representative": answers.get("legal_representative"),
    }
    return str(known.get(key) or "")
