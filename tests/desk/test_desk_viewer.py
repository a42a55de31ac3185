"""The viewer: pages drawn by us, enlarged and turned by address alone, notes beside them for officials only."""

import re

import pytest
from django.test import Client

from factories import cases as made
from factories.desks import Desk, give, signed_in
from zhengtong.doors.cli.demo_city import papers
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, CaseMaterial, MaterialNote

pytestmark = pytest.mark.django_db
READS = 24


def with_papers(desk: Desk) -> Case:
    """An accepted case whose plan is a picture and whose house rules are a PDF of one page."""
    by = desk.world.applicant
    plan = made.upload(by, "plan.png", papers.floor_plan())
    rules = made.upload(by, "rules.pdf", papers.house_rules())
    case = desk.case(floor_plan=[plan], safety_rules=[rules])
    desk.act("clerk", "accept", case)
    return case


def material(case: Case, code: str = "floor_plan") -> CaseMaterial:
    return CaseMaterial.objects.get(case_id=case.id, code=code)


def page(client: Client, case: Case, more: str = "") -> str:
    answer = client.get(f"/desk/cases/{case.token}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def pinned(client: Client, case: Case, **given: object) -> object:
    typed = {"material": material(case).id, "page": "1", "place": "ne", "x": "", "y": "", "text": "消毒间未标门"}
    return client.post(f"/desk/cases/{case.token}/notes/", typed | given)


def test_a_picture_and_a_page_of_a_pdf_stand_on_the_same_canvas(desk: Desk) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    picture = page(client, case, "?m=0")
    assert f'<image href="/desk/cases/{case.token}/materials/{material(case).id}/"' in picture
    rules = material(case, "safety_rules")
    shown = page(client, case, "?m=1")
    assert re.search(r'viewBox="0 0 1000 1414"', shown), "A4"
    url = f"/desk/cases/{case.token}/materials/{rules.id}/pages/1/"
    assert f'<image href="{url}?w=1200"' in shown
    answer = client.get(f"{url}?w=1200")
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(f"/desk/cases/{case.token}/materials/{rules.id}/pages/2/").status_code == 404
    assert client.get(f"/desk/cases/{case.token}/materials/{material(case).id}/pages/1/").status_code == 404


def test_enlarging_and_turning_are_addresses_that_keep_the_rest(desk: Desk) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    shown = page(client, case, "?m=1&zoom=150&turn=90&side=history")
    assert 'data-zoom="150"' in shown
    assert 'viewBox="0 0 1414 1000"' in shown
    assert 'transform="translate(1414 0) rotate(90)"' in shown
    asked = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)" data-desk-swap', shown)]
    assert len(asked) == 3
    assert all("m=1" in link and "side=history" in link for link in asked)
    assert "zoom=150" not in asked[0]
    assert "zoom=200" in asked[1]
    assert "turn=180" in asked[2]
    assert 'data-zoom="100"' in page(client, case, "?zoom=77&turn=45&p=99&m=junk")


def test_a_note_is_pinned_by_words_or_by_a_click_and_listed_with_author_and_place(desk: Desk) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    assert pinned(client, case)["Location"] == f"/desk/cases/{case.token}/#notes"  # type: ignore[index]
    assert pinned(client, case, x="250", y="500", text="此处应有洗手池").status_code == 302  # type: ignore[attr-defined]
    points = list(MaterialNote.objects.order_by("id").values_list("x", "y", "page"))
    assert points == [(833, 167, 1), (250, 500, 1)]
    shown = page(desk.client("decider"), case)
    assert "消毒间未标门" in shown
    assert "第 1 页右上" in shown
    assert "第 1 页左侧居中" in shown
    assert shown.count('class="desk-pin"') == 2
    assert "批注 2" in shown
    assert shown.count("赵敏") >= 2
    assert "划去" not in shown, "only the author strikes out"


def test_struck_out_it_is_still_read_and_no_longer_pinned(desk: Desk) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    pinned(client, case)
    note = MaterialNote.objects.get()
    url = f"/desk/cases/{case.token}/notes/{note.id}/strike/"
    assert desk.client("decider").post(url).status_code == 403
    assert client.post(url).status_code == 302
    shown = page(client, case)
    assert re.search(r"<s>消毒间未标门</s>", shown)
    assert "desk-pin" not in shown


def test_what_is_typed_comes_back_with_what_is_wrong(desk: Desk) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    answer = client.post(
        f"/desk/cases/{case.token}/notes/?m=1&zoom=150",
        {"material": material(case).id, "page": "零", "place": "sw", "text": "写了一段话"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="note-page-error"' in shown
    assert "写了一段话" in shown
    assert re.search(r'value="sw" selected', shown)
    assert 'data-zoom="150"' in shown
    links = re.findall(r'href="(\?[^"]*)"', shown.split("zt-case-head", 1)[1])
    assert links == [], "a page drawn by a refused act leads back to the case, not to the act"


def test_the_applicant_sees_nothing_of_it_anywhere(desk: Desk) -> None:
    case = with_papers(desk)
    pinned(desk.client("reviewer"), case)
    citizen = signed_in(desk.world.applicant)
    assert pinned(citizen, case).status_code == 403  # type: ignore[attr-defined]
    services.withdraw_case(by=desk.world.applicant, case_id=case.id, reason="不办了")
    assert MaterialNote.objects.count() == 1
    for url in (f"/cases/{case.token}/", f"/api/v1/cases/{case.token}", f"/api/v1/cases/{case.token}/timeline"):
        assert "消毒间" not in citizen.get(url).content.decode()


def test_another_agency_finds_neither_page_nor_note(desk: Desk) -> None:
    from factories import identity as people

    case = with_papers(desk)
    other = people.agency()
    stranger = made.officer(other.id, "吴远")
    give(stranger, other, "case.read", "task.reviewer")
    client = signed_in(stranger)
    rules = material(case, "safety_rules")
    assert client.get(f"/desk/cases/{case.token}/materials/{rules.id}/pages/1/").status_code == 404
    assert pinned(client, case).status_code == 404  # type: ignore[attr-defined]


def test_notes_and_pages_cost_no_more_reads(desk: Desk, django_assert_num_queries: object) -> None:
    case = with_papers(desk)
    client = desk.client("reviewer")
    page(client, case, "?m=1")
    for place in range(12):
        pinned(client, case, x=str(place * 50), y="300", material=material(case, "safety_rules").id)
    with django_assert_num_queries(READS):  # type: ignore[operator]
        assert page(client, case, "?m=1").count('class="desk-pin"') == 12
