"""Settings of the tests: the deployment's own, with a key that opens nothing real."""

import os

os.environ.setdefault("ZHENGTONG_SECRET_KEY", "test-only")
os.environ.setdefault("ZHENGTONG_MASTER_KEY", "1:" + "5a" * 32)

from zhengtong.config.settings import *  # noqa: F403 the deployment's settings are the point

ZT_WRITES_INLINE = True
# Passwords of the tests guard nothing; the deployment's slow hash would cost them a minute.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405 the deployment's
ZT_LIVING_PAGE = True

if DATABASES["default"]["ENGINE"].endswith(".sqlite"):  # noqa: F405 the deployment's
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405 else each worker of xdist would have a file
