"""Somebody outside is away for an hour: what is due waits and is brought later, once; the work goes on meanwhile."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from factories import cases as made
from faults.house import half_made
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.ledger import tasks as ledger_tasks
from zhengtong.foundation.ledger.models import OutboxEntry
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Notice
from zhengtong.matters.cases.services import papers
from zhengtong.matters.workflow.queries import open_task
from zhengtong.people.identity.models import Person
from zhengtong.records.exchange.registry import facts

START = dt.datetime(2026, 3, 3, 10, tzinfo=clock.LOCAL_ZONE)


class Mail:
    """A provider that can be away; what it took, by stable id."""

    away = False
    asked: list[float] = []
    taken: list[str] = []

    def send(self, *, stable_id: str, address: str, subject: str, text: str) -> str:
        type(self).asked.append(clock.now().timestamp())
        if type(self).away:
            raise ConnectionRefusedError(address)
        type(self).taken.append(stable_id)
        return stable_id


@pytest.fixture
def mail(settings: Any) -> type[Mail]:
    settings.ZT_EMAIL_PROVIDER = f"{__name__}.Mail"
    Mail.away, Mail.asked, Mail.taken = False, [], []
    return Mail


def submit(world: made.World) -> Case:
    answers = made.answers(world.applicant)
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    return Case.objects.get(id=receipt.case_id)


def background(minutes: int) -> None:
    """What the server does by itself, as it stands so many minutes after the start."""
    with clock.frozen(START + dt.timedelta(minutes=minutes)):
        ledger_tasks.run_once()
        messages.dispatch_due()


@pytest.fixture(autouse=True)
def _quick_papers(monkeypatch: Any) -> None:
    monkeypatch.setattr(papers, "render_letter", lambda *_facts: made.PDF)
    monkeypatch.setattr(papers, "sign_pdf", lambda pdf: pdf)


def test_mail_is_away_for_an_hour(world: made.World, mail: type[Mail]) -> None:
    person = Person.objects.get(id=world.applicant.person_id)
    person.email = "zhangsan@example.cn"
    person.save()
    mail.away = True
    with clock.frozen(START):
        cases = [submit(world) for _ in range(3)]
    for minute in range(60):
        background(minute)
    assert mail.taken == []
    assert 3 * 5 <= len(mail.asked) <= 3 * 9, "less and less often, not each minute"
    assert Message.objects.filter(template="case.submit").count() == 3, "the inbox has it at once"
    assert {row.last_error for row in Dispatch.objects.all()} == {"ConnectionRefusedError"}, "no address in the error"
    mail.away = False
    for minute in range(60, 125):
        background(minute)
    assert len(mail.taken) == len(set(mail.taken)) == 3
    assert {row.state for row in Dispatch.objects.all()} == {"sent"}
    assert not OutboxEntry.objects.filter(delivered_at=None).exists()
    assert len(cases) == 3


@pytest.mark.parametrize("error", [Unavailable("test.away", "away"), TimeoutError(), ValueError("nonsense came back")])
def test_a_register_that_does_not_answer_leaves_the_questions_open(
    world: made.World, monkeypatch: Any, error: Exception
) -> None:
    def away(_subject: Any) -> Any:
        raise error

    shelf = dict(facts.all())
    replaced = {name: dataclasses.replace(fact, provider=away) for name, fact in shelf.items()}
    monkeypatch.setattr(facts, "_things", replaced)
    typed = made.answers(world.applicant)
    draft = services.start_draft(by=world.applicant, item_id=world.item.id, answers={"holder_name": "我自己填的"})
    draft = services.prefill(by=world.applicant, token=draft.token)
    assert draft.answers["holder_name"] == "我自己填的"
    assert "residence" not in draft.answers
    assert draft.sources["residence"]["state"] == "unreachable"
    services.save_draft(by=world.applicant, token=draft.token, answers=typed)
    done = services.hand_in_draft(by=world.applicant, token=draft.token, key="one")
    assert Case.objects.get().token == done.case_token
    assert half_made() == []


def test_the_renderer_is_away_and_papers_are_drawn_later(world: made.World, monkeypatch: Any) -> None:
    def away(*_facts: Any) -> bytes:
        raise Unavailable("files.paper_not_drawn", "away")

    with monkeypatch.context() as during:
        during.setattr(papers, "render_letter", away)
        with clock.frozen(START):
            case = submit(world)
            task = open_task("case", case.id)
            assert task is not None
            services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
        for minute in range(0, 60, 5):
            background(minute)
        waiting = list(Notice.objects.filter(file_id=None).values_list("kind", flat=True))
        assert sorted(waiting) == ["acceptance", "receipt"]
        with pytest.raises(Unavailable):
            papers.drawn(Notice.objects.filter(file_id=None)[0])
        assert Message.objects.filter(template="case.accept").count() == 1, "people are told all the same"
    case.refresh_from_db()
    assert case.state == "ACCEPTED", "the decision does not wait for its paper"
    for minute in range(60, 125, 5):
        background(minute)
    drawn = list(Notice.objects.values_list("file_id", flat=True))
    assert None not in drawn
    assert len(set(drawn)) == 2
    assert not OutboxEntry.objects.filter(delivered_at=None).exists()


def test_a_paper_asked_for_while_it_waits_is_drawn_at_once_and_once(world: made.World) -> None:
    case = submit(world)
    notice = Notice.objects.get(case_id=case.id)
    first = papers.drawn(notice)
    ledger_tasks.run_once()
    assert papers.drawn(Notice.objects.get(id=notice.id)) == first
