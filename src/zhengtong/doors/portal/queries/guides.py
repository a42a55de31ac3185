"""The pages of a service before the form: the guide in both layouts, the questions, for whom it is."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.queries import items
from zhengtong.doors.portal.queries.items import limit_words
from zhengtong.doors.portal.queries.places import total_steps
from zhengtong.engines.errors import within
from zhengtong.engines.forms import Kind
from zhengtong.foundation.policy import Actor
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.choices import ResultType, ServiceObject
from zhengtong.people.identity import queries as identity

ASSURANCE = 2
Shown = dict[str, Any]
SECTIONS = ("can", "give", "steps", "time", "fee", "basis", "ask")


def home_crumbs(*more: tuple[str, str]) -> list[Shown]:
    """首页, and what lies between it and the page."""
    return [{"label": _("Home"), "url": reverse("portal:home")}, *({"label": label, "url": url} for label, url in more)]


def guide_page(actor: Actor, item: Any, locale: str) -> Shown:
    """Everything of a guide, for the ordinary and for the elder's template."""
    shown = items.guide(item, locale)
    begun = cases.drafts_of(actor).filter(item_id=item.id, case_id=None).first() if actor.account_id else None
    return {
        "guide": shown,
        **_audience(item),
        "contents": _contents(),
        "given_words": _given(shown["materials"]),
        "limits_note": _limits_note(shown["recent"], locale),
        "check_url": reverse("portal:situations", args=[item.token]),
        "start_url": reverse("portal:situations", args=[item.token]),
        "start_facts": _start_facts(shown["materials"]),
        "can_start": catalog.takes_cases(item),
        "draft": reverse("portal:apply", args=[begun.token]) if begun else "",
        "elder": _elder(item, shown, locale),
    }


def _audience(item: Any) -> Shown:
    """Under which heading the service is found: what only people can apply for is theirs."""
    if (item.stated.get("item") or {}).get("service_objects") == [ServiceObject.PERSON]:
        return {"current": "people", "crumbs": home_crumbs((_("For people"), reverse("portal:people")))}
    return {"current": "enterprises", "crumbs": home_crumbs((_("For enterprises"), reverse("portal:enterprises")))}


def _contents() -> list[Shown]:
    words = (
        *(_("Can I apply"), _("What to give"), _("How it goes"), _("How long")),
        *(_("Fee"), _("Legal basis"), _("Ask and complain")),
    )
    return [
        {"label": label, "url": f"#{name}", "current": place == 0}
        for place, (name, label) in enumerate(zip(SECTIONS, words, strict=True))
    ]


def _given(rows: list[Shown]) -> str:
    exempt = sum(row["how"] == "exempt" for row in rows)
    sometimes = sum(not row["always"] for row in rows)
    said = _("%(all)d papers, %(exempt)d of which we fetch ourselves") % {"all": len(rows), "exempt": exempt}
    return said + (ngettext("; %d only sometimes", "; %d only sometimes", sometimes) % sometimes if sometimes else "")


def _limits_note(recent: cases.Figures, locale: str) -> str:
    said = _(
        "Counted from the day after acceptance, without weekends and holidays. Time for tests and hearings does not "
        "count; you are told in writing."
    )
    if recent.average is None:
        return said
    average = _("Recent average: %d cases decided in the last 90 days.") % recent.sample
    return writing.sentences(said, average, language=locale)


def _start_facts(rows: list[Shown]) -> list[str]:
    exempt = sum(row["how"] == "exempt" for row in rows)
    return [ngettext("%d paper not needed", "%d papers not needed", exempt) % exempt, _("About 15 minutes")]


def _elder(item: Any, shown: Shown, locale: str) -> Shown:
    prepare = items.prepared(shown["materials"])
    fetched = [row["name"] for row in shown["materials"] if row["how"] == "exempt"]
    mark = ", " if locale == "en" else "、"
    names = [*fetched[:1], *(within(name, locale) for name in fetched[1:])]
    free = _("No fee, no trips.") if item.max_visits == 0 and not item.charged else ""
    return {
        "strong": free,
        "words": _("Done within %s after you submit.") % limit_words(item.promise_limit, item.promise_unit),
        "prepare": prepare,
        "prepare_title": ngettext("Prepare %d thing", "Prepare %d things", len(prepare)) % len(prepare),
        "fetched": _("%s: we look them up ourselves.") % mark.join(names) if fetched else "",
        "steps": _elder_steps(item, shown["steps"]),
    }


def _elder_steps(item: Any, steps: list[Shown]) -> list[Shown]:
    """Three steps as one would tell them: those to any licence, or what follows handing in as the pack names it."""
    first = {"title": _("Fill in online"), "words": _("About 15 minutes")}
    if item.result_type != ResultType.LICENCE:
        return [first, *({"title": step["label"], "words": step["note"].replace("\n", "")} for step in steps[1:3])]
    return [
        first,
        {"title": _("We check"), "words": _("We may come and look")},
        {"title": _("Your licence"), "words": _("On your phone, or by post")},
    ]


def imported_page(item: Any, locale: str) -> Shown:
    """An item of a published list."""
    return {
        "item": items.imported(item, locale),
        "crumbs": home_crumbs((_("By department"), reverse("portal:departments"))),
    }


def chosen_of(spec: catalog.ItemSpec, given: Mapping[str, Any]) -> dict[str, str]:
    """The answers to situational questions among what a browser sent."""
    asked = [entry["code"] for entry in spec.stated.get("situations") or ()]
    return {code: str(given[code])[:60] for code in asked if given.get(code)}


def situations_page(item: Any, spec: catalog.ItemSpec, chosen: dict[str, str], *, asked: bool, locale: str) -> Shown:
    """The questions, with what is missing marked once they were sent; or where an answer leads elsewhere."""
    elsewhere = items.led_elsewhere(spec, chosen, locale) if asked else None
    missing = set(items.unanswered(spec, chosen)) if asked and not elsewhere else set()
    fields = items.situations(spec, chosen, locale)
    for field in fields:
        said = _("Choose the one that fits: %s") % field["label"]
        field["errors"] = [said] if field["key"] in missing else []
    here = reverse("portal:situations", args=[item.token])
    return {
        "heading": _("Your situation"),
        "short": items.named(item, locale),
        "crumbs": home_crumbs((items.named(item, locale), reverse("portal:guide", args=[item.token]))),
        "steps": steps(spec, 1, locale),
        "elsewhere": elsewhere,
        "again_url": here,
        "facts": side_facts(spec, chosen, locale),
        "page": {
            "method": "get",
            "action": here,
            "title": _("Your situation"),
            "sections": [{"title": "", "fields": fields}],
            "submit": {"label": _("Continue")},
            "back": {"label": _("Back to the guide"), "url": reverse("portal:guide", args=[item.token])},
        },
        "has_errors": bool(missing),
    }


def question_page(item: Any, spec: catalog.ItemSpec, chosen: dict[str, str], locale: str) -> Shown:
    """The elder's way: the next question alone, each answer a button; or where the last answer leads elsewhere."""
    elsewhere = items.led_elsewhere(spec, chosen, locale)
    here = reverse("portal:situations", args=[item.token])
    left = items.unanswered(spec, chosen)
    answered = [code for code in chosen if code not in left]
    before = {code: chosen[code] for code in answered[:-1]}
    question: Shown = {
        "back_url": f"{here}?{urlencode(before)}" if answered else reverse("portal:guide", args=[item.token])
    }
    if elsewhere:
        return {"elsewhere": elsewhere, "question": question | {"heading": elsewhere["title"]}}
    total = total_steps(spec, answers_from(spec, chosen))
    asked = next((field for field in items.situations(spec, chosen, locale) if field["key"] in left), None)
    if asked is not None:
        question |= {
            "heading": asked["label"],
            "step": _("Step %(now)d of %(all)d") % {"now": len(answered) + 1, "all": total},
            "choices": [
                {"label": option["label"], "url": f"{here}?{urlencode({**chosen, asked['key']: option['value']})}"}
                for option in asked["options"]
            ],
        }
    return {"elsewhere": None, "question": question}


def steps(spec: catalog.ItemSpec, now: int, locale: str) -> list[Shown]:
    """选择情形 (or for whom it is, where no situation is asked), a step a page of the form, 确认提交."""
    titles = [page.title["en" if locale == "en" else "zh-hans"] for page in spec.form.pages]
    first = _("Choose the situation") if spec.stated.get("situations") else _("For whom do you apply?")
    labels = [first, *titles, _("Check and submit")]
    return [
        {"label": label, "state": "done" if place < now else "now" if place == now else "next"}
        for place, label in enumerate(labels, 1)
    ]


def side_facts(spec: catalog.ItemSpec, chosen: Mapping[str, str], locale: str) -> list[Shown]:
    """The card beside the form."""
    words = items.situation_words(spec, chosen, locale)
    rows = [{"label": _("Situation"), "value": words}] if words else []
    return [*rows, {"label": _("Promised"), "value": limit_words(spec.promise.number, spec.promise.unit.value)}]


def start_page(account: Any, actor: Actor, item: Any, chosen: dict[str, str], locale: str) -> Shown:
    """For whom: oneself, or one of those one acts for."""
    ways = identity.capacities(account)
    return {
        "short": items.named(item, locale),
        "crumbs": home_crumbs((items.named(item, locale), reverse("portal:guide", args=[item.token]))),
        "ways": ways,
        "acting_for": actor.capacity or actor.name,
        "chosen": chosen,
        "steps": steps(catalog.item_spec(item.id), 1, locale),
        "act_as_url": reverse("account_act_as"),
    }


def sign_in_words() -> str:
    """Why an official's account cannot apply."""
    return _("Sign in as the applicant or somebody the applicant has authorised.")


def answers_from(spec: catalog.ItemSpec, chosen: Mapping[str, str]) -> Shown:
    """Situational answers that the form asks again, so that nobody answers twice."""
    answers: Shown = {}
    for code, value in chosen.items():
        field = spec.form.fields.get(code)
        if field is None or value not in {option.value for option in field.options}:
            continue
        answers[code] = [value] if field.kind is Kind.CHOICES else value
    return answers
