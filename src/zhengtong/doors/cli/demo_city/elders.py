"""The city's old people: who they are, and how each applied for the old-age allowance and was answered at once."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhengtong.doors.cli.demo_city import names
from zhengtong.doors.cli.demo_city.people import LONG_AGO, PASSWORD
from zhengtong.engines.codes import identity_number
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services as cases
from zhengtong.matters.deadlines.queries import calendar
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.records.registers.services import enter_record


@dataclass(frozen=True)
class Elder:
    """Somebody of an age; `division` is where he is registered, empty where the register does not say yet."""

    username: str
    name: str
    years: int
    division: str = names.DISTRICT
    paid_elsewhere: bool = False


ELDERS = (
    Elder("wangfushou", "王福寿", 93),
    Elder("limingde", "李明德", 84),
    Elder("chenxiuying", "陈秀英", 101),
    Elder("liujianguo", "刘建国", 78),
    Elder("zhaoshufen", "赵淑芬", 88, division="110105"),
    Elder("sunguilan", "孙桂兰", 86, paid_elsewhere=True),
    Elder("hexiulan", "何秀兰", 82, division=""),
)
"""Granted at three rates, refused for three reasons; the last has just moved and waits for an official to ask again."""
NEWCOMER = Elder("zhouguizhen", "周桂珍", 91)
"""Has not applied yet: whoever looks at the demonstration may do it for her."""


def tell_allowances(item_id: int) -> Iterator[int]:
    """Each elder applies on another working day; yields how many have. Call it while the ledger is importing."""
    days = calendar()
    for number, elder in enumerate(ELDERS):
        day = days.working_day_before(clock.today(), 2 + 9 * (len(ELDERS) - number))
        with clock.frozen(dt.datetime.combine(day, dt.time(9, 30), clock.LOCAL_ZONE)):
            account = _settle(elder, number)
            cases.submit_application(by=identity.actor_for(account), item_id=item_id, answers=_answers(elder, number))
        yield number + 1
    _settle(NEWCOMER, len(ELDERS))


def _settle(elder: Elder, number: int) -> Any:
    """Register him, as a person and as a resident, and give him an account."""
    home, paper = _home(number), _number(elder, number)
    person = services.register_person(
        by=SYSTEM, name=elder.name, document_number=paper, phone=f"137{number:08d}", address=home
    )
    known = {"division": elder.division} if elder.division else {}
    enter_record(
        by=SYSTEM,
        register="resident",
        subject=("person", person.id),
        number=f"E{number:05d}",
        data={"name": elder.name, "number": paper, "residence": home, **known},
        valid_from=LONG_AGO,
        imported=True,
    )
    account = services.open_account(
        by=SYSTEM, username=elder.username, kind="citizen", person=person, password=PASSWORD, assurance=2
    )
    return services.change_account_state(by=SYSTEM, account=account, state="active", reason="demonstration")


def _home(number: int) -> str:
    return f"北京市示范区和平街道 {number + 1} 号院"


def _number(elder: Elder, number: int) -> str:
    """A resident number of his age: valid in form, issued to nobody (sequence 9xx)."""
    today = clock.today()
    return identity_number(
        elder.division or names.DISTRICT, dt.date(today.year - elder.years, 1, 10 + number), 900 + number
    )


def _answers(elder: Elder, number: int) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "name": elder.name,
        "number": _number(elder, number),
        "residence": _home(number),
        "phone": f"137{number:08d}",
        "by_agent": False,
        "bank": "示范银行和平路支行",
        "bank_account": f"62220000{number:011d}",
        "paid_elsewhere": elder.paid_elsewhere,
        "truthful": True,
    }
    return answers | ({"paid_where": "邻区"} if elder.paid_elsewhere else {})
