"""Sentences about processes that are written as a list of steps."""

LISTING: dict[str, tuple[str, str]] = {
    "bpmn.list_empty": ("请至少写一个步骤。", "Write one step at least."),
    "bpmn.list_many": ("步骤最多 {limit} 个。", "A list has at most {limit} steps."),
    "bpmn.list_id": ("步骤标识“{id}”不能用,或用了两次。", "The id “{id}” of a step cannot be used, or is used twice."),
    "bpmn.list_name": ("请写步骤名称。", "Name the step."),
    "bpmn.list_text": (
        "“{name}”里有不能写入文件的字符,或超过 {limit} 字。",
        "“{name}” has characters that no file can hold, or is longer than {limit}.",
    ),
    "bpmn.list_verb": ("不认识的办理方式“{verb}”。", "Unknown verb “{verb}”."),
    "bpmn.list_role": ("请选择“{name}”由谁办。", "Say who does “{name}”."),
    "bpmn.list_action": ("请选择“{name}”的系统动作。", "Choose the action of “{name}”."),
    "bpmn.list_notice": ("请选择“{name}”通知谁。", "Choose whom “{name}” lets know."),
    "bpmn.list_condition": ("“{name}”的条件读不懂:{reason}", "The condition of “{name}” cannot be read: {reason}"),
    "bpmn.list_sign": (
        "“{name}”的会签规则应为 all、any、2/3 或 60%,人数 2 至 50。",
        "“{name}” is signed by all, any, 2/3 or 60%, by 2 to 50 people.",
    ),
    "bpmn.list_back": (
        "“{name}”只能退回到它前面的步骤。",
        "“{name}” can be sent back to a step before it only.",
    ),
    "bpmn.list_disagree": (
        "“{name}”不能规定不同意时怎么办:只有审核和会签才有,而且只能选一种。",
        "“{name}” cannot say what follows disagreement: only reviewing and countersigning can, one way or the other.",
    ),
    "bpmn.list_copy": (
        "“{name}”不能越过抄送退回,否则抄送会重复。",
        "“{name}” cannot be sent back across a copy: people would get it again and again.",
    ),
    "bpmn.list_other": (
        "{element} 不能显示为步骤列表。请用图打开。",
        "{element} cannot be shown in a list of steps. Open it as a drawing.",
    ),
}
