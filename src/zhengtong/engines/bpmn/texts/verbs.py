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
    "bpmn.redirect_token": (
        "流程不能从这里({token})改道:它已不在,或只是另一项活动的一部分。",
        "Nothing can go on elsewhere from token {token}: it is gone, or part of another activity.",
    ),
    "bpmn.redirect_target": (
        "流程不能改到“{element}”继续:同一层里没有它,或它不能单独进入。",
        "Nothing can go on at “{element}”: it is not in the same level, or cannot be entered alone.",
    ),
    "bpmn.redirect_unsound": (
        "流程不能改到“{element}”继续:那样会丢失或重复工作,或者流程不能结束。",
        "Nothing can go on at “{element}”: work would be lost or done twice, or the process could not end.",
    ),
    "bpmn.redirect_undecided": (
        "流程能否改到“{element}”继续,看了 {states} 种状态仍不能断定,所以不改。",
        "Whether it can go on at “{element}” could not be told from {states} states, so it does not.",
    ),
    "bpmn.suspended": ("流程已挂起,恢复后才能继续。", "The process is suspended. Resume it first."),
    "bpmn.not_suspended": ("流程没有挂起。", "The process is not suspended."),
    "bpmn.not_several": (
        "{element} 不是正在由多人办理的活动,不能在其中增减。",
        "{element} is not one of several that are being done, so none can be added or taken away.",
    ),
    "bpmn.signer_last": (
        "{element} 只剩这一人,没有他就办不成。请改派或退回。",
        "At {element} this is the last one, without whom it cannot end. Reassign it or send it back.",
    ),
    "bpmn.sign_nobody": (
        "会签 {element} 没有会签人。请先确定由谁会签。",
        "Nobody is to sign at {element}. Settle who signs first.",
    ),
    "bpmn.sign_alone": (
        "{element} 写了 zt:sign 或 zt:agree,但不是会签。请加上多实例,并写 zt:sign。",
        "{element} has zt:sign or zt:agree, but several do not sign there. Make it multi-instance, and give zt:sign.",
    ),
    "bpmn.sign_unreadable": (
        "{element} 的 zt:sign“{value}”读不懂。应为 all、any、2/3 或 60%。",
        "The zt:sign “{value}” of {element} is none of all, any, 2/3 or 60%.",
    ),
    "bpmn.sign_outcome": (
        "{element} 的会签没有可选结果,或“{outcome}”不在 zt:outcomes 中。",
        "Those who sign at {element} have no outcomes, or “{outcome}” is not one of zt:outcomes.",
    ),
    "bpmn.sign_twice": (
        "{element} 既有 zt:sign 又有 completionCondition。请只留一个。",
        "{element} has both zt:sign and a completionCondition. Keep one.",
    ),
    "bpmn.withdraw_not_done": (
        "任务 {token} 不能撤回:它不是办结的任务,或办结已不算数。",
        "Task {token} cannot be withdrawn: it was not completed, or its completion counts no more.",
    ),
    "bpmn.withdraw_late": (
        "“{element}”不能撤回了:后面已经有人办理。",
        "It is too late to withdraw “{element}”: something was done after it.",
    ),
    "bpmn.withdraw_several": (
        "“{element}”不能撤回:它是循环办理中的一次。",
        "“{element}” cannot be withdrawn: it is a loop, and went on.",
    ),
}
