"""What follows where somebody does not agree: chosen by its consequence in the form, kept as deeds in the list."""

from collections.abc import Sequence
from dataclasses import replace

from zhengtong.doors.console.choices import DISAGREEING
from zhengtong.engines.bpmn.listing import Deed, Step
from zhengtong.matters.cases.registry import ENDINGS, SENT_BACK

END, BACK, ON, KEEP = "end", "back", "on", "keep"
REVIEWING = ("review", "sign")
_PEOPLE = ("handle", "review", "sign")
_PROPOSE, _ACCEPT = "cases.propose@1", "cases.accept@1"


def options(chosen: str) -> list[tuple[str, object]]:
    """The consequences to choose from; what is drawn otherwise stays as it is."""
    return [(value, label) for value, label in DISAGREEING.items() if value != KEEP or chosen == KEEP]


def chosen(steps: Sequence[Step], number: int) -> str:
    """The consequence that a step of a list has."""
    step = steps[number]
    for value in (END, BACK, ON, *ENDINGS):
        if _settled(steps, number, value) == step:
            return value
    return KEEP


def settled(steps: Sequence[Step], choices: Sequence[str], base: Sequence[Step], *, serves: bool) -> list[Step]:
    """The steps, each with the consequence that was chosen for it; `base` has what is drawn otherwise.

    Of a list that runs a service what is left open is settled so that the case can be closed.
    """
    drawn = {step.id: step for step in base}
    found = []
    for number, (step, choice) in enumerate(zip(steps, choices, strict=True)):
        known = drawn.get(step.id, step)
        if step.verb not in REVIEWING:
            found.append(_after(step))
        elif choice == KEEP:
            found.append(_after(step, to=known.disagree_to, does=known.disagree_does, on=known.disagree_on))
        else:
            found.append(_settled(steps, number, choice or (_fitting(steps, number) if serves else END)))
    return found


def _settled(steps: Sequence[Step], number: int, choice: str) -> Step:
    step, before = steps[number], _before(steps, number)
    if choice != BACK:
        return _after(step, does=tuple(Deed(*each) for each in ENDINGS.get(choice, ())), on=choice == ON)
    if before is None:  # nowhere to go back to: said where it is saved
        return _after(step, to=step.id)
    deciding = any(each.action == _PROPOSE for each in steps[before:number])
    return _after(step, to=steps[before].id, does=tuple(Deed(*each) for each in SENT_BACK) if deciding else ())


def _after(step: Step, *, to: str = "", does: tuple[Deed, ...] = (), on: bool = False) -> Step:
    return replace(step, disagree_to=to, disagree_does=does, disagree_on=on)


def _before(steps: Sequence[Step], number: int) -> int | None:
    """The step before that people do, from whom a copy does not part it."""
    for place in range(number - 1, -1, -1):
        if steps[place].verb in _PEOPLE:
            return place
        if steps[place].verb == "copy":
            return None
    return None


def _fitting(steps: Sequence[Step], number: int) -> str:
    """Where it is decided, refusal; before it is proposed how to decide, it goes on as an opinion; else whoever acted
    before acts again, unless the case was accepted meanwhile; else somebody who may terminates it.
    """
    if any(each.action == _PROPOSE for each in steps[:number]):
        return "refuse"
    following = next((each for each in steps[number + 1 :] if each.verb != "notice"), None)
    if following is not None and following.action == _PROPOSE:
        return ON
    before = _before(steps, number)
    near = before is not None and not any(each.action == _ACCEPT for each in steps[before:number])
    return BACK if near else "terminate"
