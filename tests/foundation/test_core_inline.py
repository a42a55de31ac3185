"""In ordinary tests a write runs where it stands, and keeps its promises there."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.models import Sequence
from zhengtong.foundation.core.sequences import next_number
from zhengtong.foundation.core.writes import regardless, write

pytestmark = pytest.mark.django_db


def test_it_runs_inside_the_tests_own_transaction():
    assert write(lambda: next_number("a")) == 1
    assert write(lambda: (next_number("a"), write(lambda: next_number("a")))) == (2, 3)


def test_what_raises_is_undone_alone():
    def job():
        next_number("a")
        raise Conflict("test.no", "no")

    write(lambda: next_number("a"))
    with pytest.raises(Conflict):
        write(job)
    assert Sequence.objects.get().last == 1


def test_a_foreign_atomic_is_refused_here_too():
    with pytest.raises(TransactionManagementError), transaction.atomic():
        write(lambda: None)


def test_hooks_wait_for_whoever_captures_them(django_capture_on_commit_callbacks):
    seen = []
    with django_capture_on_commit_callbacks(execute=True):
        write(lambda: transaction.on_commit(lambda: seen.append(1)))
    assert seen == [1]


def test_what_must_be_recorded_survives():
    def job():
        next_number("undone")
        regardless(lambda: next_number("kept"))
        raise Conflict("test.no", "no")

    with pytest.raises(Conflict):
        write(job)
    assert [s.key for s in Sequence.objects.all()] == ["kept"]


def test_no_migration_is_missing():
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("makemigrations", "core", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()


def test_the_constraints_hold():
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), transaction.atomic():
        Sequence.objects.create(key="x", last=-1)
    assert connection.vendor in ("sqlite", "postgresql")
