"""Sentences of FEEL's refusals, in Chinese and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "feel.empty": {"zh-hans": "表达式是空的", "en": "The expression is empty"},
    "feel.too_long": {"zh-hans": "表达式最多 {most} 个字符", "en": "An expression has at most {most} characters"},
    "feel.too_deep": {"zh-hans": "表达式嵌套超过 {most} 层", "en": "The expression nests deeper than {most} levels"},
    "feel.character": {"zh-hans": "这里不能有字符“{found}”", "en": "The character “{found}” cannot stand here"},
    "feel.string_open": {"zh-hans": "字符串缺少结尾的引号", "en": "The string lacks its closing quote"},
    "feel.expected": {
        "zh-hans": "这里应为 {expected}，现在是“{found}”",
        "en": "Expected {expected} here, found “{found}”",
    },
    "feel.unsupported": {
        "zh-hans": "现在还不支持“{found}”，请改写",
        "en": "“{found}” is not supported yet; write it another way",
    },
    "feel.function_unknown": {"zh-hans": "没有函数“{name}”", "en": "There is no function “{name}”"},
    "feel.arguments": {
        "zh-hans": "函数“{name}”要 {expected} 个参数，现在是 {found} 个",
        "en": "“{name}” takes {expected} arguments, it has {found}",
    },
    "feel.not_text": {"zh-hans": "表达式应为文本", "en": "An expression is text"},
}
