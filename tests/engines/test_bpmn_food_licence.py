"""The process of 食品经营许可: every road through it, against the life cycle of a case."""

import pathlib

import pytest

from engines.bpmn_drawing import NOW
from zhengtong.engines.bpmn import (
    ActionDone,
    CallAction,
    Cancel,
    CreateTask,
    Decide,
    Event,
    MessageReceived,
    ProcessEnded,
    StartTimer,
    TaskCompleted,
    TimerFired,
    check,
    compile_process,
    read,
    start,
    step,
    verify,
    write,
)

FILE = pathlib.Path(__file__).parents[2] / "packs/market-supervision/food-business-licence/process.bpmn"
GRAPH = compile_process(read(FILE.read_bytes()))

# services.md §5.2 as far as a process drives it: (state, action) → state.
LIFE_CYCLE = {
    ("SUBMITTED", "receive"): "RECEIVED",
    ("RECEIVED", "request_correction"): "CORRECTION",
    ("CORRECTION", "resubmit"): "RECEIVED",
    ("CORRECTION", "correction_timeout"): "CLOSED",
    ("RECEIVED", "accept"): "REVIEWING",
    ("RECEIVED", "deem_accepted"): "REVIEWING",
    ("RECEIVED", "refuse_acceptance"): "CLOSED",
    ("RECEIVED", "return"): "CLOSED",
    ("REVIEWING", "suspend"): "SUSPENDED",
    ("SUSPENDED", "resume"): "REVIEWING",
    ("REVIEWING", "propose"): "DECIDING",
    ("DECIDING", "send_back"): "REVIEWING",
    ("DECIDING", "approve"): "APPROVED",
    ("DECIDING", "refuse"): "REFUSED",
    ("APPROVED", "deliver"): "DELIVERED",
    ("REFUSED", "deliver"): "DELIVERED",
    ("DELIVERED", "close"): "CLOSED",
}


class Case:
    """A case moved by the process; a forbidden action is a KeyError."""

    def __init__(self, route: str | None = "资料审核") -> None:
        self.status = "SUBMITTED"
        self.data: dict[str, object] = {"受理核查": {"办理路线": route}}
        self.asked: list[str] = []
        self.actions: list[str] = []
        self.tasks: list[tuple[str, str]] = []
        self.clocks: list[str] = []
        self.ended = False
        self._take(start(GRAPH, {}, NOW))

    def _take(self, outcome: object) -> None:
        self.state, commands, _ = outcome  # type: ignore[misc]
        verify(GRAPH, self.state)
        for command in commands:
            if isinstance(command, CreateTask):
                self.tasks.append((command.element, command.role))
            elif isinstance(command, StartTimer):
                self.clocks.append(command.clock)
            elif isinstance(command, ProcessEnded):
                self.ended = True
            elif isinstance(command, CallAction):
                self._act(command)
            elif isinstance(command, Decide):
                self.asked.append(command.decision)
                self.send(ActionDone(command.token, self.data))

    def _act(self, command: CallAction) -> None:
        name, _, version = command.action.partition("@")
        assert version == "1"
        self.actions.append(name)
        app, _, verb = name.partition(".")
        if app == "cases" and verb != "site_check":
            self.status = LIFE_CYCLE[self.status, verb]
        self.send(ActionDone(command.token))

    def send(self, event: Event) -> None:
        self._take(step(GRAPH, self.state, event, self.data, NOW))

    def do(self, element: str, outcome: str) -> None:
        (token,) = [token for token in self.state.tokens if token.element == element]
        self.send(TaskCompleted(token.id, {"outcome": outcome}))

    def fire(self, clock: str) -> None:
        (token,) = [token for token in self.state.tokens if token.name == clock]
        self.send(TimerFired(token.id))


def _case(*deeds: tuple[str, str], route: str | None = "资料审核") -> Case:
    case = Case(route)
    for element, outcome in deeds:
        if element == "message":
            case.send(MessageReceived(outcome))
        elif element == "clock":
            case.fire(outcome)
        else:
            case.do(element, outcome)
    return case


def test_s03_with_correction_testing_and_approval() -> None:
    case = _case(
        ("examine", "request_correction"),
        ("message", "correction.submitted"),
        ("examine", "accept"),
        ("review", "suspend"),
        ("testing", "resume"),
        ("review", "propose_approve"),
        ("decide", "approve"),
        ("award", "issue"),
    )
    assert case.ended
    assert case.status == "CLOSED"
    assert case.actions == [
        "cases.receive",
        "cases.request_correction",
        "cases.resubmit",
        "cases.accept",
        "cases.suspend",
        "cases.resume",
        "cases.propose",
        "cases.approve",
        "licences.issue",
        "cases.deliver",
        "cases.close",
    ]
    assert case.tasks == [
        ("examine", "clerk"),
        ("examine", "clerk"),
        ("review", "reviewer"),
        ("testing", "reviewer"),
        ("review", "reviewer"),
        ("decide", "decider"),
        ("award", "clerk"),
    ]
    assert case.clocks == ["acceptance", "correction_due", "acceptance"]
    assert case.asked == ["受理核查", "受理核查"], "on receipt, and again with the corrected papers"


@pytest.mark.parametrize(
    ("route", "first"),
    [
        ("现场核查", "site_check"),
        ("核查并检测", "site_check"),
        ("资料审核", "review"),
        pytest.param(None, "review", id="the rules came to nothing"),
    ],
)
def test_the_rules_say_whether_officials_go_and_look(route: str | None, first: str) -> None:
    case = _case(("examine", "accept"), route=route)
    assert case.tasks[-1] == (first, "reviewer")
    if first == "site_check":
        case.do("site_check", "checked")
        assert case.actions[-1] == "cases.site_check"
        assert case.tasks[-1] == ("review", "reviewer")


ROADS = [
    ([("examine", "refuse_acceptance")], ["cases.receive", "cases.refuse_acceptance"]),
    ([("examine", "return")], ["cases.receive", "cases.return"]),
    (
        [("examine", "request_correction"), ("clock", "correction_due")],
        ["cases.receive", "cases.request_correction", "cases.correction_timeout"],
    ),
    (
        [
            ("clock", "acceptance"),
            ("review", "propose_refuse"),
            ("decide", "send_back"),
            ("review", "propose_refuse"),
            ("decide", "refuse"),
        ],
        [
            "cases.receive",
            "cases.deem_accepted",
            "cases.propose",
            "cases.send_back",
            "cases.propose",
            "cases.refuse",
            "cases.deliver",
            "cases.close",
        ],
    ),
]


@pytest.mark.parametrize(("deeds", "actions"), ROADS)
def test_every_other_road_ends_closed(deeds: list[tuple[str, str]], actions: list[str]) -> None:
    case = _case(*deeds)
    assert case.actions == actions
    assert (case.ended, case.status) == (True, "CLOSED")


@pytest.mark.parametrize(
    "deeds",
    [
        [],
        [("examine", "request_correction")],
        [("examine", "accept")],
        [("examine", "accept"), ("review", "suspend")],
        [("examine", "accept"), ("review", "propose_approve")],
    ],
)
def test_a_withdrawn_case_ends_anywhere_before_the_decision(deeds: list[tuple[str, str]]) -> None:
    case = _case(*deeds)
    case.send(Cancel("withdrawn"))
    assert case.ended
    assert case.state.ended


def test_every_step_has_both_names_and_a_stage() -> None:
    stages = {"receipt", "acceptance", "review", "decision", "delivery"}
    assert {node.stage for node in GRAPH.nodes.values()} == stages
    assert all(node.name and node.name_en for node in GRAPH.nodes.values())
    assert (GRAPH.name, GRAPH.name_en) == ("食品经营许可", "Food business licence")
    labels = {flow.name: flow.name_en for flow in GRAPH.nodes["decided"].outgoing}
    assert labels == {"准予": "Approve", "不予许可": "Refuse", "退回": "Send back"}


def test_it_is_executable_without_any_remark_and_drawn_whole() -> None:
    xml = FILE.read_bytes()
    assert check(xml)["findings"] == []
    tree = read(xml).tree
    drawn = {shape.get("bpmnElement") for shape in tree.iter("{*}BPMNShape", "{*}BPMNEdge")}
    process = tree.getroot().find("{*}process")
    assert process is not None
    named = {element.get("id") for element in process if element.get("id")}
    assert drawn == named
    assert read(write(read(xml))).process_ids == ("food_business_licence",)
