"""Specimens of the officials' side: inbox, case workspace, dashboard, console."""

import datetime as dt
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import mark_safe

from zhengtong.foundation.core.clock import LOCAL_ZONE
from zhengtong.foundation.ui.specimens.wording import both, rows

CASE_PAGE = "/ui/page/workspace/"
RED, YELLOW, GREEN, PAUSED = "red", "yellow", "green", "paused"
NEW = ("食品经营许可新办", "Food licence, new")
CHANGE = ("食品经营许可变更", "Food licence, change")
PUBLIC = ("公共场所卫生许可", "Public place hygiene")
REVIEW, DECIDE, ACCEPT = ("审查", "Review"), ("决定", "Decision"), ("受理", "Acceptance")
ZHAO, SUN, QIAN = ("赵敏", "Zhao Min"), ("孙洁", "Sun Jie"), ("钱卫", "Qian Wei")
NOBODY = ("未分派", "Nobody yet")

# light, case number, item, applicant, step, officer, accepted (month, day), used share, words, tags
LINES: tuple[tuple[Any, ...], ...] = (
    (RED, "202502240009", PUBLIC, "清泉浴池", DECIDE, QIAN, (2, 25), 1, ("超期 2 日", "2 days over"), (("黄牌", "Yellow card", "gold"), ("听证", "Hearing", ""))),
    (RED, "202502260017", CHANGE, "味府小吃店", REVIEW, ZHAO, (2, 26), 1, ("超期 1 日", "1 day over"), (("黄牌", "Yellow card", "gold"),)),
    (YELLOW, "202503120016", ("仅销售预包装食品备案", "Packaged food filing"), "邻里便利店", ("备案", "Filing"), SUN, (3, 12), 1, ("今天到期", "Due today"), ()),
    (YELLOW, "202502270022", NEW, "春和面馆", REVIEW, ZHAO, (2, 28), 0.9, ("剩 1 日", "1 day left"), ()),
    (YELLOW, "202502280031", NEW, "悦来茶饮（和平路店）", REVIEW, ZHAO, (2, 28), 0.9, ("剩 1 日", "1 day left"), (("容缺", "Gap allowed", ""),)),
    (YELLOW, "202503030008", ("食品经营许可延续", "Food licence, renewal"), "区第一小学食堂", REVIEW, ZHAO, (3, 3), 0.8, ("剩 2 日", "2 days left"), ()),
    (GREEN, "202503110005", ("食品经营许可注销", "Food licence, cancel"), "旺角烧烤", DECIDE, QIAN, (3, 11), 0.4, ("剩 3 日", "3 days left"), ()),
    (GREEN, "202503060014", NEW, "老街坊早餐铺", REVIEW, ZHAO, (3, 6), 0.5, ("剩 5 日", "5 days left"), ()),
    (GREEN, "202503130004", NEW, "山城小面", ("待受理", "To accept"), NOBODY, None, 0, ("剩 5 日受理", "5 days to accept"), (("新件", "New", "azure"),)),
    (GREEN, "202503030001", NEW, "京味餐饮有限公司", REVIEW, ZHAO, (3, 5), 0.4, ("剩 6 日", "6 days left"), (("补正过", "Corrected", ""),)),
    (GREEN, "202503070019", CHANGE, "海智科技员工食堂", ACCEPT, SUN, (3, 7), 0.4, ("剩 6 日", "6 days left"), ()),
    (GREEN, "202503100002", PUBLIC, "青禾理发店", ACCEPT, SUN, (3, 10), 0.3, ("剩 7 日", "7 days left"), (("代办", "Agent", ""),)),
    (GREEN, "202503100011", NEW, "四季鲜果切", REVIEW, ZHAO, (3, 10), 0.3, ("剩 7 日", "7 days left"), ()),
    (GREEN, "202503110021", NEW, "社区长者食堂", ACCEPT, SUN, (3, 11), 0.2, ("剩 8 日", "8 days left"), (("优先", "First", "azure"),)),
    (GREEN, "202503120007", NEW, "云图软件员工餐厅", ACCEPT, SUN, (3, 12), 0.1, ("剩 9 日", "9 days left"), ()),
    (PAUSED, "202503070003", ("食品生产许可新办", "Food production, new"), "禾丰食品有限公司", ("检测", "Test"), ("—", "—"), (3, 7), 0.3, ("停，检测中", "paused, testing"), (("特别程序", "Special step", ""),)),
)  # fmt: skip


def _row(line: tuple[Any, ...], chosen: bool, current: bool) -> dict[str, Any]:
    light, number, item, applicant, step, officer, accepted, share, words, tags = line
    return {
        "id": number, "name": both(*item), "url": CASE_PAGE, "chosen": chosen, "current": current,
        "cells": [
            {"kind": "light", "state": light}, {"kind": "code", "value": f"110108{number}"}, {"kind": "head", "value": both(*item)},
            {"value": applicant}, {"value": both(*step)}, {"value": both(*officer)},
            {"kind": "date", "value": dt.date(2025, *accepted) if accepted else None},
            {"kind": "limit", "share": share, "state": light, "words": both(*words)},
            {"kind": "tags", "tags": [{"label": both(zh, en), "state": state} for zh, en, state in tags]},
        ],
    }  # fmt: skip


def inbox() -> dict[str, Any]:
    lights = ((RED, 2), (YELLOW, 4), (GREEN, 9), (PAUSED, 1))
    return {
        "side": _side(),
        "lights": [{"state": state, "count": count, "url": "#"} for state, count in lights],
        "chips": [{"label": both("承办：赵敏及本科室", "Officer: Zhao Min and section"), "remove_url": "#"},
                  {"label": both("事项：食品、公共卫生", "Item: food, hygiene"), "remove_url": "#"}],
        "tools": [{"label": both("按剩余时间", "By time left"), "icon": "arrow-up-down", "url": "#"}, {"label": both("列", "Columns"), "icon": "columns-3", "url": "#"},
                  {"label": both("紧凑", "Tight"), "icon": "rows-3", "url": "#"}, {"label": both("导出", "Export"), "icon": "download", "url": "#"}],
        "table": {
            "label": both("我的待办", "My tasks"), "selectable": True,
            "columns": [{"label": both(zh, en), "class": "zt-end" if zh == "受理" else ""} for zh, en in (
                ("灯", "Light"), ("办件编号", "Case number"), ("事项", "Item"), ("申请人", "Applicant"), ("环节", "Step"), ("承办", "Officer"),
                ("受理", "Accepted"), ("承诺期限", "Promised limit"), ("标记", "Marks"))],
            "rows": [_row(line, place in (3, 4, 5), place == 9) for place, line in enumerate(LINES)],
        },
        "actions": [{"label": both("转办", "Hand over"), "value": "hand_over", "icon": "user-plus", "key": "E"}, {"label": both("催办", "Press"), "value": "press", "icon": "megaphone"},
                    {"label": both("安排核查", "Arrange a visit"), "value": "visit", "icon": "map-pin-check"}, {"label": both("逐件审查", "Review one by one"), "value": "review", "main": True}],
    }  # fmt: skip


def _side() -> list[dict[str, Any]]:
    def items(*lines: tuple[Any, ...]) -> list[dict[str, Any]]:
        return [
            {"label": both(zh, en), "count": count, "icon": icon, "url": "#", "current": zh == "我的待办"}
            for zh, en, count, icon in lines
        ]

    return [
        {"items": items(("我的待办", "My tasks", 16, "inbox"), ("科室待办", "Section", 73, "users"), ("我关注的", "Watched", 5, "eye"), ("我办过的", "Done by me", None, "check-check"))},
        {"title": both("环节", "Steps"), "items": items(("待受理", "To accept", 9, ""), ("审查", "Review", 41, ""), ("现场核查", "Visits", 6, ""), ("特别程序", "Special steps", 4, ""), ("待决定", "To decide", 11, ""), ("待发证", "To issue", 2, ""))},
        {"title": both("我存的视图", "Saved views"), "items": items(("三天内到期", "Due in 3 days", 5, ""), ("和平路片区", "Heping Road", 12, ""), ("补正后重交", "Resubmitted", 3, ""))},
    ]  # fmt: skip


PLAN = mark_safe(
    '<svg viewBox="0 0 600 424" role="img" aria-label="Floor plan" font-family="inherit" font-size="13" text-anchor="middle">'
    '<text x="300" y="42" font-size="16" font-weight="700">京味餐饮有限公司经营场所平面布局图</text>'
    '<g fill="none" stroke="#16262e"><rect x="34" y="57" width="532" height="314" stroke-width="4"/><path d="M224 57v105M224 238v133M338 57v105M224 213h114M376 213h190" stroke-width="1.6"/>'
    '<g stroke-width="1.2"><rect x="63" y="90" width="44" height="44" rx="3"/><rect x="135" y="90" width="44" height="44" rx="3"/><rect x="63" y="162" width="44" height="44" rx="3"/><rect x="135" y="162" width="44" height="44" rx="3"/><rect x="63" y="234" width="44" height="44" rx="3"/><rect x="135" y="234" width="44" height="44" rx="3"/>'
    '<rect x="241" y="70" width="82" height="25" rx="2"/><rect x="358" y="70" width="192" height="30" rx="2"/><circle cx="386" cy="85" r="9"/><circle cx="414" cy="85" r="9"/><circle cx="442" cy="85" r="9"/><rect x="243" y="334" width="114" height="26" rx="2"/><rect x="386" y="334" width="57" height="26" rx="2"/><rect x="461" y="334" width="86" height="26" rx="2"/></g></g>'
    '<text x="281" y="137">备餐 8 ㎡</text><text x="452" y="147">烹饪区 16 ㎡</text><text x="124" y="302">用餐区 42 ㎡</text><text x="319" y="289">清洗消毒 9 ㎡</text><text x="485" y="289">食材库 5 ㎡</text><text x="115" y="394">入口</text></svg>'
)


def workspace() -> dict[str, Any]:
    source, register = (
        both("营业执照，3 月 3 日", "Business licence, 3 March"),
        both("不动产登记，3 月 3 日", "Property register, 3 March"),
    )
    return {
        "facts": ["110108 20250303 0001", both("3 月 5 日受理", "accepted 5 March"), both("审查环节", "review"), both("承办 赵敏", "officer Zhao Min")],
        "tags": [both("补正过", "Corrected"), both("检测已完成", "Test done")],
        "actions": [{"label": both("经过", "History"), "icon": "history", "url": "#"}, {"label": both("批注 1", "Notes 1"), "icon": "message-square", "url": "#"},
                    {"label": both("转办", "Hand over"), "icon": "user-plus", "url": "#"}, {"label": both("更多", "More"), "icon": "ellipsis", "url": "#"}],
        "left_tabs": [{"label": both("申请与材料", "Application"), "url": "#", "current": True}, {"label": both("往来文书 3", "Letters 3"), "url": "#"}, {"label": both("关联办件 1", "Related 1"), "url": "#"}],
        "right_tabs": [{"label": both("规则核对 9", "Rules 9"), "url": "#", "current": True}, {"label": both("同类先例", "Precedents"), "url": "#"}, {"label": both("信用记录", "Credit"), "url": "#"}],
        "answers": rows(
            "label value source",
            (both("经营者名称", "Business"), both("京味餐饮有限公司", "Jingwei Catering"), source), (both("信用代码", "Credit code"), "91110108MA01A00373", source),
            (both("法定代表人", "Represented by"), both("张三", "Zhang San"), source), (both("经营场所", "Premises"), both("示范区和平路 18 号 1 层 102 室", "Room 102, 18 Heping Road"), register),
            (both("主体业态", "Kind"), both("餐饮服务经营者", "Catering")), (both("经营项目", "Items"), both("热食类、自制饮品", "Hot food, drinks")),
            (both("经营面积", "Area"), "80 ㎡"), (both("安全管理人员", "Safety officer"), both("李四", "Li Si")),
        ),
        "materials": rows(
            "name note state state_words icon current url",
            (both("营业执照", "Business licence"), both("电子证照，签名有效", "Electronic, signature valid"), GREEN, both("一致", "matches"), "file-check", False, "#"),
            (both("不动产权证书", "Title"), both("登记系统获取", "From the register"), GREEN, both("一致", "matches"), "file-check", False, "#"),
            (both("从业人员健康证明 4 张", "Health certificates, 4"), both("健康证数据库获取", "From the register"), GREEN, both("有效", "valid"), "file-check", False, "#"),
            (both("平面布局图", "Floor plan"), both("申请人上传，3 月 5 日补正", "Uploaded, corrected 5 March"), YELLOW, both("待看", "to read"), "file-image", True, "#"),
            (both("食品安全规章制度", "Safety rules"), both("采用范本", "The model"), GREEN, both("已看", "read"), "file-text", False, "#"),
            (both("检测报告", "Test report"), both("示范区食品检验所", "Testing Institute"), GREEN, both("合格", "passed"), "file-text", False, "#"),
        ),
        "viewer": _viewer(),
        "ring": {"days": 6, "share": 0.6, "state": GREEN, "words": both("绿灯，承诺期限剩 6 个工作日", "Green, 6 working days left"), "url": "#",
                 "last_day": both("3 月 21 日到期，法定 4 月 7 日", "Due 21 March, by law 7 April"), "pause": both("检测暂停 2 日不计", "2 days of testing do not count")},
        "rules": rows(
            "title words state trace rule trace_url",
            (both("主体资格", "The business"), both("营业执照有效，经营范围含餐饮服务", "Licence in force, covers catering")),
            (both("场所与产权一致", "Premises match the title"),), (both("健康证明 4 人，全部有效", "4 health certificates, all valid"),),
            (both("场所面积须人工确认", "The area needs a person to confirm"), "", "doubtful",
             [both("填报 80 ㎡　图示 42+8+16+9+5 = 80 ㎡", "Stated 80, plan 42+8+16+9+5 = 80"), both("产权证 84.6 ㎡　相差 4.6 ㎡，在 10% 以内", "Title 84.6, difference 4.6, within 10%")],
             both("规则 R-07 第 3 行，依据《示范区许可审查细则》", "Rule R-07, row 3, district review rules"), "#"),
        ),
        "decision": {
            "title": both("审查意见", "Opinion"), "next_words": both("提交后由钱卫决定", "Qian Wei decides next"), "action": "", "submit": both("提交意见", "Submit opinion"), "draft": both("存草稿", "Save draft"),
            "choices": rows("value label checked forbidden", ("grant", both("建议准予", "Grant"), True), ("refuse", both("建议不予", "Refuse"), False),
                            ("correct", both("补正", "Correct"), False, both("补正已于 3 月 4 日一次性告知，不能再次要求（行政许可法第三十二条）。", "Corrections were asked once on 4 March and cannot be asked again (article 32)."))),
            "reasons": both("材料齐全，场所、设备、人员符合《食品安全法》第三十三条第一款要求，检测合格。建议准予许可。", "Complete; premises, equipment and staff meet article 33(1); test passed. Grant."),
        },
    }  # fmt: skip


def _viewer() -> dict[str, Any]:
    return {
        "name": both("平面布局图.pdf", "floor-plan.pdf"), "page_words": both("第 1 / 1 页", "Page 1 of 1"), "drawing": PLAN, "width": 600, "height": 424,
        "tools": [{"icon": "zoom-out", "name": both("缩小", "Smaller"), "url": "#"}, {"icon": "zoom-in", "name": both("放大", "Larger"), "url": "#"}, {"icon": "rotate-cw", "name": both("转一下", "Turn"), "url": "#"},
                  {"icon": "git-compare-arrows", "label": both("与补正前比", "Compare"), "url": "#"}, {"icon": "pen-line", "label": both("批注", "Note"), "url": "#"}],
        "marks": [{"x": 233, "y": 228, "width": 328, "height": 138, "right": 561}],
        "notes": [{"who": both("赵敏", "Zhao Min"), "at": dt.datetime(2025, 3, 13, 11, 5, tzinfo=LOCAL_ZONE), "text": both("清洗消毒与食材库合计 14 ㎡，图上已分隔，符合要求。", "Washing and store come to 14 square metres, separated on the plan; as required.")}],
        "previous": {"label": both("健康证明", "Health certificates"), "url": "#"}, "next": {"label": both("规章制度", "Safety rules"), "url": "#"}, "place_words": both("第 4 份，共 7 份", "4 of 7"),
    }  # fmt: skip


def _bars(lines: tuple[tuple[str, str, int, int, int], ...]) -> list[dict[str, Any]]:
    """Widths in percent of a scale whose 17 cases fill 85 % of the line."""
    drawn = []
    for zh, en, yellow, red, open_cases in lines:
        first, second = yellow * 5, red * 5
        drawn.append({"label": both(zh, en), "yellow": yellow, "red": red, "yellow_width": first, "yellow_middle": first / 2, "red_start": first + 0.3,
                      "red_width": second, "red_middle": first + 0.3 + second / 2, "end": first + second, "after": both(f"在办 {open_cases}", f"{open_cases} open")})  # fmt: skip
    return drawn


def _line() -> dict[str, Any]:
    values = (0.76, 0.83, 0.62, 0.90, 0.83, 0.76, 0.97, 0.83, 0.90, 0.69, 0.76, 0.62, 0.69, 0.55, 0.62, 0.59, 0.55, 0.62, 0.48, 0.52, 0.48, 0.41, 0.45, 0.41, 0.38, 0.41, 0.34, 0.31, 0.28, 0.26)  # fmt: skip
    points = [(40 + place * 430 / 29, 250 - value * 235) for place, value in enumerate(values)]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    first = dt.date(2025, 2, 12)
    return {
        "title": both("超期率连降三周，低于目标", "Overdue share falls three weeks, below target"), "note": both("每日，%", "daily, %"), "line": line, "area": f"{line}L470 250L40 250Z",
        "ticks": [{"y": 250 - level * 235 / 4, "label": f"{level / 4:.2f}"} for level in range(5)], "target_y": 132.5, "target": both("目标 0.50", "Target 0.50"),
        "now_y": 250 - 0.26 * 235, "now": both("今天 0.26", "Today 0.26"), "days": [{"x": 40 + 430 / 29 * place, "label": f"{(first + dt.timedelta(place)):%-m.%-d}"} for place in (0, 7, 14, 21, 28)],
        "rows": [(f"{first + dt.timedelta(place):%Y-%m-%d}", value) for place, value in enumerate(values)],
    }  # fmt: skip


def dashboard() -> dict[str, Any]:
    cases = both("件", "cases")
    heat = ((("市场监管局", "Market"), (42, 61, 18, 11)), (("民政局", "Civil affairs"), (12, 20, 4, 6)), (("住房建设委", "Housing"), (9, 88, 31, 22)),
            (("人力社保局", "Labour"), (30, 26, 8, 5)), (("卫生健康委", "Health"), (14, 33, 16, 9)), (("自然资源局", "Resources"), (8, 72, 24, 38)))  # fmt: skip
    return {
        "figures": rows(
            "state label value unit note",
            (RED, both("红灯，已超期", "Red, overdue"), 6, cases, both("其中超法定 1 件，比昨天少 2 件", "1 beyond the law, 2 fewer than yesterday")),
            (YELLOW, both("黄灯，快到期", "Yellow, due soon"), 58, cases, both("其中 12 件今天到期", "12 due today")),
            (GREEN, both("绿灯，正常办理", "Green, on time"), 2282, cases, both("另有 47 件依法暂停计时", "47 more are paused by law")),
            ("", both("承诺期内办结率", "Closed within the promise"), 99.4, "%", both("近 30 天办结 21,306 件，超期 128 件", "30 days: 21,306 closed, 128 late")),
        ),
        "bars": {"title": both("和平街道黄灯最多，占全区四分之一", "Heping has a quarter of all yellow"), "note": both("黄灯、红灯件数，绿灯不画", "Yellow and red cases only"), "row_name": both("街道", "Place"), "rows": _bars((
            ("和平街道", "Heping", 15, 2, 529), ("新城街道", "Xincheng", 9, 1, 446), ("东湖街道", "Donghu", 8, 0, 396), ("站前街道", "Zhanqian", 8, 1, 310),
            ("高新园区", "Gaoxin", 7, 1, 270), ("南山镇", "Nanshan", 5, 0, 163), ("柳河镇", "Liuhe", 4, 1, 131), ("白云镇", "Baiyun", 2, 0, 101)))},
        "line": _line(),
        "heat": {"title": both("时间花在哪一步", "Where the time goes"), "note": both("平均用时，小时", "hours on average"), "columns": [both("受理", "Accept"), both("审查", "Review"), both("决定", "Decide"), both("发证", "Issue")],
                 "rows": [{"label": both(*name), "cells": [{"value": value, "level": min(9, 1 + value // 10)} for value in values]} for name, values in heat]},
        "red": {
            "label": both("红灯清单", "Red list"), "columns": [{"label": both(zh, en), "class": "zt-end" if zh in ("受理", "超期") else ""} for zh, en in (
                ("灯", "Light"), ("部门", "Department"), ("事项", "Item"), ("申请人", "Applicant"), ("受理", "Accepted"), ("超期", "Overdue"), ("亮牌", "Card"), ("处置", "Action"))],
            "rows": [_red(*line) for line in (
                ("自然资源局", "建设工程规划许可", "示范区第三中学", (2, 11), "超法定 2 日", "红牌", "已约谈"), ("自然资源局", "临时用地审批", "白云镇人民政府", (2, 21), "超承诺 4 日", "黄牌", "限 3.17 办结"),
                ("住房建设委", "施工许可", "禾丰食品有限公司", (2, 24), "超承诺 3 日", "黄牌", "限 3.14 办结"), ("市场监管局", "公共场所卫生许可", "清泉浴池", (2, 25), "超承诺 2 日", "黄牌", "听证中"),
                ("卫生健康委", "医疗机构执业登记", "康宁诊所", (2, 25), "超承诺 2 日", "黄牌", "已说明"), ("市场监管局", "食品经营许可变更", "味府小吃店", (2, 26), "超承诺 1 日", "黄牌", "待说明"))],
        },
    }  # fmt: skip


def _red(
    department: str, item: str, applicant: str, accepted: tuple[int, int], over: str, card: str, action: str
) -> dict[str, Any]:
    return {"id": applicant, "name": item, "url": CASE_PAGE, "cells": [
        {"kind": "light", "state": RED}, {"value": department}, {"kind": "head", "value": item}, {"value": applicant}, {"kind": "date", "value": dt.date(2025, *accepted)},
        {"kind": "red", "value": over}, {"kind": "tags", "tags": [{"label": card, "state": "red" if card == "红牌" else "gold"}]}, {"value": action}]}  # fmt: skip


def console() -> dict[str, Any]:
    return {
        "rows": rows(
            "label value",
            (both("组织", "Organisations"), "31"),
            (both("岗位", "Posts"), "214"),
            (both("日历年份", "Calendar years"), "2007–2026"),
        ),
        "model": static("ui/specimen.bpmn"),
        "states": [
            {"name": "done", "label": both("已完成", "Done")},
            {"name": "now", "label": both("正在办", "In progress")},
            {"name": "next", "label": both("下一步", "Next")},
        ],
    }
