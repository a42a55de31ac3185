"""Read how an activity is repeated: as a loop, once for each of several, or as people like."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from zhengtong.engines.bpmn.compilation.levels import is_handler
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare, own, qualified, text_of
from zhengtong.engines.bpmn.graph import AdHoc, Loop, Repeat
from zhengtong.engines.feel import Expression

_TRUE = ("true", "1")
_SHARES = {"all": Fraction(1), "any": Fraction(0)}


def read_loop(wiring: Wiring, draft: Draft) -> Loop | None:
    """The loop characteristics of an activity, of which it has at most one."""
    plain = draft.children.get("standardLoopCharacteristics", [])
    many = draft.children.get("multiInstanceLoopCharacteristics", [])
    if (own(draft.element, "sign") or own(draft.element, "agree")) and not many:
        wiring.report("bpmn.sign_alone", draft.element)
    if not plain and not many:
        return None
    if len(plain) + len(many) > 1 or is_handler(draft):
        wiring.report("bpmn.loop_misplaced", draft.element)
    return _loop(wiring, draft, plain[0]) if plain else _instances(wiring, draft, many[0])


def read_adhoc(wiring: Wiring, draft: Draft, offers: Sequence[str]) -> AdHoc:
    """How an ad-hoc sub-process goes on and when it is over."""
    return AdHoc(
        offers=tuple(offers),
        until=_expression(wiring, draft, draft.element, "completionCondition"),
        in_turn=draft.element.get("ordering") == "Sequential",
        cancels=draft.element.get("cancelRemainingInstances", "true") in _TRUE,
    )


def _loop(wiring: Wiring, draft: Draft, element: Any) -> Loop:
    condition = _expression(wiring, draft, element, "loopCondition")
    most = (element.get("loopMaximum") or "").strip()
    if most and not re.fullmatch(r"[1-9]\d{0,5}", most, re.ASCII):
        wiring.report("bpmn.loop_maximum", draft.element, value=most[:100])
        most = ""
    elif not most and element.find(qualified("loopCondition")) is None:
        wiring.report("bpmn.loop_endless", draft.element)
    before = element.get("testBefore", "false") in _TRUE
    return Loop(Repeat.LOOP, condition=condition, before=before, most=int(most) if most else None)


def _instances(wiring: Wiring, draft: Draft, element: Any) -> Loop:
    cardinality = element.find(qualified("loopCardinality")) is not None
    collection = _named(wiring, element, "loopDataInputRef")
    if cardinality is bool(collection):
        wiring.report("bpmn.instances_missing", draft.element)
    item, output_item = (_item(element, tag) for tag in ("inputDataItem", "outputDataItem"))
    output = _named(wiring, element, "loopDataOutputRef")
    if bool(output) is not bool(output_item) or (item and not collection and not cardinality):
        wiring.report("bpmn.instances_output", draft.element)
    until = _expression(wiring, draft, element, "completionCondition")
    share, agree = _vote(wiring, draft, element)
    return Loop(
        Repeat.IN_TURN if element.get("isSequential", "false") in _TRUE else Repeat.AT_ONCE,
        cardinality=_expression(wiring, draft, element, "loopCardinality"),
        collection=collection,
        item=item,
        output=output,
        output_item=output_item,
        until=until,
        tallied=bool(output) or until is not None or share is not None,
        share=share,
        agree=agree,
    )


def _vote(wiring: Wiring, draft: Draft, element: Any) -> tuple[Fraction | None, str]:
    """How several sign together: how many must agree, and with which outcome."""
    sign, agree = own(draft.element, "sign"), own(draft.element, "agree")
    outcomes = own(draft.element, "outcomes").split()
    if not sign:
        if agree:
            wiring.report("bpmn.sign_alone", draft.element)
        return None, ""
    share = _share(sign)
    if share is None:
        wiring.report("bpmn.sign_unreadable", draft.element, value=sign[:100])
    if not outcomes or (agree and agree not in outcomes):
        wiring.report("bpmn.sign_outcome", draft.element, outcome=agree[:100])
    if element.find(qualified("completionCondition")) is not None:
        wiring.report("bpmn.sign_twice", draft.element)
    return share or Fraction(0), agree or next(iter(outcomes), "")


def _share(sign: str) -> Fraction | None:
    """The share that must agree: `all`, `any` (0: one alone), a fraction such as 2/3, or a percentage such as 60%."""
    if sign in _SHARES:
        return _SHARES[sign]
    found = re.fullmatch(r"([1-9]\d{0,3})(?:/([1-9]\d{0,3})|%)", sign, re.ASCII)
    if found is None:
        return None
    share = Fraction(int(found[1]), int(found[2] or 100))
    return share if share <= 1 else None


def _expression(wiring: Wiring, draft: Draft, element: Any, tag: str) -> Expression | None:
    child = element.find(qualified(tag))
    return None if child is None else wiring.expression(child, draft.element)


def _named(wiring: Wiring, element: Any, tag: str) -> str:
    child = element.find(qualified(tag))
    return "" if child is None else wiring.variable(bare(text_of(child)))


def _item(element: Any, tag: str) -> str:
    child = element.find(qualified(tag))
    return "" if child is None else child.get("name") or child.get("id") or ""
