"""A licence as its holder shows it, and as anybody may check it."""

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.queries.receipts import public_name
from zhengtong.foundation.core import clock
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.files.services import open_content
from zhengtong.foundation.files.signing import SignatureReport, verify_pdf
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ui import writing
from zhengtong.foundation.ui.templatetags.zt import grouped
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences.choices import LicenceState

SEAL_KEPT = 600
Shown = dict[str, Any]
CUTS = {16: "3 6 6 1"}
"""How the number of a food licence is cut for reading: 主体业态, 行政区划, 顺序号, 校验位."""


STATED_DAY, ENDLESS = re.compile(r"(\d{4}) 年 (\d{1,2}) 月 (\d{1,2}) 日"), "长期"
"""How a certificate states until when it is in force (licences.actions)."""


def _day(day: Any, locale: str) -> str:
    if day is None:
        return _("without end")
    return writing.day(day, this_year=clock.today().year, language=locale, style="full")


def _said(value: str, locale: str) -> str:
    """A field as its certificate says it, a day in the reader's words."""
    stated = STATED_DAY.fullmatch(value)
    if locale != "en" or not (stated or value == ENDLESS):
        return value
    return _day(dt.date(*map(int, stated.groups())) if stated else None, locale)


def _name(licence: Any, locale: str) -> str:
    return (licence.name_en or licence.name) if locale == "en" else str(licence.name)


def licence_page(licence: Any, locale: str) -> Shown:
    """The card, what it rests on, who used it."""
    state = licences.state_on(licence, clock.today())
    event = next((one for one in ledger.timeline(("licence", licence.id)) if one.type == "licence.issued"), None)
    return {
        "title": _name(licence, locale),
        "state": "jade" if state is LicenceState.VALID else "red",
        "state_words": state.label,
        "valid": state is LicenceState.VALID,
        "crumbs": home_crumbs((_("My licences"), reverse("portal:licences"))),
        "licence": _card(licence, state, locale),
        "evidence": _evidence(licence, event, locale),
        "used": [
            {"who": use.by_name, "when": use.used_at, "why": use.purpose} for use in licences.uses_of(licence)[:10]
        ],
        "file_url": reverse("portal:licence_file", args=[licence.token]),
        "check_url": reverse("portal:verify_licence", args=[licence.token]),
        "until": licence.valid_to,
    }


def _card(licence: Any, state: LicenceState, locale: str) -> Shown:
    english = locale == "en"
    return {
        "title": _name(licence, locale),
        "number_label": _("Licence number"),
        "number": licence.number,
        "number_cuts": CUTS.get(len(licence.number), ""),
        "address": settings.ZT_PUBLIC_ADDRESS + reverse("portal:verify_licence", args=[licence.token]),
        "authority": licence.issuer_name,
        "seal_number": "",
        "issued": licence.issued_on,
        "state": "valid" if state is LicenceState.VALID else "ended",
        "facts": [
            {
                "label": (entry.get("label_en") or entry["label"]) if english else entry["label"],
                "value": _said(entry["value"], locale),
            }
            for entry in licence.fields
        ],
    }


def _evidence(licence: Any, event: Any, locale: str) -> list[Shown]:
    rows: list[Shown] = [{"label": _("Identifier"), "value": licence.identifier}]
    signed = _("Digital signature (PAdES), issued %s") % _day(licence.issued_on, locale)
    rows.append(
        {
            "label": _("Electronic seal"),
            "value": signed if licence.file_id else _("Drawn and sealed when it is first opened"),
        }
    )
    if event is not None and event.sealed:
        name = public_name(event.event_id)
        rows.append(
            {
                "label": _("Public log"),
                "value": _("Entered in the log"),
                "link": _("Download the proof"),
                "url": reverse("portal:receipt_file", args=[name]),
            }
        )
    words = _("Version %d") % licence.version
    return [*rows, {"label": _("Version"), "value": words if licence.version > 1 else words + _(", no changes")}]


def verified(found: licences.PublicLicence, locale: str) -> Shown:
    """The verdict on a licence, what was checked, and the public fields only."""
    valid = found.state is LicenceState.VALID
    english = locale == "en"
    rows: list[Shown] = [
        {"label": _("Name of the licence"), "value": _name(found, locale)},
        {"label": _("Number"), "value": grouped(found.number, CUTS.get(len(found.number), ""))},
        {"label": _("Holder"), "value": found.holder_name},
    ]
    shown = {row["value"] for row in rows}
    rows += [
        {"label": (entry.get("label_en") or entry["label"]) if english else entry["label"], "value": entry["value"]}
        for entry in found.fields
        if entry["value"] not in shown and entry.get("label") != "有效期至"
    ]
    rows += [
        {"label": _("Authority"), "value": found.issuer_name},
        {
            "label": _("Valid from and until"),
            "value": _("%(first)s to %(last)s")
            % {"first": _day(found.valid_from, locale), "last": _day(found.valid_to, locale)},
        },
    ]
    checks = _checks(found, locale)
    return {
        "verdict": "valid" if valid else "invalid",
        "title": _("This licence is genuine and in force")
        if valid
        else _("This licence is genuine, but not in force: %s") % found.state.label,
        "at": clock.now(),
        "rows": rows,
        "checks": checks,
        "proof_url": checks[-1]["proof"],
        "token": found.token,
    }


def _checks(found: licences.PublicLicence, locale: str) -> list[Shown]:
    ended = found.state in (
        LicenceState.CANCELLED,
        LicenceState.REVOKED,
        LicenceState.REVOKED_PENALTY,
        LicenceState.SUSPENDED,
    )
    over = found.state is LicenceState.EXPIRED
    sealed, proof = _logged(found)
    return [
        _seal(found),
        {
            "title": _("Not cancelled, revoked or suspended"),
            "words": found.state.label if ended else _("As the authority's own records say now"),
            "state": "failed" if ended else "passed",
        },
        {
            "title": _("Within its term"),
            "words": _("Valid until %s") % _day(found.valid_to, locale),
            "state": "failed" if over else "passed",
        },
        {
            "title": _("No newer version"),
            "words": _("There is a newer version with other contents")
            if found.replaced
            else _("This is the newest version"),
            "state": "failed" if found.replaced else "passed",
        },
        {
            "title": _("In the public log"),
            "words": _("The proof can be downloaded and verified by yourself")
            if sealed
            else _("Entering the log within seconds"),
            "state": "passed" if sealed else "unknown",
            "proof": proof,
        },
    ]


def _seal(found: licences.PublicLicence) -> Shown:
    """The seal of the certificate file, verified over its bytes; a file not drawn yet cannot be judged."""
    title, report = _("The electronic seal holds, the contents are unaltered"), seal_report(found.file_id)
    if report is None:
        return {"title": title, "words": _("Drawn and sealed when it is first opened"), "state": "unknown"}
    good = report.signed and report.intact and report.trusted and report.whole
    words = _("%(who)s, signature over the whole certificate") % {"who": found.issuer_name}
    return {
        "title": title,
        "words": words if good else _("The signature does not fit the file"),
        "state": "passed" if good else "failed",
    }


def seal_report(file_id: int | None) -> SignatureReport | None:
    """What a check of the stored certificate found, at most ten minutes old; None where there is no file yet."""
    file = files.files_by_id([file_id]).get(file_id) if file_id else None
    if file is None:
        return None
    key = f"portal.seal.{file.id}"
    report: SignatureReport | None = caches["near"].get(key)
    if report is None:
        with open_content(file) as content:
            report = verify_pdf(content.read())
        caches["near"].set(key, report, SEAL_KEPT)
    return report


def _logged(found: licences.PublicLicence) -> tuple[bool, str]:
    event = next((one for one in ledger.timeline(("licence", found.id)) if one.type == "licence.issued"), None)
    if event is None or not event.sealed:
        return False, ""
    return True, reverse("portal:receipt_file", args=[public_name(event.event_id)])
