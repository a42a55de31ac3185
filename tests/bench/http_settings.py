"""Settings of the bench's server: those of the tests, with the true gate and the echo's address."""

from zhengtong.config.settings_test import *  # noqa: F403 the deployment's settings are the point

ZT_WRITES_INLINE = False
ROOT_URLCONF = "bench.http_site"
ZT_KEY_ACTS = 1_000_000  # counted, as in a deployment, but one program stands for many
