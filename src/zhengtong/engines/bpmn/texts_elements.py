"""Sentences about ad-hoc sub-processes."""

ADHOC: dict[str, tuple[str, str]] = {
    "bpmn.adhoc_event": (
        "{element} 在即席子流程中,那里不能有开始和结束事件。请删除。",
        "{element} stands in an ad-hoc sub-process, which has neither start nor end events. Remove it.",
    ),
    "bpmn.adhoc_empty": (
        "即席子流程 {element} 中没有可以开始的活动。请加一个没有流入顺序流的活动。",
        "Ad-hoc sub-process {element} has no activity that could be started. Add one without incoming flow.",
    ),
    "bpmn.adhoc_conditions": (
        "即席子流程 {element} 有不止一个完成条件。请只留一个。",
        "Ad-hoc sub-process {element} has several completion conditions. Keep one.",
    ),
    "bpmn.adhoc_not_open": (
        "{token} 不是进行中的即席子流程。",
        "{token} is no ad-hoc sub-process that runs.",
    ),
    "bpmn.not_on_offer": (
        "现在不能开始“{element}”。可以开始的有:{offered}。",
        "“{element}” cannot be started now. There are: {offered}.",
    ),
    "bpmn.adhoc_condition": (
        "即席子流程 {element} 在完成条件成立时结束,不能手工结束。",
        "Ad-hoc sub-process {element} ends when its completion condition is true, not by hand.",
    ),
}
