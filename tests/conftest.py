"""What every test may lean on: third-party material beside the checkout, and a clock that stands still."""

import contextlib
import gc
import os
import pathlib
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# On a machine that does much else, what one example takes says nothing about how it is made.
hypothesis.settings.register_profile("house", suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

SHARED = pathlib.Path(os.environ.get("ZT_SHARED_DATA", pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"))


def pytest_collection_finish() -> None:
    """Look through what was loaded and collected for garbage no more, as a serving process does (`core.serving`).

    It all stays, and at Python's own pace the collector takes a tenth of the run to find that again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of third-party test material; the test is skipped, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"third-party material is absent: {SHARED} (set ZT_SHARED_DATA)")
    return SHARED


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """No test hears the language that a page of the test before was asked for in: it stays with the thread."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def own_var(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys, files and locks of the tests lie in a folder of their own: in the checkout's `var/` a city may be at home.

    Its keys are closed with another master key, and nobody wants the papers of tests among those of a deployment.
    """
    from django.conf import settings

    settings.VAR = tmp_path_factory.mktemp("var")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> pathlib.Path:
    """The folder that every worker of this run shares; no other run sees it."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def migrated_file(run_folder: pathlib.Path, django_test_environment: None, django_db_blocker: Any) -> pathlib.Path:
    """The SQLite file of this run with every table, to be copied."""
    import migrated

    with django_db_blocker.unblock():
        return migrated.file(run_folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    run_folder: pathlib.Path,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """The database of each worker begins as a copy of the migrated one of the run.

    Journeys have theirs in a file: the threads of a served page would share the one connection of a database in memory,
    and the transactions of two requests at once would fall into one another. A PostgreSQL gets one more database, so
    only that of `on_postgres`, which is thrown away.
    """
    from django.conf import settings
    from django.db import connection

    import migrated

    default = settings.DATABASES["default"]
    embedded = default["ENGINE"].endswith(".sqlite")
    with contextlib.ExitStack() as kept:
        with django_db_blocker.unblock():
            if embedded and any(item.get_closest_marker("journey") for item in request.session.items):
                own = tmp_path_factory.mktemp("journeys") / "city.sqlite3"
                default["TEST"]["NAME"] = str(migrated.copy(migrated.file(run_folder), own))
            elif embedded:
                kept.enter_context(migrated.load(migrated.file(run_folder), connection.creation._get_test_db_name()))
            elif request.config.pluginmanager.has_plugin("on_postgres"):
                default["TEST"]["TEMPLATE"] = migrated.postgres_template(run_folder, default)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite the copy is not to be erased; it goes with its folder, or the memory it is in."""
    from django.conf import settings

    return bool(settings.DATABASES["default"]["ENGINE"].endswith(".sqlite"))


CHROMIUM = os.environ.get("ZT_CHROMIUM", "/usr/bin/chromium")
HEADLESS = os.environ.get("ZT_CHROMIUM") or shutil.which("chromium-headless-shell") or CHROMIUM
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def playwright() -> "Iterator[Playwright]":
    """The driver of browsers. It keeps an event loop in this thread as long as it lives, so there is one for all;
    Django would mistake that loop for an asynchronous page."""
    from playwright.sync_api import expect, sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=20_000)  # the machine does much else
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium(playwright: "Playwright") -> "Iterator[Browser]":
    """The one browser of a run: the installed Chromium without windows, a fresh profile for each context.

    Without the browser the test fails: `make test` installs it.
    """
    started = playwright.chromium.launch(executable_path=HEADLESS, args=SWITCHES)
    yield started
    started.close()


@pytest.fixture
def whole_chromium(playwright: "Playwright") -> "Iterator[Browser]":
    """Chromium with all it has for people, such as its reader of PDF."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
    yield started
    started.close()
