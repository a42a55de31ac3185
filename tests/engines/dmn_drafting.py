"""Draft small DMN documents for tests: a line an element, a row a rule."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from zhengtong.engines import feel
from zhengtong.engines.dmn import Decisions, Result, compile_model, decide, read

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
Column = tuple[str, str] | tuple[str, str, str]
"""A name (or expression), a type, and the values it may have."""


def document(
    *elements: str, namespace: str = "urn:test", version: str = DMN, name: str = "test", more: str = ""
) -> bytes:
    """A whole document."""
    head = f'<definitions xmlns="{version}" name={quoteattr(name)} namespace={quoteattr(namespace)} {more}>'
    return f"{head}{''.join(elements)}</definitions>".encode()


def compiled(*elements: str, imports: Mapping[str, bytes] | None = None, **options: str) -> Decisions:
    """The decisions of a document."""
    return compile_model(read(document(*elements, **options)), imports)


def given(name: str, kind: str = "") -> str:
    """Input data."""
    return f"<inputData id={quoteattr('i_' + name)} name={quoteattr(name)}>{variable(name, kind)}</inputData>"


def variable(name: str, kind: str = "") -> str:
    """A variable with its type."""
    return f"<variable name={quoteattr(name)}{_type(kind)}/>"


def decision(
    name: str, logic: str = "", *, inputs: Sequence[str] = (), decisions: Sequence[str] = (), calls: Sequence[str] = (),
    kind: str = "", inside: str = "",
) -> str:  # fmt: skip
    """A decision; `inputs`, `decisions` and `calls` name what it requires."""
    needs = [f'<requiredInput href="#i_{each}"/>' for each in inputs]
    needs += [f'<requiredDecision href="#d_{each}"/>' for each in decisions]
    wants = [f'<requiredKnowledge href="#{each}"/>' for each in calls]
    required = "".join(f"<informationRequirement>{each}</informationRequirement>" for each in needs)
    required += "".join(f"<knowledgeRequirement>{each}</knowledgeRequirement>" for each in wants)
    names = f"id={quoteattr('d_' + name)} name={quoteattr(name)}"
    return f"<decision {names}>{inside}{variable(name, kind)}{required}{logic}</decision>"


def knowledge(
    name: str, parameters: Sequence[tuple[str, str]], body: str, kind: str = "", calls: Sequence[str] = ()
) -> str:
    """A business knowledge model, its id `k_name`."""
    formal = "".join(f"<formalParameter name={quoteattr(n)}{_type(k)}/>" for n, k in parameters)
    required = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{each}"/></knowledgeRequirement>' for each in calls
    )
    logic = f"<encapsulatedLogic{_type(kind)}>{formal}{body}</encapsulatedLogic>"
    names = f"id={quoteattr('k_' + name)} name={quoteattr(name)}"
    return f"<businessKnowledgeModel {names}>{variable(name)}{logic}{required}</businessKnowledgeModel>"


def item(name: str, inside: str, **attributes: str) -> str:
    """An item definition."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<itemDefinition name={quoteattr(name)}{written}>{inside}</itemDefinition>"


def literal(text: str, kind: str = "", **attributes: str) -> str:
    """A literal expression."""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<literalExpression{_type(kind)}{written}><text>{escape(text)}</text></literalExpression>"


def table(
    policy: str, inputs: Sequence[Column], outputs: Sequence[Column], *rows: Sequence[str], aggregation: str = "",
    defaults: Sequence[str] = (), annotations: Sequence[str] = (), kind: str = "",
) -> str:  # fmt: skip
    """A decision table; a row holds conditions, results, annotations."""
    parts = [f"<input>{_asked(each)}</input>" for each in inputs]
    parts += [_output(each, defaults[place] if defaults else "") for place, each in enumerate(outputs)]
    parts += [f"<annotation name={quoteattr(each)}/>" for each in annotations]
    parts += [_rule(row, len(inputs), len(outputs)) for row in rows]
    summed = f" aggregation={quoteattr(aggregation)}" if aggregation else ""
    return f"<decisionTable hitPolicy={quoteattr(policy)}{summed}{_type(kind)}>{''.join(parts)}</decisionTable>"


def one(*elements: str, facts: Mapping[str, Any] | None = None, name: str = "d", **options: Any) -> Result:
    """The answer of decision `d`."""
    return decide(compiled(*elements), facts or {}, decision=name, **options)


def ask_table(written: str, facts: Mapping[str, Any], kinds: Mapping[str, str], **options: Any) -> Result:
    """The answer of a table over these facts."""
    inputs = [given(name, kind) for name, kind in kinds.items()]
    return one(*inputs, decision("d", written, inputs=list(kinds)), facts=facts, **options)


def value(*elements: str, facts: Mapping[str, Any] | None = None) -> object:
    """What decision `d` answers, as Python's values."""
    return feel.from_feel(one(*elements, facts=facts).value)


def boxed(logic: str, **facts: Any) -> object:
    """What a boxed expression gives from untyped facts."""
    inputs = [given(name) for name in facts]
    return value(*inputs, decision("d", logic, inputs=list(facts)), facts=facts)


def codes(result: Result) -> set[str]:
    """The codes of its diagnostics."""
    return {each.code for each in result.diagnostics}


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""


def _asked(column: Column) -> str:
    name, kind, *values = column
    allowed = f"<inputValues><text>{escape(values[0])}</text></inputValues>" if values else ""
    return f"<inputExpression{_type(kind)}><text>{escape(name)}</text></inputExpression>{allowed}"


def _output(column: Column, default: str) -> str:
    name, kind, *values = column
    named = f" name={quoteattr(name)}" if name else ""
    listed = f"<outputValues><text>{escape(values[0])}</text></outputValues>" if values else ""
    entry = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f"<output{named}{_type(kind)}>{listed}{entry}</output>"


def _rule(row: Sequence[str], inputs: int, outputs: int) -> str:
    tests = "".join(f"<inputEntry><text>{escape(each)}</text></inputEntry>" for each in row[:inputs])
    results = "".join(
        f"<outputEntry><text>{escape(each)}</text></outputEntry>" for each in row[inputs : inputs + outputs]
    )
    notes = "".join(
        f"<annotationEntry><text>{escape(each)}</text></annotationEntry>" for each in row[inputs + outputs :]
    )
    return f"<rule>{tests}{results}{notes}</rule>"
