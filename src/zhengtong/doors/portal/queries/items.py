"""Services as pages show them: cards, the guide, the situational questions."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.portal.choices import ACCEPT_WORDS, SOURCE_WORDS
from zhengtong.foundation.ui.shells import address
from zhengtong.foundation.ui.writing import CHINESE, cited, spoken
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.choices import LimitUnit

RECENT_KEPT = 600
Shown = dict[str, Any]


def named(thing: Any, locale: str) -> str:
    """An item's name in the reader's language."""
    return (thing.name_en or thing.name) if locale == "en" else str(thing.name)


def department(item: Any, locale: str) -> str:
    """The department's name in the reader's language."""
    return (item.department_en or item.department) if locale == "en" else str(item.department)


def limit_words(number: int | None, unit: str) -> str:
    """10 个工作日; empty where nothing is stated."""
    if number is None:
        return ""
    if unit == LimitUnit.NATURAL_DAY:
        return ngettext("%d calendar day", "%d calendar days", number) % number
    if unit == LimitUnit.HOUR:
        return ngettext("%d hour", "%d hours", number) % number
    if unit == LimitUnit.MONTH:
        return ngettext("%d month", "%d months", number) % number
    return ngettext("%d working day", "%d working days", number) % number


def card(item: Any, locale: str) -> Shown:
    """A service card: name, one sentence, three facts at most."""
    everyday = (item.everyday_name_en or item.everyday_name) if locale == "en" else item.everyday_name
    exempt = sum(entry["how"] == "exempt" for entry in item.stated.get("materials") or ())
    shown: Shown = {
        "name": named(item, locale),
        "words": everyday or department(item, locale),
        "url": reverse("portal:guide", args=[item.token]),
        "open": item.open,
    }
    if not item.open:
        return shown | {"trips": _("Not yet open here")}
    return shown | {
        "limit": limit_words(item.promise_limit, item.promise_unit),
        "exempt": ngettext("%d paper not needed", "%d papers not needed", exempt) % exempt if exempt else "",
        "trips": trips_words(item.max_visits),
    }


def either(words: Sequence[str]) -> str:
    """PDF, JPG or PNG."""
    *first, last = words
    return _(", ").join(first) + _(" or ") + last if first else last


def trips_words(visits: int | None) -> str:
    """不用跑, or how many times."""
    if visits is None:
        return ""
    return _("No trips") if visits == 0 else ngettext("%d trip", "%d trips", visits) % visits


def guide(item: Any, locale: str) -> Shown:
    """A service of a pack as its guide page shows it: facts, conditions, materials, steps, limits, articles."""
    spec = catalog.item_spec(item.id)
    stated = spec.stated
    recent = _recent(item.id)
    texts = spec.texts.get("en" if locale == "en" else "zh-hans", {})
    rows = materials(stated, texts)
    return {
        "title": spec.say("item", locale) or named(item, locale),
        "short": named(item, locale),
        "summary": spec.say("summary", locale),
        "spoken": spec.say("spoken.summary", locale) or spec.say("summary", locale),
        "department": spec.say("implementer.name", locale) or department(item, locale),
        "tags": _tags(item, stated, locale),
        "materials": rows,
        "facts": _facts(item, spec, rows),
        "fees": _fees(spec, locale),
        "conditions": _conditions(spec, locale),
        "steps": [
            {
                "label": spec.say(f"steps.{step['code']}.name", locale),
                "note": _two_lines(spec.say(f"steps.{step['code']}.note", locale)),
            }
            for step in stated["steps"]
        ],
        "limits": _limits(spec, recent),
        "recent": recent,
        "articles": _articles(spec, locale),
        "remedies": spec.remedy_facts if locale != "en" else _remedies_en(spec),
        "office": texts.get("office") or {},
        "questions": len(stated.get("situations") or ()),
        "quota": spec.say("quota", locale),
    }


def _two_lines(note: str) -> str:
    """The first comma ends a line, so that a step's note stays narrow."""
    for mark in ("，", ", "):
        head, found, tail = note.partition(mark)
        if found:
            return f"{head}{mark.strip()}\n{tail}"
    return note


def _recent(item_id: int) -> cases.Figures:
    key = f"portal.recent.{item_id}"
    found: cases.Figures | None = caches["near"].get(key)
    if found is None:
        found = cases.figures(item_id)
        caches["near"].set(key, found, RECENT_KEPT)
    return found


def _tags(item: Any, stated: Mapping[str, Any], locale: str) -> list[Shown]:
    tags = [{"label": item.get_item_type_display()}]
    if item.max_visits == 0:
        tags.append({"label": _("Wholly online")})
    if stated["item"].get("scope") and locale != "en":
        tags.append({"label": stated["item"]["scope"]})
    return tags


def _facts(item: Any, spec: catalog.ItemSpec, rows: Sequence[Shown]) -> list[Shown]:
    days = {
        "working_day": _("working days"),
        "natural_day": _("calendar days"),
        "hour": pgettext("unit beside a number", "hours"),
        "month": pgettext("unit beside a number", "months"),
    }
    given = sum(row["how"] != "exempt" and row["always"] for row in rows)
    exempt = sum(row["how"] == "exempt" for row in rows)
    papers = _("papers")
    return [
        {"label": _("Promised"), "value": spec.promise.number, "unit": days.get(spec.promise.unit.value, "")},
        {"label": _("By law"), "value": spec.legal.number, "unit": days.get(spec.legal.unit.value, "")},
        {"label": _("You give"), "value": given, "unit": papers},
        {"label": _("Not needed"), "value": exempt, "unit": papers},
        {"label": _("Visits"), "value": item.max_visits or 0, "unit": _("times")},
        {"label": _("Fee"), "value": _amounts(spec), "unit": _("yuan")},
    ]


def _amounts(spec: catalog.ItemSpec) -> int | str:
    """What is charged in yuan, `30–80` where it depends; 0 where nothing is."""
    amounts = [Decimal(fee["amount"]) for fee in spec.stated.get("fees") or ()]
    if not amounts:
        return 0
    return "–".join(dict.fromkeys(f"{each:,.2f}".removesuffix(".00") for each in (min(amounts), max(amounts))))


def _fees(spec: catalog.ItemSpec, locale: str) -> list[Shown]:
    """Each fee with its amount and the article that allows it (行政许可法 第58条)."""
    return [
        {
            "name": spec.say(f"fees.{fee['code']}.name", locale),
            "amount": Decimal(fee["amount"]),
            "basis": _cited(fee["basis"], spec, locale),
        }
        for fee in spec.stated.get("fees") or ()
    ]


def materials(stated: Mapping[str, Any], texts: Mapping[str, Any]) -> list[Shown]:
    """The materials with how each is given; `always` is False for those asked only in some situations."""
    return [_material(entry, (texts.get("materials") or {}).get(entry["code"], {})) for entry in stated["materials"]]


def _material(entry: Mapping[str, Any], said: Mapping[str, Any]) -> Shown:
    how = entry["how"]
    if how == "exempt":
        words, note = _("Not needed"), str(SOURCE_WORDS.get(entry.get("from") or "", _("Fetched by the system")))
    elif how == "online":
        words, note = _("Filled in online"), _("About 5 minutes")
    else:
        kinds = either([ACCEPT_WORDS.get(kind, kind.upper()) for kind in entry.get("accept") or ("pdf", "jpg")])
        words, note = _("Upload %d") % max(1, entry.get("originals") or 1), _("%s, up to 20 MB") % kinds
    return {
        "name": said.get("name", entry["code"]),
        "issuer": said.get("issuer", ""),
        "requirement": said.get("requirement", ""),
        "spoken": said.get("spoken") or {},
        "how": how,
        "how_words": words,
        "note": note,
        "always": not entry.get("when"),
    }


def _conditions(spec: catalog.ItemSpec, locale: str) -> list[Shown]:
    return [
        {
            "text": spec.say(f"conditions.{entry['code']}.text", locale),
            "basis": _cited(entry["basis"], spec, locale) if entry.get("basis") else None,
        }
        for entry in spec.stated.get("conditions") or ()
    ]


def _limits(spec: catalog.ItemSpec, recent: cases.Figures) -> list[Shown]:
    legal, promise = spec.legal, spec.promise
    most = max(legal.number, promise.number, 1)
    bars = [
        {
            "kind": "legal",
            "label": pgettext("bar", "By law"),
            "words": limit_words(legal.number, legal.unit.value),
            "share": legal.number / most,
        },
        {
            "kind": "promised",
            "label": pgettext("bar", "Promised"),
            "words": limit_words(promise.number, promise.unit.value),
            "share": promise.number / most,
        },
    ]
    if recent.average is not None:
        words = _("%s working days") % recent.average
        bars.append({"kind": "recent", "label": _("Recently"), "words": words, "share": min(recent.average / most, 1)})
    return bars


def _articles(spec: catalog.ItemSpec, locale: str) -> list[Shown]:
    """The articles the service rests on, each once, with the words that matter."""
    stated = spec.stated
    found: dict[tuple[str, str], Shown] = {}
    for entry in (*stated.get("setting_basis", ()), stated["limits"]["legal"].get("basis") or {}):
        if entry.get("law"):
            told = {**_cited(entry, spec, locale), "quote": entry.get("quote", "")}
            found.setdefault((entry["law"], entry["article"]), told)
    return list(found.values())


def _cited(basis: Mapping[str, Any], spec: catalog.ItemSpec, locale: str) -> Shown:
    """《某法》第三十三条 in the reader's language, as far as the law has a name in it, and the language it is in."""
    names = (spec.texts.get("en") or {}).get("laws")
    title, language = cited(basis["law"], basis["article"], language=locale, names=names)
    return {"title": title, "lang": "zh-Hans" if language == CHINESE else "en"}


def _remedies_en(spec: catalog.ItemSpec) -> Mapping[str, Any]:
    return {
        **spec.remedy_facts,
        "review_organ": spec.say("remedies.review_organ", "en"),
        "court": spec.say("remedies.court", "en"),
    }


def imported(item: Any, locale: str) -> Shown:
    """An item of a published list: what the list says of it, and what is wrong with what it says."""
    faults = catalog.faults_of(item)
    rows = [
        {"label": _("Department"), "value": department(item, locale)},
        {"label": _("Kind"), "value": item.get_item_type_display()},
        {"label": _("In the list under"), "value": item.catalogue or "—"},
        {"label": _("Code as published"), "value": item.external_code or "—"},
        {"label": _("Division"), "value": item.region or "—"},
        {"label": _("Taken from"), "value": item.source or "—"},
    ]
    return {
        "title": named(item, locale),
        "rows": rows,
        "faults": [fault.message_en if locale == "en" and fault.message_en else fault.message for fault in faults],
    }


def situations(spec: catalog.ItemSpec, chosen: Mapping[str, str], locale: str) -> list[Shown]:
    """The situational questions as fields to be drawn, one after another."""
    return [
        {
            "key": entry["code"],
            "label": spec.say(f"situations.{entry['code']}.question", locale),
            "widget": "radios",
            "layout": "list",
            "value": chosen.get(entry["code"], ""),
            "options": [
                {
                    "value": option["code"],
                    "label": spec.say(f"situations.{entry['code']}.options.{option['code']}", locale),
                }
                for option in entry["options"]
            ],
        }
        for entry in spec.stated.get("situations") or ()
    ]


def led_elsewhere(spec: catalog.ItemSpec, chosen: Mapping[str, str], locale: str) -> Shown | None:
    """Where the first answer that leads elsewhere leads, in words; None when the service is the right one."""
    for entry in spec.stated.get("situations") or ():
        for option in entry["options"]:
            if option["code"] == chosen.get(entry["code"]) and option.get("leads"):
                said = spec.say(f"situations.{entry['code']}.options.{option['code']}", locale)
                return {
                    "said": said,
                    **_way(option, f"situations.{entry['code']}.leads.{option['code']}", spec, locale),
                }
    return None


def _way(option: Mapping[str, Any], words: str, spec: catalog.ItemSpec, locale: str) -> Shown:
    """The pack's own words; a version older than they are is told to come to the counter."""
    shown: Shown = {"title": spec.say(f"{words}.title", locale), "words": spec.say(f"{words}.words", locale)}
    if option.get("find") and shown["title"]:
        link = spec.say(f"{words}.link", locale)
        return shown | {"link": link, "url": f"{reverse('portal:search')}?{urlencode({'q': option['find']})}"}
    if str(option["leads"]).startswith("not_needed") and shown["title"]:
        return shown
    shown["title"] = shown["title"] or _("This is not yet done online here")
    counter = _("The counter: %(place)s, %(hours)s.") % {
        "place": spec.say("office.place", locale),
        "hours": spec.say("office.hours", locale),
    }
    return shown | {"counter": counter, "link": _("How to get there"), "url": address("portal:book")}


def unanswered(spec: catalog.ItemSpec, chosen: Mapping[str, str]) -> list[str]:
    """The situational questions that still lack an answer of those offered."""
    return [
        entry["code"]
        for entry in spec.stated.get("situations") or ()
        if chosen.get(entry["code"]) not in {option["code"] for option in entry["options"]}
    ]


def situation_words(spec: catalog.ItemSpec, chosen: Mapping[str, str], locale: str) -> str:
    """新办・餐饮服务: the first two answers in few words."""
    said = [
        spec.say(f"situations.{entry['code']}.options.{chosen[entry['code']]}", locale)
        for entry in spec.stated.get("situations") or ()
        if entry["code"] in chosen
    ]
    mark = "・" if spoken(locale) == "zh" else ", "
    return mark.join(word for word in said[:2] if word)


def prepared(rows: Iterable[Shown]) -> list[Shown]:
    """The elder's list: the at most three things to get ready, as one would say it."""
    ready = [row for row in rows if row["how"] != "exempt" and row["always"]]
    return [
        {"title": row["spoken"].get("name", row["name"]), "words": row["spoken"].get("words", row["requirement"])}
        for row in ready[:3]
    ]
