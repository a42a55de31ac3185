"""Sentences of FEEL's refusals and diagnostics, in Chinese and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    # The text is no expression
    "feel.not_text": {"zh-hans": "表达式应为文本", "en": "An expression is text"},
    "feel.empty": {"zh-hans": "表达式是空的", "en": "The expression is empty"},
    "feel.too_long": {"zh-hans": "表达式最多 {most} 个字符", "en": "An expression has at most {most} characters"},
    "feel.too_deep": {"zh-hans": "嵌套超过 {most} 层", "en": "It nests deeper than {most} levels"},
    "feel.character": {"zh-hans": "这里不能有“{found}”", "en": "“{found}” cannot stand here"},
    "feel.string_open": {"zh-hans": "字符串缺少结尾的引号", "en": "The string lacks its closing quote"},
    "feel.string_expected": {"zh-hans": "这里应为引号里的文字", "en": "Expected a text in quotes here"},
    "feel.comment_open": {"zh-hans": "注释缺少结尾的 */", "en": "The comment lacks its closing */"},
    "feel.bracket": {"zh-hans": "“{found}”没有对应的左括号", "en": "“{found}” closes no bracket"},
    "feel.expected": {
        "zh-hans": "这里应为“{expected}”，现在是“{found}”",
        "en": "Expected “{expected}” here, found “{found}”",
    },
    "feel.value_expected": {
        "zh-hans": "这里应为一个值，现在是“{found}”",
        "en": "Expected a value here, found “{found}”",
    },
    "feel.operator_expected": {
        "zh-hans": "“{found}”前面缺少运算符，或者是不认识的名称",
        "en": "An operator is missing before “{found}”, or it is part of an unknown name",
    },
    "feel.end_expected": {
        "zh-hans": "表达式到这里已经完整，不能再有“{found}”",
        "en": "The expression is complete here; “{found}” is too much",
    },
    "feel.key_expected": {"zh-hans": "这里应为条目的名称", "en": "Expected the name of an entry here"},
    "feel.name_expected": {"zh-hans": "这里应为名称", "en": "Expected a name here"},
    "feel.type_expected": {"zh-hans": "这里应为类型", "en": "Expected a type here"},
    "feel.tests_misplaced": {
        "zh-hans": "用逗号隔开的几个条件只能写在 in 后面",
        "en": "Several tests with commas can stand only behind “in”",
    },
    "feel.names_mixed": {
        "zh-hans": "参数要么都写名称，要么都不写",
        "en": "Either all arguments have names or none has",
    },
    "feel.name_twice": {"zh-hans": "名称“{name}”写了两次", "en": "The name “{name}” stands twice"},
    # Compiled, but surely wrong
    "feel.name_unknown": {"zh-hans": "没有名称“{name}”", "en": "There is no “{name}”"},
    "feel.type_unknown": {"zh-hans": "没有这种类型", "en": "There is no such type"},
    "feel.literal": {"zh-hans": "“{text}”不是日期、时间或期间", "en": "“{text}” is no date, time or duration"},
    # While it runs
    "feel.operands": {
        "zh-hans": "“{sign}”不能用于 {left} 和 {right}",
        "en": "“{sign}” has no meaning between {left} and {right}",
    },
    "feel.operand": {"zh-hans": "{kind} 前面不能加“-”", "en": "“-” has no meaning before {kind}"},
    "feel.too_large": {
        "zh-hans": "结果太大，或者除以了零",
        "en": "The result is too large, or something is divided by zero",
    },
    "feel.not_comparable": {"zh-hans": "这些值不能比较大小", "en": "These values have no order"},
    "feel.not_boolean": {"zh-hans": "应为 true 或 false", "en": "It should be true or false"},
    "feel.not_numbers": {"zh-hans": "“{name}”只能用于数字", "en": "“{name}” takes numbers only"},
    "feel.not_list": {"zh-hans": "应为列表", "en": "It should be a list"},
    "feel.not_range": {
        "zh-hans": "区间的两端应是同类的值，且起点不大于终点",
        "en": "The ends of a range are values of one kind, the start not after the end",
    },
    "feel.not_whole": {"zh-hans": "应为整数", "en": "It should be a whole number"},
    "feel.not_function": {"zh-hans": "“{name}”不是函数", "en": "“{name}” is no function"},
    "feel.no_entry": {"zh-hans": "没有条目“{name}”", "en": "There is no entry “{name}”"},
    "feel.no_property": {"zh-hans": "{kind} 没有“{name}”", "en": "{kind} has no “{name}”"},
    "feel.no_item": {"zh-hans": "没有第 {position} 项", "en": "There is no item {position}"},
    "feel.arguments": {"zh-hans": "“{name}”应这样用：{expected}", "en": "“{name}” is used so: {expected}"},
    "feel.argument_type": {
        "zh-hans": "参数“{name}”应为 {expected}，现在是 {found}",
        "en": "“{name}” should be {expected}, it is {found}",
    },
    "feel.no_value": {"zh-hans": "“{name}”对这些参数没有结果", "en": "“{name}” has no value for these arguments"},
    "feel.pattern": {"zh-hans": "正则表达式不对（{reason}）", "en": "The regular expression is wrong ({reason})"},
    "feel.no_clock": {"zh-hans": "没有给出当前时间", "en": "The time is not given"},
    "feel.external": {
        "zh-hans": "不执行外部函数（Java、PMML）",
        "en": "External functions (Java, PMML) are not executed",
    },
    "feel.too_many_steps": {"zh-hans": "计算超过 {most} 步，已停止", "en": "Stopped after {most} steps"},
    "feel.too_many_items": {"zh-hans": "列表超过 {most} 项，已停止", "en": "Stopped: a list of more than {most} items"},
    "feel.too_many_characters": {
        "zh-hans": "文字超过 {most} 个字符，已停止",
        "en": "Stopped: a text of more than {most} characters",
    },
    "feel.too_many_calls": {
        "zh-hans": "函数互相调用超过 {most} 层，已停止",
        "en": "Stopped: {most} calls inside one another",
    },
}
