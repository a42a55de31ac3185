"""The writer thread on a real SQLite file: order, batches, failures, ends (DESIGN §6)."""

import sqlite3
import threading
import time
from concurrent.futures import Future

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.backends.signals import connection_created
from django.db.transaction import TransactionManagementError

from databases import Shelf, run_program, sqlite_file  # noqa: F401
from zhengtong.foundation.core import writes
from zhengtong.foundation.core.errors import Conflict, Unavailable
from zhengtong.foundation.core.writes import gate as gate_module
from zhengtong.foundation.core.writes import write

pytestmark = pytest.mark.usefixtures("sqlite_file")


def names() -> list[str]:
    return list(Shelf.objects.order_by("id").values_list("name", flat=True))


def put(name: str) -> str:
    Shelf.objects.create(name=name)
    return name


def orphan() -> str:
    """A row whose foreign key is found broken only at COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO samples_sample (id, shelf_id, text, long_text, number, yes, facts, made_at, ver)"
                       " VALUES (5, 404, '', '', 1, 1, '{}', '2026-01-01', 1)")  # fmt: skip
    return "believe me"


class Crowd:
    """Callers who all arrive, in a known order, while one write is under way; then the gate opens."""

    def __init__(self) -> None:
        self.leave, self.inside = threading.Event(), threading.Event()
        self.threads: list[threading.Thread] = []
        self._start(lambda: write(lambda: (self.inside.set(), self.leave.wait(20))))
        assert self.inside.wait(10)

    def comes(self, work) -> Future:
        outcome = self._start(work)
        expected = len(self.threads) - 1
        until = time.monotonic() + 10
        while self._queued() < expected:
            assert time.monotonic() < until, "the caller never queued"
            time.sleep(0.001)
        return outcome

    def go(self) -> None:
        self.leave.set()
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()

    def _queued(self) -> int:
        """Those in the queue, and the one the writer has taken out of it and holds while waiting for its turn."""
        writer = writes._gate._writer
        waiting = connections["default"].turns.waiting()
        return waiting and waiting + writer._queue.qsize()

    def _start(self, work) -> Future:
        outcome: Future = Future()

        def run():
            try:
                outcome.set_result(work())
            except BaseException as error:  # noqa: BLE001 handed to the test
                outcome.set_exception(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()
        return outcome


@pytest.fixture
def commits(monkeypatch):
    """How many jobs each commit of the writer held; a batch here ends when nothing waits, not by the time."""
    monkeypatch.setattr(gate_module, "BATCH_SECONDS", 5.0)
    sizes = []
    commit = gate_module.Batch.commit

    def counted(self):
        commit(self)
        sizes.append(len(self.tasks))

    monkeypatch.setattr(gate_module.Batch, "commit", counted)
    return sizes


def test_jobs_run_in_order_of_arrival_in_one_commit(commits):
    crowd = Crowd()
    outcomes = [crowd.comes(lambda n=n: write(lambda: put(f"{n:02}"))) for n in range(20)]
    crowd.go()
    assert [o.result() for o in outcomes] == [f"{n:02}" for n in range(20)]
    assert names() == [f"{n:02}" for n in range(20)]
    assert commits == [20]


def test_a_batch_ends_where_somebody_outside_the_gate_waits(commits, monkeypatch):
    monkeypatch.setattr(gate_module, "FAIR_SECONDS", 0.0)
    strangers = []

    def stranger():
        put("stranger")
        connection.close()

    def first():
        strangers.append(threading.Thread(target=stranger, daemon=True))
        strangers[0].start()
        until = time.monotonic() + 10
        while not connections["default"].turns.waiting():
            assert time.monotonic() < until, "the stranger never queued"
            time.sleep(0.001)
        return put("first")

    crowd = Crowd()
    outcomes = [crowd.comes(lambda: write(first)), crowd.comes(lambda: write(lambda: put("second")))]
    crowd.go()
    strangers[0].join(10)
    assert [o.result() for o in outcomes] == ["first", "second"]
    assert commits == [1, 1]
    assert sorted(names()) == ["first", "second", "stranger"]


def test_one_job_that_raises_is_undone_alone(commits):
    def bad():
        put("undone")
        raise Conflict("test.no", "no")

    crowd = Crowd()
    first = crowd.comes(lambda: write(lambda: put("a")))
    second = crowd.comes(lambda: write(bad))
    third = crowd.comes(lambda: write(lambda: put("c")))
    crowd.go()
    assert (first.result(), third.result()) == ("a", "c")
    assert isinstance(second.exception(), Conflict)
    assert names() == ["a", "c"]
    assert commits == [3]


def test_a_first_job_that_raises_keeps_nothing_and_delays_nobody():
    def bad():
        put("undone")
        raise Conflict("test.no", "no")

    crowd = Crowd()
    first = crowd.comes(lambda: write(bad))
    second = crowd.comes(lambda: write(lambda: put("b")))
    crowd.go()
    assert isinstance(first.exception(), Conflict)
    assert second.result() == "b"
    assert names() == ["b"]


def test_where_the_commit_fails_each_job_runs_again_alone_and_gets_its_own_answer(commits):
    crowd = Crowd()
    before = crowd.comes(lambda: write(lambda: put("a")))
    broken = crowd.comes(lambda: write(orphan))
    after = crowd.comes(lambda: write(lambda: put("c")))
    crowd.go()
    assert (before.result(), after.result()) == ("a", "c")
    assert isinstance(broken.exception(), IntegrityError)
    assert names() == ["a", "c"]
    assert commits == [1, 1]


def test_an_answer_that_rested_on_an_undone_job_is_given_anew():
    """B is refused because A took the name; A's commit fails, so B, run again, succeeds."""

    def first():
        put("name")
        orphan()

    crowd = Crowd()
    a = crowd.comes(lambda: write(first))
    b = crowd.comes(lambda: write(lambda: put("name")))
    crowd.go()
    assert isinstance(a.exception(), IntegrityError)
    assert b.result() == "name"


def test_hooks_of_a_batch_run_once_each_even_after_a_rerun():
    seen = []

    def job(name):
        put(name)
        transaction.on_commit(lambda: seen.append(name))

    crowd = Crowd()
    crowd.comes(lambda: write(lambda: job("a")))
    crowd.comes(lambda: write(orphan))
    crowd.comes(lambda: write(lambda: job("c")))
    crowd.go()
    assert sorted(seen) == ["a", "c"]


def test_a_hook_runs_in_its_callers_thread():
    seen = []
    crowd = Crowd()
    crowd.comes(lambda: write(lambda: transaction.on_commit(lambda: seen.append(threading.current_thread()))))
    crowd.go()
    assert seen == [crowd.threads[1]]


@pytest.mark.parametrize(
    "harm",
    [
        lambda: connection.connection.execute("ROLLBACK"),
        lambda: connection.close(),
        lambda: connection.connection.close(),
    ],
    ids=["rollback", "close", "close the driver's"],
)
def test_a_job_that_ends_the_transaction_itself_is_not_believed(harm):
    crowd = Crowd()
    good = crowd.comes(lambda: write(lambda: put("a")))
    bad = crowd.comes(lambda: write(harm))
    more = crowd.comes(lambda: write(lambda: put("c")))
    crowd.go()
    assert good.result() == "a"
    assert bad.exception() is not None
    assert more.result() == "c"
    assert names() == ["a", "c"]
    assert write(lambda: put("later")) == "later"


def test_a_transaction_that_the_database_rolled_back_takes_no_more_statements():
    def job():
        put("a")
        connection.connection.rollback()
        with pytest.raises(DatabaseError, match="rolled back"):
            put("b")
        return "believe me"

    with pytest.raises((TransactionManagementError, DatabaseError)):
        write(job)
    assert names() == []


@pytest.mark.parametrize("alone", [True, False])
def test_a_full_disk_is_said_and_what_was_answered_is_there(alone):
    def limit(connection, **_):
        pages = connection.connection.execute("PRAGMA page_count").fetchone()[0]
        connection.connection.execute(f"PRAGMA max_page_count={pages + 12}")

    def fill(n):
        # Each takes about two pages, so a few fit.
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_sequence VALUES (%s, %s)", [f"{n}-" + "x" * 7000, n])
        return n

    done, refused = [], []
    writes.stop()
    connection_created.connect(limit, weak=False, dispatch_uid="limit")
    try:
        connection.close()
        crowd = None if alone else Crowd()
        if crowd:
            outcomes = [crowd.comes(lambda n=n: write(lambda: fill(n))) for n in range(12)]
            crowd.go()
            done = [o.result() for o in outcomes if not o.exception()]
            refused = [o.exception() for o in outcomes if o.exception()]
        else:
            for n in range(12):
                try:
                    done.append(write(lambda n=n: fill(n)))
                except Unavailable as error:
                    refused.append(error)
    finally:
        connection_created.disconnect(dispatch_uid="limit")
        writes.stop()
        connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last FROM core_sequence ORDER BY last")
        assert [n for (n,) in cursor.fetchall()] == done
    assert done
    assert refused
    assert {(type(e), e.code) for e in refused} == {(Unavailable, "writes.no_room")}


def test_when_no_transaction_is_to_be_had_all_who_wait_hear_so(monkeypatch):
    crowd = Crowd()
    outcomes = [crowd.comes(lambda: write(lambda: put("x"))) for _ in range(3)]

    def refuse(self, alias):
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(gate_module.Batch, "__init__", refuse)
    writer = writes._gate._writer
    crowd.go()
    # The first was already waiting for its turn in a real batch; the two behind it may share its commit.
    assert all(o.done() for o in outcomes)
    assert writer.alive()
    monkeypatch.undo()
    assert write(lambda: put("later")) == "later"


def test_too_many_waiting_is_refused_at_once(monkeypatch):
    monkeypatch.setattr(gate_module, "QUEUE_LIMIT", 2)
    crowd = Crowd()
    outcomes = [crowd.comes(lambda n=n: write(lambda: put(f"{n}"))) for n in range(3)]
    with pytest.raises(Unavailable) as refusal:
        write(lambda: put("one too many"))
    assert refusal.value.code == "writes.overloaded"
    crowd.go()
    assert [o.result() for o in outcomes] == ["0", "1", "2"]


def test_the_writer_outlives_stop_and_a_write_that_comes_after():
    assert write(lambda: put("a")) == "a"
    crowd = Crowd()
    outcome = crowd.comes(lambda: write(lambda: put("b")))
    stopper = threading.Thread(target=writes.stop, daemon=True)
    stopper.start()
    crowd.go()
    stopper.join(10)
    assert outcome.result() == "b"
    assert write(lambda: put("c")) == "c"


def test_thirty_two_callers_lose_nothing_and_share_commits(commits):
    errors: list[BaseException] = []

    def caller(who):
        try:
            for n in range(15):
                write(lambda n=n: put(f"{who}-{n}"))
        except BaseException as error:  # noqa: BLE001 handed to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=caller, args=(who,), daemon=True) for who in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert sorted(names()) == sorted(f"{who}-{n}" for who in range(32) for n in range(15))
    assert sum(commits) > 2 * len(commits)  # otherwise nothing was gathered


def test_the_file_is_durable(sqlite_file):  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)
        cursor.execute("PRAGMA wal_autocheckpoint")
        assert cursor.fetchone() == (10000,)
    assert connection.settings_dict["CONN_MAX_AGE"] is None
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


def test_the_end_of_the_program_finishes_what_was_queued_and_loses_no_answer(tmp_path):
    body = """
    writes.write(lambda: sql("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    answered = []
    def caller(start):
        for n in range(start, start + 100000):
            writes.write(lambda: sql("INSERT INTO t VALUES (%s)", n))
            answered.append(n)
    for who in range(8):
        threading.Thread(target=caller, args=(who * 1000000,), daemon=True).start()
    time.sleep(0.5)
    import atexit
    def last():  # registered before the gate's own, so it runs after it
        print(writes.write(lambda: sql("INSERT INTO t VALUES (-1)")))
        known = list(answered)
        kept = {n for (n,) in sql("SELECT n FROM t")}
        print(len(known) > 50, set(known) <= kept)
    atexit.unregister(writes._gate.end)
    atexit.register(last)
    atexit.register(writes._gate.end)
    """
    done = run_program(body, tmp_path / "end.sqlite3", timeout=30)
    assert done.stdout.split() == ["1", "True", "True"], done.stderr
    assert done.returncode == 0


def test_an_idle_writer_does_not_keep_the_program_alive(tmp_path):
    body = """
    writes.write(lambda: sql("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    def caller(n):
        writes.write(lambda: (time.sleep(0.02), sql("INSERT INTO t VALUES (%s)", n)))
    threads = [threading.Thread(target=caller, args=(n,)) for n in range(4)]
    [t.start() for t in threads]; [t.join() for t in threads]
    print(writes._gate._writer is not None, sql("SELECT count(*) FROM t"))
    """
    done = run_program(body, tmp_path / "idle.sqlite3", timeout=20)
    assert (done.returncode, done.stdout.strip()) == (0, "True [(4,)]"), done.stderr


def test_a_forked_child_has_a_gate_of_its_own(tmp_path):
    body = """
    import warnings; warnings.simplefilter("ignore")
    writes.write(lambda: sql("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    def caller(n):
        writes.write(lambda: (time.sleep(0.02), sql("INSERT INTO t VALUES (%s)", n)))
    def crowd(start):
        threads = [threading.Thread(target=caller, args=(start + n,)) for n in range(4)]
        [t.start() for t in threads]; [t.join() for t in threads]
    crowd(0)
    connection.close()
    child = os.fork()
    if child == 0:
        crowd(100)
        os._exit(0)
    crowd(200)
    print(os.waitpid(child, 0)[1], sql("SELECT count(*) FROM t"))
    """
    done = run_program(body, tmp_path / "fork.sqlite3", timeout=30)
    assert (done.returncode, done.stdout.strip()) == (0, "0 [(12,)]"), done.stderr


def test_an_interrupted_caller_leaves_a_whole_act_or_none(tmp_path):
    body = """
    import signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background inherits a deaf one
    writes.write(lambda: sql("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
    inside = threading.Event()
    holder = threading.Thread(target=lambda: writes.write(lambda: (inside.set(), time.sleep(0.6))))
    holder.start(); inside.wait()
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        writes.write(lambda: sql("INSERT INTO t VALUES (1)"))
    except KeyboardInterrupt:
        print("interrupted")
    holder.join()
    rows = sql("SELECT n FROM t")
    time.sleep(0.2)
    print(rows == sql("SELECT n FROM t"))
    print(writes.write(lambda: sql("INSERT INTO t VALUES (2)")))
    """
    done = run_program(body, tmp_path / "int.sqlite3", timeout=30)
    assert done.stdout.split() == ["interrupted", "True", "1"], done.stderr


def test_a_disk_that_fills_at_the_commit_loses_no_answer(tmp_path):
    """The file size limit makes the log's write fail at COMMIT, as a full disk does."""
    body = """
    import resource
    writes.write(lambda: sql("CREATE TABLE t (n INTEGER PRIMARY KEY, x TEXT)"))
    size = os.path.getsize(sys.argv[1] + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 300000, resource.RLIM_INFINITY))
    from zhengtong.foundation.core.errors import Unavailable
    answered, refused, other = [], [], []
    def caller(start):
        for n in range(start, start + 25):
            try:
                writes.write(lambda: sql("INSERT INTO t VALUES (%s, %s)", n, "x" * 3000))
                answered.append(n)
            except Unavailable as error:
                refused.append(error.code)
            except BaseException as error:  # noqa: BLE001 handed to the test
                other.append(repr(error))
    threads = [threading.Thread(target=caller, args=(who * 1000,)) for who in range(8)]
    [t.start() for t in threads]; [t.join() for t in threads]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    writes.write(lambda: sql("INSERT INTO t VALUES (-1, '')"))
    kept = {n for (n,) in sql("SELECT n FROM t")} - {-1}
    print(bool(answered), set(refused), kept == set(answered), other, sql("PRAGMA integrity_check"))
    """
    done = run_program(body, tmp_path / "full.sqlite3", timeout=60)
    assert done.stdout.strip() == "True {'writes.no_room'} True [] [('ok',)]", done.stdout + done.stderr[-3000:]
