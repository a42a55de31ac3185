"""The desk's tests share one city whose officials sign in with a password alone, on a working day of spring."""

from collections.abc import Iterator
from typing import Any

import pytest

from factories import desks


@pytest.fixture
def desk(db: None, settings: Any) -> Iterator[desks.Desk]:
    settings.ZT_REQUIRE_STAFF_MFA = False
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()
