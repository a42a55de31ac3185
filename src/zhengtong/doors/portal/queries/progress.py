"""A case as its applicant follows it: where it stands, what is asked, the clock day by day, what happened."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.choices import DELIVERY_WORDS
from zhengtong.doors.portal.queries.correcting import gaps_of
from zhengtong.doors.portal.queries.following import HANDLING, Following, Shown
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.queries.histories import history
from zhengtong.doors.portal.queries.receipts import evidence
from zhengtong.doors.portal.queries.rulers import ruler
from zhengtong.doors.portal.queries.standing import clock_panel, standing, stops
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.cases.rules import allowed_events
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.licences import queries as licences


def name_of(case: Any, locale: str) -> str:
    """What was applied for."""
    return (case.item_name_en or case.item_name) if locale == "en" else str(case.item_name)


def progress_page(case: Any, locale: str, *, public: bool = False) -> Shown:
    """The page; `public` leaves out what only the applicant may read and do."""
    seen = Following(case, locale)
    spec = catalog.item_spec(case.item_id)
    counting = seen.counting()
    page: Shown = {
        "case": case,
        "title": spec.say("item", locale) or name_of(case, locale),
        "short": name_of(case, locale),
        "crumbs": home_crumbs((_("My cases"), reverse("portal:mine"))),
        "status": seen.state.label,
        **standing(seen, public=public),
        "ways": [] if public else _ways_on(seen),
        "stops": stops(seen),
        "clock": clock_panel(seen, counting),
        "later": seen.later(),
        "ruler": ruler(counting, seen, locale) if counting is not None else None,
        "public": public,
        "timeline": (happened := history(seen, public=public)),
        "latest": happened[:3],
    }
    if not public:
        page |= {
            "asked": _asked(seen),
            "evidence": evidence(seen.events, reverse("portal:case_receipt", args=[case.token])),
            "actions": _actions(seen),
            "licence": _licence(seen) if case.close_type == CloseType.APPROVED else None,
        }
    return page


def _ways_on(seen: Following) -> list[Shown]:
    """Where the applicant goes from a case that ended without what was applied for: the paper, and applying again."""
    kind = {CloseType.REFUSED: "refusal", CloseType.NOT_ACCEPTED: "non_acceptance"}.get(seen.case.close_type)
    paper = next((one for one in seen.papers if one.kind == kind), None)
    ways = []
    if paper is not None:
        url = reverse("portal:paper", args=[seen.case.token, paper.token])
        ways.append({"label": seen.title_of(paper), "url": url})
    again = seen.case.close_type not in ("", CloseType.APPROVED)
    item = catalog.current_item(catalog.item_spec(seen.case.item_id).key) if again else None
    if item is not None and catalog.takes_cases(item):
        ways.append({"label": _("Apply again"), "url": reverse("portal:guide", args=[item.token])})
    return ways


def _asked(seen: Following) -> list[Shown]:
    """What is needed from the applicant now, most urgent first."""
    token, asked = seen.case.token, []
    if seen.state is State.CORRECTION:
        due = seen.clocks.get(ClockName.CORRECTION_DUE)
        notice = next((paper for paper in reversed(seen.papers) if paper.kind == "correction"), None)
        gaps = gaps_of(notice, seen.case.item_id, seen.locale)
        until = seen.said(due.due_on if due else None, "weekday")
        asked.append(
            {
                "title": ngettext("Correct %d thing", "Correct %d things", len(gaps)) % len(gaps),
                "words": _("By %s. If nothing comes, the application is handed back.") % until,
                "list": [_("%(name)s: %(text)s") % gap._asdict() if gap.name else gap.text for gap in gaps],
                "url": reverse("portal:correct", args=[token]),
                "link": _("Correct now"),
                "post": True,
            }
        )
    if seen.matter == "licence" and seen.state in (*HANDLING, State.APPROVED) and not seen.case.delivery_mode:
        asked.append(
            {
                "title": _("Choose how to get your licence"),
                "words": _("Choose before the decision. If you do not, the electronic licence goes to your wallet."),
                "url": reverse("portal:delivery", args=[token]),
                "link": _("Choose"),
            }
        )
    if seen.state in (State.CLOSED, State.ARCHIVED) and not cases.evaluations_of(seen.case).exists():
        asked.append(
            {
                "title": _("How did we do?"),
                "words": _("One minute, five grades. What you say cannot be changed by anybody."),
                "url": reverse("portal:evaluate", args=[token]),
                "link": _("Evaluate"),
            }
        )
    return asked


def _licence(seen: Following) -> Shown | None:
    held = licences.of_case(seen.case.id)
    if held is None:
        return None
    name = held.name_en or held.name if seen.english else held.name
    return {"name": name, "number": held.number, "url": reverse("portal:licence", args=[held.token])}


def _actions(seen: Following) -> list[Shown]:
    token, actions = seen.case.token, []
    if "withdraw" in allowed_events(seen.case.state):
        actions.append({"label": _("Withdraw the application"), "url": reverse("portal:withdraw", args=[token])})
    if seen.state in (State.SUBMITTED, State.RECEIVED, *HANDLING):
        actions.append({"label": _("Press for an answer"), "url": reverse("portal:urge", args=[token])})
    actions.append({"label": _("Complain: call 12345"), "url": "tel:12345"})
    return actions


def delivery_options(case: Any) -> list[Shown]:
    """The ways in which the result may reach the applicant."""
    modes = catalog.item_spec(case.item_id).stated.get("delivery_modes") or ("electronic",)
    return [
        {"value": mode, "label": DELIVERY_WORDS[mode][0], "hint": DELIVERY_WORDS[mode][1]}
        for mode in modes
        if mode in DELIVERY_WORDS
    ]
