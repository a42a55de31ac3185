"""What granian serves; each serving process also carries the background work."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.config.settings")
application = get_wsgi_application()

from zhengtong.foundation.core import background  # noqa: E402 Django must be set up first

if os.environ.get("ZHENGTONG_BACKGROUND", "1") == "1":
    background.start()
