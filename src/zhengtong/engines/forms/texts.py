"""What a form says to those who fill it in and to those who write it; each sentence says what to do."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    # to those who fill it in
    "forms.required": {"zh-hans": "请填写{within}", "en": "Enter {within}"},
    "forms.choose": {"zh-hans": "请选择{within}", "en": "Choose {within}"},
    "forms.yes_no": {"zh-hans": "请选“是”或“否”：{label}", "en": "Choose yes or no: {label}"},
    "forms.upload": {"zh-hans": "请上传{within}", "en": "Upload {within}"},
    "forms.agree": {"zh-hans": "请先勾选“{label}”", "en": "Tick “{label}” to go on"},
    "forms.not_text": {"zh-hans": "{label}应填文字", "en": "{label} should be text"},
    "forms.too_short": {
        "zh-hans": "{label}至少 {least} 个字，现在是 {now} 个",
        "en": "{label} has at least {least} characters; it now has {now}",
    },
    "forms.too_long": {
        "zh-hans": "{label}最多 {most} 个字，现在是 {now} 个",
        "en": "{label} has at most {most} characters; it now has {now}",
    },
    "forms.pattern": {"zh-hans": "{label}的写法不对，请核对", "en": "{label} is not in the expected form; check it"},
    "forms.not_number": {
        "zh-hans": "{label}应填数字，比如 80 或 80.5",
        "en": "{label} should be a number, such as 80 or 80.5",
    },
    "forms.not_whole": {"zh-hans": "{label}应填整数，比如 4", "en": "{label} should be a whole number, such as 4"},
    "forms.worked_out": {
        "zh-hans": "{reason}；它是根据您的答案算出来的，请检查：{names}",
        "en": "{reason}; it is worked out from your answers, please check: {names}",
    },
    "forms.too_small": {
        "zh-hans": "{label}不小于 {least}，现在是 {now}",
        "en": "{label} is at least {least}; it is now {now}",
    },
    "forms.too_large": {
        "zh-hans": "{label}不大于 {most}，现在是 {now}",
        "en": "{label} is at most {most}; it is now {now}",
    },
    "forms.not_choice": {"zh-hans": "请从列出的选项里选{within}", "en": "Choose {within} from the options listed"},
    "forms.not_yes_no": {"zh-hans": "请选“是”或“否”：{label}", "en": "Choose yes or no: {label}"},
    "forms.not_date": {
        "zh-hans": "{label}应是真实的日期，比如 2025-03-19",
        "en": "{label} should be a real date, such as 2025-03-19",
    },
    "forms.mobile": {
        "zh-hans": "{label}应为 11 位，现在是 {now} 位",
        "en": "{label} has 11 digits; it now has {now}",
    },
    "forms.mobile_digits": {
        "zh-hans": "{label}只写数字，共 11 位",
        "en": "{label}: write digits only, 11 of them",
    },
    "forms.mobile_start": {"zh-hans": "{label}应以 1 开头，请核对", "en": "{label} starts with 1; check it"},
    "forms.phone": {
        "zh-hans": "{label}写成区号加号码，比如 010-82510000，或 11 位手机号",
        "en": "{label}: write the area code and number, such as 010-82510000, or an 11-digit mobile number",
    },
    "forms.postcode": {"zh-hans": "{label}应为 6 位数字", "en": "{label} has 6 digits"},
    "forms.email": {
        "zh-hans": "{label}写成 name@example.cn 的样子",
        "en": "{label}: write it like name@example.cn",
    },
    "forms.code": {"zh-hans": "{label}：{reason}", "en": "{label}: {reason}"},
    "forms.not_list": {
        "zh-hans": "{label}的内容没有收全，请重新填写",
        "en": "{label} did not arrive whole; fill it in again",
    },
    "forms.too_few": {
        "zh-hans": "{label}至少 {least} 项，现在是 {now} 项",
        "en": "{label} has at least {least} entries; it now has {now}",
    },
    "forms.too_many": {
        "zh-hans": "{label}最多 {most} 项，现在是 {now} 项",
        "en": "{label} has at most {most} entries; it now has {now}",
    },
    "forms.schema": {"zh-hans": "{within}请核对后再填一次", "en": "Check {within} and enter it again"},
    "forms.not_object": {
        "zh-hans": "没有收到填写的内容，请刷新后再试",
        "en": "No answers arrived; reload the page and try again",
    },
    "forms.too_big": {
        "zh-hans": "填写的内容太多（最多 {most} KB），请删减",
        "en": "That is too much (at most {most} KB); shorten it",
    },
    "forms.too_deep": {
        "zh-hans": "填写的内容结构太复杂，请刷新后再试",
        "en": "The answers nest too deeply; reload the page and try again",
    },
    "forms.not_json": {
        "zh-hans": "收到的内容里有不能保存的值（JSON 里没有的数或字符），请核对后再发",
        "en": "The answers hold a value that cannot be kept (a number or character JSON has no place for); check it",
    },
    # to those who write it
    "forms.keyword_unknown": {
        "zh-hans": "这里不能用关键字“{name}”，可用：{known}",
        "en": "The keyword “{name}” cannot stand here; there are: {known}",
    },
    "forms.hint_unfit": {
        "zh-hans": "提示“{name}”不能用于这种类型",
        "en": "The hint “{name}” does not fit this type",
    },
    "forms.pattern_wrong": {
        "zh-hans": "这个 pattern 不能用（不支持环视和反向引用，最长 {most} 个字符）",
        "en": "This pattern cannot be used (no look-around, no back-references, at most {most} characters)",
    },
    "forms.bounds": {"zh-hans": "下限大于上限", "en": "The lower bound is above the upper one"},
    "forms.key_twice": {"zh-hans": "“{name}”用了两次", "en": "“{name}” is used twice"},
    "forms.reference_later": {
        "zh-hans": "表格的列只能提到它前面的列，“{name}”在后面",
        "en": "A column may refer to columns before it only; “{name}” comes later",
    },
    "forms.schema_invalid": {
        "zh-hans": "不是合格的 JSON Schema 2020-12：{reason}",
        "en": "This is not valid JSON Schema 2020-12: {reason}",
    },
    "forms.hint_unknown": {
        "zh-hans": "不认识的提示“{name}”，可用：{known}",
        "en": "Unknown hint “{name}”; there are: {known}",
    },
    "forms.hint_wrong": {"zh-hans": "“{name}”应为{expected}", "en": "“{name}” should be {expected}"},
    "forms.hint_missing": {"zh-hans": "缺少“{name}”", "en": "“{name}” is missing"},
    "forms.text_missing": {
        "zh-hans": "“{name}”要有中文（zh-hans）和英文（en）",
        "en": "“{name}” needs Chinese (zh-hans) and English (en)",
    },
    "forms.type_unknown": {"zh-hans": "表单不支持这种类型：{found}", "en": "A form cannot ask for this type: {found}"},
    "forms.format_unknown": {
        "zh-hans": "不认识的格式“{found}”，可用：{known}",
        "en": "Unknown format “{found}”; there are: {known}",
    },
    "forms.widget_wrong": {
        "zh-hans": "控件“{widget}”不能用于这种类型",
        "en": "The widget “{widget}” does not fit this type",
    },
    "forms.reference": {"zh-hans": "提到了不存在的题目“{name}”", "en": "It refers to “{name}”, which is not asked"},
    "forms.expression": {"zh-hans": "条件写法有误：{reason}", "en": "The condition is wrong: {reason}"},
    "forms.fraction": {
        "zh-hans": "这是整数，但算出来可能带小数：请用 floor(…)、ceiling(…) 或 round half up(…, 0) 取整",
        "en": "This is a whole number, but what is worked out may have a fraction: round it by floor(…), ceiling(…) or "
        "round half up(…, 0)",
    },
    "forms.cycle": {
        "zh-hans": "这些题目的条件互相依赖：{names}",
        "en": "The conditions of these questions depend on one another: {names}",
    },
    "forms.not_placed": {"zh-hans": "题目“{name}”没有放进任何一页", "en": "The question “{name}” stands on no page"},
    "forms.placed_twice": {"zh-hans": "题目“{name}”放了两处", "en": "The question “{name}” stands in two places"},
    "forms.too_many_fields": {"zh-hans": "一张表单最多 {most} 个题目", "en": "A form has at most {most} questions"},
}

YES_NO: Mapping[bool, Mapping[str, str]] = {
    True: {"zh-hans": "是", "en": "Yes"},
    False: {"zh-hans": "否", "en": "No"},
}
