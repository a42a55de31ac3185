"""A case on the desk: seen by whom it concerns, decided by whom the law lets, nothing typed ever lost."""

import re
from typing import Any

import pytest
from django.test import Client

from factories import cases as made
from factories import identity as people
from factories.desks import Desk, at, give, signed_in, task_of
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.cases.models import Case, Notice, Opinion, OpinionDraft
from zhengtong.matters.cases.queries.rulings import rulings_of
from zhengtong.matters.cases.services import papers
from zhengtong.matters.workflow.models import Task

pytestmark = pytest.mark.django_db
READS = 24


def page(client: Client, case: Case, more: str = "") -> str:
    answer = client.get(f"/desk/cases/{case.token}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def submit(client: Client, case: Case, outcome: str, once: str = "k1", **fields: str) -> object:
    posted = {f"{outcome}.{name}": text for name, text in fields.items()}
    given = {"task": task_of(case).id, "outcome": outcome, "once": once, "action": "submit"}
    return client.post(f"/desk/cases/{case.token}/act/", given | posted)


def test_an_official_of_another_agency_finds_no_such_case(desk: Desk) -> None:
    case = desk.case()
    other = people.agency()
    stranger = made.officer(other.id, "吴远")
    give(stranger, other, "case.read", "task.clerk", "pi.full")
    client = signed_in(stranger)
    for more in ("", "days/", "correction/", "licence/"):
        assert client.get(f"/desk/cases/{case.token}/{more}").status_code == 404
    given = {"task": task_of(case).id, "outcome": "accept", "once": "k", "action": "submit"}
    assert client.post(f"/desk/cases/{case.token}/act/", given).status_code == 404
    case.refresh_from_db()
    assert case.state == "RECEIVED"


def test_the_page_of_a_case_takes_a_fixed_number_of_reads(desk: Desk, django_assert_num_queries: object) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    page(client, case)
    with django_assert_num_queries(READS):  # type: ignore[operator]
        page(client, case)


def test_sensitive_answers_are_masked_until_a_reason_is_recorded(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    number, phone = "110108199003070024", "13800005678"
    shown = page(client, case)
    assert number not in shown
    assert phone not in shown
    assert "110108********0024" in shown
    assert "110108198505121237" not in shown
    url = f"/desk/cases/{case.token}/full/"
    refused = client.post(url, {"reason": ""})
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    long = client.post(url, {"reason": "核" * 501})
    assert (long.status_code, "最多500个字，现有501个字" in long.content.decode()) == (422, True)
    whole = client.post(url, {"reason": "电话核实法定代表人身份"}).content.decode()
    assert number in whole
    assert phone in whole
    assert "110108198505121237" in whole
    assert Event.objects.filter(type="case.viewed", subject_id=case.id).count() == 1
    assert number not in page(client, case)


def test_masked_values_stay_masked_for_who_has_no_such_right(desk: Desk) -> None:
    case = desk.case()
    answer = desk.client("clerk").post(f"/desk/cases/{case.token}/full/", {"reason": "想看一看内容"})
    assert answer.status_code == 403
    assert "110108199003070024" not in answer.content.decode()


def test_a_clerk_cannot_decide(desk: Desk) -> None:
    case = desk.reviewed()
    client = desk.client("clerk")
    assert "desk-entry" not in page(client, case)
    answer = submit(client, case, "approve", reasons="符合条件")
    assert answer.status_code == 403  # type: ignore[attr-defined]
    case.refresh_from_db()
    assert case.state == "DECIDING"


def test_who_reviewed_does_not_decide_and_sees_why(desk: Desk) -> None:
    from zhengtong.people.identity.models import Organisation

    case = desk.reviewed()
    both = desk.world.reviewer
    give(both, Organisation.objects.get(id=desk.world.agency_id), "task.decider")
    client = signed_in(both)
    shown = page(client, case)
    assert len(re.findall(r'name="outcome"[^>]*disabled', shown)) == 3
    assert "审查" in shown
    assert submit(client, case, "approve").status_code == 403  # type: ignore[attr-defined]
    case.refresh_from_db()
    assert case.state == "DECIDING"


def test_only_what_came_with_a_correction_is_told_as_corrected(desk: Desk) -> None:
    from zhengtong.matters.cases import services

    by = desk.world.applicant
    plan, rules = made.upload(by, "plan.pdf"), made.upload(by, "rules.pdf")
    case = desk.case(floor_plan=[plan], safety_rules=[rules])
    desk.act("clerk", "request_correction", case, gaps=["平面布局图未标面积"])
    with at("2025-03-14 10:00"):
        answers = made.answers(by, floor_plan=[made.upload(by, "new.pdf")], safety_rules=[rules])
        services.submit_correction(by=by, case_id=case.id, answers=answers)
        shown = page(desk.client("clerk"), case)
    notes = dict(re.findall(r"<b[^>]*>(经营场所平面布局图|食品安全规章制度)</b>\s*<small>([^<]*)</small>", shown))
    assert notes == {
        "经营场所平面布局图": "申请人上传，3 月 14 日补正",
        "食品安全规章制度": "申请人上传，3 月 13 日",
    }


def test_a_second_correction_stays_visible_grey_with_its_article(desk: Desk) -> None:
    from zhengtong.matters.cases import services

    case = desk.case()
    desk.act("clerk", "request_correction", case, gaps=["平面布局图未标面积"])
    answers = made.answers(desk.world.applicant, premises_area=84)
    services.submit_correction(by=desk.world.applicant, case_id=case.id, answers=answers)
    client = desk.client("clerk")
    shown = page(client, case)
    assert re.search(r'value="request_correction"[^>]*disabled', shown)
    assert "第三十二条" in shown
    assert "补正前：80" in shown
    composed = client.post(
        f"/desk/cases/{case.token}/correction/",
        {"gap.f-1": "再补一份", "task": task_of(case).id, "once": "k", "action": "send"},
    )
    assert composed.status_code == 409
    assert "再补一份" in composed.content.decode()


def test_the_correction_is_composed_previewed_and_sent_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "sign_pdf", lambda _pdf: made.PDF)
    case = desk.case()
    client = desk.client("clerk")
    url = f"/desk/cases/{case.token}/correction/"
    chosen = submit(client, case, "request_correction")
    assert chosen["Location"] == url  # type: ignore[index]
    gaps = {"gap.m-floor_plan": "未标明各功能区面积", "label.m-floor_plan": "平面布局图", "gap.f-1": "缺进货查验制度"}
    seen = client.post(url, gaps | {"action": "preview"}).content.decode()
    assert "未标明各功能区面积" in seen.split("zt-sheet", 1)[1]
    sent = client.post(url, gaps | {"action": "send", "task": task_of(case).id, "once": "k7"})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.state == "CORRECTION"
    letters = page(client, case, "?tab=papers")
    assert "补正" in letters
    assert "打开时制作" in letters
    address = re.search(r"/desk/cases/\w+/papers/\w+/", letters)
    assert address is not None
    assert b"".join(client.get(address[0]).streaming_content) == made.PDF


def test_the_second_of_two_officials_learns_who_was_first_and_keeps_his_words(desk: Desk) -> None:
    case = desk.accepted()
    task = task_of(case)
    other = made.officer(desk.world.agency_id, "郑洁")
    from zhengtong.people.identity.models import Organisation

    give(other, Organisation.objects.get(id=desk.world.agency_id), "case.read", "task.reviewer")
    second = signed_in(other)
    page(second, case)
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    typed = {"propose_approve.opinion": "我也看过了，符合条件。", "propose_refuse.opinion": "另一段也写了"}
    given = {"task": task.id, "outcome": "propose_approve", "once": "k2", "action": "submit"}
    answer = second.post(f"/desk/cases/{case.token}/act/", given | typed)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "赵敏" in shown
    assert "我也看过了，符合条件。" in shown
    assert Opinion.objects.filter(case_id=case.id).count() == 1


def test_what_lacks_is_said_and_what_was_typed_stays(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    answer = submit(client, case, "suspend", procedure="TESTING", planned_days="99", basis="抽样检测的依据")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    shown = answer.content.decode()  # type: ignore[attr-defined]
    assert 'value="99"' in shown
    assert "抽样检测的依据" in shown
    assert re.search(r'value="suspend"[^>]*checked', shown)
    assert re.search(r'govuk-input--error"[^>]*id="suspend-planned_days"', shown), "the field at fault is marked"
    assert shown.count("所需时间为1至5个工作日") == 2, "above, as a link, and at the field"


def test_what_is_taken_in_hand_can_be_put_back_by_its_holder_alone(desk: Desk) -> None:
    case = desk.case()
    client, url = desk.client("clerk"), f"/desk/cases/{case.token}"
    given = {"task": task_of(case).id}
    assert client.post(f"{url}/claim/", given).status_code == 302
    assert task_of(case).assignee_id == desk.world.clerk.account_id
    assert desk.client("reviewer").post(f"{url}/release/", given).status_code == 409
    assert re.search(r"孙洁已于 [^<]+ 领取办理", page(desk.client("reviewer"), case)), "a person is no post"
    assert client.post(f"{url}/release/", given)["Location"] == "/desk/back/"
    assert task_of(case).assignee_id is None


def test_a_double_click_acts_once(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    given = {
        "task": task_of(case).id, "outcome": "propose_approve", "once": "same", "action": "submit",
        "propose_approve.opinion": "材料齐全，建议准予许可。",
    }  # fmt: skip
    url = f"/desk/cases/{case.token}/act/"
    assert [client.post(url, given).status_code for _again in range(2)] == [302, 302]
    assert Opinion.objects.filter(case_id=case.id).count() == 1


def test_a_draft_waits_for_its_author_and_goes_with_the_act(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    given = {"task": task_of(case).id, "outcome": "propose_refuse", "once": "k", "action": "draft"}
    assert (
        client.post(f"/desk/cases/{case.token}/act/", given | {"propose_refuse.opinion": "场所不符"}).status_code == 302
    )
    shown = page(client, case)
    assert "场所不符" in shown
    assert re.search(r'value="propose_refuse"[^>]*checked', shown)
    assert "场所不符" not in page(desk.client("clerk"), case)
    submit(client, case, "propose_refuse", opinion="场所不符合要求，建议不予许可。")
    assert not OpinionDraft.objects.exists()


@pytest.mark.parametrize("gone", ["no session", "idle"])
def test_whose_session_is_over_finds_his_words_after_signing_in(desk: Desk, gone: str) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    keep = re.search(r'name="zt_keep" value="([^"]+)"', page(client, case))
    assert keep
    if gone == "no session":
        client.cookies.pop("zt_session")
    else:
        session = client.session
        session["zt_seen"] = 1
        session.save()
    given = {
        "task": task_of(case).id, "outcome": "propose_approve", "once": "k", "action": "submit",
        "zt_keep": keep[1], "propose_approve.opinion": "写了很久的意见。",
    }  # fmt: skip
    answer = client.post(f"/desk/cases/{case.token}/act/", given)
    assert answer["Location"] == f"/account/login/?next=%2Fdesk%2Fcases%2F{case.token}%2F"
    assert Task.objects.get(id=given["task"]).state == "open"
    assert "写了很久的意见。" in page(desk.client("reviewer"), case)


def test_a_forged_mark_keeps_nothing(desk: Desk) -> None:
    case = desk.accepted()
    given = {
        "task": task_of(case).id,
        "outcome": "propose_approve",
        "zt_keep": "x:y:z",
        "propose_approve.opinion": "假",
    }
    assert Client(HTTP_HOST="localhost").post(f"/desk/cases/{case.token}/act/", given).status_code == 302
    assert not OpinionDraft.objects.exists()


def test_a_special_procedure_stops_the_clock_and_ends_with_its_result(desk: Desk) -> None:
    with at("2025-03-05 10:00"):
        case = desk.accepted()
    with at("2025-03-10 09:30"):
        client = desk.client("reviewer")
        submit(client, case, "suspend", procedure="TESTING", planned_days="3", basis="行政许可法 第45条")
        assert "依法暂停" in page(desk.client("reviewer"), case)
    with at("2025-03-12 16:40"):
        client = desk.client("reviewer")
        submit(client, case, "resume", once="k2", result="检测合格")
        shown = page(desk.client("reviewer"), case)
    assert "检测合格" in shown
    case.refresh_from_db()
    assert case.state == "REVIEWING"


def test_only_the_head_extends(desk: Desk) -> None:
    with at("2025-03-05 10:00"):
        _only_the_head_extends(desk)


def _only_the_head_extends(desk: Desk) -> None:
    case = desk.reviewed()
    url = f"/desk/cases/{case.token}/extend/"
    assert desk.client("clerk").post(url, {"reason": "情况复杂需要延长"}).status_code == 403
    head = desk.client("head")
    short = head.post(url, {"reason": "忙"})
    assert short.status_code == 422
    assert ">忙</textarea>" in short.content.decode()
    case.refresh_from_db()
    before = case.legal_due
    assert head.post(url, {"reason": "需要进一步核实场所情况"}).status_code == 302
    case.refresh_from_db()
    assert case.legal_due > before


def test_a_year_without_its_notice_is_said_with_the_way_out(desk: Desk, settings: Any) -> None:
    settings.ZT_PASSWORD_MAX_AGE_DAYS = 9999
    with at("2026-12-20 10:00"):
        case = desk.case()
        answer = desk.client("clerk").post(
            f"/desk/cases/{case.token}/act/",
            {"task": task_of(case).id, "outcome": "accept", "once": "k", "action": "submit"},
        )
        assert answer.status_code == 409
        assert "2027" in answer.content.decode()


def test_the_head_ends_a_case_that_has_lost_its_object(desk: Desk) -> None:
    case = desk.accepted()
    url = f"/desk/cases/{case.token}/terminate/"
    assert desk.client("reviewer").post(url, {"reason": "申请人已经注销"}).status_code == 403
    assert desk.client("head").post(url, {"reason": "申请人已经注销"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.close_type) == ("CLOSED", "terminated")


def test_the_days_of_every_clock_are_told_with_their_articles(desk: Desk) -> None:
    with at("2025-03-05 10:00"):
        case = desk.accepted()
        shown = desk.client("clerk").get(f"/desk/cases/{case.token}/days/").content.decode()
    assert "民法典第二百零一条" in shown
    assert "行政许可法第八十二条" in shown


def test_files_are_shown_only_within_their_case_and_only_in_our_frames(desk: Desk) -> None:
    case, other = desk.case(), desk.case()
    client = desk.client("clerk")
    found = re.search(rf"/desk/cases/{case.token}/materials/(\d+)/", page(client, case, "?m=0"))
    assert found
    answer = client.get(found[0])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert client.get(f"/desk/cases/{other.token}/materials/{found[1]}/").status_code == 404
    assert b"".join(answer.streaming_content) == made.PDF


def test_the_licence_is_a_click_away_for_whom_it_is_visible(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhengtong.matters.licences.services import certificates
    from zhengtong.people.identity.models import Organisation

    monkeypatch.setattr(certificates, "render_licence", lambda *_given, **_named: made.PDF)
    monkeypatch.setattr(certificates, "sign_pdf", lambda pdf: pdf)
    case = desk.reviewed()
    url = f"/desk/cases/{case.token}/licence/file/"
    agency = Organisation.objects.get(id=desk.world.agency_id)
    give(desk.world.decider, agency, "licence.read")
    decider = desk.client("decider")
    assert decider.get(url).status_code == 404
    assert submit(decider, case, "approve", reasons="符合条件").status_code == 302  # type: ignore[attr-defined]
    assert submit(desk.client("clerk"), case, "issue").status_code == 302  # type: ignore[attr-defined]
    assert url in page(decider, case)
    answer = decider.get(url)
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("application/pdf", made.PDF)
    assert url not in page(desk.client("clerk"), case), "who reads no licences is not sent there"
    assert desk.client("clerk").get(url).status_code == 404


def test_imported_history_stands_at_the_time_it_counts(desk: Desk) -> None:
    from zhengtong.foundation.ledger.services import importing

    with importing(), at("2024-06-07 09:30"):
        case = desk.accepted()
    assert "2024 年 6 月 7 日" in page(desk.client("clerk"), case, "?side=history").split("zt-timeline", 1)[1]


def test_a_closed_case_says_how_it_ended(desk: Desk) -> None:
    case = desk.reviewed()
    client = desk.client("decider")
    assert submit(client, case, "approve", reasons="符合条件").status_code == 302  # type: ignore[attr-defined]
    assert submit(desk.client("clerk"), case, "issue").status_code == 302  # type: ignore[attr-defined]
    shown = page(client, case, "?side=history")
    assert "办结" in shown
    assert "准予" in shown


def test_what_the_rules_said_stands_among_the_checks_with_its_articles(desk: Desk) -> None:
    case = desk.accepted()
    client = desk.client("reviewer")
    (ruled,) = rulings_of(desk.world.reviewer, case, "zh-hans")
    checks = client.get(f"/desk/cases/{case.token}/").context["rules"]
    titles = [line["title"] for line in (*checks.doubtful, *checks.first, *checks.rest)]
    assert ruled.lines
    assert set(titles) >= {line.title for line in ruled.lines}
    words = page(client, case)
    assert any(article in words for line in ruled.lines for article in line.articles)


def test_a_gap_names_material_question_or_page_and_the_notice_keeps_which(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("clerk")
    shown = page(client, case, "correction/")
    assert 'name="gap.q-contact_phone"' in shown
    assert 'name="gap.q-floor_plan"' not in shown, "files stand among the materials"
    url = f"/desk/cases/{case.token}/correction/"
    gaps = {
        "gap.q-contact_phone": "打不通",
        "gap.m-floor_plan": "未标面积",
        "gap.a-people": "请核对",
        "gap.f-1": "另附说明",
    }
    seen = client.post(url, gaps | {"action": "preview"}).content.decode()
    assert re.search(r"<details[^>]* open>(?:(?!</details>).)*打不通", seen, re.S), "what was written stays in sight"
    client.post(url, gaps | {"action": "send", "task": task_of(case).id, "once": "k8"})
    kept = Notice.objects.get(case_id=case.id, kind="correction").data["gaps"]
    assert [{key: gap.get(key) for key in ("question", "page", "material")} for gap in kept] == [
        {"question": "contact_phone", "page": None, "material": None},
        {"question": "floor_plan", "page": None, "material": "floor_plan"},
        {"question": None, "page": "people", "material": None},
        {"question": None, "page": None, "material": None},
    ]
