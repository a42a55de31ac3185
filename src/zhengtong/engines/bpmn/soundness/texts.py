"""Sentences of the check of soundness, by code and language."""

from collections.abc import Mapping

_TEXTS: dict[str, tuple[str, str]] = {
    "soundness.deadlock": (
        "流程会停在 {elements}：它等待的 {missing} 永远不会到来。请让汇聚与前面的分支相配。",
        "The process gets stuck at {elements}: it waits for {missing} for ever. Let the join match the split.",
    ),
    "soundness.dead_end": (
        "{elements} 之后无路可走：没有顺序流离开，它也不是结束事件。请接到下一步或结束事件。",
        "{elements} is a dead end: no sequence flow leaves it and it is not an end event. Lead it on or to an end.",
    ),
    "soundness.endless": (
        "走到 {elements} 之后只能来回循环，再也到不了结束。请画出走出循环的路。",
        "From {elements} the process can only go round and never reach an end. Draw a way out of the loop.",
    ),
    "soundness.unreachable": (
        "{elements} 永远不会执行：没有一条走得通的路通向它，或者每次刚要开始，"
        "另一条分支就在同一步里结束了一切。请连接、删除，或让那条分支先等一等。",
        "{elements} can never be carried out: no way leads there, or each time another branch ends everything in the "
        "step in which it would begin. Connect or remove it, or let that branch wait first.",
    ),
    "soundness.lack_of_synchronisation": (
        "并行的分支在 {elements} 没有汇合，其后的步骤会重复执行。请改用并行或包容网关汇聚。",
        "Parallel branches meet at {elements} without being joined, so what follows is done more than once. "
        "Join them by a parallel or inclusive gateway.",
    ),
    "soundness.unbounded_growth": (
        "每走一圈，{elements} 处就多积下一份，没有止境。请把分支移出循环，或先汇聚再回头。",
        "Each round leaves one more token at {elements}, without bound. Split outside the loop, or join before going "
        "back.",
    ),
    "soundness.missing_default": (
        "当{values}时，{elements} 没有一条顺序流的条件成立，也没有默认流。请补上默认流。",
        "With {values} no condition at {elements} is true and there is no default flow. Add one.",
    ),
    "soundness.default_unproven": (
        "无法断定 {elements} 的条件总有一个成立。请设一条默认流。",
        "It cannot be told whether some condition at {elements} always holds. Give it a default flow.",
    ),
    "soundness.too_many_states": (
        "从 {elements} 开始的部分看了 {limit} 种状态仍未看完，不能断定。请拆成子流程。",
        "The part that begins at {elements} was not finished after {limit} states; nothing is decided. Split it "
        "into sub-processes.",
    ),
    "soundness.too_many_ways": (
        "{elements} 的分支组合太多，不能断定。请减少一次可选的分支。",
        "{elements} has too many combinations of branches to decide. Offer fewer at once.",
    ),
    "soundness.called_unsound": (
        "{elements} 调用的流程“{process}”自身会停住、转不出来或重复执行。请先改好被调用的流程。",
        "The process “{process}” that {elements} calls can itself get stuck, go round for ever or do steps twice. Mend "
        "that process first.",
    ),
    "soundness.called_undecided": (
        "{elements} 调用的流程“{process}”自身不能断定，因此这里也不能断定。",
        "Nothing could be decided about the process “{process}” that {elements} calls, so nothing is decided here.",
    ),
    "soundness.calls_itself": (
        "{elements} 又调用了正在运行的流程，层数不能预知，不能断定。",
        "{elements} calls a process that is already under way; how deep that goes is not known, so nothing is decided.",
    ),
    "soundness.calls_too_deep": (
        "{elements} 处一层层调用的流程超过 {limit} 层，运行时会被拒绝，不能断定。",
        "At {elements} processes call one another more than {limit} deep, which is refused when they run; nothing is "
        "decided.",
    ),
    "soundness.times_unknown": (
        "{elements} 会发生几次不能预知，它与后面的汇聚是否相配不能断定。请让它后面的路自行结束。",
        "How often {elements} happens is not known, so whether what follows it meets the rest rightly is not decided. "
        "Let its path end by itself.",
    ),
    "soundness.kind_unknown": (
        "{elements} 的种类（{kind}）还不能检查，不能断定。",
        "Elements like {elements} ({kind}) cannot be checked yet; nothing is decided.",
    ),
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english} for code, (chinese, english) in _TEXTS.items()
}
