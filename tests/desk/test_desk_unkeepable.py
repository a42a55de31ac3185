"""What no database takes, typed at the desk: taken out, the rest kept; what holds nothing else is missing."""

import pytest

from factories.desks import Desk
from zhengtong.matters.cases import queries
from zhengtong.matters.cases.models import CaseMaterial

pytestmark = pytest.mark.django_db


def test_a_note_is_kept_without_its_nul(desk: Desk) -> None:
    case, client = desk.accepted(), desk.client("reviewer")
    plan = CaseMaterial.objects.get(case_id=case.id, code="floor_plan")
    notes, typed = f"/desk/cases/{case.token}/notes/", {"material": plan.id, "page": "1", "place": "c\x00"}
    answer = client.post(notes, typed | {"text": "\x00"})
    assert answer.status_code == 422, "a note of nothing else is empty"
    answer = client.post(notes, typed | {"text": "图上\x00已分隔。"})
    assert answer.status_code == 302, answer.content.decode()
    assert [note.text for note in queries.visible_notes(desk.world.reviewer, case)] == ["图上已分隔。"]


def test_a_search_is_read_without_its_nul(desk: Desk) -> None:
    answer = desk.client("clerk").get("/desk/search/", {"q": "京味\x00餐饮"})
    assert answer.status_code == 200
    assert "京味餐饮" in answer.content.decode()
