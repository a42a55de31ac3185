"""Commands about decision models: check one, ask one, run suites of the compatibility kit."""

import json
import pathlib
import zoneinfo
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

import click
from django.utils.translation import gettext as _

from zhengtong.doors.cli.printing import as_json, console, fail, put_json
from zhengtong.doors.cli.speaking import Group, Path, language, option
from zhengtong.engines import feel
from zhengtong.engines.dmn import (
    Decisions,
    DmnError,
    Result,
    analyse,
    compile_model,
    decide,
    explain,
    plain,
    read,
    read_facts,
)
from zhengtong.engines.dmn.kit import NAMESPACE, Outcome, Suite, Verdict, read_suite, run_case, tally
from zhengtong.foundation.core import clock

MOST_BYTES = 64 * 1024 * 1024


@click.group(cls=Group)
def dmn() -> None:
    """Decision models (DMN): what is wrong with one, what it decides and why, the compatibility kit."""


@dmn.command("check")
@click.argument("path", type=Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@as_json
def check_file(path: pathlib.Path, as_json: bool) -> None:
    """Look for gaps, overlaps and faults; models it imports lie beside it. Status 1 when a finding blocks."""
    try:
        findings = analyse(_compiled(path))
    except DmnError as fault:
        _refuse(fault, as_json)
    if as_json:
        put_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            mark = "[bold red]✗[/]" if finding.blocking else "[yellow]![/]"
            console.print(f"{mark} {finding.line or ''}", end=" ")
            console.print(finding.text(language()), markup=False, soft_wrap=True)
        if not findings:
            console.print("[green]✓[/] " + _("nothing to report"))
    if any(finding.blocking for finding in findings):
        raise SystemExit(1)


@dmn.command("decide")
@click.argument("path", type=Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@option("--facts", required=True, help="A JSON object, or @FILE that holds one.")
@option("--decision", help="Name or id; needed where several decisions stand at the top.")
@option("--service", help="A decision service instead.")
@option("--trace", is_flag=True, help="Say why.")
@as_json
def decide_file(
    path: pathlib.Path, facts: str, decision: str | None, service: str | None, trace: bool, as_json: bool
) -> None:
    """Ask a model; status 1 when there is no answer."""
    try:
        decisions = _compiled(path)
        given = read_facts(decisions, _facts(facts), _run())
        result = decide(decisions, given, decision=decision, service=service, run=_run(), trace=trace)
    except DmnError as fault:
        _refuse(fault, as_json)
    if as_json:
        put_json(_answer(result))
    else:
        _print_answer(result)
    if result.value is None:
        raise SystemExit(1)


@dmn.command("test")
@click.argument("folder", type=Path(exists=True, file_okay=False, path_type=pathlib.Path))
@option("--list-failed", is_flag=True, help="Name every failed case and what came instead.")
@as_json
def test_folder(folder: pathlib.Path, list_failed: bool, as_json: bool) -> None:
    """Run suites in the format of the DMN compatibility kit, in FOLDER and below; status 0 only when none failed."""
    everything: list[Outcome] = []
    rows = []
    for path in sorted(folder.rglob("*.xml")):
        outcomes = _run_suite(path)
        if outcomes is None:
            continue
        everything += outcomes
        rows.append((path, outcomes))
    if not rows:
        fail(_("%(folder)s holds no suite") % {"folder": folder})
    total = tally(everything)
    if as_json:
        put_json({**total, "suites": [_suite_row(path, folder, outcomes) for path, outcomes in rows]})
    else:
        for path, outcomes in rows:
            _print_suite(path, folder, outcomes, list_failed=list_failed)
        click.echo(", ".join(f"{count} {verdict}" for verdict, count in total.items()))
    if total[Verdict.FAILED]:
        raise SystemExit(1)


def _compiled(path: pathlib.Path) -> Decisions:
    """The model of a file, with every other model in its folder at hand."""
    beside = {each.name: _bytes(each) for each in sorted(path.parent.glob("*.dmn")) if each != path}
    return compile_model(read(_bytes(path)), beside)


def _bytes(path: pathlib.Path) -> bytes:
    """A file's bytes, no more than any engine would take."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def _run() -> feel.Run:
    return feel.Run(clock.local(), zones=zoneinfo.ZoneInfo)


def _facts(text: str) -> dict[str, Any]:
    try:
        source = pathlib.Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
        facts = json.loads(source, parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as fault:
        fail(_("--facts is no JSON: %(fault)s") % {"fault": fault})
    if not isinstance(facts, dict):
        fail(_("--facts is no JSON object"))
    return facts


def _refuse(fault: DmnError, as_json: bool) -> NoReturn:
    if as_json:
        message = {"zh-hans": fault.text("zh-hans"), "en": fault.text("en")}
        put_json({"code": fault.code, "position": fault.position, "message": message})
        raise SystemExit(1)
    fail(f"{fault.position or ''} {fault.text(language())}".strip())


def _answer(result: Result) -> dict[str, object]:
    answer: dict[str, object] = {
        "value": plain(result.value),
        "missing": list(result.missing),
        "diagnostics": [each.as_dict() for each in result.diagnostics],
    }
    if result.trace is not None:
        answer["explanation"] = explain(result.trace, language()).as_dict()
        answer["trace"] = result.trace.as_dict()
    return answer


def _print_answer(result: Result) -> None:
    click.echo(json.dumps(plain(result.value), ensure_ascii=False))
    if result.trace is not None:
        for paragraph in explain(result.trace, language()).letter():
            click.echo(paragraph)
    else:
        for name in result.missing:
            click.echo(_("missing: %(name)s") % {"name": name}, err=True)
    for each in result.diagnostics:
        click.echo(f"{each.decision}: {each.text(language())}", err=True)


def _run_suite(path: pathlib.Path) -> list[Outcome] | None:
    """What became of each case of a file; None where the file is no suite."""
    xml = _bytes(path)
    if NAMESPACE.encode() not in xml:
        return None
    try:
        suite = read_suite(xml, _run)
    except DmnError as fault:
        return [Outcome("", Verdict.FAILED, f"{path.name}: {fault}")]
    return list(_outcomes(suite, path.parent))


def _outcomes(suite: Suite, folder: pathlib.Path) -> Iterator[Outcome]:
    path = folder / pathlib.PurePath(suite.model).name
    try:
        if not path.is_file():
            raise DmnError("dmn.model_missing", position=path.name, name=path.name)
        decisions = _compiled(path)
    except DmnError as fault:
        yield from (Outcome(case.id, Verdict.FAILED, f"{suite.model}: {fault}") for case in suite.cases)
        return
    for case in suite.cases:
        yield run_case(decisions, case, _run)


def _print_suite(path: pathlib.Path, folder: pathlib.Path, outcomes: list[Outcome], *, list_failed: bool) -> None:
    found = tally(outcomes)
    told = ", ".join(f"{count} {verdict}" for verdict, count in found.items() if count)
    click.echo(f"{path.relative_to(folder)}: {told}")
    if list_failed:
        for outcome in outcomes:
            if outcome.verdict is Verdict.FAILED:
                click.echo(f"  {outcome.case}: {outcome.reason}")


def _suite_row(path: pathlib.Path, folder: pathlib.Path, outcomes: list[Outcome]) -> dict[str, object]:
    failed = [{"case": o.case, "reason": o.reason} for o in outcomes if o.verdict is Verdict.FAILED]
    return {"suite": str(path.relative_to(folder)), **tally(outcomes), "failures": failed}
