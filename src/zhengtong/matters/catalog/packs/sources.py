"""Reading YAML with places: plain data, and for every value the line it stands on."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from zhengtong.matters.catalog.packs.findings import Finding, PackError

DEEPEST = 16
# libyaml reads a pack ten times as fast as the same reader in Python, which PyYAML has where it was built without it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Source:
    """Plain data of one file and the line of each value, by JSON pointer."""

    name: str
    data: Any
    lines: dict[str, int] = field(default_factory=dict)

    def at(self, pointer: str) -> str:
        """`service.yaml:12`: the line of the value, or of its nearest parent that has one."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return f"{self.name}:{self.lines.get(pointer, 1)}"


def read_yaml(name: str, raw: bytes) -> Source:
    """The data of a YAML file: strings, numbers, booleans, dates as text, lists and maps; nothing else.

    Raises PackError with the line for broken YAML, anchors, keys given twice and nesting past 16 levels.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PackError([Finding("packs.not_utf8", f"{name}:1")]) from None
    try:
        _check_events(name, text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        line = _line(fault.problem_mark)
        raise PackError([Finding("packs.yaml", f"{name}:{line}", {"problem": fault.problem or ""})]) from None
    except yaml.YAMLError as fault:
        raise PackError([Finding("packs.yaml", f"{name}:1", {"problem": str(fault)[:200]})]) from None
    lines: dict[str, int] = {}
    return Source(name, _plain(name, root, "", lines, 0), lines)


def _check_events(name: str, text: str) -> None:
    """Refuse anchors, and lists and maps nested too deep, before anything walks down them."""
    opened = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PackError([Finding("packs.yaml_alias", f"{name}:{_line(event.start_mark)}")])
        if isinstance(event, yaml.CollectionStartEvent):
            if opened > DEEPEST:
                raise _too_deep(name, _line(event.start_mark))
            opened += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            opened -= 1


def _too_deep(name: str, line: int) -> PackError:
    return PackError([Finding("packs.yaml_depth", f"{name}:{line}", {"limit": DEEPEST})])


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _plain(name: str, node: Any, pointer: str, lines: dict[str, int], depth: int) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    lines[pointer] = line
    if depth > DEEPEST:
        raise _too_deep(name, line)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(name, node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(name, item, f"{pointer}/{index}", lines, depth + 1) for index, item in enumerate(node.value)]
    return _mapping(name, node, pointer, lines, depth)


def _mapping(name: str, node: Any, pointer: str, lines: dict[str, int], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in made:
            raise PackError([Finding("packs.yaml_duplicate", f"{name}:{line}", {"key": key[:60]})])
        made[key] = _plain(name, value_node, f"{pointer}/{key}", lines, depth + 1)
        lines[f"{pointer}/{key}"] = line
    return made


def _scalar(name: str, node: Any) -> Any:
    """A scalar as text, number or boolean; a date stays the text it is."""
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value
    if node.tag not in {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null")}:
        line = node.start_mark.line + 1
        raise PackError([Finding("packs.yaml", f"{name}:{line}", {"problem": f"tag {node.tag[:60]}"})])
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except ValueError as fault:
        line = node.start_mark.line + 1
        raise PackError([Finding("packs.yaml", f"{name}:{line}", {"problem": str(fault)[:100]})]) from None
