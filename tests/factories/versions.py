"""Other versions of the process that cases run, made from the one they run."""

from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.definitions import define
from zhengtong.matters.workflow.models import Definition, Process

RENAMED = {"examine": "first_look"}


def process_of(case: Case) -> Process:
    return Process.objects.get(id=case.process_id)


def text_of(definition: int) -> str:
    return bytes(Definition.objects.values_list("xml", flat=True).get(id=definition)).decode()


def version(source: int, *changes: tuple[str, str]) -> int:
    """The definition `source` with texts replaced, each of which it must have."""
    text = text_of(source)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return define(text.encode())


def renamed(source: int) -> int:
    """The first look at an application is another element, with another name."""
    names = ('name="收件审查" zt:name-en="Examine"', 'name="初审" zt:name-en="First look"')
    return version(source, ('"examine"', '"first_look"'), names)


def without_bell(source: int) -> int:
    """Nothing happens by itself when nobody looks at an application; somebody may say so by hand."""
    text = text_of(source)
    start = text.index('<boundaryEvent id="acceptance_expired"')
    end = text.index("</boundaryEvent>", start) + len("</boundaryEvent>")
    by_hand = (
        '<intermediateThrowEvent id="acceptance_expired"/>'
        '<sequenceFlow id="if_late" sourceRef="examined" targetRef="acceptance_expired">'
        '<conditionExpression>outcome = "late"</conditionExpression></sequenceFlow>'
    )
    outcomes = "request_correction refuse_acceptance return"
    return version(source, (text[start:end], by_hand), (outcomes, f"{outcomes} late"))


def by_reviewers(source: int) -> int:
    """The first look is the reviewers' work."""
    return version(source, ('zt:role="clerk"', 'zt:role="reviewer"'))


def without_outcome(source: int) -> int:
    """Nobody can be asked to correct an application any more."""
    return version(source, ("accept request_correction refuse_acceptance return", "accept refuse_acceptance return"))


def without_examination(source: int) -> int:
    """The first look is something else under the same name."""
    text = text_of(source)
    start = text.index('<userTask id="examine"')
    end = text.index("</userTask>", start)
    task = text[start:end]
    other = task.replace("<userTask", "<serviceTask").replace('zt:role="clerk"', 'zt:action="cases.accept@1"')
    other = other.split(' zt:outcomes="')[0] + ">" + other.split(">", 1)[1]
    return version(source, (task + "</userTask>", other + "</serviceTask>"))


def cosigned(source: int, count: int = 2) -> int:
    """The review is several reviewers' work, all of whom must propose approval (会签)."""
    text = text_of(source)
    start = text.index('<userTask id="review"')
    end = text.index("</userTask>", start)
    task = text[start:end]
    several = "multiInstanceLoopCharacteristics"
    loop = f"<{several}><loopCardinality>{count}</loopCardinality></{several}>"
    voted = task.replace('zt:role="reviewer"', 'zt:role="reviewer" zt:sign="all" zt:agree="propose_approve"')
    return version(source, (task + "</userTask>", voted + loop + "</userTask>"))


def signed_by(source: int, *, in_turn: bool = False, sign: str = "all") -> int:
    """The review is the work of those whom `staff` of the process's data names, in person: a vote, or one for each."""
    text = text_of(cosigned(source))
    order = ' isSequential="true"' if in_turn else ""
    plain = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    listed = '<loopDataInputRef>staff</loopDataInputRef><inputDataItem id="person"/>'
    voted = 'zt:sign="all" zt:agree="propose_approve"'
    sharing = f'zt:sign="{sign}" zt:agree="propose_approve"' if sign else ""
    for old, new in ((plain, f"<multiInstanceLoopCharacteristics{order}>{listed}"), (voted, sharing)):
        assert old in text, old
        text = text.replace(old, new)
    return define(text.encode())


OFFERED = (
    '<adHocSubProcess id="look_into" name="按需核查" zt:name-en="Look into it" zt:stage="review" zt:role="reviewer">'
    '<userTask id="visit" name="现场走访" zt:stage="review" zt:role="reviewer" zt:outcomes="checked"/>'
    '<userTask id="test" name="抽样检测" zt:stage="review" zt:role="clerk" zt:outcomes="checked"/>'
    "{until}</adHocSubProcess>"
)


def improvised(source: int, until: str = "") -> int:
    """Once accepted, reviewers start visits and tests as they need them, until they say so or `until` is true."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    straight = '<sequenceFlow id="accepted_to_route" sourceRef="accept" targetRef="routed" />'
    around = straight.replace('"routed"', '"look_into"') + (
        '<sequenceFlow id="looked_into" sourceRef="look_into" targetRef="routed" />'
    )
    arrives = ("<incoming>accepted_to_route</incoming>", "<incoming>looked_into</incoming>")
    return version(source, (straight, OFFERED.format(until=condition) + around), arrives)


def run_as(case: Case, definition: int) -> None:
    """Have a case that has just been handed in run by another version."""
    Process.objects.filter(id=case.process_id).update(definition_id=definition)
