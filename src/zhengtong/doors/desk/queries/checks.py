"""What the system itself verified of a case, and what it leaves to a person: never more than was really checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.desk.queries.answers import source_words
from zhengtong.doors.desk.queries.saying import grouped, locale
from zhengtong.engines.codes import is_credit_code, is_identity_number
from zhengtong.foundation.core import clock
from zhengtong.foundation.files.choices import ScanState
from zhengtong.matters.cases.queries.rulings import Told
from zhengtong.matters.catalog.queries import item_spec

Row = dict[str, Any]
FIRST = 4


@dataclass(frozen=True, slots=True)
class Checks:
    """Doubtful lines with their facts, the first passed ones, and the rest folded."""

    doubtful: list[Row]
    first: list[Row]
    rest: list[Row]

    def __len__(self) -> int:
        return len(self.doubtful) + len(self.first) + len(self.rest)


def rule_checks(
    case: Any, submission: Any, materials: list[Row], related: list[dict[str, Any]], rulings: Iterable[Told] = ()
) -> Checks:
    """One line a check, the service's own rules first; what a person must look at stands above all."""
    lines = [
        *_rulings(rulings),
        *_form(case, submission),
        *_numbers(case, submission),
        *_applicant(case, submission),
        *_sources(case, submission),
        *_materials(materials),
        *_files(materials),
        *_same(case, related),
    ]
    passed = [line for line in lines if line["state"] == "passed"]
    return Checks([line for line in lines if line["state"] == "doubtful"], passed[:FIRST], passed[FIRST:])


def _passed(title: str, words: str = "") -> Row:
    return {"title": title, "words": words, "state": "passed"}


def _doubtful(title: str, trace: Iterable[str], rule: str, url: str = "") -> Row:
    return {"title": title, "state": "doubtful", "trace": list(trace), "rule": rule, "trace_url": url}


def _rulings(rulings: Iterable[Told]) -> Iterator[Row]:
    """What the rules of the service said: a passed one in a line, a doubtful one with facts, rule row and articles."""
    for told in rulings:
        for line in told.lines:
            if line.state == "passed":
                yield _passed(line.title, line.words)
            else:
                rule = line.rule or _("No rule decides this; a person must.")
                yield _doubtful(line.title, [line.words, *line.trace, *line.articles], rule)
        if not told.unchanged:
            yield _doubtful(
                _("The rules asked again say something else"),
                [told.title],
                _("Tell the administrators; what was decided stays as it was kept."),
            )


def _form(case: Any, submission: Any) -> Iterator[Row]:
    count = len(item_spec(case.item_id).form.fields)
    yield _passed(
        _("Every answer keeps the form’s rules"),
        _("%(count)s questions checked when it was handed in; digest %(digest)s")
        % {"count": count, "digest": submission.digest[:8]},
    )


def _numbers(case: Any, submission: Any) -> Iterator[Row]:
    """Check digits of identity numbers and credit codes (GB 11643-1999, GB 32100-2015)."""
    fields = item_spec(case.item_id).form.fields.items()
    stated = [submission.answers.get(key) for key, field in fields if field.masking == "id_number"]
    numbers = [str(number) for number in stated if number]
    right = [number for number in numbers if is_identity_number(number, today=clock.today())]
    if numbers and len(right) == len(numbers):
        yield _passed(_("Identity numbers are well formed"), _("length, birth date and check digit (GB 11643)"))
    elif numbers:
        yield _doubtful(
            _("A number is not a resident identity number"),
            [_("It may belong to another kind of document.")],
            _("Compare it with the document."),
        )
    code = str(submission.answers.get("credit_code") or "")
    if code and is_credit_code(code):
        yield _passed(_("The credit code is well formed"), _("check digits right (GB 32100)"))


def _applicant(case: Any, submission: Any) -> Iterator[Row]:
    """The signed-in applicant against what the form says of him."""
    known, answers = case.applicant, submission.answers
    stated = str(answers.get("holder_name") or "")
    if known.get("uscc") and answers.get("credit_code"):
        if known["uscc"] == answers["credit_code"]:
            yield _passed(_("The applicant is who the form names"), _("credit code of the account matches"))
        else:
            yield _doubtful(
                _("The form names another unit than the account"),
                [f"{known['uscc']} ≠ {answers['credit_code']}"],
                _("Ask in whose name the application is made."),
            )
    if known.get("name") and stated and known["name"] != stated:
        yield _doubtful(
            _("The name differs from the register of the account"),
            [f"{known['name']} ≠ {stated}"],
            _("Compare with the business licence."),
        )


def _sources(case: Any, submission: Any) -> Iterator[Row]:
    """Answers taken from an authority, still as they were taken or altered by the applicant."""
    form = item_spec(case.item_id).form
    kept: dict[str, int] = {}
    for key, source in submission.sources.items():
        if key not in form.fields:
            continue
        words, altered = source_words(source)
        if altered:
            field = form.fields[key]
            now = "****" if field.sensitive else str(submission.answers.get(key, ""))
            told = _("the applicant’s own entry differs from the source") if field.sensitive else words
            yield _doubtful(
                _("“%s” needs a person to confirm") % field.label.get(locale(), key),
                [_("Stated: %s") % now, told],
                _("The source is to be preferred unless the applicant proves otherwise."),
            )
        elif words:
            kept[words] = kept.get(words, 0) + 1
    for words, count in kept.items():
        told = ngettext(
            "%(count)s answer as its authority gave it", "%(count)s answers as their authority gave them", count
        )
        yield _passed(words, told % {"count": count})


def _materials(materials: list[Row]) -> Iterator[Row]:
    ready = [each for each in materials if each["state"] == "green"]
    names = "、" if locale() != "en" else ", "
    if ready:
        yield _passed(
            ngettext("%(count)s material needs no paper", "%(count)s materials need no paper", len(ready))
            % {"count": len(ready)},
            names.join(each["name"] for each in ready),
        )
    waiting = [each for each in materials if each["state"] == "yellow"]
    uploaded = [each for each in waiting if each["file"] is not None]
    unknown = [each for each in waiting if each["file"] is None]
    if uploaded:
        trace = [_("The system cannot read what a paper says."), names.join(each["name"] for each in uploaded)]
        title = ngettext("%(count)s paper: a person must look", "%(count)s papers: a person must look", len(uploaded))
        rule = _("Open it and compare with the requirement.")
        yield _doubtful(title % {"count": len(uploaded)}, trace, rule, uploaded[0]["url"])
    if unknown:
        trace = [names.join(each["name"] for each in unknown)]
        title = ngettext("%(count)s material not confirmed", "%(count)s materials not confirmed", len(unknown))
        rule = _("Look it up, or ask for it in the correction.")
        yield _doubtful(title % {"count": len(unknown)}, trace, rule, unknown[0]["url"])


def _files(materials: list[Row]) -> Iterator[Row]:
    files = [each["file"] for each in materials if each["file"] is not None]
    if not files:
        return
    told = ngettext(
        "%(count)s file, content type and SM3 digest kept",
        "%(count)s files, content type and SM3 digest kept",
        len(files),
    )
    yield _passed(_("Uploaded files are what their names say"), told % {"count": len(files)})
    if any(file.scan_state != ScanState.CLEAN for file in files):
        yield _doubtful(
            _("Files were not scanned for viruses"),
            [_("This deployment has no scanner.")],
            _("Open them in the viewer only."),
        )


def _same(case: Any, related: list[dict[str, Any]]) -> Iterator[Row]:
    running = [row for row in related if row["item_name"] == case.item_name and row["closed_at"] is None]
    if running:
        url = reverse("desk:case", args=[running[0]["token"]])
        yield _doubtful(
            _("The same applicant has the same matter running"),
            [grouped(running[0]["short_no"])],
            _("It may be a duplicate."),
            url,
        )
    else:
        yield _passed(_("No other case of the same matter is running"))
