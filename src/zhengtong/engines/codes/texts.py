"""What the code engine says when it refuses a number: what is wrong, where, and what to do."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "codes.not_text": {
        "zh-hans": "编号应当是文字，收到的是 {kind}。请按原样填写。",
        "en": "A code is text, not {kind}. Give it exactly as written.",
    },
    "codes.empty": {
        "zh-hans": "编号为空。请填写。",
        "en": "The code is empty. Fill it in.",
    },
    "codes.length": {
        "zh-hans": "应为 {expected} 位，现有 {actual} 位。请核对后重新填写。",
        "en": "Expected {expected} characters but got {actual}. Check and type it again.",
    },
    "codes.character": {
        "zh-hans": "第 {at} 位的 {character} 不能用在这里。此处只能用：{allowed}。",
        "en": "Character {at} ({character}) cannot stand here. Allowed: {allowed}.",
    },
    "codes.full_width": {
        "zh-hans": "第 {at} 位的 {character} 是全角字符。请切换到半角后重新输入。",
        "en": "Character {at} ({character}) is full-width. Switch to half-width and type it again.",
    },
    "codes.check_digit": {
        "zh-hans": "校验码对不上，至少有一位写错了。请对照证件逐位核对。",
        "en": "The check character does not fit, so at least one character is wrong. Compare with the document.",
    },
    "codes.organisation_check": {
        "zh-hans": "其中的组织机构代码校验码对不上。请对照证书逐位核对第 9 至 17 位。",
        "en": "The organisation code inside has a wrong check character. Compare characters 9 to 17.",
    },
    "codes.region": {
        "zh-hans": "行政区划代码前两位 {prefix} 不是任何省级代码。请核对。",
        "en": "No province has the division prefix {prefix}. Check it.",
    },
    "codes.birth_date": {
        "zh-hans": "第 7 至 14 位不是真实的日期。请核对出生日期。",
        "en": "Characters 7 to 14 are not a real date. Check the date of birth.",
    },
    "codes.birth_before_1900": {
        "zh-hans": "出生日期早于 1900 年。请核对第 7 至 14 位。",
        "en": "The date of birth is before 1900. Check characters 7 to 14.",
    },
    "codes.birth_in_future": {
        "zh-hans": "出生日期晚于今天。请核对第 7 至 14 位。",
        "en": "The date of birth is after today. Check characters 7 to 14.",
    },
    "codes.former_number": {
        "zh-hans": "这是 15 位旧身份号码，只用于旧档案。请填写 18 位公民身份号码。",
        "en": "This is a former 15-digit number, kept for old records only. Give the 18-character number.",
    },
    "codes.department": {
        "zh-hans": "第 1 位 {character} 不是已知的登记管理部门代码。请核对。",
        "en": "Character 1 ({character}) is no known registration department. Check it.",
    },
    "codes.number_range": {
        "zh-hans": "{field} 应当是 {least} 至 {most} 之间的整数。",
        "en": "{field} must be a whole number from {least} to {most}.",
    },
    "codes.not_a_date": {
        "zh-hans": "{field} 应当是日期。",
        "en": "{field} must be a date.",
    },
    "codes.item_type": {
        "zh-hans": "事项类型代码 {written} 不在国家标准列表中。请核对第 {at} 位起的两位。",
        "en": "Item type {written} is not in the national list. Check the two digits from character {at}.",
    },
    "codes.exercise_level": {
        "zh-hans": "行使层级应为 1 至 6,第 {at} 位是 {character}。请核对。",
        "en": "The exercise level is 1 to 6, but character {at} is {character}. Check it.",
    },
    "codes.handling_item_zero": {
        "zh-hans": "业务办理项序号从 01 开始，不能是 00。",
        "en": "Handling items are numbered from 01; 00 is not one.",
    },
    "codes.item_layout": {
        "zh-hans": "不是国家标准的实施编码格式，按原样保留为外部编码。",
        "en": "Not the national implementation code layout; kept unchanged as an external code.",
    },
    "codes.local_region": {
        "zh-hans": "地方编码中没有有效的行政区划代码。按原样保留，请核对。",
        "en": "The local code holds no valid division code. Kept unchanged; check it.",
    },
    "codes.local_implementer": {
        "zh-hans": "地方编码中的实施主体代码 {part} 不是有效的统一社会信用代码（{reason}）按原样保留，请核对。",
        "en": "The implementer {part} in the local code is no valid credit code ({reason}) Kept unchanged; check it.",
    },
    "codes.licence_parts": {
        "zh-hans": "电子证照标识应由根代码和 5 段组成，用点分隔，现有 {actual} 段。请核对。",
        "en": "A licence identifier is the root and 5 parts joined by dots; found {actual} parts. Check it.",
    },
    "codes.licence_root": {
        "zh-hans": "电子证照标识应以 {root}. 开头。请核对。",
        "en": "A licence identifier starts with {root}. Check it.",
    },
    "codes.licence_type": {
        "zh-hans": "证照类型代码应为定义机关的统一社会信用代码加 3 位数字：{reason}",
        "en": "A licence type code is the defining authority's credit code and 3 digits: {reason}",
    },
    "codes.licence_issuer": {
        "zh-hans": "颁发机构应为有效的统一社会信用代码：{reason}",
        "en": "The issuer must be a valid credit code: {reason}",
    },
    "codes.licence_version": {
        "zh-hans": "版本号应为 001 至 999。请核对。",
        "en": "The version is 001 to 999. Check it.",
    },
    "codes.version_exhausted": {
        "zh-hans": "版本号已到 999,不能再加。请换用新的流水号签发。",
        "en": "Version 999 is the last. Issue under a new serial.",
    },
    "codes.template": {
        "zh-hans": "编号模板在第 {at} 位有误：{reason}",
        "en": "The number template is wrong at character {at}: {reason}",
    },
    "codes.template_value": {
        "zh-hans": "编号模板需要 {field}，但没有给出。",
        "en": "The number template needs {field}, which was not given.",
    },
    "codes.template_mismatch": {
        "zh-hans": "编号不符合模板 {template}。请核对。",
        "en": "The number does not fit the template {template}. Check it.",
    },
    "codes.division_level": {
        "zh-hans": "行政区划代码 {written} 的层级不连贯（上级为空，下级不为空）。请核对。",
        "en": "Division code {written} skips a level (a lower part under an empty upper one). Check it.",
    },
    "codes.division_unknown": {
        "zh-hans": "行政区划表中 {day} 没有代码 {written}。请核对代码或更新区划表。",
        "en": "The division table has no {written} on {day}. Check the code or update the table.",
    },
    "codes.division_overlap": {
        "zh-hans": "行政区划表中 {written} 的两条记录有效期重叠。请更正其中一条。",
        "en": "Two entries of {written} in the division table overlap in time. Correct one of them.",
    },
    "codes.division_dates": {
        "zh-hans": "行政区划 {written} 的失效日期早于生效日期。请更正。",
        "en": "Division {written} ends before it begins. Correct its dates.",
    },
}
