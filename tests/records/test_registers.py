"""Official records: nothing is overwritten, both times can be asked for, and only those concerned read."""

import datetime as dt

import pytest
from django.db import IntegrityError

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.ledger.queries import timeline
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM, Actor, Grant
from zhengtong.records.registers import queries, services
from zhengtong.records.registers.models import RegisterRecord
from zhengtong.records.registers.registry import Column, Register, registers

pytestmark = pytest.mark.django_db

NAME = "test_licences"
FIRM = ("organisation", 7)
JANUARY, MARCH, JUNE = dt.date(2026, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _declared() -> None:
    if NAME not in registers:
        columns = (Column("name", "名称", "Name"), Column("capital", "注册资本", "Capital"))
        registers.add(NAME, Register(NAME, "测试登记", "Test register", "市场监管局", "SAMR", "organisation", columns))


def enter(**given: object) -> RegisterRecord:
    made = {
        "by": SYSTEM,
        "register": NAME,
        "subject": FIRM,
        "number": "91110108MA0000001A",
        "data": {"name": "小明面馆"},
        "valid_from": JANUARY,
    }
    return services.enter_record(**made | given)  # type: ignore[arg-type]


def test_it_counts_from_its_first_day_to_its_last() -> None:
    enter(valid_to=MARCH)
    days = [dt.date(2025, 12, 31), JANUARY, MARCH, dt.date(2026, 3, 2)]
    assert [queries.standing(NAME, FIRM, day) is not None for day in days] == [False, True, True, False]


def test_of_two_spans_the_later_beginning_counts() -> None:
    enter(data={"name": "旧"})
    enter(data={"name": "新"}, valid_from=MARCH)
    found = [queries.standing(NAME, FIRM, day) for day in (dt.date(2026, 2, 1), JUNE)]
    assert [row and row.data["name"] for row in found] == ["旧", "新"]


def test_a_correction_leaves_the_old_row_readable() -> None:
    with clock.frozen(dt.datetime(2026, 2, 1, tzinfo=dt.UTC)):
        old = enter()
    why = "笔误" + "，登记簿上另有原件" * 60
    with clock.frozen(dt.datetime(2026, 4, 1, tzinfo=dt.UTC)):
        new = services.correct_record(
            by=SYSTEM, record_id=old.id, data={"name": "小明餐馆"}, valid_from=JANUARY, reason=why
        )
    assert RegisterRecord.objects.get(id=new.id).reason == why
    assert [row.id for row in queries.history(NAME, FIRM)] == [new.id, old.id]
    assert new.replaces_id == old.id
    known = [
        queries.as_known(NAME, FIRM, on=MARCH, at=dt.datetime(2026, month, 15, tzinfo=dt.UTC)) for month in (1, 3, 5)
    ]
    assert [row and row.data["name"] for row in known] == [None, "小明面馆", "小明餐馆"]
    standing = queries.standing(NAME, FIRM, MARCH)
    assert standing is not None
    assert standing.id == new.id


def test_an_ended_record_counts_to_the_day_it_ended() -> None:
    old = enter()
    services.end_record(by=SYSTEM, record_id=old.id, on=MARCH, reason="注销")
    assert queries.standing(NAME, FIRM, MARCH) is not None
    assert queries.standing(NAME, FIRM, dt.date(2026, 3, 2)) is None


def test_two_who_correct_the_same_row_do_not_both_succeed() -> None:
    old = enter()
    services.end_record(by=SYSTEM, record_id=old.id, on=MARCH, reason="注销")
    with pytest.raises(Conflict):
        services.correct_record(by=SYSTEM, record_id=old.id, data={}, valid_from=JANUARY, reason="x")
    with pytest.raises(NotFound):
        services.end_record(by=SYSTEM, record_id=1, on=MARCH, reason="x")


@pytest.mark.parametrize(
    "given",
    [{"data": {"nmae": "typo"}}, {"valid_to": dt.date(2025, 12, 31)}],
)
def test_what_the_register_does_not_hold_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        enter(**given)
    assert RegisterRecord.objects.count() == 0


def test_corrections_obey_the_same_rules() -> None:
    old = enter()
    with pytest.raises(Invalid):
        services.correct_record(by=SYSTEM, record_id=old.id, data={"typo": 1}, valid_from=JANUARY, reason="x")
    with pytest.raises(Invalid):
        services.end_record(by=SYSTEM, record_id=old.id, on=dt.date(2025, 1, 1), reason="x")
    old.refresh_from_db()
    assert old.superseded_at is None


def test_one_number_stands_once_a_day() -> None:
    enter()
    with pytest.raises((IntegrityError, Conflict)):
        enter()


def test_every_entry_leaves_its_event_with_the_day_it_counts_from() -> None:
    record = enter()
    (line,) = timeline(("register_record", record.id))
    assert line.type == "register.entered"
    assert clock.local(line.effective_at).date() == JANUARY


def test_who_reads() -> None:
    enter()
    enter(subject=("person", 7), number="2")
    agent = Actor(kind="enterprise", person_id=5, on_behalf_of="org:7")
    person = Actor(kind="citizen", person_id=7)
    officer = Actor(kind="staff", person_id=9, grants=frozenset({Grant("register.read")}))
    assert [row.subject_kind for row in queries.visible_to(agent)] == ["organisation"]
    assert [row.subject_kind for row in queries.visible_to(person)] == ["person"]
    assert queries.visible_to(officer).count() == 2
    assert not queries.visible_to(ANONYMOUS).exists()
    assert not queries.visible_to(Actor(kind="staff", person_id=9)).exists()
