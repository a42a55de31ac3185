"""Compensation: what was done is undone, the last first, and only what was done."""

import contextlib
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import (
    NOW,
    adhoc,
    chain,
    compensate,
    document,
    error,
    flow,
    graph,
    handler,
    message,
    node,
    script,
    sub,
    task,
    timer,
    undoable,
    undone,
)
from engines.bpmn_instance import Instance
from zhengtong.engines.bpmn import (
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    Cancel,
    CreateTask,
    ErrorRaised,
    MessageReceived,
    ProcessEnded,
    SendBack,
    StoreData,
    TaskCompleted,
    TimerFired,
    Wait,
    compile_process,
    from_rows,
    read,
    start,
    step,
    to_rows,
    verify,
)
from zhengtong.engines.bpmn.migrating import migrate, plan
from zhengtong.engines.bpmn.soundness import Verdict, examine
from zhengtong.engines.bpmn.texts import TEXTS

START, END = node("startEvent", "s"), node("endEvent", "e")


def thrower(name: str, activity: str = "") -> str:
    return node("intermediateThrowEvent", name, compensate(activity))


def tasks(run: Instance) -> list[str]:
    return [token.element for token in run.state.tokens if token.wait is Wait.TASK]


def undo_all(run: Instance) -> list[str]:
    """Do what is to be done, one after another, until `z` or the end is reached; what was done."""
    did = []
    while tasks(run) and tasks(run) != ["z"]:
        (element,) = tasks(run)
        did.append(element)
        do(run, element)
    return did


TWO = [START, END, undoable("a"), undoable("b"), task("z")]


def test_what_was_done_is_undone_the_last_first() -> None:
    run = Instance(graph(*TWO, thrower("t"), chain("s", "a", "b", "t", "z", "e")))
    run.done("a")
    outcome = run.done("b")
    assert outcome.commands == (CreateTask(6, "un_b", "clerk", ()),)
    outcome = run.done("un_b")
    assert outcome.commands == (CreateTask(7, "un_a", "clerk", ()),)
    outcome = run.done("un_a")
    assert outcome.commands == (CreateTask(8, "z", "clerk", ()),)
    assert [token.wait for token in run.state.tokens] == [Wait.TASK]
    assert run.done("z").commands == (ProcessEnded(),)


def test_the_order_is_that_of_completion() -> None:
    fork = node("parallelGateway", "f") + node("parallelGateway", "j")
    run = Instance(graph(*TWO, fork, thrower("t"), chain("s", "f", "a", "j", "t", "z", "e"), chain("f", "b", "j")))
    run.done("b")
    run.done("a")
    assert undo_all(run) == ["un_a", "un_b"]


def test_one_activity_may_be_named() -> None:
    run = Instance(graph(*TWO, thrower("t", "a"), thrower("u"), chain("s", "a", "b", "t", "z", "u", "e")))
    run.done("a")
    run.done("b")
    assert undo_all(run) == ["un_a"]
    run.done("z")
    # What is undone is not undone again.
    assert undo_all(run) == ["un_b"]
    assert run.state.ended


def test_nothing_done_is_nothing_undone() -> None:
    body = [START, END, undoable("a"), task("z"), thrower("t"), chain("s", "t", "z", "a", "e")]
    assert Instance(graph(*body)).outcome.commands == (CreateTask(2, "z", "clerk", ()),)


def test_what_was_interrupted_is_not_undone() -> None:
    bell = node("boundaryEvent", "bell", timer(), attachedToRef="b")
    run = Instance(graph(*TWO, bell, thrower("t"), chain("s", "a", "b", "e"), chain("bell", "t", "z")))
    run.done("a")
    run.send(TimerFired(run.at("bell")))
    assert undo_all(run) == ["un_a"]


def test_an_end_may_undo_everything() -> None:
    run = Instance(
        graph(START, undoable("a"), undoable("b"), node("endEvent", "x", compensate()), chain("s", "a", "b", "x"))
    )
    run.done("a")
    run.done("b")
    assert undo_all(run) == ["un_b", "un_a"]
    assert run.outcome.commands == (ProcessEnded(),)


def test_ordinary_processes_keep_no_notes() -> None:
    run = Instance(graph(START, END, task("a"), undoable("b"), chain("s", "a", "b", "e")))
    assert run.done("a").change.added[0].wait is Wait.TASK
    assert len(run.state.tokens) == 1
    assert run.done("b").commands == (ProcessEnded(),)


@pytest.mark.parametrize("in_turn", ["true", "false"])
def test_each_of_several_times_is_undone_with_its_item(in_turn: str) -> None:
    many = (
        f'<multiInstanceLoopCharacteristics isSequential="{in_turn}"><loopDataInputRef>names</loopDataInputRef>'
        '<inputDataItem id="item"/></multiInstanceLoopCharacteristics>'
    )
    takes = "<dataInputAssociation><sourceRef>kept</sourceRef></dataInputAssociation>"
    handled = node("userTask", "un_a", takes, isForCompensation="true") + '<property id="kept" name="item"/>'
    body = [START, node("userTask", "a", many), handled, undone("a", "un_a"), thrower("t"), task("z")]
    run = Instance(graph(*body, chain("s", "a", "t", "z")), names=["li", "wang"])
    for _ in range(2):
        run.done_token([token.id for token in run.state.tokens if token.wait is Wait.TASK][0])
    told = []
    while tasks(run) == ["un_a"]:
        (order,) = [command for command in run.outcome.commands if isinstance(command, CreateTask)]
        told.append(order.data)
        run.done_token(order.token)
    assert told == [{"item": "wang"}, {"item": "li"}]
    assert run.places == ["z"]


def test_what_never_rests_is_undone_as_well() -> None:
    twice = '<standardLoopCharacteristics loopMaximum="2"/>'
    done = node("scriptTask", "a", f"<script>n + 1</script>{twice}", zt_result="n")
    body = [START, done, script("un_a", "n - 1", zt_result="n", isForCompensation="true"), undone("a", "un_a")]
    run = Instance(graph(*body, task("z"), thrower("t"), chain("s", "a", "z", "t")), n=0)
    assert run.data["n"] == 2
    outcome = run.done("z")
    assert outcome.commands == (StoreData({"n": 1}), StoreData({"n": 0}), ProcessEnded())


# Sub-processes


INSIDE = (undoable("a"), undoable("b"), node("endEvent", "qe"), chain("q_s", "a", "b", "qe"))


def around(*inside: str, more: str = "", thrown: str = "") -> list[str]:
    """The sub-process `q` of `inside`, undoable task `c`, then compensation, then `z`."""
    whole = chain("s", "q", "c", "t", "z", "e")
    return [START, END, sub("q", *inside), undoable("c"), thrower("t", thrown), task("z"), whole, more]


def do(run: Instance, *elements: str) -> None:
    """Complete tasks, one of that name after another."""
    for element in elements:
        run.done_token([t.id for t in run.state.tokens if (t.element, t.wait) == (element, Wait.TASK)][0])


def test_a_sub_process_is_undone_by_undoing_what_was_done_in_it() -> None:
    run = Instance(graph(*around(*INSIDE)))
    do(run, "a", "b", "c")
    assert undo_all(run) == ["un_c", "un_b", "un_a"]
    assert run.places == ["z"]


def test_it_may_be_named() -> None:
    run = Instance(graph(*around(*INSIDE, thrown="q")))
    do(run, "a", "b", "c")
    assert undo_all(run) == ["un_b", "un_a"]


def test_it_may_have_something_of_its_own_that_undoes_the_whole() -> None:
    whole = task("un_q", isForCompensation="true") + undone("q", "un_q").replace("q_c", "q_k")
    run = Instance(graph(*around(*INSIDE, more=whole)))
    do(run, "a", "b", "c")
    assert undo_all(run) == ["un_c", "un_q"]


def test_an_event_sub_process_inside_may_undo_it_in_its_own_way() -> None:
    own = handler("h", compensate(), task("w"), node("endEvent", "he"), chain("h_s", "w", "he"))
    run = Instance(graph(*around(*INSIDE, own)))
    do(run, "a", "b", "c")
    assert undo_all(run) == ["un_c", "w"]


def test_that_one_may_let_the_single_activities_be_undone() -> None:
    own = handler("h", compensate(), task("w"), node("endEvent", "he", compensate()), chain("h_s", "w", "he"))
    run = Instance(graph(*around(*INSIDE, own)))
    do(run, "a", "b", "c")
    assert undo_all(run) == ["un_c", "w", "un_b", "un_a"]


def test_an_error_handler_undoes_what_was_done_so_far() -> None:
    help_ = handler("h", error("x"), thrower("u"), task("w"), node("endEvent", "he"), chain("h_s", "u", "w", "he"))
    oops = node("endEvent", "oops", error("x"))
    inside = (undoable("a"), oops, help_, chain("q_s", "a", "oops"))
    run = Instance(graph(*around(*inside)))
    do(run, "a")
    assert undo_all(run) == ["un_a", "w", "c", "un_c"]


def test_a_sub_process_that_an_error_ended_leaves_nothing_to_undo() -> None:
    oops = node("endEvent", "oops", error("x"))
    bad = node("boundaryEvent", "bad", error("x"), attachedToRef="q") + chain("bad", "c")
    run = Instance(graph(*around(undoable("a"), oops, chain("q_s", "a", "oops"), more=bad)))
    do(run, "a", "c")
    assert undo_all(run) == ["un_c"]


def test_data_of_its_own_are_those_it_had_when_it_was_completed() -> None:
    carried = "<dataInputAssociation><sourceRef>d</sourceRef></dataInputAssociation>"
    takes = task("un_a", isForCompensation="true").replace("></userTask>", f">{carried}</userTask>")
    inside = (carried, task("a"), takes, undone("a", "un_a"), node("endEvent", "qe"), chain("q_s", "a", "qe"))
    run = Instance(graph(*around(*inside), '<dataObject id="d" name="d"/>'), d=1)
    run.done("a", d=2)
    assert run.data["d"] == 1
    run.data["d"] = 3
    run.done("c")
    outcome = run.done("un_c")
    assert outcome.commands == (CreateTask(run.at("un_a"), "un_a", "clerk", (), {"d": 2}),)
    run.done("un_a", d=4)
    assert run.data["d"] == 3


def test_each_time_of_a_repeated_sub_process_is_undone() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="2"/>'
    run = Instance(graph(*around(loop, *INSIDE)))
    do(run, "a", "b", "a", "b", "c")
    assert undo_all(run) == ["un_c", "un_b", "un_a", "un_b", "un_a"]


def test_what_people_did_at_will_is_undone_too() -> None:
    inside = adhoc("h", undoable("a"), undoable("b"))
    run = Instance(graph(START, END, inside, thrower("t"), task("z"), chain("s", "h", "t", "z", "e")))
    for element in "aba":
        run.send(ActivityStarted(1, element))
        run.done_token(run.state.tokens[-1].id)
    run.send(AdHocEnded(1))
    assert undo_all(run) == ["un_a", "un_b", "un_a"]


def test_a_called_process_undoes_its_own() -> None:
    called = node(
        "process", "q", "".join([*TWO, thrower("t"), chain("s", "a", "b", "t", "z", "e")]).replace('"s', '"i')
    )
    called = called.replace('_a" sourceRef', '_x" sourceRef')
    xml = document(START, node("callActivity", "k", calledElement="q"), chain("s", "k"), beside=called)
    run = Instance(compile_process(read(xml), "p"))
    do(run, "a", "b")
    assert undo_all(run) == ["un_b", "un_a"]
    assert run.done("z").commands == (ProcessEnded(),)


def test_compensation_is_cut_off_with_what_it_runs_in() -> None:
    stop = node("boundaryEvent", "stop", message(), attachedToRef="q") + chain("stop", "z")
    inside = (undoable("a"), thrower("u"), chain("q_s", "a", "u"))
    run = Instance(graph(*around(*inside, more=stop)))
    do(run, "a")
    assert tasks(run) == ["un_a"]
    run.send(MessageReceived("m"))
    assert run.places == ["z"]


def test_what_fails_while_undoing_rises_from_where_it_was_thrown() -> None:
    bad = node("boundaryEvent", "bad", error("x"), attachedToRef="w") + chain("bad", "z")
    caught = node("boundaryEvent", "not", error("x"), attachedToRef="q") + chain("not", "c")
    inner = sub("q", undoable("a"), chain("q_s", "a"))
    outer = sub("w", inner, undoable("c"), thrower("t"), caught, chain("w_s", "q", "c", "t"))
    run = Instance(graph(START, outer, task("z"), bad, chain("s", "w", "z")))
    do(run, "a", "c", "un_c")
    run.send(ErrorRaised(run.at("un_a"), "x"))
    assert run.places == ["z"]


def test_a_join_does_not_wait_for_what_is_done() -> None:
    gates = node("inclusiveGateway", "f") + node("inclusiveGateway", "j")
    body = [START, END, undoable("a"), undoable("b"), gates, chain("s", "f"), flow("f", "a", "true")]
    run = Instance(graph(*body, flow("f", "b", "true"), chain("a", "j", "e"), chain("b", "j")))
    do(run, "a", "b")
    assert run.state.ended


# 退回


def test_what_is_sent_back_is_not_undone_and_what_still_counts_is() -> None:
    run = Instance(graph(*TWO, task("d"), thrower("t"), chain("s", "a", "b", "d", "t", "z", "e")))
    do(run, "a", "b")
    run.back("d", "b")
    assert [token.element for token in run.state.tokens] == ["a", "b"]
    do(run, "b", "d")
    assert undo_all(run) == ["un_b", "un_a"]


def test_notes_come_back_with_the_sub_process_that_is_opened_anew() -> None:
    run = Instance(graph(*around(*INSIDE)))
    do(run, "a", "b")
    run.back("c", "b")
    assert [(token.element, token.wait) for token in run.state.tokens][1:] == [("a", Wait.DONE), ("b", Wait.TASK)]
    do(run, "b", "c")
    assert undo_all(run) == ["un_c", "un_b", "un_a"]
    assert run.places == ["z"]


# Transactions

CANCELLED = node("endEvent", "no", "<cancelEventDefinition/>")


def transaction(*inside: str, more: str = "") -> list[str]:
    """Transaction `q`; cancelled it goes on to `w`, else to `z`."""
    held = node("transaction", "q", node("startEvent", "q_s") + "".join(inside))
    caught = node("boundaryEvent", "left", "<cancelEventDefinition/>", attachedToRef="q")
    return [START, END, held, caught, task("w"), task("z"), chain("s", "q", "z", "e"), chain("left", "w", "e"), more]


FORKED = (
    node("parallelGateway", "f") + undoable("a") + undoable("b") + task("c"),
    CANCELLED + chain("q_s", "f", "a", "b", "no") + chain("f", "c", "done") + node("endEvent", "done"),
)


def test_a_cancelled_transaction_stops_undoes_what_was_done_and_goes_on_elsewhere() -> None:
    run = Instance(graph(*transaction(*FORKED)))
    do(run, "a", "b")
    assert tasks(run) == ["un_b"]
    do(run, "un_b", "un_a")
    assert run.places == ["w"]


def test_a_transaction_that_is_not_cancelled_is_a_sub_process() -> None:
    run = Instance(graph(*transaction(undoable("a"), chain("q_s", "a")), thrower("t"), chain("z", "t")))
    do(run, "a", "z")
    assert tasks(run) == ["un_a"]


def test_a_cancelled_transaction_without_anything_done_is_left_at_once() -> None:
    run = Instance(graph(*transaction(undoable("a"), CANCELLED, task("c"), chain("q_s", "c", "no"), chain("c", "a"))))
    run.done("c")
    assert run.places == ["w"]


def test_one_of_several_transactions_cancelled_ends_them_all() -> None:
    many = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    run = Instance(graph(*transaction(many, undoable("a"), CANCELLED, chain("q_s", "a", "no"))))
    run.done_token([token.id for token in run.state.tokens if token.element == "a"][0])
    assert sorted(tasks(run)) == ["a", "un_a"]
    run.done("un_a")
    assert run.places == ["w"]


# Whatever happens

SHAPES = {
    "plain": around(*INSIDE),
    "own": around(
        *INSIDE, handler("h", compensate(), task("w"), node("endEvent", "he", compensate()), chain("h_s", "w", "he"))
    ),
    "error": around(
        *INSIDE, handler("h", error("x"), thrower("u"), task("w"), node("endEvent", "he"), chain("h_s", "u", "w", "he"))
    ),
    "loop": around('<standardLoopCharacteristics loopMaximum="3"/>', *INSIDE),
    "transaction": transaction(*FORKED),
}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False))
def test_everything_done_is_undone_once_at_most_and_every_process_ends(shape: str, luck: random.Random) -> None:
    compiled = graph(*SHAPES[shape])
    outcome, did, errors = start(compiled, {}, NOW), [], luck.randint(0, 3)
    for _ in range(60):
        rows = to_rows(outcome.state)
        luck.shuffle(rows)
        state = from_rows(rows, outcome.state.next_id)
        verify(compiled, state)
        if state.ended:
            break
        token = luck.choice([token for token in state.tokens if token.wait is Wait.TASK])
        raised = errors > 0 and luck.random() < 0.3
        errors -= raised
        event = ErrorRaised(token.id, "x") if raised else TaskCompleted(token.id)
        outcome = step(compiled, state, event, {}, NOW)
        live = {token.id: token for token in state.tokens}
        gone = {token.id: token for token in outcome.change.removed}
        assert gone.items() <= live.items()
        kept = {number: token for number, token in live.items() if number not in gone}
        assert {t.id: t for t in outcome.state.tokens} == kept | {t.id: t for t in outcome.change.added}
        did += [token.element] * (token in outcome.change.completed)
    assert outcome.state.ended
    assert outcome.commands[-1] == ProcessEnded()
    for name in "abc":
        assert did.count(f"un_{name}") <= did.count(name)
    undone_ones = [name.removeprefix("un_") for name in did if name.startswith("un_")]
    if shape == "plain":
        order = [name for name in did if f"un_{name}" in did]
        assert undone_ones == order[::-1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SHAPES)), st.randoms(use_true_random=False))
def test_wherever_it_is_sent_back_the_state_is_whole_and_it_can_end(shape: str, luck: random.Random) -> None:
    run = Instance(graph(*SHAPES[shape]))
    for _ in range(12):
        if run.state.ended:
            return
        token = luck.choice([token for token in run.state.tokens if token.wait is Wait.TASK])
        target = luck.choice(["", *sorted(run.graph.nodes)])
        event = SendBack(token.id, target, run.history) if luck.random() < 0.4 else TaskCompleted(token.id)
        code = ""
        try:
            run.send(event)
        except BpmnError as refusal:
            code = refusal.code
        assert code in ("", *(f"bpmn.back_{why}" for why in ("not_done", "not_before", "closed", "cut_off", "several")))
    for _ in range(40):
        if not run.state.ended:
            run.done_token([token.id for token in run.state.tokens if token.wait is Wait.TASK][0])
    assert run.state.ended


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_an_instance_moves_to_the_same_model_anew_at_every_point(shape: str) -> None:
    old, new = graph(*SHAPES[shape]), graph(*SHAPES[shape], node("dataObject", "more"))
    run = Instance(old)
    for _ in range(30):
        if not tasks(run):
            break
        planned = plan(old, new, run.state)
        # What a loop leaves behind to be undone has no bound that could be gone through.
        assert planned.possible or (shape == "loop" and planned.undecided), planned.obstacles
        assert migrate(planned, {}, NOW, undecided=True).state == run.state
        run.done_token([token.id for token in run.state.tokens if token.wait is Wait.TASK][0])
    assert run.state.ended


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_no_fault_is_found_that_is_none(shape: str) -> None:
    result = examine(graph(*SHAPES[shape]))
    if shape == "transaction":  # which is always cancelled, so that what follows its end never is
        assert [(fault.code, fault.elements) for fault in result.findings] == [("soundness.unreachable", ("z",))]
    else:
        assert (result.verdict, result.findings) == (Verdict.SOUND, ())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SHAPES)),
    st.integers(0, 6),
    st.dictionaries(st.sampled_from(["wait", "scope", "host", "element", "data"]), st.integers(0, 99), max_size=3),
)
def test_a_damaged_state_gives_typed_errors_only(shape: str, done: int, mutated: dict[str, int]) -> None:
    run = Instance(graph(*SHAPES[shape]))
    for _ in range(done):
        if tasks(run):
            run.done_token([token.id for token in run.state.tokens if token.wait is Wait.TASK][0])
    rows = to_rows(run.state)
    waits, elements = [wait.value for wait in Wait], sorted(run.graph.nodes)
    for name, number in mutated.items():
        if rows:
            odd = {"wait": waits[number % len(waits)], "element": elements[number % len(elements)], "data": '{"own":3}'}
            rows[number % len(rows)][name] = odd.get(name, number % 9)
    codes = set[str]()
    with contextlib.suppress(BpmnError):
        state = from_rows(rows, run.state.next_id)
        events = [Cancel(), *(TaskCompleted(token.id) for token in state.tokens)]
        for event in [*events, *(ErrorRaised(token.id, "x") for token in state.tokens)]:
            try:
                step(run.graph, state, event, {}, NOW)
            except BpmnError as refusal:
                codes.add(refusal.code)
    assert codes <= set(TEXTS)
