"""Whose address counts behind proxies: the visitor's, as far as our own proxies vouch for it."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from zhengtong.people.identity.middleware import ForwardedAddressMiddleware

OURS = ["10.0.0.0/8", "127.0.0.1/32"]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "seen"),
    [
        ([], "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (OURS, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (OURS, "127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (OURS, "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (OURS, "127.0.0.1", "", "127.0.0.1"),
        (OURS, "127.0.0.1", "not an address", "not an address"),
    ],
)
def test_the_address_that_counts(settings, trusted, peer, forwarded, seen) -> None:
    settings.ZT_TRUSTED_PROXIES = trusted
    found: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    ForwardedAddressMiddleware(page)(request)
    assert found == [seen]
