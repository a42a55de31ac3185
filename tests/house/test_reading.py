"""Every page stands under a policy, and no door reads a table by itself."""

import ast
import pathlib
import re

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from house_sources import PACKAGE, modules, shown, tree

from zhengtong.foundation import policy

READERS = {"objects", "_default_manager", "_base_manager"}


def doors() -> list[tuple[str, ast.Module]]:
    return [(shown(path), tree(path)) for path in modules() if (PACKAGE / "doors") in path.parents]


def test_doors_never_touch_a_manager() -> None:
    touched = [
        f"{name}:{node.lineno}"
        for name, module in doors()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in READERS
    ]
    assert not touched


def test_doors_speak_no_sql() -> None:
    spoken = [
        f"{name}:{node.lineno}"
        for name, module in doors()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom | ast.Import)
        and any(alias.name in ("connection", "connections") for alias in node.names)
    ]
    assert not spoken


def test_pages_never_touch_a_manager() -> None:
    """The same for views and forms that live beside their app (signing in)."""
    touched = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        if path.name in ("views.py", "forms.py", "urls.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in READERS
    ]
    assert not touched


def lists(path: pathlib.Path) -> set[str]:
    """Queries that answer rows whoever reads: not those that ask the policy (`visible_…`) or begin with the actor whose
    own they are, nor the parts of one thing that was read already (`…_of`)."""
    return {
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns).startswith(("QuerySet[", "models.QuerySet["))
        and not node.name.startswith("visible_")
        and not node.name.endswith("_of")
        and not (node.args.args and ast.unparse(node.args.args[0].annotation or node).endswith("Actor"))
    }


def ungated() -> dict[str, set[str]]:
    """The lists of each module of queries that do not ask who reads."""
    found: dict[str, set[str]] = {}
    for path in modules():
        if path.name == "queries.py" or path.parent.name == "queries":
            module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            for name in (module, module.rpartition(".queries.")[0] + ".queries"):  # a folder hands its modules' on
                found.setdefault(name, set()).update(lists(path))
    return found


@pytest.mark.parametrize(("name", "module"), doors())
def test_every_list_a_door_shows_is_read_through_visible_to(name: str, module: ast.Module) -> None:
    gates, aliases, found = ungated(), {}, []
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                aliases[alias.asname or alias.name] = full
                found += [full] if alias.name in gates.get(node.module or "", set()) else []
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            full = aliases.get(node.value.id, "")
            found += [f"{full}.{node.attr}"] if node.attr in gates.get(full, set()) else []
    assert not set(found) - WITHOUT_READERS, name


WITHOUT_READERS = {
    "zhengtong.foundation.messages.queries.stuck",
    "zhengtong.matters.workflow.queries.stuck_timers",
    "zhengtong.matters.deadlines.queries.entered_years",
}
"""Lists that tell nothing of anybody: counts for the health page, the years of the calendar."""


def test_a_table_without_a_policy_permits_nothing() -> None:
    class Unknown(models.Model):
        class Meta:
            app_label, managed = "core", False

    try:
        assert not policy.allows(policy.Actor(kind="admin", account_id=1, clearance=3, assurance=3), Unknown())
    finally:
        apps.all_models["core"].pop("unknown", None)
        apps.clear_cache()


PUBLIC = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
    "account_confirm_password_reset_code", "account_signup_by_passkey", "account_request_login_code",
    "mfa_authenticate", "mfa_login_webauthn", "mfa_signup_webauthn",
    "ui:living", "ui:living_page", "ui:language", "ui:mode",
    "portal:home", "portal:numbers", "portal:search", "portal:suggest", "portal:services", "portal:people",
    "portal:enterprises", "portal:departments", "portal:progress", "portal:verify", "portal:verify_receipt",
    "portal:accessibility", "portal:privacy", "portal:book",
    "api:read_openapi", "api:reference", "api:list_items", "api:find_items", "api:read_keys",
}  # fmt: skip
"""Pages that anybody may open; every other answers the unknown with the way to sign in, or with a refusal."""

SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}
CLOSED = (301, 302, 401, 403, 404, 405)


def pages(resolver: URLResolver, space: str = "", before: str = "/") -> list[tuple[str, str]]:
    """Each page as (name, an address of it); addresses of patterns written as regular expressions are left out."""
    found: list[tuple[str, str]] = []
    for entry in resolver.url_patterns:
        here = before + _address(entry)
        if isinstance(entry, URLResolver):
            found += pages(entry, f"{space}{entry.namespace}:" if entry.namespace else space, here)
        else:
            found.append((f"{space}{entry.name or ''}", here))
    return found


def _address(entry: URLPattern | URLResolver) -> str:
    text = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        text = re.sub(rf"<(?:\w+:)?{name}>", SAMPLES.get(kind, "1"), text)
    return text


def closed_pages() -> list[tuple[str, str]]:
    return [(name, address) for name, address in pages(get_resolver()) if name not in PUBLIC and "(?" not in address]


def test_every_page_has_a_name() -> None:
    assert not [address for name, address in pages(get_resolver()) if not name.rpartition(":")[2]]


def test_what_is_public_exists() -> None:
    assert not PUBLIC - {name for name, _ in pages(get_resolver())} - OPTIONAL


OPTIONAL = {name for name in PUBLIC if name.startswith(("account_", "mfa_"))}
"""Which pages of allauth exist depends on its settings."""


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), closed_pages())
def test_what_is_not_public_is_closed_to_the_unknown(name: str, address: str, client: Client) -> None:
    answer = client.get(address)
    assert answer.status_code in CLOSED, f"{name} answers {answer.status_code} to nobody in particular"
    if answer.status_code in (301, 302):
        assert reverse("account_login") in answer["Location"], f"{name} sends the unknown to {answer['Location']}"


def test_no_page_of_django_s_administration() -> None:
    assert not [name for name, _ in pages(get_resolver()) if name.startswith("admin:")]
