"""The case of four steps with django-viewflow: arguments are the database and the captured rows."""

import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from replay import answer

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000; PRAGMA foreign_keys=ON;"


def _database(address: str) -> dict[str, Any]:
    if not address.startswith("postgres://"):
        options = {"transaction_mode": "IMMEDIATE", "init_command": PRAGMAS, "cached_statements": 512}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address, "OPTIONS": options, "CONN_MAX_AGE": None}
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "HOST": parse_qs(parts.query)["host"][0],
        "CONN_MAX_AGE": None,
    }


import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.configure(
    DATABASES={"default": _database(sys.argv[1])},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow", "viewflow.workflow", "licence"],
    # Tables that are missing are made without migrations: the database is a copy of ours, with some of Django's.
    MIGRATION_MODULES=dict.fromkeys(("auth", "contenttypes", "viewflow", "workflow"), None),
    USE_TZ=True,
    SECRET_KEY="measuring only",
    ROOT_URLCONF="viewflow_case",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
urlpatterns: list[Any] = []

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from licence.flows import LicenceFlow  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402


def _write(rows: list[tuple[str, Any]]) -> None:
    raw = connection.connection
    for sql, params in rows:
        raw.execute(sql.replace("%s", "?") if connection.vendor == "sqlite" else sql, params)


def run_case(transactions: list[list[tuple[str, Any]]]) -> None:
    """Submit, accept, propose, approve: each one transaction."""
    with transaction.atomic():
        process = LicenceFlow.start.run()
        _write(transactions[0])
    for outcome, rows in zip(("accept", "propose_approve", "approve"), transactions[1:], strict=True):
        with transaction.atomic(), LicenceFlow.lock(process.pk):
            task = Task.objects.select_related("process").get(process=process, status="NEW")
            task.process.data = {"outcome": outcome}
            task.process.save()
            activation = task.flow_task.activation_class(task)
            activation.assign(user)
            activation.start(None)
            activation.execute()
            _write(rows)
    process.refresh_from_db()
    assert process.status == "DONE", process.status


call_command("migrate", run_syncdb=True, verbosity=0)
user, _made = User.objects.get_or_create(username="officer")
answer(run_case, sys.argv[2])
