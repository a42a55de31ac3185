"""Every sentence of the decision engine, by code and language."""

from collections.abc import Mapping

_READING: dict[str, tuple[str, str]] = {
    "dmn.too_large": (
        "文件有 {size} 字节，超过上限 {limit} 字节。请拆分模型。",
        "The file has {size} bytes, more than {limit}. Split the model.",
    ),
    "dmn.too_deep": (
        "元素嵌套超过 {limit} 层。请减少嵌套。",
        "Elements are nested deeper than {limit} levels. Flatten the model.",
    ),
    "dmn.too_many": (
        "元素超过 {limit} 个。请拆分模型。",
        "There are more than {limit} elements. Split the model.",
    ),
    "dmn.too_many_expressions": (
        "表达式超过 {limit} 个。请拆分模型，或把条件写成简单的值和区间。",
        "There are more than {limit} expressions. Split the model, or write conditions as plain values and ranges.",
    ),
    "dmn.too_many_attributes": (
        "一个元素的属性超过 {limit} 个。请检查文件来源。",
        "An element has more than {limit} attributes. Check where the file comes from.",
    ),
    "dmn.doctype": (
        "文件含有 DOCTYPE 声明。为安全起见不读取，请删除该声明。",
        "The file declares a DOCTYPE, which is never read for safety. Remove the declaration.",
    ),
    "dmn.not_xml": (
        "文件不是完好的 XML：{reason}。请从建模工具重新导出。",
        "The file is not well-formed XML: {reason}. Export it again from the modeller.",
    ),
    "dmn.not_dmn": (
        "根元素是 {root}，不是 DMN 1.1 至 1.5 的 definitions。请提供 DMN 文件。",
        "The root element is {root}, not definitions of DMN 1.1 to 1.5. Give a DMN file.",
    ),
    "dmn.id_duplicate": ("编号 {id} 用了两次。请改其中一个。", "The id {id} is used twice. Change one of them."),
    "dmn.name_missing": ("这个 {tag} 没有名称。请补上。", "This {tag} has no name. Give it one."),
    "dmn.href_missing": ("这个 {tag} 没有指向任何元素。", "This {tag} refers to nothing."),
    "dmn.expressions_many": ("这里只能有一个表达式。", "Only one expression may stand here."),
    "dmn.expression_missing": ("{tag} 里缺少表达式。", "An expression is missing in {tag}."),
    "dmn.parameter_missing": ("绑定缺少参数名。", "A binding lacks its parameter."),
    "dmn.part_missing": ("{tag} 缺少 {part}。", "A {tag} lacks its {part}."),
    "dmn.table_without_output": ("决策表没有输出列。请加上。", "The decision table has no output. Add one."),
    "dmn.rule_width": (
        "第 {rule} 条规则的格数与决策表的列数不符。",
        "Rule {rule} does not have as many cells as the table has columns.",
    ),
    "dmn.row_width": (
        "关系表有一行的格数与列数不符。",
        "A row of the relation does not have as many cells as there are columns.",
    ),
    "dmn.attribute_value": (
        "{attribute} 不能是“{value}”。",
        "{attribute} cannot be “{value}”.",
    ),
    "dmn.import_missing": (
        "导入的模型“{name}”（{location}）没有提供。请一并提供该文件。",
        "The imported model “{name}” ({location}) is not there. Give that file as well.",
    ),
    "dmn.import_cycle": ("模型互相导入：{cycle}。", "Models import one another: {cycle}."),
    "dmn.reference_unknown": ("引用 {href} 没有对应的元素。", "The reference {href} leads to no element."),
    "dmn.reference_not_imported": (
        "引用 {href} 所在的模型没有导入。",
        "The reference {href} leads into a model that is not imported.",
    ),
    "dmn.cycle": (
        "决策互相依赖，无法得出结果：{cycle}。请断开其中一处。",
        "Decisions require one another, so none can be made: {cycle}. Cut one requirement.",
    ),
}

_ASKING: dict[str, tuple[str, str]] = {
    "dmn.decision_unknown": (
        "没有叫“{name}”的决策（或不止一个）。现有：{known}。",
        "There is no decision “{name}”, or more than one. There are: {known}.",
    ),
    "dmn.service_unknown": (
        "没有叫“{name}”的决策服务（或不止一个）。现有：{known}。",
        "There is no decision service “{name}”, or more than one. There are: {known}.",
    ),
    "dmn.function_unknown": (
        "没有叫“{name}”的业务知识模型。现有：{known}。",
        "There is no business knowledge model “{name}”. There are: {known}.",
    ),
    "dmn.decision_ambiguous": (
        "请指明要问哪个决策：{known}。",
        "Say which decision is asked: {known}.",
    ),
}

_FINDINGS: dict[str, tuple[str, str]] = {
    "dmn.expression_fault": (
        "{element} 的表达式有误（{where}）：{inner}",
        "An expression of {element} is at fault ({where}): {inner}",
    ),
    "dmn.tests_fault": (
        "{element} 的条件格有误（{where}）：{inner}",
        "A condition of {element} is at fault ({where}): {inner}",
    ),
    "dmn.allowed_values_fault": (
        "类型 {element} 的允许值有误（{where}）：{inner}",
        "The allowed values of type {element} are at fault ({where}): {inner}",
    ),
    "dmn.language": (
        "{element} 的表达式不是 FEEL，而是 {language}，不会执行。",
        "An expression of {element} is not FEEL but {language}; it is not run.",
    ),
    "dmn.external": (
        "{element} 调用外部函数（{kind}）。外部函数从不执行，结果为空。",
        "{element} calls an external function ({kind}). External functions are never run; the result is null.",
    ),
    "dmn.type_unknown": (
        "{element} 用到的类型“{type}”没有定义。",
        "The type “{type}” that {element} uses is not defined.",
    ),
    "dmn.name_twice": (
        "名称“{element}”用了两次，无法分辨指的是哪一个。",
        "The name “{element}” is used twice; nobody can tell which is meant.",
    ),
    "dmn.output_names": (
        "{element} 的决策表有多个输出列，每列都要有不同的名称。",
        "The table of {element} has several outputs; each needs a name of its own.",
    ),
    "dmn.aggregation_many": (
        "{element} 的决策表有多个输出列，不能求和、取大或取小。",
        "The table of {element} has several outputs; they cannot be added or compared.",
    ),
    "dmn.aggregation_policy": (
        "{element} 的决策表写了汇总方式，但命中策略 {policy} 不汇总。",
        "The table of {element} names an aggregation, but its hit policy {policy} does not aggregate.",
    ),
    "dmn.no_output_values": (
        "{element} 的命中策略 {policy} 要按输出值的先后，但没有列出输出值。",
        "The hit policy {policy} of {element} goes by the order of output values, but none are listed.",
    ),
}

_ANALYSIS: dict[str, tuple[str, str]] = {
    "dmn.gap": (
        "{element} 的决策表有空缺：{example} 时没有规则适用，也没有默认输出。",
        "The table of {element} has a gap: for {example} no rule applies, and there is no default output.",
    ),
    "dmn.gap_possible": (
        "{element} 的决策表可能有空缺：若能出现 {example}，则没有规则适用。",
        "The table of {element} may have a gap: if {example} can occur, no rule applies.",
    ),
    "dmn.overlap": (
        "{element} 的第 {rules} 条规则重叠：{example} 时同时适用，而命中策略是唯一（U）。",
        "Rules {rules} of {element} overlap: all apply to {example}, but the hit policy is unique (U).",
    ),
    "dmn.any_conflict": (
        "{element} 的第 {rules} 条规则在 {example} 时同时适用而结果不同，命中策略“任一”（A）不允许。",
        "Rules {rules} of {element} all apply to {example} with different results, which hit policy any (A) forbids.",
    ),
    "dmn.priority_tie": (
        "{element} 的第 {rules} 条规则在 {example} 时同时适用，优先次序相同而结果不同。",
        "Rules {rules} of {element} all apply to {example} with equal priority and different results.",
    ),
    "dmn.masked": (
        "{element} 的第 {rules} 条规则永远不会生效：它的每种情形都已被前面或优先的规则涵盖。",
        "Rule {rules} of {element} never counts: earlier or preferred rules cover every case of it.",
    ),
    "dmn.empty_rule": (
        "{element} 的第 {rules} 条规则永远不会适用：“{column}”的条件没有任何值能满足。",
        "Rule {rules} of {element} never applies: no value meets its condition on “{column}”.",
    ),
    "dmn.cell_type": (
        "{element} 第 {rules} 条规则在“{column}”写的是{found}，这一列应为{wanted}。",
        "Rule {rules} of {element} has a {found} under “{column}”, which is a {wanted}.",
    ),
    "dmn.result_type": (
        "{element} 第 {rules} 条规则的输出“{column}”是{found}，应为{wanted}。",
        "Rule {rules} of {element} gives a {found} for “{column}”, which is a {wanted}.",
    ),
    "dmn.result_not_listed": (
        "{element} 第 {rules} 条规则的输出 {value} 不在“{column}”列出的输出值中。",
        "Rule {rules} of {element} gives {value}, which is not among the output values of “{column}”.",
    ),
    "dmn.undecided": (
        "{element} 的决策表无法完全判断：{reason}",
        "The table of {element} cannot be judged completely: {reason}",
    ),
    "dmn.more": (
        "{element} 还有更多同类问题没有逐一列出（至少 {count} 处）。",
        "{element} has more of the same, not listed one by one (at least {count}).",
    ),
    "dmn.input_unused": (
        "{element} 没有被任何决策用到。",
        "No decision uses {element}.",
    ),
    "dmn.no_logic": (
        "决策 {element} 没有写逻辑，结果总为空。",
        "Decision {element} has no logic; its result is always null.",
    ),
}

_DIAGNOSTICS: dict[str, tuple[str, str]] = {
    "dmn.faulty": ("表达式有误，没有结果。", "The expression is at fault, so there is no result."),
    "dmn.type_mismatch": ("结果不是类型“{type}”的值。", "The result is no value of type “{type}”."),
    "dmn.fact_type": ("“{name}”的值不是类型“{type}”。", "The value of “{name}” is not of type “{type}”."),
    "dmn.external_call": (
        "外部函数从不执行，结果为空。",
        "An external function is never run; the result is null.",
    ),
    "dmn.not_a_function": ("被调用的不是函数。", "What is called is no function."),
    "dmn.arguments": (
        "参数应为 {expected}，现在是 {given}。",
        "The arguments should be {expected}; they are {given}.",
    ),
    "dmn.argument_type": ("参数“{parameter}”应为{type}。", "The argument “{parameter}” should be a {type}."),
    "dmn.not_boolean": ("条件的结果不是“是”或“否”。", "The condition gave neither true nor false."),
    "dmn.input_not_allowed": (
        "“{input}”的值不在允许的范围内。",
        "The value of “{input}” is not among those allowed.",
    ),
    "dmn.no_rule": ("没有规则适用。", "No rule applies."),
    "dmn.not_unique": (
        "第 {rules} 条规则同时适用，而只应有一条。",
        "Rules {rules} all apply, where only one may.",
    ),
    "dmn.any_differs": (
        "第 {rules} 条规则同时适用，结果却不同。",
        "Rules {rules} all apply but give different results.",
    ),
    "dmn.exhausted": ("计算量超过上限，已停止。", "The calculation passed its limit and was stopped."),
}

_KIT: dict[str, tuple[str, str]] = {
    "dmn.not_suite": (
        "根元素是 {root}，不是 DMN 测试套件的 testCases。",
        "The root element is {root}, not testCases of the DMN test suite.",
    ),
    "dmn.model_missing": ("找不到模型文件 {name}。", "The model file {name} is not there."),
    "dmn.suite_value": ("不认识的值类型 {kind}。", "The kind of value {kind} is unknown."),
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english}
    for part in (_READING, _ASKING, _FINDINGS, _ANALYSIS, _DIAGNOSTICS, _KIT)
    for code, (chinese, english) in part.items()
}

_REASONS: dict[str, tuple[str, str]] = {
    "conclusion": ("{title}：{answer}", "{title}: {answer}"),
    "rule": ("第 {number} 条规则适用：{cells}。", "Rule {number} applies: {cells}."),
    "rule_always": ("第 {number} 条规则适用于所有情形。", "Rule {number} applies to every case."),
    "default": ("没有规则适用，按默认值处理。", "No rule applies, so the default holds."),
    "none": ("没有规则适用。", "No rule applies."),
    "refused": ("{title}的值不在允许的范围内。", "{title} is not among the allowed values."),
    "near": ("最接近的是第 {number} 条规则：{cells}。", "Closest is rule {number}: {cells}."),
    "conflict": (
        "第 {numbers} 条规则同时适用，不符合命中策略。",
        "Rules {numbers} all apply, which the hit policy does not allow.",
    ),
    "cell": ("{title}为{given}（规则要求{wanted}）", "{title} is {given} (the rule wants {wanted})"),
    "cell_missing": ("{title}没有提供（规则要求{wanted}）", "{title} is not given (the rule wants {wanted})"),
    "expression": ("按公式 {text} 得出{answer}。", "By the formula {text} it is {answer}."),
    "fact": ("{name}：{value}", "{name}: {value}"),
    "call": ("“{name}”得出{answer}。", "“{name}” gives {answer}."),
    "basis": ("依据：{articles}。", "Legal basis: {articles}."),
    "missing": ("还需要“{name}”。", "“{name}” is still needed."),
    "missing_question": ("还需要您回答：{question}", "Please still answer: {question}"),
    "no_answer": ("暂时无法得出结论", "no conclusion can be drawn yet"),
    "separator": ("；", "; "),
    "comma": ("、", ", "),
    "or": ("或", " or "),
    "null": ("未提供", "not given"),
    "true": ("是", "yes"),
    "false": ("否", "no"),
    "any": ("不限", "anything"),
    "at_least": ("不低于 {value}", "at least {value}"),
    "above": ("高于 {value}", "above {value}"),
    "at_most": ("不高于 {value}", "at most {value}"),
    "below": ("低于 {value}", "below {value}"),
    "on_or_after": ("不早于 {value}", "on or after {value}"),
    "after": ("晚于 {value}", "after {value}"),
    "on_or_before": ("不晚于 {value}", "on or before {value}"),
    "before": ("早于 {value}", "before {value}"),
    "between": ("{low} 至 {high}（均含）", "{low} to {high}, both included"),
    "between_low": ("{low}（含）至 {high}（不含）", "{low} to below {high}"),
    "between_high": ("{low}（不含）至 {high}（含）", "above {low} to {high}"),
    "between_open": ("{low} 至 {high}（均不含）", "between {low} and {high}, neither included"),
    "not": ("不是{tests}", "not {tests}"),
    "feel": ("符合“{text}”", "what meets “{text}”"),
    "quoted": ("“{text}”", "“{text}”"),
    "other": ("其他任何值", "any other value"),
    "entry": ("{name} = {value}", "{name} = {value}"),
    "date": ("{year} 年 {month} 月 {day} 日", "{year}-{month:02}-{day:02}"),
    "years": ("{count} 年", "{count} years"),
    "years_one": ("1 年", "1 year"),
    "months": ("{count} 个月", "{count} months"),
    "months_one": ("1 个月", "1 month"),
    "days": ("{count} 天", "{count} days"),
    "days_one": ("1 天", "1 day"),
}

REASONS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english} for code, (chinese, english) in _REASONS.items()
}

_KINDS: dict[str, tuple[str, str]] = {
    "number": ("数", "number"),
    "string": ("文本", "text"),
    "boolean": ("是或否", "true or false"),
    "date": ("日期", "date"),
    "time": ("时刻", "time"),
    "date and time": ("日期时刻", "date and time"),
    "days and time duration": ("天时长", "days and time duration"),
    "years and months duration": ("年月时长", "years and months duration"),
    "list": ("列表", "list"),
    "context": ("结构", "structure"),
}

KINDS: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english} for code, (chinese, english) in _KINDS.items()
}

_UNDECIDED: dict[str, tuple[str, str]] = {
    "cells": (
        "第 {places} 条规则有条件要到运行时才知道。",
        "conditions of rules {places} are known only when they run.",
    ),
    "rules": ("规则多于 {limit} 条。", "there are more than {limit} rules."),
    "work": ("情形太多，只判断了一部分。", "there are too many cases; only a part was judged."),
    "columns": (
        "“{first}”与“{second}”两列彼此相关，有的组合不会出现。",
        "the columns “{first}” and “{second}” depend on each other, so some combinations never occur.",
    ),
    "results": (
        "第 {places} 条规则的结果要到运行时才知道。",
        "the results of rules {places} are known only when they run.",
    ),
}

UNDECIDED: Mapping[str, Mapping[str, str]] = {
    code: {"zh-hans": chinese, "en": english} for code, (chinese, english) in _UNDECIDED.items()
}
