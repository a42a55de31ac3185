"""What granian serves; each serving process also carries the background work."""

import os

from zhengtong.foundation.core.ending import ending_at_once

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.config.settings")
with ending_at_once():
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    from zhengtong.foundation.core import background, serving  # Django must be set up first

    alone = serving.serve_alone()
    serving.settle_memory()

if os.environ.get("ZHENGTONG_BACKGROUND", "1") == "1":
    background.start()
