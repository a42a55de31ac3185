"""Every sentence of the process engine, by code and language."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.texts.elements import ADHOC, COMPENSATION
from zhengtong.engines.bpmn.texts.listing import LISTING
from zhengtong.engines.bpmn.texts.reading import CHOOSING, READING
from zhengtong.engines.bpmn.texts.verbs import VERBS

_FINDINGS: dict[str, tuple[str, str]] = {
    "bpmn.not_executable": (
        "流程 {element} 标明为不可执行(isExecutable=false)。确认可执行后请改为 true。",
        "Process {element} is marked not executable (isExecutable=false). Set it to true once it is meant to run.",
    ),
    "bpmn.too_long": (
        "{shown} 的{what_zh}“{text}”有 {length} 个字符，最多 {limit} 个。",
        "The {what_en} “{text}” of {shown} has {length} characters; at most {limit} can be kept.",
    ),
    "bpmn.element_unsupported": (
        "{element} 处的 {tag} 不能执行。请改用支持的元素。",
        "{tag} at {element} cannot be executed. Use a supported element instead.",
    ),
    "bpmn.element_twice": (
        "{element} 处的 {tag} 不止一个,以哪个为准不明确。请只留一个。",
        "{element} has {tag} more than once, so that it is not clear which counts. Keep one.",
    ),
    "bpmn.task_without_kind": (
        "任务 {element} 没有说明种类,按人工任务执行:由人办理并确认办完。",
        "Task {element} does not say what kind it is and is executed as a manual task: a person does it and says so.",
    ),
    "bpmn.loop_misplaced": (
        "{element} 不能这样重复:事件子流程不能重复,活动只能有一种重复。",
        "{element} cannot be repeated like this: no event sub-process can, and an activity only in one way.",
    ),
    "bpmn.loop_endless": (
        "{element} 的循环没有条件,也没有次数上限。请写 loopCondition 或 loopMaximum。",
        "The loop of {element} has neither a condition nor a maximum. Give loopCondition or loopMaximum.",
    ),
    "bpmn.loop_maximum": (
        "{element} 的循环次数上限“{value}”不是正整数。",
        "The loop maximum “{value}” of {element} is not a positive number.",
    ),
    "bpmn.lane_twice": (
        "{node} 同时放在几个泳道里({element}),由谁办不明确。请只放在一个泳道里。",
        "{node} stands in several lanes ({element}), so that it is not clear who does it. Leave it in one.",
    ),
    "bpmn.call_missing": (
        "调用活动 {element} 没有写明被调用的流程。请设 calledElement。",
        "Call activity {element} names no process. Set calledElement.",
    ),
    "bpmn.call_unknown": (
        "调用活动 {element} 调用的流程“{called}”不在文件中,也没有另外给出。",
        "Process “{called}”, which call activity {element} calls, is neither in the file nor given beside it.",
    ),
    "bpmn.call_start": (
        "调用活动 {element} 调用的流程“{called}”没有无触发的开始事件。",
        "Process “{called}”, which call activity {element} calls, has no plain start event.",
    ),
    "bpmn.instances_missing": (
        "{element} 的多实例应写明 loopCardinality 或 loopDataInputRef 之一。",
        "The multi-instance activity {element} needs one of loopCardinality and loopDataInputRef.",
    ),
    "bpmn.data_unknown": (
        "{activity} 的数据关联 {element} 指向不存在的数据“{item}”。",
        "Data association {element} of {activity} refers to “{item}”, which holds no data here.",
    ),
    "bpmn.data_store": (
        "{activity} 的数据关联 {element} 指向数据存储“{item}”,流程引擎不读写数据存储。请改用服务任务。",
        "Data association {element} of {activity} refers to data store “{item}”; the engine reads and writes none. "
        "Use a service task.",
    ),
    "bpmn.data_sources": (
        "{activity} 的数据关联 {element} 有几个来源,却没有写明如何合成。请写 transformation。",
        "Data association {element} of {activity} has several sources and does not say how to join them. "
        "Give a transformation.",
    ),
    "bpmn.data_nowhere": (
        "{activity} 的数据关联 {element} 缺少来源或去向。",
        "Data association {element} of {activity} lacks a source or a target.",
    ),
    "bpmn.data_assignment": (
        "{activity} 的赋值 {element} 应有 from 和 to,to 写一个名称,而不是“{target}”。",
        "Assignment {element} of {activity} needs from and to; to is one name, not “{target}”.",
    ),
    "bpmn.instances_output": (
        "{element} 的多实例输出应同时写明 loopDataOutputRef 和 outputDataItem。",
        "The output of multi-instance activity {element} needs both loopDataOutputRef and outputDataItem.",
    ),
    "bpmn.attribute_unsupported": (
        "{element} 的属性 {attribute}=“{value}” 不受支持。请删除或改为默认值。",
        "Attribute {attribute}=“{value}” of {element} is not supported. Remove it or use the default value.",
    ),
    "bpmn.extension_unsupported": (
        "{element} 带有其他系统的扩展 {extension},可能改变含义,本引擎不执行。请删除。",
        "{element} carries {extension}, an extension of another system that may change its meaning. Remove it.",
    ),
    "bpmn.extension_kept": (
        "{element} 带有仅供展示的扩展 {extension},保留但不影响执行。",
        "{element} carries {extension}, kept for presentation; it has no effect on execution.",
    ),
    "bpmn.informative": (
        "{element} 处的 {tag} 仅作说明,不影响执行。",
        "{tag} at {element} is kept as information; it has no effect on execution.",
    ),
    "bpmn.message_flow_unsent": (
        "消息流 {element} 从 {source} 发出,而它不发送消息。请从发送任务或消息抛出事件引出。",
        "Message flow {element} leaves {source}, which sends nothing. Let it leave a send task or a throwing event.",
    ),
    "bpmn.message_flow_inside": (
        "消息流 {element} 的两端在同一个池中。请改用信号或顺序流。",
        "Both ends of message flow {element} lie in one pool. Use a signal or a sequence flow.",
    ),
    "bpmn.participant_multiple": (
        "参与者 {element} 设有多个实例,不能执行。",
        "Participant {element} stands for several instances, which cannot be executed.",
    ),
    "bpmn.id_missing": (
        "第 {line} 行的 {tag} 没有 id。请补上。",
        "{tag} on line {line} has no id. Give it one.",
    ),
    "bpmn.id_duplicate": (
        "编号 {element} 在第 {other} 行也用了。请改其中一个。",
        "The id {element} is used on line {other} as well. Change one of them.",
    ),
    "bpmn.start_missing": (
        "{element} 没有开始事件。请加一个。",
        "{element} has no start event. Add one.",
    ),
    "bpmn.start_multiple": (
        "{element} 有不止一个无触发的开始事件。请只留一个。",
        "{element} has more than one plain start event. Keep one.",
    ),
    "bpmn.start_triggered": (
        "子流程中的开始事件 {element} 不能由消息或定时触发。",
        "Start event {element} stands in a sub-process, where it cannot wait for a message or timer.",
    ),
    "bpmn.start_caught": (
        "开始事件 {element} 由错误、上报或补偿触发,只能用于事件子流程。",
        "Start event {element} is triggered by an error, escalation or compensation, which only an event sub-process "
        "can be.",
    ),
    "bpmn.start_beside": (
        "开始事件 {element} 写着 isInterrupting=false,只能用于事件子流程。",
        "Start event {element} says isInterrupting=false, which only an event sub-process can.",
    ),
    "bpmn.instantiate_inside": (
        "{element} 要求启动流程(instantiate),不能放在子流程中。",
        "{element} begins an instance (instantiate), which nothing inside a sub-process can.",
    ),
    "bpmn.choice_parallel": (
        "事件网关 {element} 设为并行,只有启动流程的事件网关才可以。",
        "Event gateway {element} is parallel, which only one that begins an instance can be.",
    ),
    "bpmn.handler_start": (
        "事件子流程 {element} 应有且只有一个带触发的开始事件。",
        "Event sub-process {element} needs exactly one start event, and that with a trigger.",
    ),
    "bpmn.code_missing": (
        "{element} 没有指明 {tag},或它没有代码和名称。请引用一个并写明代码。",
        "{element} names no {tag}, or one without code and name. Refer to one and give it a code.",
    ),
    "bpmn.error_beside": (
        "{element} 捕获错误、取消或补偿,不能设为不中断。请去掉该设置。",
        "{element} catches an error, a cancellation or compensation, beside which nothing goes on. Remove the setting.",
    ),
    "bpmn.flow_target_missing": (
        "顺序流 {element} 指向不存在的元素“{target}”。请重新连接。",
        "Sequence flow {element} leads to “{target}”, which does not exist. Connect it again.",
    ),
    "bpmn.flow_source_missing": (
        "顺序流 {element} 来自不存在的元素“{source}”。请重新连接。",
        "Sequence flow {element} comes from “{source}”, which does not exist. Connect it again.",
    ),
    "bpmn.flow_crosses": (
        "顺序流 {element} 穿过子流程边界。请在同一层内连接。",
        "Sequence flow {element} crosses the border of a sub-process. Connect within one level.",
    ),
    "bpmn.flow_reference": (
        "{element} 的 {tag} 写着顺序流“{flow}”,与该顺序流的两端不符。请重新连接。",
        "{element} names sequence flow “{flow}” as {tag}, which the flow's own ends contradict. Connect it again.",
    ),
    "bpmn.incoming_missing": (
        "没有顺序流通向 {element},它永远不会开始。请连接或删除。",
        "No sequence flow leads to {element}; it would never start. Connect or remove it.",
    ),
    "bpmn.incoming_forbidden": (
        "{element} 不能有流入的顺序流。",
        "{element} may not have incoming sequence flows.",
    ),
    "bpmn.outgoing_missing": (
        "没有顺序流离开 {element}。请连接下一步。",
        "No sequence flow leaves {element}. Connect what comes next.",
    ),
    "bpmn.outgoing_forbidden": (
        "{element} 不能有流出的顺序流。",
        "{element} may not have outgoing sequence flows.",
    ),
    "bpmn.condition_missing": (
        "网关 {gateway} 的顺序流 {element} 没有条件,也不是默认流。请写明条件。",
        "Sequence flow {element} of gateway {gateway} has no condition and is not the default. Give one.",
    ),
    "bpmn.condition_forbidden": (
        "顺序流 {element} 的条件在此处不起作用。请删除,或从互斥网关、包容网关引出。",
        "The condition of sequence flow {element} has no meaning here. Remove it, or leave from an exclusive or "
        "inclusive gateway.",
    ),
    "bpmn.condition_unreadable": (
        "顺序流 {element} 的条件“{expression}”读不懂:{reason_zh}",
        "The condition “{expression}” of sequence flow {element} cannot be read: {reason_en}",
    ),
    "bpmn.expression_unreadable": (
        "{element} 的表达式“{expression}”读不懂:{reason_zh}",
        "The expression “{expression}” of {element} cannot be read: {reason_en}",
    ),
    "bpmn.signal_missing": (
        "{element} 没有指明信号,或信号没有名称。请设 signalRef,并给该信号命名。",
        "{element} names no signal, or one without a name. Set signalRef and name that signal.",
    ),
    "bpmn.language_unsupported": (
        "{element} 的表达式语言是 {language},只支持 FEEL。",
        "The expression language of {element} is {language}; only FEEL is supported.",
    ),
    "bpmn.default_unknown": (
        "{element} 的默认流“{flow}”不是从它引出的。",
        "The default flow “{flow}” of {element} does not leave it.",
    ),
    "bpmn.event_definitions": (
        "事件 {element} 有 {count} 个事件定义,只支持一个。",
        "Event {element} has {count} event definitions; exactly one is supported.",
    ),
    "bpmn.message_missing": (
        "{element} 没有指明消息,或消息没有名称。请设 messageRef,并给该消息命名。",
        "{element} names no message, or one without a name. Set messageRef and name that message.",
    ),
    "bpmn.timer_missing": (
        "{element} 的定时没有写明时间。请写 timeDuration、timeDate、timeCycle 之一,或 zt:clock。",
        "The timer of {element} says no time. Give one of timeDuration, timeDate, timeCycle or zt:clock.",
    ),
    "bpmn.timer_unreadable": (
        "{element} 的时间“{expression}”读不懂。请写 ISO 8601,如 P5D、R3/P1W、2025-03-01T09:00:00+08:00,"
        "或写 FEEL。{reason_zh}",
        "The time “{expression}” of {element} cannot be read. Write ISO 8601, such as P5D, R3/P1W or "
        "2025-03-01T09:00:00+08:00, or FEEL. {reason_en}",
    ),
    "bpmn.script_missing": (
        "脚本任务 {element} 没有脚本,或不止一个。请写一个 FEEL 表达式。",
        "Script task {element} has no script, or several. Write one FEEL expression.",
    ),
    "bpmn.script_result": (
        "脚本任务 {element} 的“{expression}”得不到名称和值(等号在 FEEL 中是比较)。请写 zt:result,或写成 {{名称: 值}}。",
        "“{expression}” of script task {element} never gives names and values (= compares). Set zt:result, or "
        "write {{name: value}}.",
    ),
    "bpmn.condition_absent": (
        "条件事件 {element} 没有条件。请写一个 FEEL 条件。",
        "Conditional event {element} has no condition. Write one in FEEL.",
    ),
    "bpmn.link_lost": (
        "链接 {element}(“{link}”)在同一层内没有捕获事件。请加一个同名的。",
        "No event of its level catches link {element} (“{link}”). Add one with that name.",
    ),
    "bpmn.link_twice": (
        "链接“{link}”在同一层内有不止一个捕获事件,如 {element}。请只留一个。",
        "Link “{link}” is caught more than once in its level, as by {element}. Keep one.",
    ),
    "bpmn.action_missing": (
        "服务任务 {element} 没有写明动作。请设 zt:action,如 cases.accept@1。",
        "Service task {element} names no action. Set zt:action, such as cases.accept@1.",
    ),
    "bpmn.action_unreadable": (
        "{element} 的动作“{value}”写法不对。应为 名称@版本,如 cases.accept@1。",
        "The action “{value}” of {element} is not name@version, such as cases.accept@1.",
    ),
    "bpmn.decision_missing": (
        "业务规则任务 {element} 没有写明决策。请设 zt:decision。",
        "Business-rule task {element} names no decision. Set zt:decision.",
    ),
    "bpmn.boundary_host": (
        "边界事件 {element} 所附的“{host}”不是可附的活动。",
        "Boundary event {element} is attached to “{host}”, which is not an activity that can carry it.",
    ),
    "bpmn.choice_target": (
        "事件网关 {gateway} 之后的 {element} 必须是只由它引入的消息或定时捕获事件,或接收任务。",
        "{element} after event gateway {gateway} must be a message or timer catch event or a receive task, "
        "reached from that gateway only.",
    ),
}

_RUNNING: dict[str, tuple[str, str]] = {
    "bpmn.start_unknown": (
        "流程没有可用的开始事件“{element}”。可用的有:{starts}。",
        "The process has no start event “{element}” to use. There are: {starts}.",
    ),
    "bpmn.process_ended": ("流程已经结束。", "The process has ended already."),
    "bpmn.task_not_open": (
        "任务 {token} 未打开:已办结、已取消或从未产生。",
        "Task {token} is not open: it was completed or cancelled, or never existed.",
    ),
    "bpmn.call_not_open": (
        "没有等待答复的动作 {token}。",
        "No action {token} awaits an answer.",
    ),
    "bpmn.timer_not_running": ("定时 {token} 不在等待中。", "Timer {token} is not running."),
    "bpmn.message_not_awaited": ("流程没有等待消息“{name}”。", "The process does not await message “{name}”."),
    "bpmn.signal_not_awaited": ("流程没有等待信号“{name}”。", "The process does not await signal “{name}”."),
    "bpmn.outcome_unknown": (
        "任务 {element} 不能以“{outcome}”办结。可选:{outcomes}。",
        "Task {element} cannot be completed with “{outcome}”. Choose one of: {outcomes}.",
    ),
    "bpmn.no_true_condition": (
        "在 {element} 没有一个条件成立,也没有默认流。请补上条件或默认流。",
        "At {element} no condition is true and there is no default flow. Add a condition or a default.",
    ),
    "bpmn.condition_not_boolean": (
        "顺序流 {element} 的条件得到 {value},不是真或假。",
        "The condition of sequence flow {element} gives {value}, neither true nor false.",
    ),
    "bpmn.timer_failed": (
        "{element} 的时间得到“{value}”,不是可用的时间。",
        "The time of {element} gives “{value}”, which is no time to wait for.",
    ),
    "bpmn.too_nested": (
        "{element} 处流程层层调用超过 {limit} 层。",
        "At {element} processes call one another more than {limit} deep.",
    ),
    "bpmn.instances_unknown": (
        "{element} 要办几次得不出:“{value}”不是次数,也不是列表。",
        "How often {element} is to be done is unknown: “{value}” is neither a number of times nor a list.",
    ),
    "bpmn.too_many_instances": (
        "{element} 要办 {count} 次,超过上限 {limit} 次。",
        "{element} is to be done {count} times, more than {limit}.",
    ),
    "bpmn.script_failed": (
        "脚本 {element} 没有写 zt:result,得到的“{value}”又不是名称和值的集合。",
        "Script {element} has no zt:result, and “{value}” is not a context of names and values.",
    ),
    "bpmn.endless": (
        "一步之内走过 {limit} 次仍未停下,流程中有不等待的循环,经过 {element}。",
        "One step moved {limit} times without coming to rest: a loop without waiting passes {element}.",
    ),
    "bpmn.clock_naive": ("时刻 {now} 没有时区。", "The instant {now} has no time zone."),
    "bpmn.event_unknown": ("不认识的事件 {event}。", "Unknown event {event}."),
    "bpmn.state_damaged": (
        "流程状态已损坏:{reason}({token})。",
        "The process state is damaged: {reason} ({token}).",
    ),
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english}
    for table in (READING, CHOOSING, _FINDINGS, ADHOC, COMPENSATION, _RUNNING, VERBS, LISTING)
    for code, (chinese, english) in table.items()
}
