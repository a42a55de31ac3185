"""Specimens of applying: a page of the form with faults, checking the answers, and following the case."""

import datetime as dt
from typing import Any

from zhengtong.foundation.core.clock import LOCAL_ZONE
from zhengtong.foundation.ui.specimens.wording import both, rows

FETCHED = dt.datetime(2025, 3, 3, 9, 12, tzinfo=LOCAL_ZONE)
CASE = "110108202503030001"


def _at(day: int, hour: int, minute: int) -> dt.datetime:
    return dt.datetime(2025, 3, day, hour, minute, tzinfo=LOCAL_ZONE)


def _steps(now: int) -> list[dict[str, Any]]:
    labels = (
        ("选择情形", "Situation"),
        ("填写信息", "Information"),
        ("提交材料", "Materials"),
        ("确认并签名", "Check and sign"),
    )
    return [
        {"label": both(*label), "state": "done" if place < now else "now" if place == now else "next"}
        for place, label in enumerate(labels, 1)
    ]  # fmt: skip


def _source(name: tuple[str, str], action: tuple[str, str] | None = None) -> dict[str, Any]:
    source: dict[str, Any] = {"name": both(*name), "at": FETCHED}
    if action:
        source |= {"action": both(*action), "action_url": "/ui/page/form/"}
    return source


BUSINESS_LICENCE = ("营业执照", "the business licence")


def _operator() -> dict[str, Any]:
    return {
        "title": both("经营者", "The business"),
        "lead": both("以下内容已从政府部门获取，请核对。", "Fetched from government records. Please check."),
        "fields": [
            {"key": "name", "label": both("经营者名称", "Name of the business"), "value": both("京味餐饮有限公司", "Jingwei Catering Co., Ltd"),
             "source": _source(BUSINESS_LICENCE, ("内容不对", "Not right"))},
            {"key": "credit_code", "label": both("统一社会信用代码", "Unified social credit code"), "widget": "code", "value": "91110108MA01A00373",
             "width": 20, "source": _source(BUSINESS_LICENCE)},
            {"key": "place", "label": both("经营场所", "Premises"), "value": both("示范区和平路 18 号 1 层 102 室", "Room 102, 18 Heping Road"),
             "source": _source(("不动产登记", "the property register"), ("实际地址不同，改一下", "The address differs"))},
        ],
    }  # fmt: skip


def _business() -> dict[str, Any]:
    return {
        "title": both("经营内容", "What you do"),
        "fields": [
            {"key": "kind", "label": both("您主要做哪一类？", "What do you mainly do?"), "widget": "radios", "value": "catering", "options": rows(
                "value label hint", ("catering", both("餐饮服务", "Catering"), both("饭馆、小吃店、奶茶店", "Restaurants, snacks, tea shops")),
                ("canteen", both("单位食堂", "A canteen"), both("学校、机关、企业内部", "In a school, office or firm")))},
            {"key": "items", "label": both("准备卖什么？", "What will you sell?"), "widget": "checkboxes", "value": ["hot", "drinks"], "options": rows(
                "value label hint", ("hot", both("热食类", "Hot food"), both("炒菜、面条、火锅", "Dishes, noodles, hot pot")),
                ("drinks", both("自制饮品", "Drinks made here"), both("现榨果汁、奶茶", "Juice, milk tea")),
                ("cold", both("冷食类", "Cold food"), both("凉菜、冷荤，须设专间", "Needs a room of its own")),
                ("cakes", both("糕点类", "Cakes"), both("蛋糕、面包、月饼", "Cakes, bread, mooncakes")))},
            {"key": "area", "label": both("经营面积", "Area"), "widget": "number", "unit": both("平方米", "square metres"), "width": 10,
             "help": both("只填数字，可带一位小数，如 80.5", "Digits only, one decimal if needed, such as 80.5"), "value": both("约 80", "about 80"),
             "errors": [both("请只填数字，去掉“约”字", "Write digits only, without “about”")]},
        ],
    }  # fmt: skip


def _contact() -> dict[str, Any]:
    return {
        "title": both("联系人", "Who to contact"),
        "fields": [
            {"key": "contact", "label": both("姓名", "Name"), "value": both("张三", "Zhang San"), "width": 20,
             "source": {"name": both("您的实名账户", "your account"), "action": both("换一位联系人", "Another person"), "action_url": "/ui/page/form/"}},
            {"key": "phone", "label": both("手机号码", "Mobile number"), "widget": "phone", "value": "1380013800", "width": 20,
             "help": both("办理进度会发短信到这个号码", "We send messages about progress here"),
             "errors": [both("手机号码应为 11 位，现在是 10 位", "A mobile number has 11 digits; this has 10")]},
            {"key": "email", "label": both("电子邮箱", "E-mail"), "widget": "email", "width": 20, "required": False},
        ],
    }  # fmt: skip


def form() -> dict[str, Any]:
    return {
        "crumbs": [{"label": both("首页", "Home"), "url": "/ui/page/home/"}, {"label": both("食品经营许可", "Food business licence"), "url": "/ui/page/guide/"}],
        "steps": _steps(2),
        "page": {
            "title": both("填写经营信息", "About your business"),
            "sections": [_operator(), _business(), _contact()],
            "submit": {"label": both("保存，去交材料", "Save and give materials")},
            "back": {"label": both("返回上一步", "Back one step"), "url": "/ui/page/guide/"},
            "saved_at": _at(13, 9, 40),
        },
        "facts": rows(
            "label value",
            (both("情形", "Situation"), both("新办・餐饮服务", "New, catering")),
            (both("承诺办结", "Promised"), both("10 个工作日", "10 working days")),
            (both("还要交", "Still to give"), both("2 份材料", "2 papers")),
            (both("草稿", "Draft"), both("保留至 6 月 1 日", "Kept until 1 June")),
        ),
    }  # fmt: skip


def check_answers() -> dict[str, Any]:
    return {
        "steps": _steps(4),
        "operator": rows(
            "label value source change_url",
            (both("经营者名称", "Name"), both("京味餐饮有限公司", "Jingwei Catering Co., Ltd"), both("营业执照", "Business licence"), "/ui/page/form/"),
            (both("经营场所", "Premises"), both("示范区和平路 18 号 1 层 102 室", "Room 102, 18 Heping Road"), both("不动产登记", "Property register"), "/ui/page/form/"),
        ),
        "business": rows(
            "label value source change_url",
            (both("主体业态", "Kind"), both("餐饮服务经营者", "Catering"), "", "/ui/page/form/"),
            (both("经营项目", "Items"), both("热食类、自制饮品", "Hot food, drinks"), "", "/ui/page/form/"),
            (both("电子邮箱", "E-mail"), "", "", "/ui/page/form/"),
        ),
    }  # fmt: skip


def ruler() -> dict[str, Any]:
    """Accepted on 5 March, ten working days, two of them paused for a test: the last day is 21 March."""
    marks: list[tuple[int, str, str]] = [(5, "accepted", "受"), (6, "used", "1"), (7, "used", "2"), (8, "rest", "休"), (9, "rest", "休"),
        (10, "used", "3"), (11, "paused", "停"), (12, "paused", "停"), (13, "used", "4"), (14, "left", "5"), (15, "rest", "休"),
        (16, "rest", "休"), *((day, "left", str(day - 11)) for day in range(17, 22))]  # fmt: skip
    words = {
        "accepted": both("受理，当天不算", "accepted; this day does not count"),
        "used": both("工作日，已用", "working day, used"),
        "left": both("工作日，未用", "working day, not used yet"),
        "rest": both("周末，不算", "weekend, not counted"),
        "paused": both(
            "检测，暂停计算（行政许可法第四十五条）", "testing, paused (Administrative Licensing Law, article 45)"
        ),
    }
    short = {"受": both("受", "S"), "休": both("休", "–"), "停": both("停", "P")}
    return {
        "days": [
            {"date": dt.date(2025, 3, day), "kind": kind, "mark": short.get(mark, mark), "today": day == 13, "last": day == 21,
             "words": words[kind]}
            for day, kind, mark in marks
        ],
        "legend": [
            {"kind": "used", "label": both("已用", "Used")}, {"kind": "left", "label": both("未用", "Not used yet")},
            {"kind": "paused", "label": both("检测期间不计（行政许可法第四十五条）", "Testing, not counted (article 45)")},
            {"kind": "rest", "label": both("周末", "Weekend")},
        ],
        "rule": both("受理当天不算，从次日起算（民法典第二百零一条）。", "The day of acceptance does not count (Civil Code, article 201)."),
    }  # fmt: skip


def flow() -> list[dict[str, Any]]:
    return rows(
        "label state date note",
        (both("提交", "Submitted"), "done", dt.date(2025, 3, 3)), (both("补正", "Corrected"), "done", dt.date(2025, 3, 5)), (both("受理", "Accepted"), "done", dt.date(2025, 3, 5)),
        (both("检测", "Tested"), "done", dt.date(2025, 3, 12)), (both("审查", "Review"), "now", None, both("正在办", "now")),
        (both("决定", "Decision"), "next"), (both("发证", "Licence"), "next"),
    )  # fmt: skip


def clock() -> dict[str, Any]:
    return {
        "before": both("距承诺期限还有", "Until the promised day"), "days": 6, "unit": both("个工作日", "working days"),
        "last_day": both("最晚 3 月 21 日（周五）办结", "By Friday 21 March"),
        "legal": both("法定最后期限 4 月 7 日。超期自动报监察。", "Legal last day 7 April. Overdue cases are reported."),
    }  # fmt: skip


def receipt() -> dict[str, Any]:
    return {
        "title": both("受理回执", "Receipt of acceptance"),
        "words": both("这一步已记入公开日志第 2,048,771 条。任何人扫码都能验证它没有被改动或补记。", "This step is entry 2,048,771 of the public log. Anyone can verify that it was not altered."),
        "address": "https://zt.example/r/0001-7F3A", "address_shown": "zt.example/r", "number": "0001-7F3A",
        "digest": "7f3a91c40be2" + "5d0e" * 11 + "d85e2b17", "download_url": "/ui/page/print/", "verify_url": "/ui/page/verify/",
    }  # fmt: skip


def timeline() -> list[dict[str, Any]]:
    return rows(
        "title note at state office paper paper_url",
        (both("审查", "Review"), both("正在办理", "under way"), _at(12, 16, 40), "now"),
        (both("检测合格", "Test passed"), both("期限恢复计算", "clock runs again"), _at(12, 16, 40), "done", both("示范区食品检验所", "Food Testing Institute"), both("看检测报告", "Test report"), "#"),
        (both("检测", "Test"), both("期限暂停", "clock paused"), _at(10, 9, 30), "paused", "", both("书面告知", "Notice"), "#"),
        (both("已受理", "Accepted"), both("开始计时", "clock starts"), _at(5, 10, 15), "done", "", both("受理通知书", "Notice of acceptance"), "/ui/page/print/"),
        (both("您补齐了 2 份材料", "You gave 2 more papers"), "", _at(5, 9, 48)),
        (both("一次性告知补正", "Told at once what is missing"), "", _at(4, 15, 20), "done", "", both("补正通知书", "Correction notice"), "#"),
        (both("您提交了申请", "You applied"), "", _at(3, 10, 2)),
    )  # fmt: skip


def progress() -> dict[str, Any]:
    return {
        "crumbs": [{"label": both("首页", "Home"), "url": "/ui/page/home/"}, {"label": both("我的办件", "My cases"), "url": "/ui/page/progress/"}],
        "case": CASE, "flow": flow(), "clock": clock(), "ruler": ruler(), "timeline": timeline(), "receipt": receipt(),
        "asked": [{"title": both("选择怎样领证", "Choose how to get your licence"), "url": "/ui/page/form/", "link": both("去选择", "Choose"),
                   "words": both("请在 3 月 17 日前选定。不选的，默认发电子证照到您的证照库。", "By 17 March. If you do not, it goes to your licence library.")}],
    }  # fmt: skip
