"""BPMN 2.0 processes as data: read, check, compile, and step, without clock, storage or network."""

from zhengtong.engines.bpmn.commands import (
    AwaitMessage,
    CallAction,
    CancelCall,
    CancelMessage,
    CancelTask,
    CancelTimer,
    Command,
    CreateTask,
    Decide,
    ProcessEnded,
    Stalled,
    StartTimer,
)
from zhengtong.engines.bpmn.compiling import check, compile_process
from zhengtong.engines.bpmn.errors import BpmnError, Finding, ModelRefused
from zhengtong.engines.bpmn.events import (
    ActionDone,
    ActionFailed,
    Cancel,
    Event,
    MessageReceived,
    Retry,
    TaskCompleted,
    TimerFired,
)
from zhengtong.engines.bpmn.graph import Flow, Graph, Kind, Node, Timer
from zhengtong.engines.bpmn.reading import Model, read, write
from zhengtong.engines.bpmn.state import COLUMNS, Change, State, Token, Wait, from_rows, row_of, to_rows
from zhengtong.engines.bpmn.stepping import Outcome, start, step
from zhengtong.engines.bpmn.verifying import verify

__all__ = [
    "COLUMNS",
    "ActionDone",
    "ActionFailed",
    "AwaitMessage",
    "BpmnError",
    "CallAction",
    "Cancel",
    "CancelCall",
    "CancelMessage",
    "CancelTask",
    "CancelTimer",
    "Change",
    "Command",
    "CreateTask",
    "Decide",
    "Event",
    "Finding",
    "Flow",
    "Graph",
    "Kind",
    "MessageReceived",
    "Model",
    "ModelRefused",
    "Node",
    "Outcome",
    "ProcessEnded",
    "Retry",
    "Stalled",
    "StartTimer",
    "State",
    "TaskCompleted",
    "Timer",
    "TimerFired",
    "Token",
    "Wait",
    "check",
    "compile_process",
    "from_rows",
    "read",
    "row_of",
    "start",
    "step",
    "to_rows",
    "verify",
    "write",
]
