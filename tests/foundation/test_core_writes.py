"""What `write` promises on every database (DESIGN §6)."""

import datetime as dt
import logging
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import translation

from databases import Shelf, database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Refusal
from zhengtong.foundation.core.writes import in_write, regardless, write

pytestmark = pytest.mark.usefixtures("database")


def names() -> list[str]:
    return sorted(Shelf.objects.values_list("name", flat=True))


def put(name: str) -> Shelf:
    return Shelf.objects.create(name=name)


def beside(work):
    """Run `work` while another write is under way, so that on SQLite it goes through the writer thread."""
    inside, leave, out = threading.Event(), threading.Event(), []

    def hold():
        try:
            write(lambda: (inside.set(), leave.wait(10)))
        finally:
            connection.close()

    def run():
        try:
            out.append(work())
        except BaseException as error:  # noqa: BLE001 handed to the test
            out.append(error)
        finally:
            connection.close()

    holder, worker = threading.Thread(target=hold, daemon=True), threading.Thread(target=run, daemon=True)
    holder.start()
    assert inside.wait(10)
    worker.start()
    worker.join(0.05)
    leave.set()
    holder.join(10)
    worker.join(10)
    if isinstance(out[0], BaseException):
        raise out[0]
    return out[0]


@pytest.fixture(params=["alone", "beside"])
def through(request):
    """Both ways into the gate: with nobody else there, and through the queue."""
    return (lambda work: work()) if request.param == "alone" else beside


def test_the_answer_is_the_jobs_and_the_row_is_there(through):
    assert through(lambda: write(lambda: put("a").name)) == "a"
    assert names() == ["a"]


def test_a_job_that_raises_leaves_nothing(through):
    def job():
        put("a")
        raise Conflict("test.no", "no")

    with pytest.raises(Conflict, match=r"test\.no"):
        through(lambda: write(job))
    assert names() == []


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, StopIteration])
def test_whatever_a_job_raises_is_its_callers(through, error):
    def job():
        put("a")
        raise error

    with pytest.raises(error):
        through(lambda: write(job))
    assert names() == []
    assert write(lambda: put("b").name) == "b"


def test_a_write_inside_a_job_joins_it(through):
    def outer():
        put("a")
        write(lambda: put("b"))
        raise Conflict("test.no", "no")

    with pytest.raises(Conflict):
        through(lambda: write(outer))
    assert names() == []


def test_an_error_that_crosses_an_inner_write_undoes_the_whole_even_if_caught(through):
    def inner():
        put("b")
        raise Conflict("test.no", "no")

    def outer():
        put("a")
        with pytest.raises(Conflict):
            write(inner)
        return "believe me"

    with pytest.raises(TransactionManagementError, match="swallowed"):
        through(lambda: write(outer))
    assert names() == []


def test_an_atomic_inside_a_job_may_fail_alone(through):
    def inner():
        put("b")
        raise Conflict("test.no", "no")

    def outer():
        put("a")
        with pytest.raises(Conflict), transaction.atomic():
            write(inner)
        put("c")

    through(lambda: write(outer))
    assert names() == ["a", "c"]


def test_a_write_inside_somebody_elses_atomic_is_refused():
    with pytest.raises(TransactionManagementError, match="somebody else's"), transaction.atomic():
        write(lambda: put("a"))
    assert names() == []
    assert not in_write()


def test_a_swallowed_database_error_is_never_answered_with_success(through):
    put("taken")

    def job():
        put("a")
        try:
            put("taken")
        except IntegrityError:
            return "believe me"

    with pytest.raises((TransactionManagementError, IntegrityError)):
        through(lambda: write(job))
    assert names() == ["taken"]


def test_a_swallowed_error_of_a_raw_statement_does_no_harm_or_is_not_believed(through):
    put("taken")

    def job():
        put("a")
        with connection.cursor() as cursor:
            try:
                cursor.execute("INSERT INTO samples_shelf (id, name) VALUES (1, 'taken')")
            except IntegrityError:
                return "believe me"

    try:
        through(lambda: write(job))
    except TransactionManagementError:
        assert names() == ["taken"]
    else:
        assert names() == ["a", "taken"]


def test_a_constraint_checked_at_commit_is_the_answer_of_its_job(through):
    def job():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO samples_sample (id, shelf_id, text, long_text, number, yes, facts, made_at, ver)"
                " VALUES (5, 404, '', '', 1, true, '{}', '2026-01-01 00:00:00+00:00', 1)"
            )
        return "believe me"

    with pytest.raises(IntegrityError):
        through(lambda: write(job))
    assert write(lambda: put("after").name) == "after"


def test_hooks_run_after_the_commit_and_one_that_raises_is_logged(through, caplog):
    seen = []

    def hook():
        seen.append((names(), in_write(), connection.in_atomic_block))

    def fail():
        raise RuntimeError("provider down")

    def job():
        put("a")
        transaction.on_commit(fail)
        transaction.on_commit(hook)
        return "done"

    with caplog.at_level(logging.ERROR, "zhengtong.writes"):
        assert through(lambda: write(job)) == "done"
    assert seen == [(["a"], False, False)]
    assert "provider down" in caplog.text
    assert write(lambda: put("b").name) == "b"


def test_hooks_of_what_was_undone_never_run(through):
    seen = []

    def job():
        with pytest.raises(Conflict), transaction.atomic():  # noqa: PT012 the block is the point
            transaction.on_commit(lambda: seen.append("inner"))
            raise Conflict("test.no", "no")
        transaction.on_commit(lambda: seen.append("outer"))

    def refused():
        transaction.on_commit(lambda: seen.append("refused"))
        raise Conflict("test.no", "no")

    through(lambda: write(job))
    with pytest.raises(Conflict):
        through(lambda: write(refused))
    assert seen == ["outer"]


def test_a_hook_may_write(through):
    through(lambda: write(lambda: transaction.on_commit(lambda: write(lambda: put("later")))))
    assert names() == ["later"]


def test_the_callers_context_is_the_jobs(through):
    instant = dt.datetime(2026, 2, 17, tzinfo=dt.UTC)

    def work():
        with clock.frozen(instant), translation.override("en"):
            return write(lambda: (clock.now(), translation.get_language()))

    assert through(work) == (instant, "en")


def test_what_a_job_changes_in_the_context_stays_in_the_job():
    def job():
        translation.activate("en")
        return translation.get_language()

    with translation.override("zh-hans"):
        assert beside(lambda: write(job)) == "en"
        assert translation.get_language() == "zh-hans"


def test_what_must_be_recorded_survives_the_refusal(through):
    def job():
        put("undone")
        regardless(lambda: put("kept"))
        raise Refusal("test.no", "no")

    with pytest.raises(Refusal):
        through(lambda: write(job))
    assert names() == ["kept"]


def test_a_record_that_cannot_be_kept_does_not_hide_the_refusal(caplog):
    def job():
        regardless(lambda: put("kept") and put("kept"))
        raise Refusal("test.no", "no")

    with pytest.raises(Refusal), caplog.at_level(logging.ERROR, "zhengtong.writes"):
        write(job)
    assert "hook" in caplog.text
    assert names() == []


def test_outside_a_write_it_is_recorded_at_once():
    regardless(lambda: put("kept"))
    assert names() == ["kept"]
