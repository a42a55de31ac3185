"""Sentences about the approval verbs."""

VERBS: dict[str, tuple[str, str]] = {
    "bpmn.task_held": (
        "任务 {element} 正等别人的意见(加签、委派或退回),等他们办完再办结。",
        "Task {element} awaits others who were asked; it can be completed when they have answered.",
    ),
    "bpmn.task_helper": (
        "任务 {element} 是受人之托办的,不能这样处理。请由原办理人处理。",
        "The task at {element} is done for somebody else, who alone can do this.",
    ),
    "bpmn.asked_too_deep": (
        "任务 {element} 受托已有 {limit} 层,不能再加签或委派。",
        "At {element} people asked one another {limit} deep already; nobody further can be asked.",
    ),
    "bpmn.signers_place": (
        "加签位置“{place}”不对,应为 before(前加签)或 after(后加签)。",
        "Signers are added before or after, not “{place}”.",
    ),
    "bpmn.signers_unknown": (
        "在 {element} 请写明由谁办理:一至 {limit} 人,不重复。",
        "At {element} name who is asked: one to {limit} different people.",
    ),
    "bpmn.direct_unsupported": (
        "退回“{element}”后不能直达:它不是同一流程中的单项人工任务。请用一般退回。",
        "Work cannot come straight back from “{element}”, which is not a single task of people in the same process. "
        "Send it back the plain way.",
    ),
    "bpmn.back_not_done": (
        "退不回“{element}”:这里没有办结过的活动。",
        "There is nothing to send back to at “{element}”: no activity was completed there.",
    ),
    "bpmn.back_not_before": (
        "退不回“{element}”:这项任务不是由它办结之后产生的。",
        "This task did not come of “{element}”, so it cannot be sent back there.",
    ),
    "bpmn.back_closed": (
        "退不回那里:所在的“{element}”已被中断或取消。",
        "It cannot be sent back there: “{element}” around it was cut short.",
    ),
    "bpmn.back_several": (
        "退不回那里:它是“{element}”多次办理中的一次。请退回整个“{element}”。",
        "It cannot be sent back there, into one of several times of “{element}”. Send back to “{element}” as a whole.",
    ),
    "bpmn.back_cut_off": (
        "退不回那里:“{element}”中另有工作已被中断,退回会丢失它。请退回“{element}”之前。",
        "It cannot be sent back there: other work in “{element}” was cut off and would be lost. Send back further.",
    ),
    "bpmn.suspended": ("流程已挂起,恢复后才能继续。", "The process is suspended. Resume it first."),
    "bpmn.not_suspended": ("流程没有挂起。", "The process is not suspended."),
}
