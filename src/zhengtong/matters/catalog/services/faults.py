"""Sentences of the faults that an imported item may have, besides those of the codes engine."""

from collections.abc import Mapping

FAULTS: Mapping[str, Mapping[str, str]] = {
    "catalog.item_type": {
        "zh-hans": "事项类型 {value} 不在国家代码表中",
        "en": "Item type {value} is not in the national list",
    },
    "catalog.item_type_name": {
        "zh-hans": "事项类型名称“{value}”与代码不符，应为“{expected}”",
        "en": "The item type is named “{value}”, its code says “{expected}”",
    },
    "catalog.department_code": {
        "zh-hans": "部门编码 {value} 不是有效的统一社会信用代码",
        "en": "The department code {value} is not a valid unified social credit code",
    },
    "catalog.same_name": {
        "zh-hans": "同一部门有两个事项都叫“{value}”",
        "en": "The department has two items named “{value}”",
    },
    "catalog.same_code": {
        "zh-hans": "清单里不止一个事项用了编码 {value}",
        "en": "More than one item of the list has the code {value}",
    },
    "catalog.no_name": {"zh-hans": "没有事项名称", "en": "The item has no name"},
    "catalog.cut": {
        "zh-hans": "{name} 有 {now} 个字，只保留了前 {most} 个",
        "en": "{name} has {now} characters; the first {most} were kept",
    },
}
