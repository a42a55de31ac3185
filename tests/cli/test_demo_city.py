"""The demonstration city: cases in every state, history marked as imported, a ledger that verifies."""

import collections

import pytest
from rich.console import Console

from zhengtong.doors.cli import demo
from zhengtong.doors.cli.demo_city import history
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.ledger.queries import verify_log
from zhengtong.foundation.ledger.registry import event_names
from zhengtong.foundation.policy import ANONYMOUS
from zhengtong.matters.cases.choices import CloseType
from zhengtong.matters.cases.models import Case, Opinion
from zhengtong.matters.catalog.queries import visible_items
from zhengtong.matters.workflow.models import Task
from zhengtong.people.identity.models import Account, Organisation, Person


@pytest.fixture
def city(db, settings, tmp_path, monkeypatch):
    """A city with one case for each road, in a folder of its own."""
    settings.VAR = settings.ZT_FILES = tmp_path
    from zhengtong.doors.cli.house import prepare
    from zhengtong.foundation.core import keys

    keys.forget_keys()
    prepare()
    monkeypatch.setattr(history, "PAST", len(history.ENDED))
    monkeypatch.setattr(history, "RUNNING", len(history.OPEN))
    demo.fill()
    yield
    keys.forget_keys()


def test_the_city(city) -> None:
    assert Person.objects.count() >= 60
    assert Organisation.objects.filter(kind="enterprise").count() == 20
    assert not Account.objects.filter(is_superuser=True).exists()
    assert [item.name for item in visible_items(ANONYMOUS, open_only=True).items] == [
        "食品经营许可",
        "高龄津贴",
    ]

    assert not Case.objects.filter(imported=False).exists()
    past, running = Case.objects.filter(state="CLOSED"), Case.objects.exclude(state="CLOSED")
    assert {case.close_type for case in past} == set(CloseType.values) - {"forwarded"}
    states = collections.Counter(case.state for case in running)
    assert set(states) == {"RECEIVED", "CORRECTION", "ACCEPTED", "REVIEWING", "SUSPENDED", "DECIDING", "APPROVED"}

    allowances = Case.objects.filter(item_name="高龄津贴")
    assert collections.Counter(case.close_type for case in allowances) == {"approved": 3, "refused": 3, "": 1}
    assert Task.objects.get(subject_id=allowances.get(close_type="").id, state="open").element == "verify"
    assert Opinion.objects.filter(stage="site_check").exists(), "snack bars were visited"

    imported = Event.objects.filter(imported=True, type="case.submit")
    assert imported.count() == Case.objects.count()
    today = clock.wall().date()
    assert all(event.effective_at < event.recorded_at for event in imported)
    assert {event.recorded_at.date() for event in imported} <= {today, today - history.dt.timedelta(days=1)}

    types = set(Event.objects.values_list("type", flat=True))
    assert len(types) > 20
    assert not types - set(event_names), "every event that happens has a name"

    verdict = verify_log()
    assert verdict.valid
    assert verdict.size == Event.objects.count()


def test_every_address_and_every_name_is_whole_on_a_narrow_screen(monkeypatch, capsys):
    monkeypatch.setattr(demo, "console", Console(width=80, highlight=False))
    demo._greet("http://127.0.0.1:8000")
    told = capsys.readouterr().out
    assert "…" not in told
    for place in ("/ ", "/desk/ ", "/console/ "):
        assert f"http://127.0.0.1:8000{place}" in told
