"""What is said of a migration, by code and language: why something cannot move, and what changes where it can."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.errors import DEFAULT_LOCALE, say

_OBSTACLES: dict[str, tuple[str, str]] = {
    "migration.element_gone": (
        "{element} 在新版本中没有。请指明它对应新版本的哪一个环节。",
        "{element} is not in the new version. Say which element there stands for it.",
    ),
    "migration.scope_gone": (
        "{element} 所在的子流程不能迁移。",
        "What {element} runs in cannot move.",
    ),
    "migration.kind_differs": (
        "{element} 原是 {old}，在新版本中 {target} 是 {new}，办法不同。",
        "{element} is {old}; {target} in the new version is {new}, which is done otherwise.",
    ),
    "migration.wait_differs": (
        "{element} 等的是 {old}，新版本中 {target} 等的是 {new}。",
        "{element} waits for {old}; {target} in the new version waits for {new}.",
    ),
    "migration.nesting_differs": (
        "{element} 原在 {old} 中，新版本中 {target} 在 {new} 中。",
        "{element} stands in {old}; {target} in the new version stands in {new}.",
    ),
    "migration.repetition_differs": (
        "{element} 办几次的方式与新版本中的 {target} 不同。",
        "{element} is repeated otherwise than {target} in the new version.",
    ),
    "migration.outcomes_gone": (
        "{element} 未办的任务可选 {old}，新版本中一个也没有了。",
        "The open task {element} offers {old}, none of which exists in the new version.",
    ),
    "migration.join_flow_gone": (
        "有一支经 {flow} 到了汇聚 {element}，新版本中没有这条进入 {target} 的顺序流。",
        "A branch has come to join {element} by {flow}; no such flow enters {target} in the new version.",
    ),
    "migration.called_differs": (
        "{element} 调用 {old}，新版本中 {target} 调用 {new}，或者数据传递方式不同。",
        "{element} calls {old}; {target} in the new version calls {new}, or hands data over otherwise.",
    ),
    "migration.unfit": (
        "迁移后的位置在新版本中不成立：{reason}。",
        "Where it would stand is no state of the new version: {reason}.",
    ),
    "migration.cannot_end": (
        "迁移后会停在 {stuck}，再也到不了结束。",
        "After the move it may get stuck at {stuck} and never end.",
    ),
    "migration.undecided": (
        "看了 {states} 种后续状态，仍不能断定迁移后都能办结。",
        "{states} states that may follow were looked at; it is undecided whether it can always end.",
    ),
}

_CHANGES: dict[str, tuple[str, str]] = {
    "migration.role_changed": (
        "{element} 的任务改由 {new} 办理（原为 {old}）。",
        "The task {element} is done by {new} from now on (before by {old}).",
    ),
    "migration.outcomes_fewer": (
        "{element} 未办的任务不再能选 {gone}。",
        "The open task {element} no longer offers {gone}.",
    ),
    "migration.timer_kept": (
        "{element} 的时间规定有变，已开始的计时仍按原定时刻。",
        "The time of {element} is another now; the timer that runs keeps the instant it had.",
    ),
    "migration.awaits_other": (
        "{element} 今后等的是 {new}（原为 {old}）。",
        "{element} waits for {new} from now on (before for {old}).",
    ),
    "migration.event_started": (
        "新版本的 {element} 开始等待。",
        "{element}, which is new, begins to wait.",
    ),
    "migration.event_cancelled": (
        "新版本中没有 {element}，不再等待。",
        "{element} is not there in the new version and is awaited no longer.",
    ),
}

_REFUSALS: dict[str, tuple[str, str]] = {
    "migration.mapping_unknown": (
        "对应关系 {source} → {target} 中的 {name} 不存在。",
        "There is no {name}, which the mapping {source} → {target} names.",
    ),
    "migration.refused": (
        "不能迁移到新版本，共 {count} 处问题。第一处：{first_zh}",
        "It cannot move to the new version: {count} reasons. The first: {first_en}",
    ),
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english}
    for table in (_OBSTACLES, _CHANGES, _REFUSALS)
    for code, (chinese, english) in table.items()
}


class MigrationError(BpmnError):
    """A mapping that names nothing, or a move that its plan forbids."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know: a `blocking` one forbids the move, the others say what will be different."""

    code: str
    element: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def blocking(self) -> bool:
        """Whether nothing moves because of it."""
        return self.code in _OBSTACLES

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`)."""
        return say(TEXTS, self.code, locale, {"element": self.element, **self.params})

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "code": self.code,
            "element": self.element,
            "blocking": self.blocking,
            "message": {"zh-hans": self.text("zh-hans"), "en": self.text("en")},
        }
