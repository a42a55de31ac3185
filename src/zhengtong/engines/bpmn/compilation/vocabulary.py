"""Which elements, attributes and extensions the engine executes: the support table that compiling obeys."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
ZT = "https://zhengtong.example/ns/bpmn/1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

# Extensions that only concern how a model is drawn or edited; they are kept and reported, and block nothing.
PRESENTATION = frozenset(
    {
        "http://www.signavio.com",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.trisotech.com/2015/triso/modeling",
        "http://www.trisotech.com/2014/triso/bpmn",
        "http://www.boc-group.com",
        "http://www.w4.eu/spec/BPMN/20110701/MODEL",
        "http://www.w4.eu/spec/BPMN/20110930/GRAPH",
    }
)

# What other engines note of a version: its name, how long its history is kept. Nothing happens otherwise for it.
REMARKS = frozenset(
    {
        "{http://camunda.org/schema/1.0/bpmn}versionTag",
        "{http://camunda.org/schema/1.0/bpmn}historyTimeToLive",
        "{http://camunda.org/schema/zeebe/1.0}versionTag",
    }
)

Values = frozenset[str] | None
"""The values an attribute may have; None is any."""

_TRUE: Values = frozenset({"true", "1"})
_FALSE: Values = frozenset({"false", "0"})
_EITHER: Values = frozenset({"true", "1", "false", "0"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What one element may carry: BPMN attributes with their values, children, and attributes of our own."""

    attributes: Mapping[str, Values]
    children: frozenset[str]
    own: frozenset[str] = field(default_factory=frozenset)


_BASE = frozenset({"documentation", "extensionElements", "categoryValueRef"})
_ENDS = _BASE | {"incoming", "outgoing"}
_IN = frozenset({"dataInput", "inputSet", "dataInputAssociation"})
_OUT = frozenset({"dataOutput", "outputSet", "dataOutputAssociation"})
_CATCH, _THROW = _ENDS | _OUT | {"property"}, _ENDS | _IN | {"property"}
_DONE = _ENDS | {
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "ioSpecification",
    "dataInputAssociation",
    "dataOutputAssociation",
    "property",
}
ITEMS = ("dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "property")
"""Elements that can hold data, and so be the end of a data association."""
_ARTIFACTS = frozenset({"association", "textAnnotation", "group"})
_INFORMATIVE_CHILDREN = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "property"})
_CAUGHT = frozenset(
    {"messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "conditionalEventDefinition"}
)
_REACHED = frozenset({"errorEventDefinition", "escalationEventDefinition"})
_THROWN = frozenset({"messageEventDefinition", "signalEventDefinition", "escalationEventDefinition"})
_UNDOING = frozenset({"compensateEventDefinition"})
_ENDING = frozenset({"errorEventDefinition", "terminateEventDefinition", "cancelEventDefinition"})
_LINK = frozenset({"linkEventDefinition"})
FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "exclusiveGateway",
        "inclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "subProcess",
        "adHocSubProcess",
        "transaction",
        "callActivity",
    }
)
LEVELS = frozenset({"subProcess", "adHocSubProcess", "transaction"})
AD_HOC, TRANSACTION = "adHocSubProcess", "transaction"
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
TASKS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
)
ACTIVITIES = LEVELS | TASKS | {"callActivity"}
_LEVEL = {"laneSet"} | FLOW_NODES | _ARTIFACTS | _INFORMATIVE_CHILDREN | {"sequenceFlow"}

_NAMED: dict[str, Values] = {"id": None, "name": None}
_ACTIVITY: dict[str, Values] = {
    **_NAMED,
    "default": None,
    "isForCompensation": _EITHER,
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
}
_IMPLEMENTED: dict[str, Values] = {**_ACTIVITY, "implementation": frozenset({"##unspecified", "##WebService"})}
_GATEWAY: dict[str, Values] = {**_NAMED, "gatewayDirection": None}
_LABELS = frozenset({"name-en", "stage"})

_TIMES = frozenset({"timeDuration", "timeDate", "timeCycle"})
_INSTANCES = frozenset(
    {
        "loopCardinality",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
        "outputDataItem",
        "completionCondition",
    }
)
_ASSOCIATION = Rule({"id": None}, _BASE | {"sourceRef", "targetRef", "transformation", "assignment"})
_REFERENCES = frozenset(
    {
        "categoryValueRef",
        "flowNodeRef",
        "sourceRef",
        "targetRef",
        "dataInputRefs",
        "optionalInputRefs",
        "outputSetRefs",
        "dataOutputRefs",
        "optionalOutputRefs",
        "inputSetRefs",
    }
)
_ITEM = Rule({**_NAMED, "itemSubjectRef": None, "isCollection": None}, _BASE)
_EXPRESSION = Rule({"id": None, "language": None, "evaluatesToTypeRef": None}, frozenset({"documentation"}))

ONCE = frozenset(
    {
        "ioSpecification",
        "childLaneSet",
        "condition",
        "conditionExpression",
        "loopCondition",
        "transformation",
        "from",
        "to",
        "targetRef",
    }
    | _INSTANCES
)
"""What an element holds once, if at all."""

_DECLARED: dict[str, Values] = {**_NAMED, "structureRef": None}

RULES: Mapping[str, Rule] = {
    "message": Rule({**_NAMED, "itemRef": None}, _BASE),
    "signal": Rule(_DECLARED, _BASE),
    "error": Rule({**_DECLARED, "errorCode": None}, _BASE),
    "escalation": Rule({**_DECLARED, "escalationCode": None}, _BASE),
    "process": Rule(
        {
            **_NAMED,
            "isExecutable": _TRUE,
            "processType": None,
            "isClosed": _FALSE,
            "definitionalCollaborationRef": None,
        },
        _BASE | _LEVEL | {"ioSpecification"},
        frozenset({"name-en", "agency"}),
    ),
    "subProcess": Rule({**_ACTIVITY, "triggeredByEvent": _EITHER}, _DONE | _LEVEL, _LABELS),
    "transaction": Rule(
        {**_ACTIVITY, "triggeredByEvent": _FALSE, "method": frozenset({"##Compensate"})}, _DONE | _LEVEL, _LABELS
    ),
    "adHocSubProcess": Rule(
        {
            **_ACTIVITY,
            "triggeredByEvent": _FALSE,
            "ordering": frozenset({"Parallel", "Sequential"}),
            "cancelRemainingInstances": _EITHER,
        },
        _DONE | _LEVEL | {"completionCondition"},
        _LABELS | {"role"},
    ),
    "callActivity": Rule({**_ACTIVITY, "calledElement": None}, _DONE, _LABELS),
    "laneSet": Rule(_NAMED, _BASE | {"lane"}),
    "childLaneSet": Rule(_NAMED, _BASE | {"lane"}),
    "lane": Rule(_NAMED, _BASE | {"flowNodeRef", "childLaneSet"}, frozenset({"role", "name-en"})),
    "startEvent": Rule(
        {**_NAMED, "isInterrupting": _EITHER, "parallelMultiple": _FALSE},
        _CATCH | _CAUGHT | _REACHED | _UNDOING,
        _LABELS,
    ),
    "endEvent": Rule(_NAMED, _THROW | _THROWN | _UNDOING | _ENDING, _LABELS),
    "intermediateCatchEvent": Rule({**_NAMED, "parallelMultiple": _FALSE}, _CATCH | _CAUGHT | _LINK, _LABELS),
    "intermediateThrowEvent": Rule(_NAMED, _THROW | _THROWN | _UNDOING | _LINK, _LABELS),
    "boundaryEvent": Rule(
        {**_NAMED, "parallelMultiple": _FALSE, "attachedToRef": None, "cancelActivity": _EITHER},
        _CATCH | _CAUGHT | _REACHED | _UNDOING | {"cancelEventDefinition"},
        _LABELS,
    ),
    "messageEventDefinition": Rule({"id": None, "messageRef": None}, _BASE),
    "signalEventDefinition": Rule({"id": None, "signalRef": None}, _BASE),
    "errorEventDefinition": Rule({"id": None, "errorRef": None}, _BASE),
    "escalationEventDefinition": Rule({"id": None, "escalationRef": None}, _BASE),
    "compensateEventDefinition": Rule({"id": None, "activityRef": None, "waitForCompletion": _TRUE}, _BASE),
    "cancelEventDefinition": Rule({"id": None}, _BASE),
    "conditionalEventDefinition": Rule({"id": None}, _BASE | {"condition"}),
    "condition": _EXPRESSION,
    "linkEventDefinition": Rule(_NAMED, _BASE | {"source", "target"}),
    "timerEventDefinition": Rule({"id": None}, _BASE | _TIMES, frozenset({"clock"})),
    **dict.fromkeys(_TIMES, _EXPRESSION),
    "terminateEventDefinition": Rule({"id": None}, _BASE),
    "userTask": Rule(_IMPLEMENTED, _DONE, _LABELS | {"role", "outcomes", "form", "sign", "agree"}),
    "task": Rule(_ACTIVITY, _DONE, _LABELS | {"role", "outcomes", "form"}),
    "manualTask": Rule(_ACTIVITY, _DONE, _LABELS | {"role", "outcomes", "form"}),
    "serviceTask": Rule(_IMPLEMENTED, _DONE, _LABELS | {"action"}),
    "scriptTask": Rule({**_ACTIVITY, "scriptFormat": None}, _DONE | {"script"}, _LABELS | {"result"}),
    "script": Rule({}, frozenset()),
    "businessRuleTask": Rule(_IMPLEMENTED, _DONE, _LABELS | {"decision"}),
    "sendTask": Rule({**_IMPLEMENTED, "messageRef": None}, _DONE, _LABELS | {"action"}),
    "receiveTask": Rule({**_IMPLEMENTED, "messageRef": None, "instantiate": _EITHER}, _DONE, _LABELS),
    "exclusiveGateway": Rule({**_GATEWAY, "default": None}, _ENDS, _LABELS),
    "inclusiveGateway": Rule({**_GATEWAY, "default": None}, _ENDS, _LABELS),
    "parallelGateway": Rule(_GATEWAY, _ENDS, _LABELS),
    "eventBasedGateway": Rule(
        {**_GATEWAY, "instantiate": _EITHER, "eventGatewayType": frozenset({"Exclusive", "Parallel"})}, _ENDS, _LABELS
    ),
    "ioSpecification": Rule({"id": None}, _BASE | {"dataInput", "dataOutput", "inputSet", "outputSet"}),
    **dict.fromkeys(("dataInput", "dataOutput"), _ITEM),
    "inputSet": Rule(_NAMED, _BASE | {"dataInputRefs", "optionalInputRefs", "outputSetRefs"}),
    "outputSet": Rule(_NAMED, _BASE | {"dataOutputRefs", "optionalOutputRefs", "inputSetRefs"}),
    **dict.fromkeys(("dataInputAssociation", "dataOutputAssociation"), _ASSOCIATION),
    "transformation": _EXPRESSION,
    "assignment": Rule({"id": None}, _BASE | {"from", "to"}),
    **dict.fromkeys(("from", "to"), _EXPRESSION),
    "standardLoopCharacteristics": Rule(
        {"id": None, "testBefore": _EITHER, "loopMaximum": None}, _BASE | {"loopCondition"}
    ),
    "multiInstanceLoopCharacteristics": Rule(
        {"id": None, "isSequential": _EITHER, "behavior": frozenset({"All"})}, _BASE | _INSTANCES
    ),
    **dict.fromkeys(("loopCondition", "loopCardinality", "completionCondition"), _EXPRESSION),
    **dict.fromkeys(("loopDataInputRef", "loopDataOutputRef"), Rule({}, frozenset())),
    **dict.fromkeys(("inputDataItem", "outputDataItem"), _ITEM),
    "sequenceFlow": Rule(
        {**_NAMED, "sourceRef": None, "targetRef": None, "isImmediate": _TRUE},
        _BASE | {"conditionExpression"},
        frozenset({"name-en"}),
    ),
    "conditionExpression": _EXPRESSION,
}

OWN = frozenset().union(*(rule.own for rule in RULES.values()))
"""Every attribute of our own."""

# Elements that say something to a reader and nothing to an engine: kept whole, their inside not looked at.
SILENT = frozenset({"documentation", "incoming", "outgoing", "source", "target"}) | _ARTIFACTS | _REFERENCES
INFORMATIVE = _INFORMATIVE_CHILDREN

NAMING: Mapping[str, tuple[str, ...]] = {
    "message": ("messageEventDefinition", "sendTask", "receiveTask"),
    "signal": ("signalEventDefinition",),
    "error": ("errorEventDefinition",),
    "escalation": ("escalationEventDefinition",),
}
"""What a document declares beside its processes and means something to them, and what refers to it."""

# What may stand in a document beside processes, and says nothing to an engine but what is looked up there.
BESIDE = frozenset(
    {
        *("category", "choreography", "collaboration", "conversation", "correlationProperty", "dataStore"),
        *(
            "documentation",
            "endPoint",
            "error",
            "escalation",
            "extension",
            "extensionElements",
            "globalChoreographyTask",
        ),
        *("globalBusinessRuleTask", "globalConversation", "globalManualTask", "globalScriptTask", "globalTask"),
        *("globalUserTask", "import", "interface", "itemDefinition", "message", "partnerEntity", "partnerRole"),
        *("process", "relationship", "resource", "signal"),
    }
    | {f"{kind}EventDefinition" for kind in ("cancel", "compensate", "conditional", "error", "escalation", "link")}
    | {f"{kind}EventDefinition" for kind in ("message", "signal", "terminate", "timer")}
)
