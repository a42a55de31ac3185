"""A year of food licences: past cases in every way a case can end, and running ones in every state."""

import dataclasses
import datetime as dt
import io
import random
from collections.abc import Callable, Iterator
from typing import Any

from zhengtong.doors.cli.demo_city import names, papers
from zhengtong.doors.cli.demo_city.people import City
from zhengtong.engines.calendars import Calendar
from zhengtong.foundation.core import clock
from zhengtong.foundation.files.services import store
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.cases.choices import MaterialSource
from zhengtong.matters.deadlines.queries import calendar
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.queries import open_task

PAST, RUNNING = 260, 40
"""How many cases are closed history and how many still run: 300 in all."""

SHARED = {
    code: services.Obtained(MaterialSource.REGISTER)
    for code in ("business_licence", "identity_card", "premises_right", "health_certificates")
}
"""The materials that need no paper, because the registers of the city answer."""

_LICENCE, _RESIDENT, _PROPERTY = (
    ("营业执照", "the business licence"),
    ("公安户籍信息", "the residents' register"),
    ("不动产登记", "the property register"),
)
PREFILLED = {
    "holder_name": _LICENCE,
    "credit_code": _LICENCE,
    "residence": _LICENCE,
    "legal_representative": _LICENCE,
    "representative_number": _RESIDENT,
    "premises": _PROPERTY,
}

Road = Callable[["Telling"], None]


@dataclasses.dataclass
class Telling:
    """One case being told, day by day; `day` is the working day it has come to."""

    city: City
    item_id: int
    days: Calendar
    number: int
    day: dt.date
    chance: random.Random
    case_id: int = 0

    @property
    def owner(self) -> Actor:
        return self.city.owners[self.number % len(self.city.owners)]

    def official(self, role: str) -> Actor:
        at_work = self.city.officials[role]
        return at_work[self.number % len(at_work)]

    def later(self, working_days: int) -> None:
        self.day = self.days.working_day_after(self.day, working_days)

    def at(self, hour: int) -> Any:
        minute = self.chance.randint(0, 59)
        return clock.frozen(dt.datetime.combine(self.day, dt.time(hour, minute), clock.LOCAL_ZONE))

    def submit(self) -> None:
        with self.at(10):
            receipt = services.submit_application(
                by=self.owner, item_id=self.item_id, answers=self.answers(), obtained=SHARED, sources=self.sources()
            )
        self.case_id = receipt.case_id

    def act(self, role: str, outcome: str, hour: int = 14, **entry: Any) -> None:
        task = open_task("case", self.case_id)
        assert task is not None, "a running case has an open task"
        with self.at(hour):
            services.act(by=self.official(role), task_id=task.id, outcome=outcome, entry=entry)

    def visit(self) -> None:
        """Two officials go and look, where the rules have sent them."""
        task = open_task("case", self.case_id)
        if task is not None and task.element == "site_check":
            self.later(1)
            found = "冷食操作专间、冷藏和消毒设备与申请资料一致。"
            went = self.official("reviewer")
            along = next(each.name for each in self.city.officials["reviewer"] if each is not went)
            self.act("reviewer", "checked", hour=10, result=found, companions=along)

    def sources(self) -> dict[str, Any]:
        """Where the prefilled answers were taken from, as the application would have noted it."""
        answers, at = self.answers_known(), clock.now().isoformat()
        return {
            key: {"name": name, "name_en": name_en, "at": at, "state": "fresh", "original": answers[key]}
            for key, (name, name_en) in PREFILLED.items()
        }

    def answers_known(self) -> dict[str, Any]:
        """What registers know of this enterprise."""
        place = self.number % len(self.city.enterprises)
        enterprise, owner = self.city.enterprises[place], self.city.people[place]
        return {
            "holder_name": enterprise.name_zh,
            "credit_code": enterprise.uscc,
            "residence": self.city.addresses[enterprise.id],
            "legal_representative": owner.name,
            "representative_number": owner.document_number,
            "premises": self.city.addresses[enterprise.id],
        }

    def answers(self) -> dict[str, Any]:
        """What this enterprise answers, complete and valid."""
        place = self.number % len(self.city.enterprises)
        owner = self.city.people[place]
        _zh, _en, activity, operations = names.TRADES[place % len(names.TRADES)]
        plan = _paper(self.owner, "平面布局图.png", papers.floor_plan())
        rules = _paper(self.owner, "食品安全规章制度.pdf", papers.house_rules())
        answers: dict[str, Any] = {
            **self.answers_known(),
            "representative_residence": "北京市示范区四季街道 12 号院",
            "representative_phone": "13900001234",
            "premises_area": 30 + 5 * (place % 12),
            "premises_differ": False,
            "has_warehouse": False,
            "contact_name": owner.name,
            "contact_phone": "13900001234",
            "by_agent": False,
            "activity": activity,
            "operations": list(operations),
            "online": False,
            "managers": [{"name": owner.name, "sex": "female", "number": owner.document_number}],
            "staff_count": 2 + place % 6,
            "equipment": [
                {"name": "冷藏柜", "count": 1 + place % 3, "place": "后厨"},
                {"name": "消毒柜", "count": 1, "place": "清洗间"},
            ],
            "floor_plan": [plan],
            "safety_rules": [rules],
            "truthful": True,
        }
        if activity == "sales":
            answers |= {"vending": False, "prepackaged_cold": "no", "bulk_cold": "no"}
        if "pastry" in operations:
            answers["pastry_kinds"] = ["plain"]
        return answers


def _paper(by: Actor, name: str, data: bytes) -> str:
    return store(by=by, name=name, stream=io.BytesIO(data), purpose="material", sensitive=True).token


# Roads through the life cycle; each ends where its name says.


def received(t: Telling) -> None:
    t.submit()


def correcting(t: Telling) -> None:
    t.submit()
    t.later(1)
    t.act("clerk", "request_correction", gaps=["平面布局图没有标出清洗消毒区的面积", "规章制度缺进货查验一项"])


def accepted(t: Telling) -> None:
    t.submit()
    t.act("clerk", "accept", hour=15)


def examined(t: Telling) -> None:
    """Accepted, and visited where the rules ask for a visit; the review can begin."""
    accepted(t)
    t.visit()


def corrected_then_accepted(t: Telling) -> None:
    correcting(t)
    t.later(2)
    with t.at(9):
        services.submit_correction(by=t.owner, case_id=t.case_id, answers=t.answers())
    t.act("clerk", "accept", hour=11)


def reviewing(t: Telling) -> None:
    examined(t)
    t.later(1)
    task = open_task("case", t.case_id)
    assert task is not None, "an accepted case waits for review"
    with t.at(9):
        services.take_task(by=t.official("reviewer"), task_id=task.id)


def testing(t: Telling) -> None:
    examined(t)
    t.later(2)
    t.act("reviewer", "suspend", procedure="TESTING", planned_days=3)


def deciding(t: Telling) -> None:
    examined(t)
    t.later(2)
    t.act(
        "reviewer",
        "propose_approve",
        opinion="材料齐全，场所、设备和人员符合食品安全法第三十三条的要求，建议准予许可。",
    )


def awarding(t: Telling) -> None:
    deciding(t)
    t.later(1)
    t.act("decider", "approve")


def approved(t: Telling) -> None:
    deciding(t)
    t.later(1)
    t.act("decider", "approve")
    t.later(1)
    t.act("clerk", "issue", hour=9)
    _evaluate(t)


def approved_after_correction_and_testing(t: Telling) -> None:
    corrected_then_accepted(t)
    t.visit()
    t.later(1)
    t.act("reviewer", "suspend", procedure="TESTING", planned_days=3)
    t.later(2)
    t.act("reviewer", "resume", result="检测合格，报告编号见附件")
    t.later(1)
    t.act("reviewer", "propose_approve", opinion="补正后材料齐全，检测合格，建议准予许可。")
    t.later(1)
    t.act("decider", "approve")
    t.later(1)
    t.act("clerk", "issue", hour=9)
    _evaluate(t)


def refused(t: Telling) -> None:
    examined(t)
    t.later(3)
    t.act(
        "reviewer",
        "propose_refuse",
        opinion="经营场所与公厕直线距离不足 25 米，不符合食品安全法第三十三条，建议不予许可。",
    )
    t.later(1)
    t.act(
        "decider",
        "refuse",
        reasons="经营场所与污染源的距离不符合《中华人民共和国食品安全法》第三十三条第一款第（一）项的要求。",
    )


def not_accepted(t: Telling) -> None:
    t.submit()
    t.act(
        "clerk",
        "refuse_acceptance",
        reason_code="outside_authority",
        reasons="经营场所不在本区。",
        right_organ="邻区市场监督管理局",
    )


def returned(t: Telling) -> None:
    t.submit()
    t.act("clerk", "return", reasons="同一场所已有一件申请在办，本件重复。")


def withdrawn(t: Telling) -> None:
    accepted(t)
    t.later(1)
    with t.at(16):
        services.withdraw_case(by=t.owner, case_id=t.case_id, reason="暂不开业")


def correction_ran_out(t: Telling) -> None:
    correcting(t)
    t.later(17)
    with t.at(9):
        tasks.fire_due_timers()


def terminated(t: Telling) -> None:
    reviewing(t)
    t.later(1)
    with t.at(15):
        services.terminate_case(by=t.official("head"), case_id=t.case_id, reason="申请人已注销营业执照，许可无从附着。")


def _evaluate(t: Telling) -> None:
    grade = t.chance.choice((5, 5, 5, 5, 4, 4, 3, 2, 0, 0))
    if grade:
        with t.at(19):
            services.evaluate_case(by=t.owner, case_id=t.case_id, grade=grade)


ENDED: tuple[Road, ...] = (
    *(approved,) * 12,
    *(approved_after_correction_and_testing,) * 4,
    *(refused,) * 2,
    *(not_accepted, returned, withdrawn, withdrawn, correction_ran_out, terminated),
)
OPEN: tuple[Road, ...] = (
    received,
    correcting,
    accepted,
    reviewing,
    testing,
    deciding,
    awarding,
    corrected_then_accepted,
)


def tell_history(city: City, item_id: int) -> Iterator[int]:
    """Tell all cases, oldest first; yields how many are told. Call it while the ledger is importing."""
    chance = random.Random(2026)  # noqa: S311 a story, not a secret
    days = calendar()
    today = clock.today()
    first = today - dt.timedelta(days=300)
    for number in range(PAST):
        day = days.roll(first + dt.timedelta(days=number * 250 // PAST))
        road = ENDED[number % len(ENDED)]
        road(Telling(city, item_id, days, number, day, chance=chance))
        yield number + 1
    for number in range(RUNNING):
        road = OPEN[number % len(OPEN)]
        age = _age(road, number)
        day = days.working_day_before(days.working_day_before(today, 1), age)
        road(Telling(city, item_id, days, PAST + number, day, chance=chance))
        yield PAST + number + 1


def _age(road: Road, number: int) -> int:
    """How many working days ago a running case came in, so that lights of every colour are seen."""
    if road in (received, correcting):
        return 1 + number % 3
    return (3, 5, 8, 9, 11, 13)[number % 6]
