"""Specimens of states: the small parts, every kind of field, and the index of the living page."""

import datetime as dt
from typing import Any

from zhengtong.foundation.core.clock import LOCAL_ZONE
from zhengtong.foundation.ui.specimens import applying
from zhengtong.foundation.ui.specimens.wording import both, rows

PAGES = (
    "home", "guide", "form", "check", "progress", "inbox", "workspace", "dashboard", "console", "law", "elder", "licence", "verify",
    "states", "fields", "print",
)  # fmt: skip


def index() -> dict[str, Any]:
    return {"pages": [{"label": name, "url": f"/ui/page/{name}/", "note": ""} for name in PAGES]}


def states() -> dict[str, Any]:
    return {
        "asked": [], "clock_over": applying.clock() | {"state": "over", "before": both("已超过承诺期限", "Beyond the promised day"), "days": 2},
        "ruler": applying.ruler(), "file": {"name": both("平面布局图.pdf", "floor-plan.pdf"), "note": both("2.4 MB，已上传", "2.4 MB, uploaded"), "remove_value": "1"},
        "sources": [
            {"name": both("营业执照", "the business licence"), "at": dt.datetime(2025, 3, 13, 9, 12, tzinfo=LOCAL_ZONE), "action": both("内容不对", "Not right"), "action_url": "#"},
            {"state": "changed", "name": "", "original": both("和平路 18 号", "18 Heping Road")},
            {"state": "unreachable", "name": both("电子证照库", "The licence library")},
        ],
        "rings": [{"days": days, "share": share, "state": state, "words": both(zh, en), "last_day": both("3 月 21 日到期", "Due 21 March")}
                  for days, share, state, zh, en in ((6, 0.6, "green", "绿灯", "Green"), (2, 0.2, "yellow", "黄灯", "Yellow"), (0, 1, "red", "红灯", "Red"), (4, 0.4, "paused", "停", "Paused"))],
        "checks": rows("title words state", (both("内容没有改动", "Nothing altered"), both("摘要一致", "Digests match")), (both("印章已失效", "The seal has lapsed"), both("证书 2024 年到期", "Certificate ended in 2024"), "failed"),
                       (both("日志暂时查不到", "The log cannot be reached"), both("请稍后再试", "Please try later"), "unknown")),
        "tabs": [{"label": both("全部", "All"), "url": "#", "current": True}, {"label": both("在办", "Open"), "url": "#"}, {"label": both("办结", "Closed"), "url": "#"}],
        "day_this_year": dt.date(2025, 3, 19), "day_other_year": dt.date(2024, 12, 31), "moment": dt.datetime(2025, 3, 13, 14, 20, tzinfo=LOCAL_ZONE),
        "digest": "7f3a91c40be2" + "5d0e" * 11 + "d85e2b17",
        "bulk_actions": [{"label": both("转办", "Hand over"), "value": "hand_over", "key": "E", "icon": "user-plus"}],
        "rules": rows("title words state", (both("主体资格", "The business"), both("有效", "valid")), (both("证照已吊销", "The licence was revoked"), both("2024 年 5 月", "May 2024"), "failed")),
        "empty_table": {"label": both("没有办件", "No cases"), "columns": [{"label": both("事项", "Item")}], "rows": [], "empty_title": both("没有要办的", "Nothing to do"), "empty_words": both("新来的办件会出现在这里。", "New cases appear here.")},
    }  # fmt: skip


def fields() -> dict[str, Any]:
    """Every widget, empty, filled and with an error."""
    equipment = [
        {"key": "name", "label": both("设备名称", "Equipment"), "widget": "text"},
        {"key": "count", "label": both("数量", "Count"), "widget": "integer", "unit": both("台", "pieces")},
        {"key": "use", "label": both("用途", "Use"), "widget": "select", "options": rows("value label", ("cool", both("冷藏", "Cooling")), ("wash", both("清洗", "Washing")))},
    ]  # fmt: skip
    staff = [
        {"key": "name", "label": both("姓名", "Name"), "width": 20},
        {"key": "certificate", "label": both("健康证编号", "Health certificate"), "widget": "code", "width": 20},
    ]
    wash_or_cool = rows(
        "value label hint", ("cool", both("冷藏", "Cooling"), ""), ("wash", both("清洗", "Washing"), "")
    )
    all_fields = [
        {"key": "plain", "label": both("文字", "Text"), "help": both("与身份证一致，生僻字可手写", "As on your identity card"), "value": both("李䶮喆", "Li Yanzhe"), "width": 20},
        {"key": "wrong", "label": both("公民身份号码", "Identity number"), "widget": "code", "value": "11010119900307123X", "width": 20, "errors": [both("最后一位校验码不对，请核对", "The last character does not fit; please check")]},
        {"key": "number", "label": both("数字", "Number"), "widget": "number", "unit": both("平方米", "square metres"), "width": 10, "value": "80.5"},
        {"key": "long", "label": both("长文字", "Long text"), "widget": "textarea", "rows": 3, "max_length": 200, "required": False},
        {"key": "date", "label": both("日期", "Date"), "widget": "date", "width": 10, "value": "2025-03-19"},
        {"key": "parts", "label": both("出生日期", "Date of birth"), "widget": "date_parts", "help": both("例如 1990 年 3 月 7 日", "For example 7 March 1990"), "value": {"year": "1990", "month": "13", "day": "7"}, "errors": [both("月份应为 1 至 12", "The month is 1 to 12")]},
        {"key": "radios", "label": both("单选", "One of these"), "widget": "radios", "options": wash_or_cool, "value": "cool", "errors": [both("请选一项", "Choose one")]},
        {"key": "list", "label": both("竖排单选", "One of a list"), "widget": "radios", "layout": "list", "options": wash_or_cool},
        {"key": "many", "label": both("多选", "Any of these"), "widget": "checkboxes", "options": [*wash_or_cool, {"value": "off", "label": both("不可选", "Not available"), "disabled": True}], "value": ["wash"]},
        {"key": "yes", "label": both("是否自有场所？", "Do you own the premises?"), "widget": "yes_no", "value": True},
        {"key": "consent", "label": both("我已核对以上内容", "I have checked the above"), "widget": "checkbox"},
        {"key": "select", "label": both("选择", "Select"), "widget": "select", "options": wash_or_cool, "width": 20},
        {"key": "plan", "label": both("平面布局图", "Floor plan"), "widget": "file", "accept": ".pdf,.jpg,.png", "accept_words": both("PDF、JPG、PNG，10 MB 以内", "PDF, JPG or PNG, up to 10 MB"),
         "files": [{"name": both("平面布局图.pdf", "floor-plan.pdf"), "note": both("2.4 MB，已上传", "2.4 MB, uploaded"), "remove_value": "plan.0"}]},
        {"key": "computed", "label": both("合计面积", "Total area"), "widget": "computed", "unit": both("平方米", "square metres"), "value": "80.0"},
        {"key": "fixed", "label": both("受理机关", "Authority"), "widget": "read_only", "value": both("示范区市场监督管理局", "Market Regulation Bureau")},
        {"key": "changed", "label": both("经营场所", "Premises"), "value": both("和平路 20 号", "20 Heping Road"), "source": {"state": "changed", "name": "", "original": both("和平路 18 号", "18 Heping Road")}},
        {"key": "away", "label": both("营业执照编号", "Licence number"), "required": False, "source": {"state": "unreachable", "name": both("电子证照库", "The licence library")}},
        {"key": "equipment", "label": both("设备设施清单", "Equipment"), "widget": "table", "columns": equipment, "value": [{"name": both("冰柜", "Freezer"), "count": "2", "use": "cool"}, {"name": both("洗碗机", "Dishwasher"), "count": "一"}],
         "cell_errors": {"1.count": [both("请填数字", "Write a number")]}, "add_label": both("加一台设备", "Add equipment")},
        {"key": "staff", "label": both("从业人员", "Staff"), "widget": "group", "columns": staff, "item_label": both("人员", "Person"), "value": [{"name": both("李四", "Li Si")}], "add_label": both("加一个人", "Add a person")},
        {"key": "hidden", "label": both("看不见", "Not shown"), "visible": False},
    ]  # fmt: skip
    return {"page": {"title": both("各种填写项", "Every kind of field"), "sections": [{"title": both("填写项", "Fields"), "lead": both("每种一个，含出错时的样子。", "One of each, some with a fault."), "fields": all_fields}],
                     "errors": [both("这一页离开太久，请再核对一遍", "You were away a while; please check this page again")], "autosave_url": "/ui/", "submit": {"label": both("保存并继续", "Save and continue")}}}  # fmt: skip
