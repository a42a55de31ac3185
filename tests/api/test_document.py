"""The OpenAPI document: sound, complete, without anything from elsewhere; every endpoint tells its problems."""

import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from ninja import Schema

from zhengtong.doors.api.api import interface

METHODS = {"get", "post", "put", "delete"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    answer: dict[str, Any] = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).json()
    return answer


def operations(written: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, found) for path, methods in written["paths"].items() for method, found in methods.items()]


def test_it_is_openapi(written: dict[str, Any]) -> None:
    assert written["openapi"].startswith("3.1")
    assert {"title", "version"} <= written["info"].keys()
    assert len(operations(written)) >= 45
    assert {method for _path, method, _found in operations(written)} <= METHODS
    ids = [found["operationId"] for _path, _method, found in operations(written)]
    assert len(ids) == len(set(ids))


def test_it_holds_every_address(written: dict[str, Any]) -> None:
    known = {
        (re.sub(r"\{\w+:(\w+)\}", r"{\1}", f"/api/v1{path}"), method.lower())
        for bound in interface._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert known == {(path, method) for path, method, _found in operations(written)}


def test_every_reference_leads_somewhere(written: dict[str, Any]) -> None:
    lost = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            target = node.get("$ref")
            if isinstance(target, str):
                place: Any = written
                for part in target.removeprefix("#/").split("/"):
                    place = place.get(part, {})
                if not place:
                    lost.append(target)
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(written)
    assert not lost


def test_every_schema_is_a_json_schema(written: dict[str, Any]) -> None:
    for name, schema in written["components"]["schemas"].items():
        jsonschema_rs.validator_for({"components": written["components"], **schema}), name


def test_no_two_schemas_share_a_name() -> None:
    """The document holds one of a name: the other's operations would be described by a stranger's fields."""
    waiting, models = [Schema], set[type[Schema]]()
    while waiting:
        waiting += (model := waiting.pop()).__subclasses__()
        models.add(model)
    found = Counter(model.__name__ for model in models if model.__module__.startswith("zhengtong."))
    assert len(found) > 50
    assert not [name for name, times in found.items() if times > 1]


def test_every_operation_tells_its_problems(written: dict[str, Any]) -> None:
    for path, method, found in operations(written):
        said = found["responses"]
        problems = {
            status for status, answer in said.items() if "application/problem+json" in answer.get("content", {})
        }
        assert {status for status in said if status >= "400"} == problems
        assert {"400", "401", "403", "405", "429", "500", "503"} <= problems, (method, path)
        if "{" in path:
            assert "404" in problems, (method, path)
        if "requestBody" in found:
            assert {"413", "422"} <= problems, (method, path)
        if "security" in found and method != "get":
            assert "409" in problems, (method, path)
        assert any(status < "300" for status in said), (method, path)


def test_every_parameter_of_an_address_is_described(written: dict[str, Any]) -> None:
    for path, _method, found in operations(written):
        named = {each["name"] for each in found["parameters"] if each["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))


def test_every_act_asks_for_an_idempotency_key(written: dict[str, Any]) -> None:
    without = {"prefill_draft", "verify_receipt", "read_progress"}
    for _path, method, found in operations(written):
        if method == "post":
            asks = any(each["name"] == "Idempotency-Key" for each in found["parameters"])
            assert asks is (found["operationId"] not in without), found["operationId"]


def test_every_operation_is_explained_in_both_languages(written: dict[str, Any]) -> None:
    chinese = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "zh-CN"}).json()
    for path, method, found in operations(written):
        assert found["description"], (method, path)
        assert not re.search("[\u4e00-\u9fff]", found["summary"])
        assert re.search("[\u4e00-\u9fff]", chinese["paths"][path][method]["summary"])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_needs_nothing_from_elsewhere(language: str) -> None:
    answer = Client().get("/api/v1/docs", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "/api/v1/cases/{token}/correction" in page
