"""Receipts of the public log: what stands on the card, and what a check of one finds."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.engines.merkle import leaf_hash
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.queries import NotYetSealed
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases.events import Event

SALT = "portal.receipt"
LONGEST = 300_000
MOST_ENTRIES = 2**63
Shown = dict[str, Any]


def public_name(event_id: int) -> str:
    """The name under which a receipt is asked for: signed, so that nobody can count through them."""
    return signing.Signer(salt=SALT).sign(str(event_id)).replace(":", "-", 1)


def event_of(name: str) -> int:
    """The event of a public name; NotFound for one that we did not give."""
    try:
        return int(signing.Signer(salt=SALT).unsign(name.replace("-", ":", 1)))
    except (signing.BadSignature, ValueError):
        raise NotFound("portal.no_receipt", _("There is no such receipt")) from None


def evidence(events: Iterable[Any], download_url: str) -> Shown | None:
    """The card of the newest sealed step of a case, or that sealing is a matter of seconds; None without events."""
    listed = list(events)
    sealed = next((event for event in listed if event.sealed), None)
    if sealed is None:
        return {"waiting": True} if listed else None
    try:
        receipt = ledger.receipt(sealed.event_id)
    except NotYetSealed:
        return {"waiting": True}
    name = public_name(sealed.event_id)
    address = settings.ZT_PUBLIC_ADDRESS + reverse("portal:receipt", args=[name])
    place = int(str(receipt["leaf_index"])) + 1
    return {
        "title": _("Receipt of the newest step"),
        "words": _(
            "This step is entry %s of the public log. "
            "Anybody can verify with the code that it was not altered or added later."
        )
        % f"{place:,}",
        "address": address,
        "address_shown": (settings.ZT_PUBLIC_ADDRESS + reverse("portal:verify_receipt")).partition("://")[2],
        "number": "",
        "digest": leaf_hash(str(receipt["envelope"]).encode()).hex(),
        "download_url": download_url,
        "verify_url": reverse("portal:receipt", args=[name]),
    }


def parsed(text: str, uploaded: Any = None) -> Mapping[str, Any]:
    """A receipt as somebody pasted or uploaded it; Invalid where it is none."""
    if uploaded is not None:
        raw = uploaded.read(LONGEST + 1)
        text = raw.decode("utf-8", "replace") if len(raw) <= LONGEST else ""
    try:
        found = json.loads(text) if 0 < len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        sentence = _("Choose the receipt file as it was downloaded, or paste its whole text.")
        raise Invalid("portal.receipt", sentence, [("receipt", "form", sentence)])
    return found


def verdict_page(receipt: Mapping[str, Any], locale: str) -> Shown:
    """What was checked of a receipt, and the outcome in one sentence."""
    found = ledger.verify_receipt(receipt)
    faults = {fault.code: fault.text(locale) for fault in found.faults}
    envelope = found.envelope
    rows = [
        {"label": _("Event"), "value": _event(str(envelope.get("type", "—")))},
        {"label": _("Written at"), "value": _moment(envelope.get("recorded_at"), locale)},
        {"label": _("Counts from"), "value": _moment(envelope.get("effective_at"), locale)},
        {"label": _("Entry"), "value": _place(receipt)},
        {"label": _("Log size when signed"), "value": f"{found.head.get('size', '—')}"},
    ]
    return {
        "valid": found.valid,
        "title": _("This receipt is genuine: nothing was altered") if found.valid else _("This receipt does not hold"),
        "checks": _checks(faults, readable=bool(envelope), content=found.content_checked),
        "rows": rows if envelope else [],
        "texts": list(faults.values()),
    }


def _place(receipt: Mapping[str, Any]) -> str:
    index = receipt.get("leaf_index")
    return f"{index + 1:,}" if isinstance(index, int) and 0 <= index < MOST_ENTRIES else "—"


def _event(type_: str) -> str:
    """The event in words where it is one of a case, beside its name in the log."""
    name = type_.removeprefix("case.")
    return f"{Event(name).label}（{type_}）" if type_.startswith("case.") and name in Event.values else type_


def _moment(value: object, locale: str) -> str:
    try:
        local = clock.local(dt.datetime.fromisoformat(str(value)))
    except (ValueError, OverflowError):  # the calendar ends in the year 9999, elsewhere a few hours before
        return "—"
    return writing.moment(local, this_year=0, language=locale)


def _checks(faults: Mapping[str, str], *, readable: bool, content: bool) -> list[Shown]:
    asked = (
        (
            _("The log was signed by this house"),
            _("SM2 signature over the head of the log, with a published key"),
            ("merkle.untrusted_key", "merkle.head_signature"),
        ),
        (
            _("The entry stands in the log"),
            _("Recomputed with SM3 from the entry up to the signed head"),
            ("merkle.root_differs", "merkle.proof_length", "merkle.hash_length", "merkle.index", "merkle.size"),
        ),
        (_("The content fits"), _("What the receipt discloses is what was recorded"), ("merkle.commitment",)),
    )
    known = {code for _title, _words, codes in asked for code in codes}
    rows = [
        {
            "title": title,
            "words": next((faults[code] for code in codes if code in faults), words),
            "state": "failed" if any(code in faults for code in codes) else ("passed" if readable else "unknown"),
        }
        for title, words, codes in asked
    ]
    if readable and not content and "merkle.commitment" not in faults:
        rows.pop()  # nothing was disclosed, so nothing can be held against the commitment
    others = [text for code, text in faults.items() if code not in known]
    return [*rows, *({"title": _("The receipt can be read"), "words": text, "state": "failed"} for text in others)]
