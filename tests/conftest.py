"""What every test may lean on: third-party material beside the checkout, and a clock that stands still."""

import os
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED = pathlib.Path(os.environ.get("ZT_SHARED_DATA", pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of third-party test material; the test is skipped, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"third-party material is absent: {SHARED} (set ZT_SHARED_DATA)")
    return SHARED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Journeys have their database in a file.

    The threads of a served page would share the one connection of a database in memory, and the transactions of two
    requests at once would fall into one another.
    """
    from django.conf import settings

    default = settings.DATABASES["default"]
    served = any(item.get_closest_marker("journey") for item in request.session.items)
    if served and default["ENGINE"].endswith(".sqlite"):
        default["TEST"]["NAME"] = str(tmp_path_factory.mktemp("journeys") / "city.sqlite3")


CHROMIUM = os.environ.get("ZT_CHROMIUM", "/usr/bin/chromium")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The one browser of a run, headless: the installed Chromium, a fresh profile for each context.

    Playwright keeps an event loop in this thread as long as it lives, so there is one for all; Django would mistake
    that loop for an asynchronous page. Without the browser the test fails: `make test` installs it.
    """
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
