"""The list of steps as a form: read from what was posted, changed by its own buttons, drawn with what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.choices import ACTS, SIGNING, VERB_WORDS
from zhengtong.doors.console.forms.disagreeing import REVIEWING, chosen, options, settled
from zhengtong.engines.bpmn.listing import Step, StepList, faults, only_its_own
from zhengtong.matters.cases.registry import NOTICES
from zhengtong.matters.workflow.registry import WHO, actions

MOST = 100
TEXTS = ("id", "name", "name_en", "verb", "role", "stage", "condition", "back_to", "action", "sign")


@dataclass
class StepForm:
    """Steps as they stand, with what is wrong with them: (step, field) → sentences."""

    steps: list[Step]
    choices: dict[str, str] = field(default_factory=dict)  # by step: what follows where somebody does not agree
    wrong: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    @classmethod
    def posted(cls, given: QueryDict) -> "StepForm":
        """What was typed, as it came; at most a hundred steps."""
        count = _number(given.get("count", ""), 0)
        steps = [_step(given, number) for number in range(min(count, MOST))]
        return cls(steps, {step.id: given.get(f"s{number}.disagree", "")[:20] for number, step in enumerate(steps)})

    def do(self, order: str) -> None:
        """Follow one of the buttons: `add`, `up.2`, `down.2`, `remove.2`; what is not understood changes nothing."""
        verb, _dot, place = order.partition(".")
        number = _number(place, -1)
        if verb == "add" and len(self.steps) < MOST:
            self.steps.append(Step(self._free(), ""))
        elif verb == "remove" and 0 <= number < len(self.steps):
            gone = self.steps.pop(number).id
            self.steps = [replace(each, back_to="") if each.back_to == gone else each for each in self.steps]
        elif verb in ("up", "down"):
            other = number + (1 if verb == "down" else -1)
            if min(number, other) >= 0 and max(number, other) < len(self.steps):
                self.steps[number], self.steps[other] = self.steps[other], self.steps[number]

    def listed(self, base: StepList, locale: str, *, serves: bool = False) -> StepList | None:
        """The list, or None where something is wrong, which then stands beside its field; `serves`: for a service."""
        choices = [self.choices.get(step.id, "") for step in self.steps]
        made = replace(base, steps=tuple(settled(self.steps, choices, base.steps, serves=serves)))
        for number, place, fault in faults(made):
            self.wrong.setdefault((number, place), []).append(fault.text(locale))
        return None if self.wrong else made

    def _free(self) -> str:
        taken = {step.id for step in self.steps}
        return next(name for number in range(1, 2 * MOST + 2) if (name := f"step_{number}") not in taken)

    def drawn(self) -> list[dict[str, Any]]:
        """Each step with its fields, as the page draws them."""
        return [self._drawn(number, step) for number, step in enumerate(self.steps)]

    def _drawn(self, number: int, step: Step) -> dict[str, Any]:
        numbered = {each.id: f"{place + 1}. {each.name}" for place, each in enumerate(self.steps)}
        earlier = [(each.id, numbered[each.id]) for each in self.steps[:number]]
        if step.back_to and step.back_to not in dict(earlier):  # moved behind it: kept, and blamed when it is saved
            earlier.append((step.back_to, numbered.get(step.back_to, step.back_to)))
        who = pgettext("of a list of steps", "Who")
        what, does = _("What the system does, or who is let know"), _with(step.action, _acts())
        otherwise = self.choices.get(step.id)
        if otherwise is None:
            otherwise = chosen(self.steps, number) if step.verb in REVIEWING else ""
        when = _("As amount > 10000; empty: always.")
        fields = [
            self._field(number, "name", _("Step"), step.name),
            self._field(number, "verb", _("How it is done"), step.verb, list(VERB_WORDS.items())),
            self._field(number, "role", who, step.role, _with(step.role, WHO), on="handle review sign copy"),
            self._field(number, "action", what, step.action, does, on="system notice"),
            self._field(number, "sign", _("Agreed when"), step.sign, _with(step.sign, SIGNING), on="sign", blank=False),
            self._field(number, "signers", _("How many sign"), str(step.signers), on="sign", kind="number"),
            self._field(number, "in_turn", _("One after another"), step.in_turn, on="sign", kind="check"),
            self._field(number, "condition", _("Only when"), step.condition, hint=when),
            self._field(number, "back_to", _("May be sent back to"), step.back_to, earlier, on="handle review sign"),
            self._field(
                number, "disagree", _("Where somebody does not agree"), otherwise, options(otherwise),
                on="review sign", blank=False,
            ),
            self._field(number, "name_en", _("English name"), step.name_en),
        ]  # fmt: skip
        hidden = {"id": step.id, "stage": step.stage}
        return {
            "number": number,
            "place": number + 1,
            "verb": step.verb,
            "fields": fields,
            "hidden": {f"s{number}.{key}": value for key, value in hidden.items()},
            "errors": [*self.wrong.get((number, ""), ()), *self.wrong.get((number, "id"), ())],
            "first": number == 0,
            "last": number == len(self.steps) - 1,
        }

    def _field(
        self, number: int, key: str, label: object, value: object, options: Sequence[tuple[str, object]] | None = None,
        *, on: str = "", hint: object = "", kind: str = "text", blank: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        drawn = {"key": f"s{number}.{key}", "id": f"s{number}-{key}", "label": label, "value": value, "on": on}
        drawn |= {"hint": hint, "kind": "select" if options is not None else kind, "options": options or ()}
        return drawn | {"blank": blank and key != "verb", "errors": self.wrong.get((number, key), ())}


def _acts() -> Mapping[str, object]:
    told = {name: _("Notice: %(whom)s") % {"whom": label} for name, (_whom, label) in NOTICES.items()}
    return {**told, **{name: ACTS.get(name, name) for name in sorted(actions.all()) if name not in told}}


def _with(value: str, known: Mapping[str, object]) -> list[tuple[str, object]]:
    """The choices, and what is chosen where it is none of them."""
    return [*known.items(), *([(value, value)] if value and value not in known else [])]


def _step(given: QueryDict, number: int) -> Step:
    texts = {key: " ".join(given.get(f"s{number}.{key}", "").split()) for key in TEXTS}
    told = {key: value for key, value in texts.items() if value or key not in ("verb", "sign")}
    step = Step(told.pop("id"), told.pop("name"), **told)  # type: ignore[arg-type] # all of them are texts
    signers = _number(given.get(f"s{number}.signers", "2"), 0)
    step = replace(step, in_turn=given.get(f"s{number}.in_turn") == "on", signers=signers)
    return only_its_own(step)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
