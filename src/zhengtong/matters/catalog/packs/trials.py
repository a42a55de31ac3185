"""Running a pack's own examples through the engines: route, deadlines, decision and papers, day by day.

An example names days and what happens on them; the process is stepped, actions are answered as the live system
would, clocks run by the working-day calendar, and every expectation is compared. No database, no clock.
"""

import datetime as dt
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines import bpmn, calendars, codes
from zhengtong.engines.documents import compose_letter
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import check, compile_form
from zhengtong.matters.catalog.packs.checking import unrunnable
from zhengtong.matters.catalog.packs.examples import example_findings, is_example, only_answers
from zhengtong.matters.catalog.packs.findings import Finding, PackError
from zhengtong.matters.catalog.packs.letters import facts_of
from zhengtong.matters.catalog.packs.loading import LOCALES, Pack, load_pack
from zhengtong.matters.catalog.packs.results import SERIAL, serial_of
from zhengtong.matters.catalog.packs.rules import Ruled, letter_of
from zhengtong.matters.catalog.packs.rules.trying import TrialRules
from zhengtong.matters.catalog.packs.sources import Source, read_yaml

NOTICE_DAYS, SERVE_DAYS, DEFAULT_CORRECTION = 5, 10, 15


@dataclass(frozen=True)
class Trial:
    """How one example went: `findings` are its disappointments, `facts` everything that came out."""

    name: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.findings


def test_pack(
    folder: pathlib.Path | str,
    *,
    calendar: calendars.Calendar | None = None,  # noqa: PT028 a verb of packs, not a test of ours
) -> tuple[Trial, ...]:
    """Run every example of the pack in `folder`; raises PackError where the pack cannot be read.

    Files under examples/ with `steps` walk through the process; `answers` in them, and files named answers*.yaml as
    a whole, are checked by the form. PackError also where form or process is none, so that nothing can be run.
    """
    pack = load_pack(folder)
    if refused := unrunnable(pack):
        raise PackError(refused)
    days = calendar or calendars.package_calendar()
    return tuple(_read_trial(pack, name, days) for name in sorted(pack.files) if is_example(name))


test_pack.__test__ = False  # type: ignore[attr-defined] # lest pytest take it for a test


def _read_trial(pack: Pack, name: str, days: calendars.Calendar) -> Trial:
    try:
        return _trial(pack, read_yaml(name, pack.files[name]), days)
    except PackError as refused:
        return Trial(name, refused.findings)
    except EngineError as fault:
        return Trial(name, (Finding("packs.example_step", f"{name}:1", {"step": 1, "cause": fault}),))


def _trial(pack: Pack, source: Source, days: calendars.Calendar) -> Trial:
    if misshapen := tuple(example_findings(source, pack.files)):
        return Trial(source.name, misshapen)
    if only_answers(source.name):
        return Trial(source.name, tuple(_answers(pack, source, source.data, "")))
    name = str(source.data.get("name") or source.name)
    found = _answers(pack, source, source.data.get("answers"), "/answers")
    if "steps" not in source.data:
        return Trial(name, tuple(found))
    course = Course(pack, source, days)
    found += course.run()
    return Trial(name, tuple(found), course.facts(), tuple(paper["kind"] for paper in course.papers))


def _answers(pack: Pack, source: Source, answers: Any, pointer: str) -> list[Finding]:
    """Answers beside an example's steps may name `errors` (pointers) they should meet; alone they should be right."""
    if not isinstance(answers, Mapping) or pack.form is None:
        return []
    day = dt.date.fromisoformat(str(_first_day(source)))
    checked = check(compile_form(pack.form), dict(answers), "zh-hans", today=day)
    expected = {str(path) for path in (source.data.get("errors") or [] if pointer else [])}
    met = {str(error.path): error for error in checked.errors}
    return [
        Finding("packs.example_answers", source.at(pointer + path), {"path": path, "cause": met[path].message})
        for path in met
        if path not in expected
    ] + [
        Finding("packs.example", source.at(pointer), {"what": path, "expected": "error", "found": None})
        for path in sorted(expected - set(met))
    ]


def _first_day(source: Source) -> str:
    steps = source.data.get("steps") if isinstance(source.data, Mapping) else None
    return str(steps[0].get("on")) if isinstance(steps, list) and steps else "2025-03-03"


class Course:
    """One example under way: the process state, the days that matter in law, the papers sent."""

    def __init__(self, pack: Pack, source: Source, days: calendars.Calendar) -> None:
        self.pack, self.source, self.days = pack, source, days
        self.graph = bpmn.compile_process(bpmn.read(pack.files["process.bpmn"]))
        self.outcome: bpmn.Outcome | None = None
        self.today = dt.date.min
        self.data: dict[str, object] = {}
        self.route: list[str] = []
        self.papers: list[dict[str, Any]] = []
        self.dates: dict[str, dt.date] = {}
        self.clocks: dict[str, calendars.Clock] = {}
        self.gaps: list[Any] = []
        self.entry: Mapping[str, Any] = {}
        self.ended = False
        self.held = {step["action"] for step in source.data["steps"] if "action" in step}
        self.calls: dict[str, int] = {}
        self.rules = TrialRules(pack, source)
        self.ruled: Ruled | None = None

    # Walking

    def run(self) -> list[Finding]:
        """Walk all steps, then compare what was expected."""
        for index, entry in enumerate(self.source.data["steps"]):
            try:
                self.today = dt.date.fromisoformat(str(entry["on"]))
                self.entry = entry
                self._take(entry)
            except (EngineError, KeyError, ValueError) as fault:
                cause: object = fault if isinstance(fault, EngineError) else f"{type(fault).__name__} {fault}"
                place = self.source.at(f"/steps/{index}")
                return [Finding("packs.example_step", place, {"step": index + 1, "cause": cause})]
        return self._compare()

    def _take(self, entry: Mapping[str, Any]) -> None:
        self.rules.learn(entry)
        self.ruled = None
        if "event" in entry:
            self.dates["submitted_on"] = self.today
            self._settle(bpmn.start(self.graph, self.data, self._now()))
        elif "task" in entry:
            outcome = str(entry["outcome"])
            self.data["outcome"] = outcome
            self.route.append(f"{entry['task']}:{outcome}")
            self._event(bpmn.TaskCompleted(self._token(entry["task"]), {"outcome": outcome}))
        elif "message" in entry:
            self._event(bpmn.MessageReceived(entry["message"]))
        elif "timer" in entry:
            self._event(bpmn.TimerFired(self._token(entry["timer"])))
        elif "action" in entry:
            action = entry["action"]
            if action not in self.calls:
                raise self._misstep("packs.example_not_called", action=action)
            self._perform(action, self.calls[action])

    def _event(self, event: bpmn.Event) -> None:
        self._settle(bpmn.step(self.graph, self._state(), event, self.data, self._now()))

    def _settle(self, outcome: bpmn.Outcome) -> None:
        self.outcome = outcome
        for command in outcome.commands:
            if isinstance(command, bpmn.CallAction):
                if command.action in self.held:
                    self.calls[command.action] = command.token
                else:
                    self._perform(command.action, command.token)
            elif isinstance(command, bpmn.Decide):
                self._decide(command)
            elif isinstance(command, bpmn.ProcessEnded):
                self.ended = True

    def _perform(self, action: str, token: int) -> None:
        self.route.append(action)
        effect = _EFFECTS.get(action)
        if effect is not None:
            effect(self)
        self._event(bpmn.ActionDone(token))

    def _decide(self, command: bpmn.Decide) -> None:
        self.ruled = self.rules.rule(command.decision, self.dates.get("submitted_on", self.today), self._now())
        self.route.append(f"{command.element}:{command.decision}")
        self.data[command.decision] = self.ruled.data
        self._event(bpmn.ActionDone(command.token, {command.decision: self.ruled.data}))

    def _token(self, element: str) -> int:
        tokens = {token.element: token.id for token in reversed(self._state().tokens)}
        if element not in tokens:
            raise self._misstep("packs.example_not_there", element=element, known="、".join(sorted(tokens)) or "—")
        return tokens[element]

    def _state(self) -> bpmn.State:
        if self.outcome is None:
            raise self._misstep("packs.example_not_begun")
        return self.outcome.state

    def _misstep(self, code: str, **params: str) -> PackError:
        return PackError([Finding(code, self.source.at("/steps"), params)])

    def _now(self) -> dt.datetime:
        return dt.datetime.combine(self.today, dt.time(10), calendars.CHINA)

    # What actions do to days and papers

    def limit(self, name: str) -> calendars.Limit:
        """A limit of service.yaml."""
        stated = self.pack.service["limits"].get(name) or {"number": DEFAULT_CORRECTION, "unit": "working_day"}
        return calendars.Limit(stated["number"], calendars.Unit(stated["unit"]))

    def last_day(self, start: dt.date, number: int) -> dt.date:
        """The last of `number` working days from `start`."""
        return calendars.last_day(self.days, start, calendars.Limit(number))

    def start_clocks(self, accepted: dt.date) -> None:
        """Handling begins: promised and legal clock."""
        self.dates["accepted_on"] = accepted
        for name, kind in (("promise", calendars.ClockKind.PROMISE), ("legal", calendars.ClockKind.LEGAL)):
            self.clocks[name] = calendars.Clock(self.days, accepted, self.limit(name), kind=kind)
            due = self.clocks[name].deadline
            if due is not None:
                self.dates[f"{name}_due_unsuspended"] = due

    def told(self) -> dict[str, Any] | None:
        """What a letter says of the ruling made in this step, None where none was."""
        if self.ruled is None:
            return None
        return letter_of(self.ruled, self.rules.wordings)

    def paper(self, kind: str) -> None:
        """Compose a paper in both languages, so that an example proves that it can be written."""
        facts = facts_of(self, kind)
        for locale in LOCALES:
            compose_letter(kind, facts | {"issuer": self.pack.say("implementer.name", locale)}, locale)
        self.papers.append({"kind": kind, **facts})

    # What came out

    def facts(self) -> dict[str, Any]:
        """Everything an example may expect, dates as ISO text."""
        found: dict[str, Any] = {name: day.isoformat() for name, day in self.dates.items()}
        for name, clock in self.clocks.items():
            deadline = clock.deadline
            found[f"{name}_due"] = deadline.isoformat() if deadline else None
            if "decided_on" in self.dates:
                found[f"{name}_used_at_decision"] = clock.used(self.dates["decided_on"])
        found |= {"route": self.route, "documents": [paper["kind"] for paper in self.papers], "ended": self.ended}
        found["rulings"] = self.rules.told
        found |= self._numbers()
        return found

    def _numbers(self) -> dict[str, Any]:
        counters = self.source.data.get("counters") or {}
        item, result = self.pack.service["item"], self.pack.service["result"]
        found: dict[str, Any] = {}
        if "received_first_on" in self.dates and "case" in counters:
            day, serial = self.dates["received_first_on"], int(counters["case"])
            found["exchange_no"] = codes.exchange_number(item["implement_code"], day, serial)
            found["short_no"] = codes.short_number(item["region"], day, serial)
        if "issued_on" in self.dates and "licence" in counters:
            template = str(result.get("serial") or SERIAL)
            licence = serial_of(template, self.dates["issued_on"].year, int(counters["licence"]))
            issuer = self.pack.service["implementer"]["code"]
            for version in (1, 2):
                made = codes.licence_identifier(result["licence_type_code"], issuer, licence, version)
                found["licence_identifier" if version == 1 else "licence_identifier_after_change"] = made
        return found

    def _compare(self) -> list[Finding]:
        found, facts = [], self.facts()
        for name, expected in (self.source.data.get("expect") or {}).items():
            pairs = {name: (expected, facts.get(name))}
            if name == "rulings" and isinstance(expected, list):
                pairs = _in_parts(expected, facts[name])
            for what, (wanted, actual) in pairs.items():
                if actual != wanted:
                    params = {"what": what, "expected": wanted, "found": actual}
                    found.append(Finding("packs.example", self.source.at(f"/expect/{what}"), params))
        return found


def _in_parts(expected: list[Any], actual: list[dict[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Rulings are compared in the parts that an example names."""
    pairs: dict[str, tuple[Any, Any]] = {"rulings": (len(expected), len(actual))}
    for index, (wanted, found) in enumerate(zip(expected, actual, strict=False)):
        for name, value in wanted.items():
            pairs[f"rulings/{index}/{name}"] = (value, found.get(name))
    return pairs


def _receive(course: Course) -> None:
    course.dates.setdefault("received_first_on", course.today)
    _received(course)
    course.paper("receipt")


def _received(course: Course) -> None:
    course.dates["received_on"] = course.today
    course.dates["notice_due"] = course.last_day(course.today, NOTICE_DAYS)
    course.dates.setdefault("first_notice_due", course.dates["notice_due"])


def _request_correction(course: Course) -> None:
    course.gaps = list(course.entry.get("gaps") or [])
    course.dates["correction_due"] = calendars.last_day(course.days, course.today, course.limit("correction_due"))
    course.paper("correction")


def _accept(course: Course) -> None:
    course.start_clocks(course.today)
    course.paper("acceptance")


def _deem_accepted(course: Course) -> None:
    course.start_clocks(course.dates["received_on"])
    course.paper("acceptance")


def _suspend(course: Course) -> None:
    course.dates["suspended_on"] = course.today
    course.clocks = {name: clock.suspend(course.today) for name, clock in course.clocks.items()}
    course.paper("special_procedure")


def _resume(course: Course) -> None:
    course.dates["resumed_on"] = course.today
    course.clocks = {name: clock.resume(course.today) for name, clock in course.clocks.items()}


def _approve(course: Course) -> None:
    course.dates["decided_on"] = course.today
    course.dates["licence_due"] = course.last_day(course.today, SERVE_DAYS)
    course.paper("approval")


def _refuse(course: Course) -> None:
    course.dates["decided_on"] = course.today
    course.paper("refusal")


def _issue(course: Course) -> None:
    course.dates["issued_on"] = course.today


def _deliver(course: Course) -> None:
    course.dates["delivered_on"] = course.today
    course.paper("delivery")


def _close(course: Course) -> None:
    course.dates["closed_on"] = course.today


_EFFECTS: Mapping[str, Any] = {
    "cases.receive@1": _receive,
    "cases.resubmit@1": _received,
    "cases.request_correction@1": _request_correction,
    "cases.accept@1": _accept,
    "cases.deem_accepted@1": _deem_accepted,
    "cases.refuse_acceptance@1": lambda course: course.paper("non_acceptance"),
    "cases.suspend@1": _suspend,
    "cases.resume@1": _resume,
    "cases.approve@1": _approve,
    "cases.refuse@1": _refuse,
    "licences.issue@1": _issue,
    "cases.deliver@1": _deliver,
    "cases.close@1": _close,
}
