"""Each cause tells once; what leaves the house is tried again until a provider takes it; nobody reads another's."""

import datetime as dt
import email
import pathlib
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound, Unavailable
from zhengtong.foundation.ledger import queries as ledger_queries
from zhengtong.foundation.messages import queries, services
from zhengtong.foundation.messages.choices import DispatchState
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.foundation.messages.providers import FolderProvider
from zhengtong.foundation.messages.registry import Template, templates
from zhengtong.foundation.policy import ANONYMOUS, Actor

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
READER = Actor(kind="citizen", person_id=5)


class Post:
    """A provider that takes letters, or not."""

    taken: list[dict[str, str]] = []
    away = False

    def send(self, **letter: str) -> str:
        if Post.away:
            raise Unavailable("test.away", "13812345678 cannot be reached")
        Post.taken.append(letter)
        return f"ref-{len(Post.taken)}"


@pytest.fixture(autouse=True)
def _post(settings: Any) -> None:
    Post.taken, Post.away = [], False
    settings.ZT_EMAIL_PROVIDER = f"{__name__}.Post"
    if "test.greeting" not in templates:
        templates.add("test.greeting", Template("test.greeting", "您好{name}", "{name}，您好。", "Hello {name}", "Hi."))


def tell(stable_id: str = "case:1", person_id: int = 5, address: str = "reader@example.com", **given: object) -> object:
    to = services.Recipient(person_id=person_id, email=address, **given)  # type: ignore[arg-type]
    return services.tell(to=to, template="test.greeting", params={"name": "王小明"}, stable_id=stable_id)


def test_the_same_cause_tells_once() -> None:
    assert tell() is not None
    assert tell() is None
    assert (Message.objects.count(), Dispatch.objects.count()) == (1, 1)


def test_without_an_address_it_stays_in_the_inbox() -> None:
    tell(address="")
    assert Dispatch.objects.count() == 0
    assert [message.stable_id for message in queries.visible_to(READER)] == ["case:1"]


def test_a_template_that_lacks_a_parameter_tells_nobody() -> None:
    with pytest.raises(KeyError):
        services.tell(to=services.Recipient(5), template="test.greeting", params={}, stable_id="x")
    with pytest.raises(LookupError, match=r"test\.greeting"):
        services.tell(to=services.Recipient(5), template="test.none", params={}, stable_id="x")
    assert Message.objects.count() == 0


def test_what_is_told_lies_sealed() -> None:
    tell()
    row = Message.objects.extra(select={"raw": "params"}).values("raw").get()
    raw = str(row["raw"]) + str(Dispatch.objects.extra(select={"raw": "address"}).values("raw").get())
    assert "王小明" not in raw
    assert "reader@example.com" not in raw


class TestSending:
    def test_in_the_language_of_the_reader(self) -> None:
        tell("zh")
        tell("en", locale="en")
        assert services.dispatch_due() == 2
        assert [letter["subject"] for letter in Post.taken] == ["您好王小明", "Hello 王小明"]
        assert Dispatch.objects.filter(state=DispatchState.SENT, provider_reference="ref-1").count() == 1
        assert services.dispatch_due() == 0

    def test_a_provider_down_for_an_hour_gets_it_afterwards(self) -> None:
        Post.away = True
        with clock.frozen(NOON):
            tell()
        tries = 0
        for minute in range(60):
            with clock.frozen(NOON + dt.timedelta(minutes=minute)):
                before = Dispatch.objects.get().attempts
                assert services.dispatch_due() == 0
                tries += Dispatch.objects.get().attempts - before
        assert 5 <= tries <= 8, "the pauses double"
        Post.away = False
        with clock.frozen(NOON + dt.timedelta(hours=2, minutes=5)):
            assert services.dispatch_due() == 1
        assert [letter["stable_id"] for letter in Post.taken] == ["case:1"]

    def test_the_reason_kept_names_nobody(self) -> None:
        Post.away = True
        tell()
        services.dispatch_due()
        assert Dispatch.objects.get().last_error == "test.away"

    def test_it_is_given_up_in_the_end_and_shown_to_the_administrator(self) -> None:
        Post.away = True
        tell()
        Dispatch.objects.update(attempts=services.GIVE_UP_AFTER - 1)
        services.dispatch_due()
        assert [row.state for row in queries.stuck()] == [DispatchState.FAILED]

    def test_one_that_cannot_be_drawn_delays_only_itself(self) -> None:
        tell("broken")
        Message.objects.update(template="test.gone")
        tell("sound")
        assert services.dispatch_due() == 1
        assert [letter["stable_id"] for letter in Post.taken] == ["sound"]
        assert Dispatch.objects.get(message__stable_id="broken").last_error == "LookupError"

    def test_a_sender_that_died_leaves_it_to_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with clock.frozen(NOON):
            tell()
            with monkeypatch.context() as broken:
                broken.setattr(services, "_send", lambda _dispatch: (_ for _ in ()).throw(SystemExit))
                with pytest.raises(SystemExit):
                    services.dispatch_due()
            assert services.dispatch_due() == 0, "claimed: nobody else sends it meanwhile"
        with clock.frozen(NOON + services.LEASE):
            assert services.dispatch_due() == 1


class TestReading:
    def test_only_the_one_it_is_for(self) -> None:
        tell("mine")
        tell("another's", person_id=6)
        services.tell(
            to=services.Recipient(organisation_id=7),
            template="test.greeting",
            params={"name": "店"},
            stable_id="the firm's",
        )
        assert {row.stable_id for row in queries.visible_to(READER)} == {"mine"}
        agent = Actor(kind="enterprise", person_id=8, on_behalf_of="org:7")
        assert {row.stable_id for row in queries.visible_to(agent)} == {"the firm's"}
        assert not queries.visible_to(ANONYMOUS).exists()

    def test_opening_is_noted_once_and_only_by_the_reader(self) -> None:
        tell()
        message = Message.objects.get()
        with pytest.raises(NotFound):
            services.mark_read(by=Actor(kind="citizen", person_id=6), message_id=message.id)
        with clock.frozen(NOON):
            services.mark_read(by=READER, message_id=message.id)
        with clock.frozen(NOON + dt.timedelta(days=1)):
            services.mark_read(by=READER, message_id=message.id)
        message.refresh_from_db()
        assert message.read_at == NOON


class TestProviders:
    LETTER = {"stable_id": "case:1/2", "address": "王小明 <a@example.com>", "subject": "已受理", "text": "您好。"}

    def test_the_folder_holds_each_letter_once(self, tmp_path: pathlib.Path) -> None:
        with override_settings(VAR=tmp_path):
            names = {FolderProvider().send(**self.LETTER) for _ in range(2)}
        (path,) = (tmp_path / "outgoing-mail").iterdir()
        assert names == {path.name}
        letter = email.message_from_bytes(path.read_bytes(), policy=default)
        assert (letter["Subject"], letter["Message-ID"]) == ("已受理", "<case-1-2@zhengtong.local>")
        assert letter.get_content().strip() == "您好。"

    def test_a_folder_that_cannot_be_written_is_a_provider_that_is_away(self, tmp_path: pathlib.Path) -> None:
        (tmp_path / "outgoing-mail").write_text("in the way")
        with override_settings(VAR=tmp_path), pytest.raises(Unavailable):
            FolderProvider().send(**self.LETTER)

    def test_a_subject_cannot_smuggle_a_header(self, tmp_path: pathlib.Path) -> None:
        with override_settings(VAR=tmp_path), pytest.raises(ValueError, match="linefeed|newline"):
            FolderProvider().send(**{**self.LETTER, "subject": "x\nBcc: b@example.com"})

    def test_mail_goes_through_django(self, settings: Any) -> None:
        settings.ZT_EMAIL_PROVIDER = "zhengtong.foundation.messages.providers.DjangoMailProvider"
        tell()
        assert services.dispatch_due() == 1
        assert mail.outbox[0].subject == "您好王小明"
        assert mail.outbox[0].extra_headers == {"X-Stable-Id": "case:1"}


def aged(stable_id: str, read: bool = False, state: DispatchState | None = DispatchState.SENT) -> None:
    """A message told at noon, read then or not, whose e-mail (if any) came so far then."""
    tell(stable_id, address="reader@example.com" if state else "")
    if read:
        Message.objects.filter(stable_id=stable_id).update(read_at=NOON)
    if state:
        sent = NOON if state == DispatchState.SENT else None
        Dispatch.objects.filter(message__stable_id=stable_id).update(state=state, sent_at=sent, due_at=NOON)


def test_what_was_read_and_what_was_sent_long_ago_is_forgotten_and_nothing_else() -> None:
    aged("read", read=True)
    aged("read only here", read=True, state=None)
    aged("unread")
    aged("never sent", read=True, state=DispatchState.FAILED)
    aged("still waiting", read=True, state=DispatchState.WAITING)
    with clock.frozen(NOON + dt.timedelta(days=1097)):
        assert services.sweep() == 0
    with clock.frozen(NOON + dt.timedelta(days=1099)):
        assert services.sweep() == 4
        assert services.sweep() == 0
    left = {"unread", "never sent", "still waiting"}
    assert set(Message.objects.values_list("stable_id", flat=True)) == left
    assert set(Dispatch.objects.values_list("message__stable_id", flat=True)) == left - {"unread"}
    (told,) = ledger_queries.timeline(("message", 0))
    assert (told.type, told.payload["read"], told.payload["sent"]) == ("messages.swept", 2, 2)


def test_it_is_forgotten_batch_by_batch_and_on_until_the_time_is_up(settings: Any) -> None:
    settings.ZT_TOLD_DAYS = 200
    for number in range(5):
        aged(f"read {number}", read=True)
    with clock.frozen(NOON + dt.timedelta(days=201)):
        assert services.sweep(at_most=1, seconds=-1) == 2
        assert services.sweep(at_most=2) == 8
    assert not Message.objects.exists()


def test_no_sweep_walks_what_stays(django_assert_max_num_queries: Any) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of so few rows PostgreSQL scans them all")
    aged("read")
    with CaptureQueriesContext(connection) as found, django_assert_max_num_queries(2):
        services.sweep()
    plans = []
    for sent in found.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sent['sql']}")
            plans.append(" ".join(str(row[3]) for row in cursor.fetchall()))
    assert "dispatch_sent" in plans[0]
    assert "message_read" in plans[1]
