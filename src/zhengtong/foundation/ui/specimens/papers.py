"""Specimens of papers: an article of law, a licence, its verification, a letter."""

import datetime as dt
from typing import Any

from zhengtong.foundation.ui.specimens.wording import both, rows

BUREAU = both("示范区市场监督管理局", "Market Regulation Bureau")
HOME = {"label": both("首页", "Home"), "url": "/ui/page/home/"}


def law() -> dict[str, Any]:
    return {
        "crumbs": [{"label": both("政务公开", "Open government"), "url": "#"}, {"label": both("法律法规", "Laws"), "url": "#"}, {"label": both("食品安全法", "Food Safety Law"), "url": "#"}],
        "tags": [{"label": both("现行有效", "In force"), "state": "jade", "icon": "check"}, {"label": both("法律", "Law")}],
        "versions": rows(
            "title span url current",
            (both("2009 年通过", "Adopted 2009"), both("2009.6.1 至 2015.9.30", "1 Jun 2009 to 30 Sep 2015"), "#"),
            (both("2015 年修订", "Revised 2015"), both("2015.10.1 至 2018.12.28", "1 Oct 2015 to 28 Dec 2018"), "#"),
            (both("2018 年修正", "Amended 2018"), both("2018.12.29 至 2021.4.28", "29 Dec 2018 to 28 Apr 2021"), "#"),
            (both("2021 年修正", "Amended 2021"), both("2021.4.29 起施行", "From 29 Apr 2021"), "#", True),
        ),
        "chapters": _chapters(),
        "article": {
            "number": both("第三十五条", "Article 35"), "place": both("第四章第一节　一般规定", "Chapter IV, section 1"),
            "paragraphs": [
                [{"text": "国家对食品生产经营实行许可制度。从事食品生产、食品销售、餐饮服务，应当依法取得许可。但是，销售食用农产品"},
                 {"kind": "added", "text": "和仅销售预包装食品的"}, {"text": "，不需要取得许可。"},
                 {"kind": "added", "text": "仅销售预包装食品的，应当报所在地县级以上地方人民政府食品安全监督管理部门备案。"}],
                [{"text": "县级以上地方人民政府食品安全监督管理部门应当依照《中华人民共和国行政许可法》的规定，审核申请人提交的本法第三十三条第一款第一项至第四项规定要求的相关资料，必要时对申请人的生产经营场所进行现场核查；对符合规定条件的，准予许可；对不符合规定条件的，不予许可并书面说明理由。"}],
            ],
            "legend": both("与 2018 年版相比新增", "New since the 2018 version"),
            "links": [{"label": both("隐藏对照", "Hide the comparison"), "url": "#"}, {"label": both("换一个版本对照", "Compare another"), "url": "#"}],
            "citation": "《中华人民共和国食品安全法》（2021 年修正）第三十五条", "day_url": "#",
        },
        "uses": rows(
            "before link url words",
            (both("《食品安全法实施条例》", "Implementing Regulations, "), both("第十五条", "article 15"), "#", both("许可有效期为 5 年。条件变化、需要重新办理许可的，应当依法办理。", "A licence is valid for 5 years.")),
            (both("《食品安全法》", "Food Safety Law, "), both("第一百二十二条", "article 122"), "#", both("未取得许可从事食品生产经营活动的处罚。", "Penalties for trading without a licence.")),
        ),
        "services": rows(
            "label url note",
            (both("食品经营许可", "Food business licence"), "/ui/page/guide/", both("10 个工作日，不收费", "10 working days, no fee")),
            (both("仅销售预包装食品备案", "Filing: packaged food only"), "/ui/page/guide/", both("1 个工作日，不收费", "1 working day, no fee")),
        ),
    }  # fmt: skip


def _chapters() -> list[dict[str, Any]]:
    names = (("一", "总则", "General"), ("二", "风险监测和评估", "Risk"), ("三", "食品安全标准", "Standards"), ("四", "食品生产经营", "Production and trade"),
             ("五", "食品检验", "Testing"), ("六", "食品进出口", "Import and export"), ("七", "事故处置", "Incidents"), ("八", "监督管理", "Supervision"),
             ("九", "法律责任", "Liability"), ("十", "附则", "Final"))  # fmt: skip
    chapters: list[dict[str, Any]] = [
        {"number": both(f"第{zh}章", f"{place}"), "title": both(title, en), "url": "#"}
        for place, (zh, title, en) in enumerate(names, 1)
    ]
    chapters[3]["articles"] = [
        {"label": both(f"第三十{zh}条", f"Article 3{number}"), "url": "#", "current": number == 5}
        for number, zh in zip(range(3, 8), "三四五六七", strict=True)
    ]
    return chapters


def licence() -> dict[str, Any]:
    return {
        "crumbs": [HOME, {"label": both("我的证照", "My licences"), "url": "#"}],
        "licence": {
            "title": both("食品经营许可证", "Food Business Licence"), "number_label": both("许可证编号", "Licence number"), "number": "JY21101080001235",
            "number_cuts": "3 6 6 1", "address": "https://zt.example/v/JY21101080001235", "authority": BUREAU, "seal_number": "2025-0019-8842",
            "issued": dt.date(2025, 3, 19),
            "facts": rows(
                "label value",
                (both("经营者名称", "Business"), both("京味餐饮有限公司", "Jingwei Catering Co., Ltd")), (both("信用代码", "Credit code"), "91110108MA01A00373"),
                (both("法定代表人", "Represented by"), both("张三", "Zhang San")), (both("经营场所", "Premises"), both("示范区和平路 18 号 1 层 102 室", "Room 102, 18 Heping Road")),
                (both("主体业态", "Kind"), both("餐饮服务经营者", "Catering")), (both("经营项目", "Items"), both("热食类食品制售、自制饮品制售", "Hot food, drinks made here")),
                (both("有效期至", "Valid until"), both("2030 年 3 月 18 日", "18 March 2030")),
            ),
        },
        "evidence": rows(
            "label value link url",
            (both("证照标识", "Identifier"), "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D"),
            (both("电子印章", "Electronic seal"), both("SM2 签名，2025 年 3 月 19 日 15:32 签发", "SM2 signature, 19 March 2025 15:32")),
            (both("公开日志", "Public log"), both("第 2,061,408 条", "Entry 2,061,408"), both("下载存在证明", "Download proof"), "#"),
            (both("版本", "Version"), both("第 1 版，没有变更", "Version 1, no changes")),
        ),
        "used": [
            {"who": both("区税务局", "District Tax Bureau"), "when": dt.date(2025, 3, 20), "why": both("发票核定", "invoices")},
            {"who": both("外卖平台（您已授权）", "Delivery platform (you agreed)"), "when": dt.date(2025, 3, 20), "why": both("入驻审核", "joining")},
        ],
    }  # fmt: skip


def verify() -> dict[str, Any]:
    return {
        "crumbs": [HOME],
        "facts": rows(
            "label value",
            (both("证照名称", "Licence"), both("食品经营许可证", "Food Business Licence")), (both("编号", "Number"), "JY2 110108 000123 5"),
            (both("经营者", "Business"), both("京味餐饮有限公司", "Jingwei Catering Co., Ltd")),
            (both("经营场所", "Premises"), both("示范区和平路 18 号 1 层 102 室", "Room 102, 18 Heping Road")), (both("发证机关", "Authority"), BUREAU),
            (both("有效期", "Valid"), both("2025 年 3 月 19 日至 2030 年 3 月 18 日", "19 March 2025 to 18 March 2030")),
        ),
        "checks": rows(
            "title words state",
            (both("电子印章有效", "The seal is valid"), both("示范区市场监督管理局，SM2 签名，证书在有效期内", "Market Regulation Bureau, SM2, certificate in force")),
            (both("内容没有改动", "Nothing was altered"), both("与签发时的摘要一致", "The digest is that of the day of issue")),
            (both("没有被注销、撤销或吊销", "Not cancelled or revoked"), both("这是第 1 版，没有更新的版本", "This is version 1; there is no newer one")),
            (both("已记入公开日志", "In the public log"), both("第 2,061,408 条，可下载存在证明，自行验证", "Entry 2,061,408; download the proof and verify it yourself")),
        ),
    }  # fmt: skip


def letter() -> dict[str, Any]:
    return {
        "paper": {
            "authority": BUREAU, "title": both("行政许可受理通知书", "Notice of Acceptance"), "number": "示市监许受〔2025〕0317 号",
            "addressee": both("京味餐饮有限公司：", "Jingwei Catering Co., Ltd:"),
            "paragraphs": [
                both("你单位于 2025 年 3 月 3 日提出的食品经营许可（餐饮服务）新办申请，经审查，材料齐全，符合法定形式。根据《中华人民共和国行政许可法》第三十二条，决定予以受理。",
                     "Your application of 3 March 2025 for a food business licence is complete and in legal form. Under article 32 of the Administrative Licensing Law it is accepted."),
                both("受理日期：2025 年 3 月 5 日。", "Date of acceptance: 5 March 2025."),
                both("承诺期限：10 个工作日，至 2025 年 3 月 19 日。法定期限：20 个工作日，至 2025 年 4 月 2 日。依法需要检验、检测、听证的，所需时间不计入期限，另行书面告知。",
                     "Promised limit: 10 working days, to 19 March 2025. Legal limit: 20 working days, to 2 April 2025. Time for tests and hearings does not count."),
                both("对本通知有疑问的，可以拨打 12345，或者登录网站查看进度。", "For questions call 12345 or check progress on the site."),
            ],
            "seal_number": "2025-0019-8842", "date": dt.date(2025, 3, 5), "address": "https://zt.example/r/0001-7F3A",
            "proof": [
                [(both("核验网址", "Verify at"), "zt.example/r"), (both("回执编号", "Receipt"), "0001-7F3A")],
                [(both("办件编号", "Case"), "110108 20250303 0001")],
                [(both("公开日志", "Public log"), both("第 2,048,771 条", "entry 2,048,771")), ("SM3", "7f3a 91c4 0be2 …… d85e 2b17")],
            ],
        }
    }  # fmt: skip
