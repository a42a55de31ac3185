"""What all serving processes know together, on every database: nothing counted twice, nothing counted over another."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from databases import database, postgres_address, postgres_database, serializable, sqlite_file  # noqa: F401
from zhengtong.config.caches import caches as chosen
from zhengtong.foundation.core import shared
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.models import SharedValue
from zhengtong.foundation.core.serving import serve_alone
from zhengtong.foundation.core.shared import SharedCache, purge_shared_values
from zhengtong.foundation.core.writes import write

SQLITE, POSTGRES = {"ENGINE": "zhengtong.foundation.core.sqlite"}, {"ENGINE": "zhengtong.foundation.core.postgresql"}


@pytest.fixture
def cache(database: str) -> SharedCache:  # noqa: F811 the fixture of both databases
    return SharedCache("", {})


def together(count: int, work: Any) -> list[Any]:
    """What each of `count` threads answered that were let go at once, each with a connection of its own."""
    start, answers = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        try:
            start.wait(20)
            answers[number] = work()
        except Exception as error:  # noqa: BLE001 handed to the test
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return answers


class TestValues:
    def test_a_value_is_there_until_its_time_is_over(self, cache: SharedCache, monkeypatch: Any) -> None:
        cache.set("a", {"b": [1, None, "二"]}, 30)
        cache.set("for-good", 1, None)
        assert cache.get("a") == {"b": [1, None, "二"]}
        assert cache.get("absent", 7) == 7
        assert cache.touch("a", 60)
        now = time.time()
        monkeypatch.setattr(shared.time, "time", lambda: now + 61)
        assert cache.get("a", "over") == "over"
        assert not cache.touch("a", 60)
        assert cache.get("for-good") == 1
        assert purge_shared_values() == 1
        assert list(SharedValue.objects.values_list("key", flat=True)) == [":1:for-good"]

    def test_add_puts_only_where_nothing_fresh_stands(self, cache: SharedCache, monkeypatch: Any) -> None:
        assert cache.add("a", 1, 30)
        assert not cache.add("a", 2, 30)
        assert cache.get("a") == 1
        now = time.time()
        monkeypatch.setattr(shared.time, "time", lambda: now + 31)
        assert cache.add("a", 3, 30)
        assert cache.get("a") == 3

    def test_delete_and_clear(self, cache: SharedCache) -> None:
        cache.set_many({"a": 1, "b": 2})
        assert cache.delete("a")
        assert not cache.delete("a")
        assert cache.get_many(["a", "b"]) == {"b": 2}
        cache.clear()
        assert cache.get("b") is None

    def test_only_what_json_holds_goes_in(self, cache: SharedCache) -> None:
        with pytest.raises(TypeError):
            cache.set("a", object())

    def test_inside_a_write_and_inside_a_transaction_of_others(self, cache: SharedCache) -> None:
        write(lambda: cache.set("a", 1))
        with transaction.atomic():
            cache.set("b", 2)
            assert cache.incr("b") == 3
        assert (cache.get("a"), cache.get("b")) == (1, 3)


class TestAtOnce:
    def test_no_count_is_lost(self, cache: SharedCache, database: str) -> None:  # noqa: F811 the fixture
        cache.add("tries", 0, 60)
        told = [answer for _ in range(10) for answer in together(8, lambda: cache.incr("tries"))]
        counted = [answer for answer in told if not isinstance(answer, Unavailable)]
        assert sorted(counted) == list(range(1, len(counted) + 1))
        assert cache.get("tries") == len(counted)
        assert len(counted) == 80 or database == "serializable", "there a crowd may be told to come again"
        with pytest.raises(ValueError, match="absent"):
            cache.incr("absent")

    def test_one_of_many_puts_it(self, cache: SharedCache) -> None:
        assert sorted(together(16, lambda: cache.add("code", True, 60))) == [False] * 15 + [True]


PROGRAM = """
import sys
from django.conf import settings
from zhengtong.config.databases import database
settings.configure(DATABASES={"default": database(sys.argv[1])}, ZT_WRITES_INLINE=False, USE_TZ=True, INSTALLED_APPS=
    ["django.contrib.contenttypes", "zhengtong.foundation.core"],
    CACHES={"default": {"BACKEND": "zhengtong.foundation.core.shared.SharedCache"}})
import django; django.setup()
from django.core.cache import cache
print(*[cache.incr("tries") for _ in range(100)])
"""


def test_two_processes_count_together(sqlite_file: Any) -> None:  # noqa: F811 the fixture
    SharedCache("", {}).add("tries", 0, 60)
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(sqlite_file)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert sorted(int(number) for text in said for number in text.split()) == list(range(1, 201))


class TestChoice:
    @pytest.mark.parametrize(
        ("setting", "records", "shared_by_all"),
        [
            ("", SQLITE, False),
            ("", POSTGRES, True),
            ("database", SQLITE, True),
            ("local", POSTGRES, False),
        ],
    )
    def test_postgresql_counts_for_all_and_sqlite_for_its_one_process(
        self, setting: str, records: dict[str, str], shared_by_all: bool
    ) -> None:
        found = chosen(setting, records)
        assert found["default"]["BACKEND"].endswith("SharedCache") is shared_by_all
        assert found["near"]["BACKEND"].endswith("LocMemCache")

    def test_a_process_alone_goes_on_counting_among_many_others(self, settings: Any) -> None:
        settings.CACHES = chosen("local", SQLITE)
        counter = caches["default"]
        counter.add("tries", 7, 60)
        for other in range(2_000):
            counter.add(f"other-{other}", 0, 60)
        assert counter.incr("tries") == 8

    def test_anything_else_is_refused(self) -> None:
        with pytest.raises(ImproperlyConfigured, match="ZHENGTONG_CACHE"):
            chosen("memcached", SQLITE)


HOLDING = """
import sys
from django.conf import settings
settings.configure(VAR=sys.argv[1], CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "zhengtong.foundation.core"])
import django; django.setup()
from zhengtong.foundation.core.serving import serve_alone
lock = serve_alone(0)
print("serving", flush=True)
sys.stdin.read()
"""


def test_who_counts_alone_serves_alone(settings: Any, tmp_path: Any) -> None:
    settings.VAR = tmp_path
    settings.CACHES = chosen("local", SQLITE)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "serving\n"
        with pytest.raises(ImproperlyConfigured, match="ZHENGTONG_CACHE"):
            serve_alone(0.3)
        settings.CACHES = chosen("database", SQLITE)
        assert serve_alone(0) is None, "who counts with the others serves beside them"
    finally:
        other.communicate("", timeout=20)
    settings.CACHES = chosen("local", SQLITE)
    assert serve_alone(5) is not None
    assert type(caches["default"]).__name__ == "LocMemCache"


def test_what_stays_is_not_looked_through_for_garbage():
    told = """
import gc, django
django.setup()
from zhengtong.foundation.core.serving import settle_memory
before = len(gc.get_objects())
settle_memory()
print(gc.isenabled(), len(gc.get_objects()) < before / 10, gc.get_freeze_count() > before / 2, gc.get_threshold()[0])
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "zhengtong.config.settings_test"}
    found = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "True", "True", "10000"]
