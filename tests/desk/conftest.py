"""The desk's tests share one city whose officials sign in with a password alone."""

from typing import Any

import pytest

from factories import desks


@pytest.fixture
def desk(db: None, settings: Any) -> desks.Desk:
    settings.ZT_REQUIRE_STAFF_MFA = False
    return desks.desk()
