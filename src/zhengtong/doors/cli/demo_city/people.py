"""Who lives and works in the city: agencies, posts, officials, administrators, people, enterprises, mandates."""

import datetime as dt
import random
from dataclasses import dataclass, field

from zhengtong.doors.cli.demo_city import names
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.people.access import queries as access_queries
from zhengtong.people.access import services as access
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.queries import Account, Organisation, Person, Post

PASSWORD = "Zhengtong-2026"  # noqa: S105 printed by the demonstration for everybody to use
LONG_AGO = dt.date(2020, 1, 1)
SINCE = dt.datetime(2020, 1, 1, tzinfo=clock.LOCAL_ZONE)
MARKET = "1111010800000102XJ"
CIVIL = "11110108000001046D"

AGENCIES = (
    ("11110108000001011T", "示范区政务服务管理局", "Demonstration District Government Services Bureau"),
    (MARKET, "示范区市场监督管理局", "Demonstration District Market Supervision Bureau"),
    ("11110108000001038J", "示范园区管委会", "Demonstration Park Administration"),
    (CIVIL, "示范区民政局", "Demonstration District Civil Affairs Bureau"),
    ("111101080000010548", "示范区住房和城乡建设委员会", "Demonstration District Housing Commission"),
)

ROLES = {
    "clerk": ("窗口受理", "Window clerk", ("task.clerk", "case.read", "licence.read", "register.read")),
    "reviewer": ("审查", "Reviewer", ("task.reviewer", "case.read", "licence.read", "register.read")),
    "decider": ("决定", "Decider", ("task.decider", "case.read", "licence.read", "register.read")),
    "head": (
        "负责人",
        "Head",
        (
            *("task.head", "case.read", "case.extend", "case.terminate", "case.urge"),
            *("case.halt", "absence.manage"),
            *("errand.read", "errand.urge", "errand.halt", "errand.terminate"),
            *("licence.read", "licence.change", "register.read"),
        ),
    ),
}

OFFICIALS = (
    ("sunjie", "孙洁", "clerk", "综合窗口受理岗", "Window acceptance"),
    ("hejing", "何静", "clerk", "综合窗口受理二岗", "Window acceptance 2"),
    ("zhaomin", "赵敏", "reviewer", "食品审查岗", "Food review"),
    ("chenbo", "陈博", "reviewer", "食品审查二岗", "Food review 2"),
    ("qianwei", "钱卫", "decider", "审批决定岗", "Decision"),
    ("zhouzheng", "周正", "head", "局长", "Director"),
)
CIVIL_OFFICIALS = (
    ("shenyu", "沈玉", "clerk", "民政窗口岗", "Civil affairs counter"),
    ("hanmei", "韩梅", "reviewer", "福利审查岗", "Welfare review"),
    ("jiangde", "姜德", "decider", "福利决定岗", "Welfare decision"),
)
ADMINISTRATORS = (
    ("sysadmin", "吴工", "sys_admin"),
    ("secadmin", "郑安", "sec_admin"),
    ("auditadmin", "冯审", "audit_admin"),
    ("sysadmin2", "许工", "sys_admin"),  # what one of them draws, the other publishes
)


@dataclass
class City:
    """Everybody and everything made so far."""

    chance: random.Random
    agencies: dict[str, Organisation] = field(default_factory=dict)
    officials: dict[str, list[Actor]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    enterprises: list[Organisation] = field(default_factory=list)
    owners: list[Actor] = field(default_factory=list)
    addresses: dict[int, str] = field(default_factory=dict)


def make_people(city: City) -> None:
    """Make everybody, in the order in which they need one another."""
    for code, zh, en in AGENCIES:
        city.agencies[code] = services.register_organisation(
            by=SYSTEM,
            kind="agency",
            name_zh=zh,
            name_en=en,
            uscc=code,
            division_code=names.DISTRICT,
            valid_from=LONG_AGO,
        )
    _make_officials(city)
    _make_administrators()
    _make_applicants(city)


def _make_officials(city: City) -> None:
    roles = {
        code: access.define_role(by=SYSTEM, code=code, name_zh=zh, name_en=en, permissions=permissions)
        for code, (zh, en, permissions) in ROLES.items()
    }
    staff = [(MARKET, each) for each in OFFICIALS] + [(CIVIL, each) for each in CIVIL_OFFICIALS]
    for place, (code, (username, name, role, title, title_en)) in enumerate(staff):
        person = _person(name, (200 if code == MARKET else 230) + place)
        agency = city.agencies[code]
        post = services.open_post(
            by=SYSTEM,
            organisation=agency,
            name_zh=title,
            name_en=title_en,
            kind_of_work=role,
            valid_from=LONG_AGO,
        )
        services.appoint(by=SYSTEM, person=person, post=post, valid_from=LONG_AGO)
        access.grant_role(by=SYSTEM, role=roles[role], post=post, scope="org", organisation=agency, valid_from=SINCE)
        account = _account(username, "staff", person)
        if code == MARKET:
            city.officials.setdefault(role, []).append(_official(account, post))


def _official(account: Account, post: Post) -> Actor:
    return identity.actor_for(account, post=post)


def _make_administrators() -> None:
    for place, (username, name, role) in enumerate(ADMINISTRATORS):
        account = _account(username, "admin", _person(name, 220 + place))
        office = access_queries.role_by_code(role)
        assert office is not None, "setup installs the three administrators"
        access.grant_role(by=SYSTEM, role=office, account=account, scope="all")


def _make_applicants(city: City) -> None:
    famous = services.register_person(
        by=SYSTEM,
        name="张三",
        document_number="110108199003070024",
        phone="13800005678",
        email="zhangsan@example.cn",
        address="北京市海淀区中关村街道 27 号",
        division_code=names.DISTRICT,
    )
    city.people.append(famous)
    for number in range(1, 60):
        city.people.append(_person(names.person_name(number), number))
    for number in range(20):
        _enterprise(city, number)
    _account("zhangsan", "citizen", famous)
    _account("lisi", "citizen", city.people[1])


def _enterprise(city: City, number: int) -> None:
    trade, trade_en, *_rest = names.TRADES[number % len(names.TRADES)]
    name = "京味餐饮有限公司" if number == 0 else f"{names.SHOP_NAMES[number]}{trade}"
    where = "示范区和平路 18 号 1 层 102 室" if number == 0 else names.address(number, city.chance)
    enterprise = services.register_organisation(
        by=SYSTEM,
        kind="enterprise",
        name_zh=name,
        name_en="Jingwei Catering Co., Ltd." if number == 0 else f"Shop {number} {trade_en}",
        uscc="91110108MA01A00373" if number == 0 else names.enterprise_code(number),
        division_code=names.DISTRICT,
        valid_from=LONG_AGO,
        address=where,
    )
    owner = city.people[number]
    mandate = services.give_mandate(
        by=SYSTEM,
        agent=owner,
        kind="legal_representative",
        principal_organisation=enterprise,
        valid_from=LONG_AGO,
        evidence="营业执照",
    )
    city.enterprises.append(enterprise)
    city.addresses[enterprise.id] = where
    account = identity.account_by_name("zhangsan") if number == 0 else None
    account = account or _account("zhangsan" if number == 0 else f"owner{number:02d}", "citizen", owner)
    city.owners.append(identity.actor_for(account, mandate=mandate))


def _person(name: str, number: int) -> Person:
    return services.register_person(
        by=SYSTEM,
        name=name,
        document_number=names.person_number(number),
        phone=f"139{number:08d}",
        division_code=names.DISTRICT,
    )


def _account(username: str, kind: str, person: Person) -> Account:
    known = identity.account_by_name(username)
    if known is not None:
        return known
    account = services.open_account(
        by=SYSTEM, username=username, kind=kind, person=person, password=PASSWORD, assurance=2
    )
    return services.change_account_state(by=SYSTEM, account=account, state="active", reason="demonstration")
