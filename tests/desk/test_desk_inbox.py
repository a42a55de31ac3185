"""The inbox: mine alone, most urgent first, figures that filter, many taken at once, a fixed number of reads."""

import pytest
from django.test import Client

from factories import cases as made
from factories import identity as people
from factories.desks import Desk, at, give, signed_in, task_of
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.models import Task

pytestmark = pytest.mark.django_db
READS = 15


def copies(case: Case, number: int) -> list[Task]:
    """More tasks in the same queue, each with its own case."""
    task = task_of(case)
    rows, cases = [], []
    columns = [field.attname for field in Case._meta.concrete_fields if field.attname != "id"]
    for place in range(number):
        values = {name: getattr(case, name) for name in columns}
        values |= {
            "token": f"copy{place}",
            "short_no": f"1101082025030390{place:02d}"[:32] + str(place),
            "case_no": None,
        }
        cases.append(Case(**values))
        values = {
            field.attname: getattr(task, field.attname)
            for field in Task._meta.concrete_fields
            if field.attname not in ("id", "number", "subject_id")
        }
        rows.append(Task(**values, number=1000 + place, subject_id=cases[-1].id))
    Case.objects.bulk_create(cases)
    return Task.objects.bulk_create(rows)


def test_nobody_in_particular_is_sent_to_sign_in(db: object) -> None:
    answer = Client(HTTP_HOST="localhost").get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=%2Fdesk%2F")


def test_citizens_are_told_that_it_is_not_theirs(desk: Desk) -> None:
    assert signed_in(desk.world.applicant).get("/desk/").status_code == 403


def test_an_empty_inbox_says_so(desk: Desk) -> None:
    page = desk.client("clerk").get("/desk/").content.decode()
    assert "目前没有等您办的事" in page


def test_each_sees_what_is_his_to_do(desk: Desk) -> None:
    case = desk.case()
    for who, there in (("clerk", True), ("reviewer", False), ("decider", False)):
        page = desk.client(who).get("/desk/").content.decode()
        assert (f"/desk/cases/{case.token}/" in page) is there


def test_an_official_of_another_agency_sees_nothing(desk: Desk) -> None:
    case = desk.case()
    other = people.agency()
    stranger = made.officer(other.id, "吴远")
    give(stranger, other, "case.read", "task.clerk")
    page = signed_in(stranger).get("/desk/").content.decode()
    assert case.token not in page


def test_lights_count_and_filter(desk: Desk) -> None:
    with at("2025-03-03 10:00"):
        case = desk.case()
    with at("2025-03-12 10:00"):
        client = desk.client("clerk")
        page = client.get("/desk/").content.decode()
        assert case.token in page
        assert case.token in client.get("/desk/?light=red").content.decode()
        assert case.token not in client.get("/desk/?light=green").content.decode()


def test_what_stands_still_by_law_comes_after_what_runs(desk: Desk) -> None:
    case = desk.case()
    copies(case, 2)
    first = Task.objects.order_by("red_on", "id").first()
    assert first is not None
    Task.objects.filter(id=first.id).update(paused=True)
    rows = desk.client("clerk").get("/desk/").context["table"]["rows"]
    assert len(rows) == 3
    assert rows[-1]["id"] == first.id


def test_conditions_narrow_the_list_and_can_be_taken_away(desk: Desk) -> None:
    case = desk.case()
    client = desk.client("clerk")
    assert case.token in client.get("/desk/", {"applicant": "京味"}).content.decode()
    page = client.get("/desk/", {"applicant": "春和"}).content.decode()
    assert case.token not in page
    assert "没有符合条件的" in page
    assert case.token not in client.get("/desk/", {"list": "me"}).content.decode()


def test_three_hundred_tasks_come_in_pages_with_the_same_number_of_reads(
    desk: Desk, django_assert_num_queries: object
) -> None:
    case = desk.case()
    client = desk.client("clerk")
    client.get("/desk/")
    copies(case, 300)
    with django_assert_num_queries(READS):  # type: ignore[operator]
        answer = client.get("/desk/")
    seen: list[str] = []
    while True:
        rows = answer.context["table"]["rows"]
        seen += [row["id"] for row in rows]
        if not answer.context["next_url"]:
            break
        answer = client.get(answer.context["next_url"])
    assert len(seen) == len(set(seen)) == 301


def test_many_are_taken_at_once_and_one_bad_one_spoils_nothing(desk: Desk) -> None:
    case = desk.case()
    tasks = copies(case, 3)
    taken_before = tasks[1]
    Task.objects.filter(id=taken_before.id).update(state="claimed", assignee_id=99, assignee_name="王五")
    ids = [task.id for task in tasks]
    page = desk.client("clerk").post("/desk/take/", {"chosen": ids}).content.decode()
    holders = dict(Task.objects.filter(id__in=ids).values_list("id", "assignee_id"))
    mine = desk.world.clerk.account_id
    assert [holders[key] for key in ids] == [mine, 99, mine]
    assert "王五" in page


def test_tasks_of_different_steps_are_not_taken_together_and_stay_ticked(desk: Desk) -> None:
    first, second = desk.case(), desk.case()
    other = task_of(second)
    Task.objects.filter(id=other.id).update(element="elsewhere")
    ids = [task_of(first).id, other.id]
    answer = desk.client("clerk").post("/desk/take/", {"chosen": ids})
    assert answer.status_code == 422
    assert {row["id"] for row in answer.context["table"]["rows"] if row["chosen"]} == set(ids)
    assert not Task.objects.filter(state="claimed").exists()


def test_the_inbox_is_found_again_as_it_was_left(desk: Desk) -> None:
    client = desk.client("clerk")
    client.get("/desk/?list=free&applicant=%E4%BA%AC%E5%91%B3")
    assert client.get("/desk/back/")["Location"] == "/desk/?list=free&applicant=%E4%BA%AC%E5%91%B3"
    client.get("/desk/")
    assert client.get("/desk/back/")["Location"] == "/desk/"


def test_who_took_tasks_keeps_his_conditions_and_every_link_leads_on(desk: Desk) -> None:
    task = task_of(desk.case())
    client = desk.client("clerk")
    page = client.post("/desk/take/?list=free", {"chosen": [task.id], "action": "take"})
    links = [
        each["url"] for each in (*page.context["lights"], *page.context["tools"], *page.context["side"][0]["items"])
    ]
    assert page.context["asked"].holder == "free"
    assert all(client.get(link).status_code == 200 for link in links)


def test_the_next_task_follows_the_one_just_done_and_at_the_end_the_list_begins_anew(desk: Desk) -> None:
    case = desk.case()
    copies(case, 2)
    client = desk.client("clerk")
    first, second, third = list(Task.objects.order_by("red_on", "id"))
    Task.objects.filter(id=second.id).update(paused=True)

    def after(task: Task) -> str:
        return str(client.get(f"/desk/next/?after={task.red_on}_{task.id}")["Location"])

    assert after(first) == f"/desk/cases/{Case.objects.get(id=third.subject_id).token}/"
    assert after(third) == f"/desk/cases/{Case.objects.get(id=first.subject_id).token}/"
    client.get("/desk/?list=me")
    assert after(first) == "/desk/back/"


def test_whoever_accepted_a_case_is_offered_the_one_after_it(desk: Desk) -> None:
    case = desk.case()
    copies(case, 1)
    task, client = task_of(case), desk.client("clerk")
    sent = {"task": task.id, "outcome": "accept", "place": f"{task.red_on}_{task.id}", "once": "a-key-of-a-form"}
    answer = client.post(f"/desk/cases/{case.token}/act/", sent)
    page = client.get(answer["Location"]).content.decode()
    assert f"/desk/next/?after={task.red_on}_{task.id}" in page
