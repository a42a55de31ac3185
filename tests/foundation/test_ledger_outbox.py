"""The outbox: every event reaches every handler at least once, and one bad handler harms nobody else."""

import datetime as dt

import pytest

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import queries, services, tasks
from zhengtong.foundation.ledger import registry as shelf
from zhengtong.foundation.ledger.models import Event, OutboxEntry
from zhengtong.foundation.ledger.services import delivery as delivering
from zhengtong.foundation.policy import SYSTEM, Actor, current

pytestmark = pytest.mark.django_db
CITIZEN = Actor(account_id=8, kind="citizen", name="韩梅梅")
START = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


class Killed(BaseException):
    """The process dies: nothing after it runs."""


@pytest.fixture(autouse=True)
def _own_shelf(monkeypatch):
    """Handlers of other apps stay out of these tests."""
    monkeypatch.setattr(registry.events, "_things", {})
    shelf._by_type.clear()
    yield
    shelf._by_type.clear()


@pytest.fixture(autouse=True)
def _time():
    with clock.frozen(START):
        yield


def happen(type_="case.accepted", **payload):
    return services.record(by=CITIZEN, type=type_, subject=("case", 1), payload=payload)


def heard(name, pattern="case.accepted", **how):
    got = []
    services.subscribe(pattern, name, got.append, **how)
    return got


def after(seconds):
    return clock.frozen(START + dt.timedelta(seconds=seconds))


def test_what_a_handler_receives():
    got = heard("told")
    event_id = happen(outcome="准予")
    assert services.deliver_outbox() == services.Delivered(1, 0, 0)
    (delivery,) = got
    assert (delivery.event_id, delivery.type, delivery.subject) == (event_id, "case.accepted", ("case", 1))
    assert (delivery.actor_id, delivery.payload, delivery.attempt) == (8, {"outcome": "准予"}, 1)
    assert services.deliver_outbox() == services.Delivered()
    assert len(got) == 1


def test_who_hears_what():
    exact, family, everything = heard("a"), heard("b", "case.*"), heard("c", "*")
    happen()
    happen("case.closed")
    happen("licence.issued")
    services.deliver_outbox()
    assert [len(got) for got in (exact, family, everything)] == [1, 2, 3]


def test_handlers_act_as_the_house():
    actors = []
    services.subscribe("case.accepted", "actor", lambda _delivery: actors.append(current()))
    happen()
    services.deliver_outbox()
    assert actors == [SYSTEM]


def test_nothing_is_delivered_of_what_was_rolled_back():
    got = heard("told")

    def act():
        happen()
        raise ValueError

    with pytest.raises(ValueError):
        write(act)
    services.deliver_outbox()
    assert got == []


def test_one_bad_handler_does_not_block_others():
    def bad(delivery):
        raise ConnectionError(f"the provider says: {delivery.payload}")

    services.subscribe("case.accepted", "bad", bad)
    got = heard("good")
    happen(secret="13812345678")
    assert services.deliver_outbox() == services.Delivered(1, 1, 0)
    assert len(got) == 1
    row = OutboxEntry.objects.get(handler="bad")
    assert (row.attempts, row.last_error) == (1, "ConnectionError")


def test_a_provider_down_for_an_hour():
    seen, up = [], START + dt.timedelta(hours=1)

    def send(delivery):
        if clock.now() < up:
            raise Unavailable("messages.provider_down", "down")
        seen.append(delivery)

    services.subscribe("case.accepted", "mail", send)
    happen()
    due = START
    while not seen:
        with clock.frozen(due - dt.timedelta(microseconds=1)):
            assert services.deliver_outbox() == services.Delivered(), "not before its time"
        with clock.frozen(due):
            services.deliver_outbox()
        due, last = OutboxEntry.objects.get().due_at, due
        assert seen or last < due < last + dt.timedelta(hours=1)
    assert up <= last < START + dt.timedelta(hours=1.6)
    assert 8 < seen[0].attempt < 20
    assert OutboxEntry.objects.get().last_error == ""


def test_a_crash_while_handling_brings_it_again_under_the_same_id():
    tries = []

    def dies_once(delivery):
        tries.append(delivery.id)
        if len(tries) == 1:
            raise Killed

    services.subscribe("case.accepted", "fragile", dies_once)
    happen()
    with pytest.raises(Killed):
        services.deliver_outbox()
    with after(60):
        services.deliver_outbox()
        assert len(tries) == 1, "the lease has not run out"
    with after(121):
        assert services.deliver_outbox().delivered == 1
    assert len(set(tries)) == 1
    assert len(tries) == 2


def test_a_crash_before_ticking_off_brings_it_again(monkeypatch):
    got = heard("told")
    happen()

    def dies(_taken):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "_tick_off", dies)
        with pytest.raises(Killed):
            services.deliver_outbox()
    with after(121):
        services.deliver_outbox()
    assert [delivery.id for delivery in got] == [OutboxEntry.objects.get().id] * 2


def test_in_write_happens_exactly_once():
    """Its rows and the tick are one transaction: a failure undoes both."""
    tries = []

    def follow(delivery):
        services.record(by=SYSTEM, type="followed", subject=("case", 2), payload={"of": delivery.event_id})
        tries.append(delivery)
        if len(tries) == 1:
            raise RuntimeError

    services.subscribe("case.accepted", "follow", follow, in_write=True)
    happen()
    assert services.deliver_outbox().failed == 1
    assert not Event.objects.filter(type="followed").exists()
    with after(10):
        assert services.deliver_outbox().delivered == 1
    assert Event.objects.filter(type="followed").count() == 1


def test_the_last_attempt_and_a_new_beginning():
    def bad(_delivery):
        raise RuntimeError

    services.subscribe("case.accepted", "bad", bad)
    happen()
    OutboxEntry.objects.update(attempts=delivering.MOST_ATTEMPTS - 1)
    assert services.deliver_outbox() == services.Delivered(0, 1, 1)
    with after(10**6):
        assert services.deliver_outbox() == services.Delivered()
        assert queries.outbox().abandoned == 1
        assert services.retry_abandoned() == 1
        assert services.deliver_outbox() == services.Delivered(0, 1, 0)


def test_a_handler_that_left_waits_for_its_return(monkeypatch):
    heard("gone")
    happen()
    monkeypatch.setattr(registry.events, "_things", {})
    assert services.deliver_outbox().failed == 1
    got = heard("gone")
    with after(10):
        services.deliver_outbox()
    assert len(got) == 1


def test_a_spoilt_content_delays_only_itself():
    got = heard("told")
    first, _second = happen(), happen()
    event = Event.objects.select_related("payload").get(id=first)
    event.payload.closed = bytes(40)
    event.payload.save()
    assert services.deliver_outbox() == services.Delivered(1, 1, 0)
    assert len(got) == 1
    assert OutboxEntry.objects.get(event_id=first).last_error == "CannotOpen"


def test_destroyed_content_is_delivered_as_none():
    got = heard("told")
    happen(a=1)
    services.destroy_content(by=SYSTEM, subject=("case", 1), reason="r")
    services.deliver_outbox()
    assert [delivery.payload for delivery in got] == [None]


def test_sweeping():
    heard("told")
    happen()
    services.deliver_outbox()
    happen()
    assert services.sweep_outbox() == 0
    with after(29 * 86400):
        assert services.sweep_outbox() == 0
    with after(31 * 86400):
        assert services.sweep_outbox() == 1
        assert services.sweep_outbox() == 0
    assert OutboxEntry.objects.get().delivered_at is None
    assert [entry.payload["deliveries"] for entry in queries.timeline(("outbox", 0))] == [1]


def test_sweeping_goes_on_batch_by_batch_until_none_is_left_or_the_time_is_up(settings):
    settings.ZT_DELIVERY_DAYS = 5
    heard("told")
    for _ in range(7):
        happen()
    services.deliver_outbox()
    given_up = happen()
    OutboxEntry.objects.filter(event_id=given_up).update(abandoned_at=START)
    with after(6 * 86400):
        assert services.sweep_outbox(at_most=2, seconds=-1) == 2
        assert services.sweep_outbox(at_most=2) == 5
    assert OutboxEntry.objects.get().event_id == given_up
    assert [entry.payload["deliveries"] for entry in queries.timeline(("outbox", 0))] == [1, 2, 2, 2]


def test_queries_of_a_round(django_assert_num_queries):
    heard("told")
    for _ in range(20):
        happen()
    with django_assert_num_queries(
        8
    ):  # claim (savepoint, find, update, release), read, tick (savepoint, update, release)
        services.deliver_outbox()


def test_one_round_of_the_runner(monkeypatch):
    got = heard("told")
    happen()
    sealed, delivered = tasks.run_once()
    assert (sealed.sealed, delivered.delivered, len(got)) == (1, 1, 1)

    def broken():
        raise RuntimeError

    monkeypatch.setattr(tasks, "seal_all", broken)
    happen()
    assert tasks.run_once() == (None, services.Delivered(1, 0, 0))


def test_a_name_is_taken_once():
    heard("told")
    with pytest.raises(ValueError, match="taken"):
        heard("told")
