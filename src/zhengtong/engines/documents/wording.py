"""What each letter says: the law's sentences filled with the case's facts."""

import string
from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.engines.documents.errors import DocumentError
from zhengtong.engines.documents.facts import Facts
from zhengtong.engines.documents.letters import (
    Letter,
    LetterKind,
    Paragraph,
    Run,
    Seal,
    Table,
    Verification,
    runs,
)
from zhengtong.engines.documents.texts import LETTERS

Block = Paragraph | Table
_STRONG = frozenset({"item", "licence"})
_HAN_ORDINALS = "一二三四五六七八九十"
_MATTERS = frozenset({"licence", "benefit", "other"})


def compose_letter(kind: str, facts: Mapping[str, Any], locale: str) -> Letter:
    """The letter of `kind` (a LetterKind value) in `locale` (`zh-hans`, `en`), from JSON-like facts.

    Common facts: issuer, number, addressee, addressee_kind (`person` or `organisation`), item, date; optional
    seal {authority, code} and verification {payload, address, case_no, receipt_no, log_number, digest}; `matter` is
    `licence` (usual, under the Licensing Law), `benefit` or `other`, and settles title and law. Each kind asks for its
    own (docs/guides/write-a-pack.md has the table). Raises DocumentError with the JSON pointer of what is missing; a
    refusal without reasons or remedies cannot be written (行政许可法 第38条).
    """
    try:
        known = LetterKind(kind)
    except ValueError:
        raise DocumentError("documents.unknown_kind", position="/kind", kind=kind) from None
    asked = Facts(facts, locale)
    if (matter := asked.text("matter", "licence")) not in _MATTERS:
        raise DocumentError("documents.unknown_matter", position="/matter", matter=matter)
    return Letter(
        kind=known,
        locale=asked.locale,
        issuer=asked.text("issuer"),
        title=_word(f"{known}.title", asked),
        number=asked.text("number", ""),
        addressee=_addressee(known, asked),
        body=tuple(_COMPOSERS[known](asked)),
        date=asked.day("date"),
        seal=seal_of(asked),
        verification=verification_of(asked, "verify.letter"),
        note=_word("note.translation", asked) if asked.locale == "en" else "",
    )


def letter_title(kind: str, matter: str, locale: str) -> str:
    """What a letter of `kind` is called, for a matter as `compose_letter` knows them."""
    return _word(f"{LetterKind(kind)}.title", Facts({"matter": matter}, locale))


def seal_of(facts: Facts) -> Seal | None:
    """The seal to be drawn, or None: an unsealed draft must look unsealed."""
    if not facts.has("seal"):
        return None
    seal = facts.inside("seal")
    return Seal(seal.text("authority"), seal.text("code", ""))


def verification_of(facts: Facts, title: str) -> Verification | None:
    """The foot: address and numbers beside the QR code, digest in groups of four."""
    if not facts.has("verification"):
        return None
    inner = facts.inside("verification")
    lines = [
        (_word(f"label.{key}", facts), _grouped(key, inner.text(key)))
        for key in ("receipt_no", "case_no", "log_number", "digest")
        if inner.has(key)
    ]
    return Verification(
        payload=inner.text("payload"),
        address=inner.text("address"),
        lines=tuple(lines),
        title=_word(title, facts),
        address_label=_word("label.address", facts),
    )


def _grouped(key: str, value: str) -> str:
    if key != "digest":
        return value
    short = f"{value[:12]}{value[-8:]}" if len(value) > 24 else value
    groups = [short[at : at + 4] for at in range(0, len(short), 4)]
    return " ".join([*groups[:3], "……", *groups[3:]]) if len(value) > 24 else " ".join(groups)


def _word(code: str, facts: Facts) -> str:
    """The sentence for the kind of matter: its own, else that of any matter but a licence, else the usual one."""
    matter = facts.text("matter", "licence")
    kinds = () if matter == "licence" else (f"{code}.{matter}", f"{code}.other")
    return next(LETTERS[each] for each in (*kinds, code) if each in LETTERS)[facts.locale]


def _addressee(kind: LetterKind, facts: Facts) -> str:
    if kind is LetterKind.DELIVERY:
        return ""
    return facts.text("addressee") + ("," if facts.locale == "en" else "：")


def _say(code: str, facts: Facts, style: str = "text", **values: str) -> Paragraph:
    """A sentence with its places filled; what fills a place is text and nothing else."""
    spoken: list[Run] = []
    you = _word("you.person" if facts.text("addressee_kind", "organisation") == "person" else "you.unit", facts)
    for literal, field, _spec, _conversion in string.Formatter().parse(_word(code, facts)):
        spoken.extend(runs(literal))
        if field is not None:
            spoken.extend(runs({"you": you, **values}[field], strong=field in _STRONG))
    return Paragraph(_joined(spoken), style)


def _joined(spoken: list[Run]) -> tuple[Run, ...]:
    return tuple(run for run in spoken if run.text)


def _numbered(facts: Facts, key: str) -> list[Block]:
    """The entries of a list, numbered （一） or (1): each {name, text}, {text, text_en} or plain text."""
    lines: list[Block] = []
    for index, entry in enumerate(facts.each(key)):
        mark = f"（{_HAN_ORDINALS[index]}）" if index < 10 and facts.locale != "en" else f"({index + 1}) "
        if entry.has("name"):
            between = ": " if facts.locale == "en" else "："
            spoken = (*runs(mark), *runs(entry.text("name"), strong=True), *runs(between + entry.spoken("text")))
        else:
            spoken = (*runs(mark), *runs(entry.spoken("text")))
        lines.append(Paragraph(spoken, "item"))
    return lines


def _basis(facts: Facts) -> dict[str, str]:
    """The item's own articles, joined: `sole` by themselves, `basis` behind those the sentence already cites.

    Where there are none, `basis` is empty, and a sentence that has no other law cannot be written.
    """
    if not facts.has("basis"):
        if facts.text("matter", "licence") == "licence":
            return {"basis": "", "sole": ""}
        facts.each("basis")
    joined = (" and " if facts.locale == "en" else "、").join(entry.text("text") for entry in facts.each("basis"))
    return {"basis": (", " if facts.locale == "en" else "、") + joined, "sole": joined}


def _help(facts: Facts) -> Paragraph:
    return _say("letter.help", facts, hotline=facts.text("hotline", "12345"))


def _remedies(facts: Facts) -> Paragraph:
    """Where and until when the applicant may turn; asked for in full (行政许可法 第38条)."""
    remedies = facts.inside("remedies")
    return _say(
        "remedies",
        facts,
        review_organ=remedies.text("review_organ"),
        review_days=remedies.text("review_days"),
        court=remedies.text("court"),
        suit_months=remedies.text("suit_months"),
    )


def _receipt(facts: Facts) -> list[Block]:
    rows = tuple(
        (str(index), entry.text("name"), entry.text("form", "—"), entry.text("count", "1"))
        for index, entry in enumerate(facts.each("materials"), 1)
    )
    head = tuple(_word(f"receipt.head.{name}", facts) for name in ("order", "name", "form", "count"))
    said: list[Block] = [
        _say("receipt.open", facts, item=facts.text("item"), received=facts.date("received_on")),
        Table(rows, head, (1, 6, 3, 1)),
        _say("receipt.limit", facts, due=facts.date("notice_due", weekday=True)),
    ]
    if facts.has("handed_in"):
        said.insert(
            2, _say(f"receipt.{facts.text('handed_in')}", facts, received=facts.date("received_on", weekday=True))
        )
    if facts.has("query_code"):
        said.append(_say("receipt.query", facts, number=facts.text("short_no"), query_code=facts.text("query_code")))
    return said


def _correction(facts: Facts) -> list[Block]:
    return [
        _say("correction.open", facts, item=facts.text("item"), applied=facts.date("applied_on")),
        *_numbered(facts, "gaps"),
        _say("correction.due", facts, due=facts.date("due_on", weekday=True)),
        _help(facts),
    ]


def _acceptance(facts: Facts) -> list[Block]:
    opening = "acceptance.deemed" if facts.text("manner", "accepted") == "deemed" else "acceptance.open"
    return [
        _say(opening, facts, item=facts.text("item"), applied=facts.date("applied_on")),
        _say("acceptance.date", facts, accepted=facts.date("accepted_on")),
        _say(
            "acceptance.limits",
            facts,
            promise=facts.limit("promise_limit"),
            promise_due=facts.date("promise_due"),
            legal=facts.limit("legal_limit"),
            legal_due=facts.date("legal_due"),
        ),
        _help(facts),
    ]


def _non_acceptance(facts: Facts) -> list[Block]:
    reason = facts.text("reason_code")
    if reason not in {"outside_authority", "no_permission_needed"}:
        raise DocumentError("documents.unknown_reason", position="/reason_code", reason=reason)
    said: list[Block] = [
        _say(f"non_acceptance.{reason}", facts, item=facts.text("item"), applied=facts.date("applied_on"))
    ]
    if facts.has("reason"):
        said.append(_say("non_acceptance.reason", facts, reason=facts.text("reason")))
    if reason == "outside_authority":
        said.append(_say("non_acceptance.organ", facts, organ=facts.text("right_organ")))
    return [*said, _remedies(facts)]


def _special_procedure(facts: Facts) -> list[Block]:
    procedure = facts.text("procedure")
    if f"procedure.{procedure}" not in LETTERS:
        raise DocumentError("documents.unknown_procedure", position="/procedure", procedure=procedure)
    said: list[Block] = [
        _say(
            "special.open",
            facts,
            item=facts.text("item"),
            accepted=facts.date("accepted_on"),
            procedure=_word(f"procedure.{procedure}", facts),
            started=facts.date("started_on"),
            planned=facts.limit("planned"),
        )
    ]
    if facts.has("reason"):
        said.append(_say("special.reason", facts, reason=facts.text("reason")))
    return [
        *said,
        _say("special.after", facts),
        _help(facts),
    ]


def _extension(facts: Facts) -> list[Block]:
    return [
        _say(
            "extension.open",
            facts,
            item=facts.text("item"),
            accepted=facts.date("accepted_on"),
            reason=facts.text("reason"),
        ),
        _say(
            "extension.due",
            facts,
            extra=facts.limit("extra"),
            before=facts.date("legal_due_before"),
            after=facts.date("legal_due_after"),
        ),
        _help(facts),
    ]


def _approval(facts: Facts) -> list[Block]:
    opening = _say(
        "approval.open",
        facts,
        item=facts.text("item"),
        accepted=facts.date("accepted_on"),
        **_basis(facts),
    )
    said: list[Block] = [opening, *(_numbered(facts, "content") if facts.has("content") else [])]
    if facts.has("reasons"):
        said += [_say("decision.reasons", facts), *_numbered(facts, "reasons")]
    if facts.has("licence"):
        said.append(_say("approval.licence", facts, licence=facts.text("licence"), due=facts.date("licence_due")))
    if facts.has("remedies"):
        said.append(_remedies(facts))
    return [*said, *_by_rule(facts)]


def _by_rule(facts: Facts) -> list[Block]:
    """A decision that nobody but the rules made says so, and how to have a person look at it."""
    if not facts.has("by_rule"):
        return []
    return [_say("decision.by_rule", facts, hotline=facts.text("hotline", "12345"))]


def _refusal(facts: Facts) -> list[Block]:
    return [
        _say("refusal.open", facts, item=facts.text("item"), accepted=facts.date("accepted_on")),
        *_numbered(facts, "reasons"),
        _say("refusal.decision", facts, **_basis(facts)),
        _remedies(facts),
        *_by_rule(facts),
    ]


def _delivery(facts: Facts) -> list[Block]:
    asked = (
        ("document", "required"),
        ("document_number", ""),
        ("recipient", "required"),
        ("mode", "required"),
        ("place", ""),
        ("delivered_on", "date"),
        ("signature", ""),
        ("delivered_by", ""),
        ("remarks", ""),
    )
    rows = tuple((_word(f"delivery.{key}", facts), _delivery_value(facts, key, rule)) for key, rule in asked)
    return [_say("delivery.open", facts, item=facts.text("item")), Table(rows, (), (1, 3))]


def _delivery_value(facts: Facts, key: str, rule: str) -> str:
    if rule == "date":
        return facts.date(key)
    return facts.text(key) if rule else facts.text(key, "")


_COMPOSERS: Mapping[LetterKind, Callable[[Facts], list[Block]]] = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.CORRECTION: _correction,
    LetterKind.ACCEPTANCE: _acceptance,
    LetterKind.NON_ACCEPTANCE: _non_acceptance,
    LetterKind.SPECIAL_PROCEDURE: _special_procedure,
    LetterKind.EXTENSION: _extension,
    LetterKind.APPROVAL: _approval,
    LetterKind.REFUSAL: _refusal,
    LetterKind.DELIVERY: _delivery,
}
