"""Handing in: all that needs no write is done before it, and what has changed meanwhile is seen in it."""

from collections.abc import Callable
from typing import Any

import pytest

from api.conftest import City, at, program
from factories import allowance, cases
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.writes import in_write, write
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft, Ruling, Submission
from zhengtong.matters.cases.services import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(city: City) -> cases.World:
    return city.world


@pytest.fixture
def draft(world: cases.World) -> Draft:
    return services.start_draft(by=world.applicant, item_id=world.item.id, answers=cases.answers(world.applicant))


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each time that answers are checked, whether it was within a write."""
    seen: list[bool] = []
    check = submission.check

    def watched(*given: Any, **named: Any) -> Any:
        seen.append(in_write())
        return check(*given, **named)

    monkeypatch.setattr(submission, "check", watched)
    return seen


def by_service(city: City, draft: Draft) -> None:
    services.hand_in_draft(by=city.world.applicant, token=draft.token, key="one")


def by_program(city: City, draft: Draft) -> None:
    done = city.applicant.post(f"/drafts/{draft.token}/submission")
    assert done.status_code == 201, done.content


def by_program_at_once(city: City, _draft: Draft) -> None:
    done = city.apply()
    assert done.status_code == 201, done.content


@pytest.mark.parametrize("way", [by_service, by_program, by_program_at_once])
def test_answers_are_checked_before_the_write(
    city: City, draft: Draft, checked: list[bool], way: Callable[[City, Draft], None]
) -> None:
    """All others wait while one writes."""
    with at("2025-03-03 10:00"):
        way(city, draft)
    assert checked == [False]
    assert Case.objects.get().state == "RECEIVED"


@pytest.mark.parametrize("by_itself", [True, False])
def test_what_was_saved_last_is_handed_in(world: cases.World, draft: Draft, by_itself: bool) -> None:
    ready = services.prepare_draft(by=world.applicant, token=draft.token)
    assert ready is not None
    assert ready.application is not None
    answers = dict(draft.answers) | {"contact_name": "后来改的人"}
    services.save_draft(by=world.applicant, token=draft.token, answers=answers, page="", by_itself=by_itself)
    write(lambda: services.hand_in_draft(by=world.applicant, token=draft.token, key="one", ready=ready))
    assert Submission.objects.get().answers["contact_name"] == "后来改的人"


def test_what_is_wrong_is_said_by_handing_in_and_the_draft_stays(world: cases.World, draft: Draft) -> None:
    services.save_draft(by=world.applicant, token=draft.token, answers={}, page="")
    ready = services.prepare_draft(by=world.applicant, token=draft.token)
    assert ready is not None
    assert ready.application is None
    with pytest.raises(Invalid):
        services.hand_in_draft(by=world.applicant, token=draft.token, key="one")
    assert Draft.objects.get().token == draft.token


def test_a_repetition_is_answered_although_the_same_would_now_be_refused(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"item": city.item, "answers": city.answers()}
    first = city.applicant.post("/cases", body, key="again")
    assert first.status_code == 201, first.content

    def closed(*_: Any, **__: Any) -> None:
        raise Conflict("cases.closed", "closed")

    monkeypatch.setattr(submission, "_require_assurance", closed)
    assert city.applicant.post("/cases", body, key="again").json() == first.json()
    assert city.applicant.post("/cases", body, key="another").status_code == 409


def test_what_others_know_is_asked_for_a_draft_that_a_program_hands_in(city: City) -> None:
    """The rules of the allowance need the register of residents, which must not be asked within a write."""
    bureau = allowance.bureau()
    elder = allowance.applicant()
    with at("2025-03-03 10:00"):
        draft = services.start_draft(by=elder, item_id=bureau.item.id, answers=allowance.answers())
        services.prefill(by=elder, token=draft.token)
        answers = {**allowance.answers(), **Draft.objects.get().answers}
        services.save_draft(by=elder, token=draft.token, answers=answers, page="")
        assert elder.account_id is not None
        done = program(elder.account_id, "apply", "read").post(f"/drafts/{draft.token}/submission")
    assert done.status_code == 201, done.content
    assert Ruling.objects.exists()
