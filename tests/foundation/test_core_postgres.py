"""What is PostgreSQL's own: trying again, and how often a write crosses the wire."""

import socket
import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.db.transaction import TransactionManagementError

from databases import Sample, Shelf, _instead, postgres_address, postgres_database, serializable  # noqa: F401
from zhengtong.foundation.core import writes
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.statements import Insert, Select, Update
from zhengtong.foundation.core.writes import transactions, write

pytestmark = pytest.mark.postgres

LOAD = Select(Sample, ("text", "version"), where=("id",), lock=True)
MOVE = Update(Sample, set=("text",), add=("version",), where=("id", "version"))
NOTE = Insert(Shelf, "id", "name")


def in_threads(*works):
    errors = []

    def run(work):
        try:
            work()
        except BaseException as error:  # noqa: BLE001 handed to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return errors


class Wire:
    """Stands between client and server and counts round trips: each time the client speaks after the server did.

    An answer is held back a moment: a client that does not wait for it speaks on meanwhile, also on a busy machine.
    """

    HELD_SECONDS = 0.01

    def __init__(self, server_socket: str) -> None:
        self.trips, self._server_socket, self._speaker = 0, server_socket, "server"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server_socket)
            for source, target, name in ((client, server, "client"), (server, client, "server")):
                threading.Thread(target=self._carry, args=(source, target, name), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, name: str) -> None:
        with source, target:
            while data := self._receive(source):
                if name == "server":
                    time.sleep(self.HELD_SECONDS)
                if name == "client" and self._speaker == "server":
                    self.trips += 1
                self._speaker = name
                target.sendall(data)

    @staticmethod
    def _receive(source: socket.socket) -> bytes:
        try:
            return source.recv(65536)
        except OSError:
            return b""

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def wire(postgres_address, django_db_blocker):  # noqa: F811
    """PostgreSQL as the default database, behind something that counts."""
    folder = postgres_address.partition("host=")[2]
    between = Wire(f"{folder}/.s.PGSQL.5432")
    with django_db_blocker.unblock(), _instead(f"postgres://postgres@127.0.0.1:{between.port}/tests"):
        yield between
    between.close()


class TestTryingAgain:
    def test_a_serialisation_failure_is_tried_again(self, serializable):  # noqa: F811
        write(lambda: NOTE.run([(1, "a"), (2, "b")]))
        both = threading.Barrier(2)
        runs = []

        def skewed(mine):
            """Write skew: each reads both rows, then writes one; only SERIALIZABLE notices."""
            runs.append(mine)
            first_time = runs.count(mine) == 1
            total = Shelf.objects.aggregate(Sum("id"))
            if first_time:
                both.wait(10)
            Shelf.objects.filter(id=mine).update(name=f"{mine} saw {total['id__sum']}")

        assert in_threads(lambda: write(lambda: skewed(1)), lambda: write(lambda: skewed(2))) == []
        assert len(runs) > 2

    def test_a_deadlock_is_tried_again(self, postgres_database):  # noqa: F811
        write(lambda: NOTE.run([(1, "a"), (2, "b")]))
        both = threading.Barrier(2)
        runs = []

        def cross(first, second):
            runs.append(first)
            first_time = runs.count(first) == 1
            Shelf.objects.filter(id=first).update(name=f"x{first}{second}{len(runs)}")
            if first_time:
                both.wait(10)
            Shelf.objects.filter(id=second).update(name=f"y{first}{second}{len(runs)}")

        assert in_threads(lambda: write(lambda: cross(1, 2)), lambda: write(lambda: cross(2, 1))) == []
        assert len(runs) == 3

    def test_not_for_ever(self, postgres_database, monkeypatch):  # noqa: F811
        monkeypatch.setattr(transactions, "_LONGEST_PAUSE_MS", 1)
        runs = []

        def job():
            runs.append(1)
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

        with pytest.raises(Unavailable) as refusal:
            write(job)
        assert refusal.value.code == "writes.busy"
        assert len(runs) == transactions.ATTEMPTS

    def test_hooks_of_an_attempt_that_failed_never_run(self, postgres_database):  # noqa: F811
        seen, runs = [], []

        def job():
            runs.append(1)
            run = len(runs)
            transaction.on_commit(lambda: seen.append(run))
            if len(runs) == 1:
                with connection.cursor() as cursor:
                    cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

        write(job)
        assert seen == [2]

    def test_a_server_that_went_away_is_said_and_the_next_write_connects_anew(self, postgres_database):  # noqa: F811
        def job():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        with pytest.raises(Unavailable) as refusal:
            write(job)
        assert refusal.value.code == "writes.away"
        assert write(lambda: NOTE.run((1, "a"))) == 1


def step(expected: int) -> int:
    """A step as DESIGN §6 has it: locked load, then writes that nobody waits for, behind a checked version."""
    text, version = LOAD.one((1,))
    assert version == expected
    NOTE.run((version, f"{text} {version}"))
    Insert(Sample, "text").run((text,))
    MOVE.one(("moved",), (1, version))
    return version


def test_a_pipelined_step_is_two_round_trips(wire):
    write(lambda: Insert(Sample, "id").run((1,)))
    for version in range(1, 12):  # past the point where the server prepares the statements
        wire.trips = 0
        assert write(lambda v=version: step(v), pipelined=True) == version
        assert wire.trips == 2
    assert LOAD.one((1,)) == ("moved", 12)


def test_without_a_pipeline_each_statement_is_one(wire):
    write(lambda: Insert(Sample, "id").run((1,)))
    wire.trips = 0
    write(lambda: step(1))
    assert wire.trips == 6  # BEGIN, load, three writes, COMMIT


@pytest.mark.usefixtures("postgres_database")
class TestPipelines:
    def test_an_error_in_the_pipeline_commits_nothing(self):
        def job():
            NOTE.run((1, "a"))
            NOTE.run((2, "a"))
            NOTE.run((3, "c"))

        with pytest.raises(IntegrityError):
            write(job, pipelined=True)
        assert Shelf.objects.count() == 0
        assert write(lambda: NOTE.run((1, "a")), pipelined=True) == 1

    def test_a_swallowed_error_in_the_pipeline_is_not_believed(self):
        def job():
            NOTE.run([(1, "a")])
            try:
                NOTE.run((2, "a"))
                Shelf.objects.count()
            except IntegrityError:
                return "believe me"

        with pytest.raises((TransactionManagementError, IntegrityError)):
            write(job, pipelined=True)
        assert Shelf.objects.count() == 0

    def test_the_orm_works_unchanged_inside(self):
        def job():
            shelf = Shelf(id=5, name="first")
            shelf.save(force_insert=True)
            shelf.name = "second"
            shelf.save()
            assert Shelf.objects.filter(id=5).update(name="third") == 1
            assert Shelf.objects.filter(id=6).update(name="no") == 0
            made, fresh = Shelf.objects.get_or_create(name="fourth")
            assert fresh
            with pytest.raises(IntegrityError), transaction.atomic():
                Shelf.objects.create(name="third")
            assert Shelf.objects.filter(id=made.id).delete()[0] == 1
            return list(Shelf.objects.values_list("name", flat=True))

        assert write(job, pipelined=True) == ["third"]

    def test_a_part_of_a_write_may_be_pipelined(self):
        def job():
            with writes.pipeline():
                NOTE.run((1, "a"))
                NOTE.run((2, "b"))
            with pytest.raises(IntegrityError), transaction.atomic(), writes.pipeline():
                NOTE.run((3, "a"))
            return Shelf.objects.count()

        assert write(job) == 2
