"""Messages that nobody awaits: kept for a while, forgotten a few at a time, and the ledger says which."""

import datetime as dt
from typing import Any

import pytest

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.background import chores
from zhengtong.foundation.core.health import Level, findings
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Message, Process

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2025, 6, 2, 9, tzinfo=dt.UTC)
TYPE = "workflow.message_forgotten"


@pytest.fixture(autouse=True)
def _at_a_day() -> Any:
    with clock.frozen(NOW):
        yield


def message(days: int, **given: Any) -> Message:
    """One that came so many days ago and that nobody awaits."""
    sent = NOW - dt.timedelta(days=days)
    row = {"kind": "message", "name": "paid", "subject_kind": "case", "subject_id": 7, "sender_id": 0, "ready": False}
    return Message.objects.create(**row | {"data": {"amount": 1}, "sent_at": sent, "due_at": sent} | given)


def left() -> set[int]:
    return set(Message.objects.values_list("id", flat=True))


def finding() -> Any:
    return next(each for each in findings() if each.name == "kept_messages")


def test_only_what_nobody_awaited_long_enough_is_forgotten(settings: Any) -> None:
    settings.ZT_MESSAGE_DAYS = 30
    process = Process.objects.create(
        definition_id=1, subject_kind="case", subject_id=7, state="running", started_at=NOW, suspended=True
    )
    ended = Process.objects.create(
        definition_id=1, subject_kind="case", subject_id=7, state="ended", started_at=NOW, ended_at=NOW
    )
    message(31)
    message(400, process_id=ended.id)
    stay = {
        message(29).id,
        message(400, ready=True).id,
        message(400, ready=True, attempts=3).id,
        message(400, delivered_at=NOW).id,
        message(400, process_id=process.id).id,
    }
    assert services.sweep_messages() == 2
    assert left() == stay
    assert services.sweep_messages() == 0


def test_the_ledger_keeps_which_and_never_what_it_said() -> None:
    gone = message(91)
    services.sweep_messages()
    (entry,) = ledger.timeline(("message", gone.id))
    assert entry.type == TYPE
    sent = (NOW - dt.timedelta(days=91)).isoformat()
    assert entry.payload == {"name": "paid", "kind": "message", "about": "case", "number": 7, "sent_at": sent}


def test_so_many_at_a_time_the_oldest_first() -> None:
    for days in (300, 200, 100):
        message(days)
    assert services.sweep_messages(at_most=2) == 2
    assert [row.sent_at for row in Message.objects.all()] == [NOW - dt.timedelta(days=100)]
    assert Event.objects.filter(type=TYPE).count() == 2


def test_what_is_forgotten_soon_is_seen_before() -> None:
    message(80)
    assert finding().level is Level.WELL
    message(84)
    message(85)
    seen = finding()
    assert seen.level is Level.SOON
    assert "2" in str(seen.words)


def test_it_is_swept_in_the_background() -> None:
    message(91)
    chores.get("workflow.messages").run()
    assert left() == set()
