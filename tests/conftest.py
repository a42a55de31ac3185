"""What every test may lean on: third-party material beside the checkout, and a clock that stands still."""

import os
import pathlib

import pytest

SHARED = pathlib.Path(os.environ.get("ZT_SHARED_DATA", pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """The folder of third-party test material; the test is skipped, saying so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"third-party material is absent: {SHARED} (set ZT_SHARED_DATA)")
    return SHARED
