"""How many queries each page may take, whatever stands in the tables; and none counts a table."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import access as give
from factories import identity as make

pytestmark = pytest.mark.django_db

CEILINGS = {
    "sys": {
        "": 12,
        "organisations/": 14,
        "accounts/": 13,
        "keys/": 13,
        "calendar/": 14,
        "calendar/2026/": 14,
        "models/": 14,
        "moves/": 14,
        "health/": 34,
        "stuck/": 13,
        "starts/": 14,
    },
    "sec": {"roles/": 13, "grants/": 14, "grants/give/": 17, "explain/": 15},
    "audit": {"log/": 22, "proof/": 16},
}  # fmt: skip
PAGES = [(kind, path) for kind, paths in CEILINGS.items() for path in paths]


def fill(number):
    top = make.agency()
    for _ in range(number):
        post = make.post(make.agency(parent=top))
        give.grant(give.role("case.read"), post=post)
        make.officer(post)


@pytest.mark.parametrize(("kind", "path"), PAGES)
def test_no_page_takes_more_queries_for_more_rows(kind, path, request):
    who = request.getfixturevalue({"sys": "system", "sec": "security", "audit": "audit"}[kind])
    fill(2)
    who.get(path)
    with CaptureQueriesContext(connection) as few:
        who.get(path)
    fill(8)
    with CaptureQueriesContext(connection) as many:
        who.get(path)
    assert len(many) <= len(few)
    assert len(many) <= CEILINGS[kind][path], [query["sql"][:90] for query in many]
    counted = [query["sql"] for query in many if "COUNT(" in query["sql"].upper()]
    if path != "health/":
        assert counted == []
