"""Notes on materials: for the officials of the case alone, by whom and when, struck out and never gone."""

import pytest
from django.db import IntegrityError, connection, transaction

from factories import cases as made
from factories import desks
from factories import identity as people
from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case, CaseMaterial, MaterialNote

pytestmark = pytest.mark.django_db
TEXT = "清洗消毒与食材库合计 14 ㎡，图上已分隔。"


@pytest.fixture
def desk():
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def plan(case: Case) -> CaseMaterial:
    return CaseMaterial.objects.get(case_id=case.id, code="floor_plan")


def note(desk: desks.Desk, case: Case, who: str = "reviewer", **given: object) -> MaterialNote:
    point = {"material_id": plan(case).id, "page": 1, "x": 930, "y": 400, "text": TEXT}
    return services.write_note(by=getattr(desk.world, who), case_id=case.id, **point | given)  # type: ignore[arg-type]


def test_officials_of_the_case_read_it_and_nobody_else(desk: desks.Desk) -> None:
    case = desk.accepted()
    written = note(desk, case)
    for who in ("clerk", "reviewer", "decider"):
        (seen,) = queries.visible_notes(getattr(desk.world, who), case)
        assert (seen.text, seen.name, (seen.page, seen.x, seen.y)) == (TEXT, "赵敏", (1, 930, 400))
    stranger = made.officer(people.agency().id, "吴远", "task.reviewer")
    for other in (desk.world.applicant, stranger, policy.ANONYMOUS):
        assert not queries.visible_notes(other, case).exists()
        assert not policy.allows(other, written)


def test_it_lies_sealed_and_the_events_of_the_case_say_nothing_of_it(desk: desks.Desk) -> None:
    case = desk.accepted()
    before = len(ledger.timeline(("case", case.id)))
    written = note(desk, case)
    services.strike_note(by=desk.world.reviewer, case_id=case.id, note_id=written.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_materialnote")
        assert "清洗" not in cursor.fetchone()[0]
    assert len(ledger.timeline(("case", case.id))) == before
    entries = ledger.timeline(("material_note", written.id))
    assert [entry.type for entry in entries] == ["note.struck", "note.written"]
    assert all(TEXT not in str(entry.payload) for entry in entries)


def test_struck_out_it_stays(desk: desks.Desk) -> None:
    case = desk.accepted()
    written = note(desk, case)
    for _again in range(2):
        services.strike_note(by=desk.world.reviewer, case_id=case.id, note_id=written.id)
    (seen,) = queries.visible_notes(desk.world.decider, case)
    assert (seen.text, seen.struck_at is not None) == (TEXT, True)
    assert len(ledger.timeline(("material_note", written.id))) == 2


def test_nobody_strikes_out_what_another_wrote_and_the_attempt_is_recorded(desk: desks.Desk) -> None:
    case = desk.accepted()
    written = note(desk, case)
    with pytest.raises(NotAllowed):
        services.strike_note(by=desk.world.decider, case_id=case.id, note_id=written.id)
    written.refresh_from_db()
    assert written.struck_at is None
    codes = [(entry.payload or {}).get("code") for entry in ledger.timeline(("case", case.id))]
    assert codes.count("cases.note_of_another") == 1


def test_applicants_write_none(desk: desks.Desk) -> None:
    case = desk.accepted()
    with pytest.raises(NotAllowed):
        note(desk, case, "applicant")
    stranger = made.officer(people.agency().id, "吴远", "task.reviewer")
    with pytest.raises(NotFound):
        services.write_note(by=stranger, case_id=case.id, material_id=plan(case).id, page=1, x=1, y=1, text=TEXT)
    assert not MaterialNote.objects.exists()


def test_only_on_a_material_of_the_case(desk: desks.Desk) -> None:
    case, other = desk.accepted(), desk.accepted()
    with pytest.raises(NotFound):
        note(desk, case, material_id=plan(other).id)


@pytest.mark.parametrize(
    ("given", "path"),
    [({"text": " "}, "text"), ({"text": "长" * 1001}, "text"), ({"page": 0}, "page"), ({"x": 1001}, "position")],
)
def test_what_is_wrong_is_said_beside_its_field(desk: desks.Desk, given: dict[str, object], path: str) -> None:
    case = desk.accepted()
    with pytest.raises(Invalid) as refusal:
        note(desk, case, **given)
    assert list(refusal.value.by_path()) == [path]


def test_a_closed_case_keeps_its_notes_as_they_are(desk: desks.Desk) -> None:
    case = desk.accepted()
    written = note(desk, case)
    services.terminate_case(by=desk.world.head, case_id=case.id, reason="申请人已经注销")
    with pytest.raises(Conflict):
        note(desk, case)
    with pytest.raises(Conflict):
        services.strike_note(by=desk.world.reviewer, case_id=case.id, note_id=written.id)
    assert queries.visible_notes(desk.world.head, case).get().struck_at is None


def test_the_table_itself_knows_what_a_page_is(desk: desks.Desk) -> None:
    written = note(desk, desk.accepted())
    for wrong in ({"x": 1001}, {"page": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MaterialNote.objects.filter(id=written.id).update(**wrong)
