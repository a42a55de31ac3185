"""Whether the house is well: each look says so, says when it is not, and none hides the others."""

import datetime as dt
import pathlib
import shutil
import socket
from collections import namedtuple
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

from factories import cases as made
from factories.clamd import clamd
from zhengtong.foundation.core import clock, keys
from zhengtong.foundation.core.health import Level, Look, findings, ill, looks
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.files import storage
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.models import Event, OutboxEntry, SigningKey
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow.models import Process, Timer

pytestmark = pytest.mark.django_db
USAGE = namedtuple("USAGE", "total used free")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: pathlib.Path, monkeypatch: Any) -> Any:
    settings.VAR = tmp_path
    settings.ZT_FILES = tmp_path / "files"
    monkeypatch.delenv("ZHENGTONG_MASTER_KEY", raising=False)
    keys.forget_keys()
    keys.ensure_master_key()
    yield
    keys.forget_keys()


def found(name: str) -> Level:
    """What the look of that name finds, asked as the doors ask."""
    (level,) = [each.level for each in findings() if each.name == name]
    return level


def recorded() -> int:
    return ledger.record(by=SYSTEM, type="test.told", subject=("test", 1), payload={})


def test_everything_well_is_said_of_each() -> None:
    told = {each.name: each.level for each in findings()}
    assert list(told) == list(looks)
    assert not [name for name, level in told.items() if level is Level.ILL and name != "fonts"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_titles_and_sentences_are_in_the_reader_s_language(language: str) -> None:
    with translation.override(language):
        said = [f"{each.title} {each.words}" for each in findings()]
    chinese = [any("一" <= letter <= "鿿" for letter in text) for text in said]
    assert all(chinese) if language == "zh-hans" else not any(chinese)


def test_a_look_that_fails_is_a_finding_and_hides_no_other(monkeypatch: Any) -> None:
    def broken() -> Any:
        raise ZeroDivisionError("private words")

    shelf = {"broken": Look("broken", "Broken", broken), "ill": Look("ill", "Ill", lambda: ill("as it is"))}
    monkeypatch.setattr(looks, "_things", shelf)
    first, second = findings()
    assert first.level is Level.ILL
    assert "ZeroDivisionError" in str(first.words)
    assert "private" not in str(first.words)
    assert (second.name, second.words) == ("ill", "as it is")


def test_a_master_key_that_is_a_year_old() -> None:
    assert found("keys") is Level.WELL
    with clock.frozen(clock.now() + dt.timedelta(days=366)):
        assert found("keys") is Level.SOON
        ledger.rotate_master_key(by=SYSTEM)
        assert found("keys") is Level.WELL


def test_a_migration_that_is_not_applied() -> None:
    assert found("tables") is Level.WELL
    MigrationRecorder.Migration.objects.filter(app="cases").latest("id").delete()
    assert found("tables") is Level.ILL


def test_a_master_key_that_others_can_read() -> None:
    held = keys.keyring()
    assert found("keys") is Level.WELL
    keys.master_key_path().chmod(0o644)
    assert found("keys") is Level.ILL
    assert keys.keyring() is held, "the running process keeps what it has read"


@pytest.mark.parametrize(("megabytes", "level"), [(10_000, Level.WELL), (1_000, Level.SOON), (100, Level.ILL)])
def test_room_on_the_disk(monkeypatch: Any, megabytes: int, level: Level) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: USAGE(1, 1, megabytes << 20))
    assert found("room") is level


class TestLedger:
    def test_an_event_from_elsewhere(self) -> None:
        Event.objects.filter(id=recorded()).update(held=True)
        assert found("ledger") is Level.ILL

    def test_a_signing_key_sealed_under_another_master_key(self) -> None:
        recorded()
        ledger.seal_all()
        assert found("ledger") is Level.WELL
        keys.master_key_path().unlink()
        keys.forget_keys()
        keys.ensure_master_key()
        assert SigningKey.objects.exists()
        assert found("ledger") is Level.ILL

    def test_nobody_seals(self) -> None:
        recorded()
        assert found("background") is Level.WELL
        with clock.frozen(clock.now() + dt.timedelta(minutes=2)):
            assert found("background") is Level.ILL

    def test_deliveries_late_and_given_up(self) -> None:
        entry = OutboxEntry(id=new_id(), event_id=recorded(), handler="gone", due_at=clock.now())
        entry.save(force_insert=True)
        assert found("deliveries") is Level.WELL
        with clock.frozen(clock.now() + dt.timedelta(minutes=11)):
            assert found("deliveries") is Level.ILL
        OutboxEntry.objects.filter(id=entry.id).update(abandoned_at=clock.now())
        assert found("deliveries") is Level.ILL


class TestFiles:
    def test_a_content_that_is_gone(self) -> None:
        token = made.upload(made.officer(1, "孙洁"))
        assert found("files") is Level.WELL
        storage.remove(token)
        assert found("files") is Level.ILL

    def test_a_folder_that_takes_nothing(self) -> None:
        storage.folder().mkdir(parents=True)
        (storage.folder() / "aside").write_text("a file where a folder should be")
        assert found("files") is Level.ILL

    def test_fonts(self, settings: Any, tmp_path: pathlib.Path) -> None:
        settings.ZT_FONT_FOLDERS = [str(tmp_path)]
        assert found("fonts") is Level.ILL

    def test_scanner(self, settings: Any) -> None:
        assert found("scanner") is Level.SOON
        settings.ZT_FILE_SCANNER = "zhengtong.foundation.files.providers.ClamdScanner"
        with clamd(settings, b"PONG\0"):
            assert found("scanner") is Level.WELL
        assert found("scanner") is Level.ILL


class TestMessages:
    def test_one_that_is_stuck(self) -> None:
        message = Message.objects.create(stable_id="m1", person_id=1, template="case.accept", created_at=clock.now())
        Dispatch.objects.create(
            message=message, channel="email", address="a@example.com", locale="en", state="failed", due_at=clock.now()
        )
        assert found("messages") is Level.ILL

    def test_mail_that_stays_that_leaves_and_that_cannot(self, settings: Any) -> None:
        assert found("mail") is Level.SOON
        settings.ZT_EMAIL_PROVIDER = "zhengtong.foundation.messages.providers.DjangoMailProvider"
        assert found("mail") is Level.WELL
        with socket.socket() as closed:  # bound and not listening: whoever connects is turned away
            closed.bind(("127.0.0.1", 0))
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
            assert found("mail") is Level.ILL


def test_a_timer_that_failed() -> None:
    process = Process.objects.create(definition_id=1, subject_kind="case", subject_id=7, started_at=clock.now())
    Timer.objects.create(process=process, number=1, element="x", due_at=clock.now(), attempts=1, last_error="Broken")
    assert found("timers") is Level.ILL


def test_years_without_their_notice() -> None:
    def levels(day: dt.date) -> tuple[Level, Level]:
        with clock.frozen(dt.datetime.combine(day, dt.time(12), clock.LOCAL_ZONE)):
            return found("calendar"), found("next_calendar")

    assert levels(dt.date(2025, 12, 5)) == (Level.WELL, Level.WELL)
    assert levels(dt.date(2026, 3, 2)) == (Level.WELL, Level.SOON)
    assert levels(dt.date(2026, 12, 1)) == (Level.WELL, Level.ILL)
    assert levels(dt.date(2027, 1, 1)) == (Level.ILL, Level.SOON)


def test_who_counts_attempts(settings: Any) -> None:
    alone = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CACHES = alone | {"near": alone["default"]}
    assert found("limits") is (Level.SOON if connection.vendor == "postgresql" else Level.WELL)
    settings.CACHES = alone | {"default": {"BACKEND": "zhengtong.foundation.core.shared.SharedCache"}}
    assert found("limits") is Level.WELL


def test_officials_without_a_second_factor(settings: Any) -> None:
    assert found("second_factor") is Level.WELL
    settings.ZT_REQUIRE_STAFF_MFA = False
    assert found("second_factor") is Level.SOON
