"""The OpenAPI document: what ninja writes, with every problem an endpoint can answer, in the reader's language."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from ninja import NinjaAPI

from zhengtong.doors.api.api.callers import CAPACITY, Needs
from zhengtong.doors.api.api.problems import MEDIA_TYPE, TITLES
from zhengtong.people.identity.choices import KeyScope

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `title`, `detail` and messages are in the reader's language.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "examples": ["cases.answers"]},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
FAULT: dict[str, Any] = {
    "title": "Fault",
    "description": "`path`: JSON pointer into the body, `?name` of the query, `{name}` of the address, or a header.",
    "type": "object",
    "required": ["path", "code", "message"],
    "properties": {name: {"type": "string"} for name in ("path", "code", "message")},
}
SECURITY: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": f"A key of an account, with some of the scopes {', '.join(KeyScope.values)}.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "zt_session",
        "description": "For pages of this house; acts need the CSRF token too.",
    },
}
ACTING_AS: dict[str, Any] = {
    "in": "header",
    "name": CAPACITY,
    "required": False,
    "schema": {"type": "string"},
    "description": "The capacity to act in, as /me lists them, or `org:` and the credit code of who is acted for.",
}
HEADERS: Mapping[int, dict[str, Any]] = {
    429: {
        "headers": {
            "Retry-After": {
                "description": "How many seconds to wait; also `retry_after` in the body.",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    }
}
"""What answers with a problem carry beside it."""
ALWAYS = (400, 405, 429, 500, 503)
_written: dict[str, dict[str, Any]] = {}


def document(api: NinjaAPI, prefix: str) -> Mapping[str, Any]:
    """The document in the reader's language; written once a process and language."""
    language = get_language() or "zh-hans"
    if language not in _written:
        _written[language] = _document(api, prefix)
    return _written[language]


def operations(written: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(path, method, operation) of a document, in order."""
    for path, methods in written["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _document(api: NinjaAPI, prefix: str) -> dict[str, Any]:
    secured = _scopes(api)
    written: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=prefix)))
    written["info"]["title"] = translate(written["info"]["title"])
    for path, method, operation in operations(written):
        _complete(path, method, dict(operation), secured.get(operation["operationId"]), into=written)
    written["components"]["schemas"] |= {"Problem": PROBLEM, "Fault": FAULT}
    written["components"]["securitySchemes"] = SECURITY
    return written


def _complete(path: str, method: str, operation: dict[str, Any], scope: str | None, *, into: dict[str, Any]) -> None:
    operation["summary"] = translate(operation["summary"])
    operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
    if scope is not None:
        operation["security"] = [{"key": [scope]}, {"session": []}]
        operation["parameters"] = [*operation["parameters"], ACTING_AS]
    for status in _problems(path, method, operation, secured=scope is not None):
        operation["responses"][str(status)] = {
            "description": str(TITLES[status]),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        } | HEADERS.get(status, {})
    into["paths"][path][method] = operation


def _problems(path: str, method: str, operation: Mapping[str, Any], *, secured: bool) -> list[int]:
    """The statuses of the problems an operation can answer, beside those that every one can."""
    asked = {parameter["name"] for parameter in operation["parameters"]}
    body = "requestBody" in operation
    found = set(ALWAYS) | {401, 403}  # a wrong key or capacity is refused even where none is needed
    if "{" in path or body or "ledger" in path or not secured:
        found.add(404)
    if asked - {CAPACITY} or body:
        found.add(422)
    if body:
        found.add(413)
    if method in ("post", "put", "delete") and secured or path.endswith("/content"):
        found.add(409)
    if "If-Match" in asked:
        found |= {412, 428}
    return sorted(found)


def _scopes(api: NinjaAPI) -> dict[str, str]:
    """The scope each operation asks for, by operation id; those that ask for none are left out."""
    found = {}
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                for asked in operation.auth_callbacks:
                    if isinstance(asked, Needs):
                        found[api.get_openapi_operation_id(operation)] = asked.scope.value
    return found
