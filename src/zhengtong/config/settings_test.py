"""Settings of the tests: the deployment's own, with a key that opens nothing real."""

import os

os.environ.setdefault("ZHENGTONG_SECRET_KEY", "test-only")

from zhengtong.config.settings import *  # noqa: F403 the deployment's settings are the point
