"""Sentences about ad-hoc sub-processes and compensation."""

ADHOC: dict[str, tuple[str, str]] = {
    "bpmn.adhoc_event": (
        "{element} 在即席子流程中,那里不能有开始和结束事件。请删除。",
        "{element} stands in an ad-hoc sub-process, which has neither start nor end events. Remove it.",
    ),
    "bpmn.adhoc_empty": (
        "即席子流程 {element} 中没有可以开始的活动。请加一个没有流入顺序流的活动。",
        "Ad-hoc sub-process {element} has no activity that could be started. Add one without incoming flow.",
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

COMPENSATION: dict[str, tuple[str, str]] = {
    "bpmn.compensation_handler": (
        "补偿事件 {element} 应以关联连到同一层内的一个补偿活动(isForCompensation)。",
        "Compensation event {element} needs one association, to a compensation activity (isForCompensation) of its "
        "level.",
    ),
    "bpmn.compensation_twice": (
        "{activity} 有不止一种补偿办法,如 {element}。请只留一种。",
        "{activity} is compensated in more than one way, as by {element}. Keep one.",
    ),
    "bpmn.compensation_unused": (
        "补偿活动 {element} 没有补偿事件关联到它,永远不会开始。请关联或删除。",
        "No compensation event is associated with compensation activity {element}; it would never start. Associate or "
        "remove it.",
    ),
    "bpmn.compensation_start": (
        "由补偿触发的开始事件 {element} 只能用于子流程内的事件子流程,且不能设为不中断。",
        "Start event {element} is triggered by compensation, which only an event sub-process within a sub-process can "
        "be, and never beside it.",
    ),
    "bpmn.compensation_target": (
        "{element} 要补偿的“{activity}”不在同一层内,或没有补偿办法。",
        "“{activity}”, which {element} is to compensate, does not stand in its level or cannot be compensated.",
    ),
    "bpmn.cancel_misplaced": (
        "取消事件 {element} 只能用于事务子流程:结束事件在其中,边界事件在其上。",
        "Cancel event {element} belongs to a transaction: as an end event inside or at its boundary.",
    ),
    "bpmn.cancel_uncaught": (
        "事务 {element} 可以取消,却没有取消边界事件说明然后怎么办。请加一个。",
        "Transaction {element} can be cancelled and has no cancel event at its boundary to go on from. Add one.",
    ),
}
