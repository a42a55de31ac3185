"""A closed case is put on file once the window of evaluation is over and its papers are all there."""

import pytest

from factories import desks
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import services, tasks
from zhengtong.matters.cases.models import Case, Notice

pytestmark = pytest.mark.django_db


def closed(*, drawn: bool = True) -> tuple[desks.Desk, Case]:
    """A case withdrawn, and so closed, in the evening of 19 March 2025."""
    desk = desks.desk()
    with desks.at("2025-03-18 10:00"):
        case = desk.case()
    with desks.at("2025-03-19 20:00"):
        services.withdraw_case(by=desk.world.applicant, case_id=case.id)
    if drawn:
        Notice.objects.filter(case_id=case.id).update(file_id=1)
    return desk, case


def archived_on(moment: str) -> int:
    with desks.at(moment):
        return tasks.archive_due()


def test_it_is_put_on_file_after_the_window_and_once() -> None:
    _desk, case = closed()
    assert archived_on("2025-03-24 23:59") == 0, "the fifth day still belongs to the window"
    assert archived_on("2025-03-25 00:00") == 1
    assert archived_on("2025-03-26 00:00") == 0
    case.refresh_from_db()
    entry = ledger.timeline(("case", case.id))[0]
    assert (case.state, entry.type) == ("ARCHIVED", "case.archive")
    assert entry.payload == {"from": "CLOSED", "to": "ARCHIVED", "papers": 1}


def test_a_paper_that_is_not_drawn_keeps_it_back_and_nobody_else() -> None:
    desk, waiting = closed(drawn=False)
    with desks.at("2025-03-19 10:00"):
        other = desk.case()
        services.withdraw_case(by=desk.world.applicant, case_id=other.id)
    Notice.objects.filter(case_id=other.id).update(file_id=1)
    assert archived_on("2025-03-25 09:00") == 1
    assert set(Case.objects.values_list("id", "state")) == {(waiting.id, "CLOSED"), (other.id, "ARCHIVED")}
    with pytest.raises(Conflict) as refused:
        services.archive_case(case_id=waiting.id)
    assert refused.value.code == "cases.papers_missing"
    Notice.objects.filter(case_id=waiting.id).update(file_id=2)
    assert archived_on("2025-03-26 09:00") == 1


def test_a_case_that_runs_is_never_put_on_file() -> None:
    desk = desks.desk()
    with desks.at("2025-03-18 10:00"):
        case = desk.case()
    Notice.objects.update(file_id=1)
    assert archived_on("2026-03-18 10:00") == 0
    with pytest.raises(Conflict) as refused:
        services.archive_case(case_id=case.id)
    assert refused.value.code == "cases.life_cycle"


def test_the_days_are_a_setting_and_imported_history_is_left_alone(settings) -> None:  # type: ignore[no-untyped-def]
    _desk, case = closed()
    settings.ZT_ARCHIVE_DAYS = 30
    assert archived_on("2025-03-26 00:00") == 0
    Case.objects.filter(id=case.id).update(imported=True)
    assert archived_on("2025-06-01 00:00") == 0
    Case.objects.filter(id=case.id).update(imported=False)
    assert archived_on("2025-06-01 00:00") == 1


def test_what_is_on_file_can_still_be_evaluated() -> None:
    desk, case = closed()
    assert archived_on("2025-03-25 00:00") == 1
    with desks.at("2025-03-25 10:00"):
        services.evaluate_case(by=desk.world.applicant, case_id=case.id, grade=4)
    case.refresh_from_db()
    assert case.state == "ARCHIVED"
