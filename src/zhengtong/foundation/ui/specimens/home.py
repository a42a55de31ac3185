"""Specimens of the home page, a guide page and the elder's guide."""

import datetime as dt
from typing import Any

from zhengtong.foundation.core.clock import LOCAL_ZONE
from zhengtong.foundation.ui.specimens.wording import both, rows

NOW = dt.datetime(2025, 3, 13, 14, 20, tzinfo=LOCAL_ZONE)
GUIDE = "/ui/page/guide/"


def _stops(*lines: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"label": both(zh, en), "icon": icon, "url": GUIDE} for zh, en, icon in lines]


PERSON_STOPS = _stops(
    ("出生", "Birth", "baby"), ("上学", "School", "graduation-cap"), ("就业", "Work", "briefcase-business"),
    ("婚育", "Family", "heart"), ("住房", "Housing", "house"), ("看病", "Health", "stethoscope"),
    ("退休", "Retirement", "armchair"), ("身后事", "Afterwards", "flower-2"),
)  # fmt: skip
ENTERPRISE_STOPS = _stops(
    ("开办", "Start", "store"), ("办许可", "Permits", "badge-check"), ("搞建设", "Build", "hard-hat"),
    ("用工", "Hire", "users"), ("缴税费", "Taxes", "receipt-text"), ("拿补贴", "Grants", "hand-coins"),
    ("变更", "Change", "refresh-cw"), ("注销", "Close", "log-out"),
)  # fmt: skip


def _service(name: tuple[str, str], words: tuple[str, str], *facts: tuple[str, str]) -> dict[str, Any]:
    said = [both(*fact) for fact in facts]
    return {
        "name": both(*name), "words": both(*words), "url": GUIDE, "limit": said[0], "exempt": said[1], "trips": said[2],
    }  # fmt: skip


NO_TRIP = ("不用跑", "No trips")
SERVICES = [
    _service(("食品经营许可", "Food business licence"), ("开饭馆、奶茶店、食堂前要办", "Before opening a restaurant, tea shop or canteen"),
             ("10 个工作日办结", "10 working days"), ("4 份材料免提交", "4 papers not needed"), NO_TRIP),
    _service(("住房公积金租房提取", "Housing fund for rent"), ("租房自住，每季度可提一次", "If you rent your home, once a quarter"),
             ("当场办结", "At once"), ("材料全部免提交", "No papers needed"), NO_TRIP),
    _service(("新生儿“出生一件事”", "A child is born"), ("出生证、落户、医保、社保卡一次办", "Birth, residence, insurance in one go"),
             ("5 个工作日办结", "5 working days"), ("6 份材料免提交", "6 papers not needed"), NO_TRIP),
    _service(("居民身份证换领", "Renew an identity card"), ("到期、损坏或信息有变时办理", "When expired, damaged or changed"),
             ("20 个工作日办结", "20 working days"), ("1 份材料免提交", "1 paper not needed"), ("跑 1 次采集指纹", "1 trip")),
    _service(("企业开办“一件事”", "Start an enterprise"), ("执照、公章、税务、社保、公积金一次办", "Licence, seal, tax and insurance in one go"),
             ("2 个工作日办结", "2 working days"), ("3 份材料免提交", "3 papers not needed"), NO_TRIP),
    _service(("城乡居民养老保险待遇申领", "Residents' pension"), ("年满 60 周岁，按月领取养老金", "From the age of 60, paid monthly"),
             ("7 个工作日办结", "7 working days"), ("2 份材料免提交", "2 papers not needed"), ("可由家人代办", "Family may apply")),
]  # fmt: skip
POPULAR = [
    {"label": both(zh, en), "url": GUIDE}
    for zh, en in (
        ("食品经营许可", "Food licence"), ("公积金提取", "Housing fund"), ("新生儿落户", "Register a child"),
        ("居住证签注", "Residence permit"), ("生育津贴", "Maternity pay"),
    )
]  # fmt: skip
FIGURES = [
    {"label": both("今日收件", "Received today"), "value": 1284, "unit": both("件", "cases")},
    {"label": both("今日办结", "Closed today"), "value": 1107, "unit": both("件", "cases")},
    {"label": both("平均用时", "Average time"), "value": 2.6, "unit": both("个工作日", "working days")},
    {"label": both("按时办结率", "On time"), "value": 99.7, "unit": "%"},
]


def home() -> dict[str, Any]:
    return {
        "now": NOW,
        "guide": GUIDE,
        "popular": POPULAR,
        "figures": FIGURES,
        "shortcuts": [
            {"label": both("查办件进度", "Check progress"), "icon": "list-checks", "url": "/ui/page/progress/"},
            {"label": both("预约取号", "Book a visit"), "icon": "calendar-clock", "url": GUIDE},
            {"label": both("我的证照", "My licences"), "icon": "id-card", "url": "/ui/page/licence/"},
        ],
        "person_stops": PERSON_STOPS,
        "enterprise_stops": ENTERPRISE_STOPS,
        "services": SERVICES,
        "promises": _promises(),
        "news": rows(
            "label note url",
            (both("清明节期间（4 月 4 日至 6 日）大厅放假安排", "Service hall on the Qingming holiday"), both("3 月 12 日", "12 March"), GUIDE),
            (both("食品经营许可新增“免提交”材料 2 份", "Two more papers not needed for food licences"), both("3 月 10 日", "10 March"), GUIDE),
            (both("关于公开征求《示范区停车管理办法》意见的公告", "Have your say on the parking rules"), both("3 月 7 日", "7 March"), GUIDE),
            (both("2025 年第一批稳岗补贴名单公示", "Job support grants: first list of 2025"), both("3 月 5 日", "5 March"), GUIDE),
        ),
        "closed": rows(
            "label note",
            (both("李**　居住证签注", "Li**, residence permit"), both("14:18　用时 1 个工作日", "14:18, 1 working day")),
            (both("云图软件有限公司　社保登记", "Yuntu Software, insurance"), both("14:11　当场办结", "14:11, at once")),
            (both("王**　公积金租房提取", "Wang**, housing fund"), both("14:05　当场办结", "14:05, at once")),
            (both("海智科技有限公司　新技术企业资格认定", "Haizhi Technology, status"), both("13:52　用时 2 个工作日", "13:52, 2 working days")),
        ),
    }  # fmt: skip


def _promises() -> list[dict[str, Any]]:
    return [
        {"icon": "calendar-check-2", "title": both("时限算得清", "Limits you can check"),
         "words": both("每件事都写明法定和承诺的工作日，逐日列出怎么算到最后一天。", "Every limit is written out day by day, up to the last one."),
         "link": both("看一个例子", "See an example"), "url": "/ui/page/progress/"},
        {"icon": "copy-check", "title": both("材料不重交", "Nothing given twice"),
         "words": both("政府手里有的证照和数据，系统自己去取，并写明从哪里取来。", "What government already holds is fetched, and its source is named."),
         "link": both("我的资料被谁用过", "Who used my data"), "url": "/ui/page/licence/"},
        {"icon": "shield-check", "title": both("过程改不了", "A record nobody can alter"),
         "words": both("每一步都记入公开日志。拿着回执，任何人都能验证没有被改动。", "Each step enters a public log. Anyone can verify a receipt."),
         "link": both("核验一张回执", "Verify a receipt"), "url": "/ui/page/verify/"},
    ]  # fmt: skip


def guide() -> dict[str, Any]:
    return {
        "crumbs": [{"label": both("首页", "Home"), "url": "/ui/page/home/"}, {"label": both("法人办事", "For enterprises"), "url": GUIDE},
                   {"label": both("办许可", "Permits"), "url": GUIDE}],
        "tags": [{"label": both("行政许可", "Administrative licence")}, {"label": both("全程网办", "Wholly online")}, {"label": both("示范区通办", "Any district window")}],
        "facts": [
            {"label": both("承诺办结", "Promised"), "value": 10, "unit": both("个工作日", "working days")},
            {"label": both("法定时限", "By law"), "value": 20, "unit": both("个工作日", "working days")},
            {"label": both("要您交", "You give"), "value": 3, "unit": both("份材料", "papers")},
            {"label": both("免提交", "Not needed"), "value": 4, "unit": both("份材料", "papers")},
            {"label": both("到现场", "Visits"), "value": 0, "unit": both("次", "times")},
            {"label": both("收费", "Fee"), "value": 0, "unit": both("元", "yuan")},
        ],
        "conditions": [
            {"text": both("已取得营业执照，经营范围含餐饮服务", "You have a business licence that covers catering"), "basis": {"title": both("《食品经营许可和备案管理办法》", "Measures for Food Business Licensing"), "lang": both("zh-Hans", "en")}},
            {"text": both("有与经营品种、数量相适应的场所，与污染源保持规定距离", "Premises that suit what you sell, away from pollution"), "basis": {"title": both("《食品安全法》第三十三条第一款第一项", "Food Safety Law, article 33(1)(1)"), "lang": both("zh-Hans", "en")}},
            {"text": both("有消毒、洗涤、防蝇、防鼠、冷藏等设备", "Equipment to disinfect, wash, cool and keep out pests"), "basis": {"title": both("《食品安全法》第三十三条第一款第二项", "Food Safety Law, article 33(1)(2)"), "lang": both("zh-Hans", "en")}},
            {"text": both("有食品安全管理人员和保证食品安全的规章制度", "Food safety staff and rules"), "basis": {"title": both("《食品安全法》第三十三条第一款第三项", "Food Safety Law, article 33(1)(3)"), "lang": both("zh-Hans", "en")}},
        ],
        "materials": _materials(),
        "flow": [
            {"label": both("提交", "Submit"), "note": both("随时在网上提交", "Online, at any time")},
            {"label": both("受理", "Accept"), "note": both("当日看完材料，\n有缺漏一次说清", "Same day;\ngaps told once")},
            {"label": both("审查", "Review"), "note": both("5 个工作日\n必要时到店核查", "5 working days,\na visit if needed")},
            {"label": both("决定", "Decide"), "note": both("3 个工作日\n不予许可说明理由", "3 working days,\nreasons if refused")},
            {"label": both("发证", "Issue"), "note": both("1 个工作日\n电子证照直接入库", "1 working day,\nelectronic licence")},
        ],
        "limits": [
            {"kind": "legal", "label": both("法定", "By law"), "words": both("20 个工作日", "20 working days"), "share": 1},
            {"kind": "promised", "label": both("承诺", "Promised"), "words": both("10 个工作日", "10 working days"), "share": 0.5},
            {"kind": "recent", "label": both("近期平均", "Recently"), "words": both("6.8 个工作日", "6.8 working days"), "share": 0.34},
        ],
        "start_facts": [both("免提交 4 份", "4 not needed"), both("约 15 分钟", "15 minutes")],
        "contents": [
            {"label": both(*label), "url": f"#s{place}", "current": place == 1}
            for place, label in enumerate(SECTIONS, 1)
        ],
    }  # fmt: skip


SECTIONS = (
    ("先看能不能办", "Can I apply"), ("申请材料", "What to give"), ("办理流程", "How it goes"), ("办理时限", "How long"),
    ("收费", "Fee"), ("办理依据", "Legal basis"), ("咨询和监督", "Ask and complain"),
)  # fmt: skip


def _materials() -> list[dict[str, Any]]:
    exempt, upload = both("免提交", "Not needed"), both("上传 1 份", "Upload 1")
    return rows(
        "name issuer requirement how how_words note sample_url",
        (both("营业执照", "Business licence"), both("市场监管部门核发", "Market regulator"), both("在有效期内", "In force"), "exempt", exempt, both("从电子证照库获取", "From the licence library")),
        (both("法定代表人身份证", "Identity card"), both("公安机关核发", "Police"), both("与执照登记一致", "As on the licence"), "exempt", exempt, both("从电子证照库获取", "From the licence library")),
        (both("不动产权证书", "Title to premises"), both("自有场所需要", "If you own the place"), both("地址与经营场所一致", "Same address"), "exempt", exempt, both("从不动产登记系统获取", "From the property register")),
        (both("从业人员健康证明", "Health certificates"), both("卫生健康部门核发", "Health authority"), both("每位接触食品的人员", "All who touch food"), "exempt", exempt, both("从健康证数据库获取", "From the health register")),
        (both("经营场所平面布局图", "Floor plan"), both("看样图", "See a sample"), both("标明功能区、设备和面积", "Areas, equipment, sizes"), "upload", upload, both("PDF 或照片，10 MB 以内", "PDF or photo, up to 10 MB"), GUIDE),
        (both("食品安全规章制度", "Food safety rules"), both("下载范本", "Download a model"), both("可直接使用范本", "The model will do"), "upload", upload, both("PDF、Word 或照片", "PDF, Word or photo"), GUIDE),
        (both("设备设施清单", "List of equipment"), both("在线填写，自动生成", "Filled in online"), both("与平面图一致", "As on the plan"), "online", both("在线填写", "Online"), both("约 5 分钟", "About 5 minutes")),
    )  # fmt: skip


def elder() -> dict[str, Any]:
    return {
        "prepare": rows(
            "title words",
            (
                both("店里的平面图", "A plan of the shop"),
                both("手画的也行，拍照上传", "Drawn by hand will do; take a photo"),
            ),
            (
                both("食品安全制度", "Food safety rules"),
                both("我们有现成的，点一下就能用", "We have them ready, one tap"),
            ),
            (both("设备清单", "List of equipment"), both("照着店里的设备勾一勾", "Tick what the shop has")),
        ),
        "steps": rows(
            "title words",
            (both("网上填表", "Fill in online"), both("大约 15 分钟", "About 15 minutes")),
            (both("我们来审", "We check"), both("可能到店里看一看", "We may come and look")),
            (both("拿证", "Your licence"), both("发到手机上，也可以邮寄纸证", "On your phone, or by post")),
        ),
        "choices": rows(
            "label url",
            (both("开饭馆、小吃店、饮品店", "Restaurant, snack bar, drinks"), GUIDE),
            (both("办单位食堂", "Canteen of an organisation"), GUIDE),
        ),
    }
