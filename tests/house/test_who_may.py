"""Every address of every door, walked by those whom it does not concern: nothing opens, nothing changes, nothing tells
whether it is there.

The walk takes its addresses from the resolver and its calls from the OpenAPI document, so that a new page or call is
walked the day it comes: closed to nobody in particular unless it is named in `PUBLIC`, open to one of the three
administrators only, and, where it names a thing, answered to a stranger as if there were no such thing.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import URLResolver, get_resolver

from api.conftest import Program, program
from console.conftest import administrator
from console.conftest import signed_in as by_password
from factories import access, desks, errands
from factories import cases as made
from factories import identity as people
from portal.conftest import signed_in as at_the_portal
from zhengtong.doors.api.api import interface
from zhengtong.doors.api.api.document import document, operations
from zhengtong.doors.api.api.naming import name_of, number_name
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.foundation.messages.models import Message
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, MaterialNote
from zhengtong.matters.licences import services as licences
from zhengtong.matters.licences.models import Licence
from zhengtong.matters.workflow.models import Copy, Errand, Task
from zhengtong.matters.workflow.services import together
from zhengtong.people.access import services as absences
from zhengtong.people.identity import services as identity
from zhengtong.people.identity.models import Account, Organisation, Tenure

pytestmark = pytest.mark.django_db
DOORS = ("account/", "ui/", "desk/", "console/", "api/")
PUBLIC = {
    *("home", "numbers", "search", "suggest", "services", "people", "enterprises", "departments", "guide"),
    *("situations", "progress", "verify", "verify_licence", "verify_paper", "verify_receipt", "receipt"),
    *("receipt_file", "accessibility", "privacy", "book", "living", "living_page", "language", "mode"),
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password"),
    *("account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("account_email_verification_sent", "account_confirm_email", "mfa_login_webauthn"),
    *("read_openapi", "reference", "list_items", "find_items", "read_item", "read_form", "read_situations"),
    *("verify_licence", "verify_paper", "verify_receipt", "read_head", "read_consistency", "read_keys"),
    "read_progress",
}
"""What anybody may open: the portal's own pages, signing in, and public checks. Everything else is somebody's."""
ANYBODY = {*PUBLIC, "start", "mfa_remove_webauthn", "mfa_edit_webauthn"}
"""And what each may open who has signed in: applying for a service; his own factors, after his password."""
OPEN_TO = {
    "sys": "organisations posts tenures people accounts keys calendar rules models moves starts health stuck",
    "sec": "roles grants explain accounts",
    "audit": "log proof",
}
"""The parts of the console by administrator; a part named nowhere is open to nobody."""
TO_ALL_THREE = ("", "search", "messages")
REFUSED = (401, 403, 404, 405)
TRACES = {"Account", "ApiKey", "Event", "Payload", "SharedValue", "IdempotencyKey"}
"""Tables in which even a refusal leaves a trace: it is recorded, and a key or a session was used."""
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]+\)")
VARIES = re.compile(r'(csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"')
SENT = {"reason": "请看", "task": "1", "text": "未标门", "outcome": "accept", "grade": "5", "mode": "post"}


@dataclass(frozen=True)
class Route:
    """An address with its parameters, and the name by which the resolver knows it."""

    pattern: str
    name: str

    @property
    def names_a_thing(self) -> bool:
        return CONVERTER.search(self.pattern) is not None

    def filled(self, names: Mapping[str, str]) -> str:
        """With the names of things: that of `desk/cases/token`, where there is one, before that of `token`."""

        def told(found: re.Match[str]) -> str:
            parts = self.pattern[: found.start()].split("/")[:-1]
            places = ["/".join([*parts[:length], found[1] or found[2]]) for length in range(len(parts), -1, -1)]
            known = [place for place in places if place in names]
            assert known, f"{self.pattern} names a thing that this walk has none of: give it one"
            return names[known[0]]

        return "/" + re.sub(r"[\^$]", "", CONVERTER.sub(told, self.pattern))


def routes(door: str = "") -> list[Route]:
    """Every address of a door; those of the portal where none is named."""

    def walk(entries: list[Any], before: str = "") -> Iterator[Route]:
        for entry in entries:
            pattern = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, pattern)
            else:
                yield Route(pattern, str(entry.name))

    every = walk(get_resolver().url_patterns)
    return [
        route for route in every if (route.pattern.startswith(door) if door else not route.pattern.startswith(DOORS))
    ]


@dataclass(frozen=True)
class Call:
    """An operation of the interface with a body that its schema takes."""

    route: Route
    method: str
    body: Any

    def by(self, caller: Program, names: Mapping[str, str]) -> Any:
        path = self.route.filled(names).removeprefix("/api/v1")
        given = {} if self.method == "get" else {"Idempotency_Key": new_token(), "If_Match": "1"}
        return caller.call(self.method.upper(), path, self.body, **given)


def calls() -> list[Call]:
    """Every operation of the document."""
    written = document(interface, "/api/v1/")
    found = []
    for path, method, operation in operations(written):
        content = operation.get("requestBody", {}).get("content", {})
        body = _sample(written, content["application/json"]["schema"]) if "application/json" in content else None
        route = Route(re.sub(r"\{(\w+)\}", r"<\1>", path.lstrip("/")), operation["operationId"])
        found.append(Call(route, method, body))
    return found


def _sample(written: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """The least that a schema takes."""
    if "$ref" in schema:
        return _sample(written, written["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _sample(written, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        inner = schema.get("properties", {})
        return {name: _sample(written, inner[name]) for name in schema.get("required", ())}
    if kind == "array":
        return [_sample(written, schema["items"])] * max(1, schema.get("minItems", 0))
    if kind == "string":
        return {"date": "2025-03-20", "date-time": "2025-03-20T00:00:00Z"}.get(schema.get("format", ""), "请看清楚")
    return {"integer": max(1, schema.get("minimum", 1)), "number": 1, "boolean": True}[kind]


@dataclass
class Town:
    """One of everything that has a name; `absent` are names of the same make that nothing bears."""

    desk: desks.Desk
    office: errands.Office
    real: dict[str, str]
    absent: dict[str, str]


NOWHERE = {"token": "z" * 22, "number": "7", "key": "business", "paper_token": "z" * 22, "notice": "z" * 22}
NOWHERE |= {
    name: "7"
    for name in ("errand_id", "process_id", "task_id", "asked_id", "copy_id", "absence_id", "message_id", "material_id")
}
NOWHERE |= {"note_id": "7", "name": "7-x", "what": "x", "year": "2025", "old": "7", "new": "7", "pk": "7"}
NOWHERE |= {"uidb36": "7", "identifier": "x", "event": "0" * 32, "paper": "z" * 22, "account/keys/key": "7"}
NOWHERE |= {"console/key": "7", "offer": number_name("offer", 7), "api/v1/tasks/token": name_of(7)} | {
    f"api/v1/{place}/token": number_name(kind, 7)
    for place, kind in (
        ("handling/errands", "errand"),
        ("handling/copies", "copy"),
        ("handling/absences", "absence"),
        ("messages", "message"),
        ("models", "model"),
        ("model-versions", "version"),
    )
}


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Any) -> Iterator[Town]:
    settings.ZT_REQUIRE_STAFF_MFA = False
    settings.VAR = settings.ZT_FILES = tmp_path
    ensure_signing_key()
    cache.clear()
    with desks.at("2025-03-13 14:20"):
        desk, office = desks.desk(), errands.Office()
        yield Town(desk, office, NOWHERE | _of_case(desk) | _of_errand(office), NOWHERE)


def _of_case(desk: desks.Desk) -> dict[str, str]:
    """A case with papers, materials, a note and a copy; a draft, a file, a message and a licence of its applicant."""
    by, case = desk.world.applicant, desk.accepted()
    draft = services.start_draft(by=by, item_id=desk.world.item.id, situation={}, answers=made.answers(by))
    reader = people.officer(people.post(desk.agency), holder=people.person(name="何静"))
    services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[reader.pk])
    notice, material = cases.notices_of(case)[0], cases.materials_of(case).filter(file_id__isnull=False)[0]
    pinned = {"page": 1, "x": 1, "y": 1, "text": "未标门"}
    services.write_note(by=desk.world.clerk, case_id=case.id, material_id=material.id, **pinned)
    message = Message(stable_id="x", person_id=by.person_id, template="case.submitted", created_at=clock.now())
    message.save()
    file = draft.answers["floor_plan"][0]
    licence, copy = _licence(desk), Copy.objects.get(subject_kind="case")
    return {
        "token": case.token,
        "services/token": desk.world.item.token,
        "apply/token": draft.token,
        "files/token": file,
        "my/messages/number": str(message.pk),
        "my/licences/token": licence.token,
        "paper_token": notice.token,
        "notice": notice.token,
        "copy_id": str(copy.pk),
        "material_id": str(material.pk),
        "note_id": str(MaterialNote.objects.get().pk),
        "desk/messages/message_id": str(message.pk),
        "api/v1/items/token": desk.world.item.token,
        "api/v1/files/token": file,
        "api/v1/drafts/token": draft.token,
        "api/v1/licences/token": licence.token,
        "api/v1/tasks/token": name_of(desks.task_of(case).id),
        "api/v1/handling/copies/token": number_name("copy", copy.pk),
        "api/v1/cases/<token>/materials/number": str(material.pk),
        "api/v1/cases/<token>/papers/paper": notice.token,
    }


def _licence(desk: desks.Desk) -> Licence:
    """A licence of the applicant's company."""
    agency, company = desk.agency, int((desk.world.applicant.on_behalf_of or "").partition(":")[2])
    grant = licences.Grant(
        type_code="1110000000000401XA001",
        name="食品经营许可证",
        name_en="Food business licence",
        number="JY21101080000013",
        issuer_id=agency.pk,
        issuer_name=agency.name_zh,
        issuer_code=agency.uscc or "",
        holder_kind="organisation",
        holder_name="京味餐饮有限公司",
        holder_person_id=None,
        holder_organisation_id=company,
        entries=[],
        valid_from=clock.today(),
        valid_to=dt.date(2030, 3, 18),
    )
    return licences.issue_licence(by=SYSTEM, grant=grant, on=clock.today())


def _of_errand(office: errands.Office) -> dict[str, str]:
    """An errand at a task, a question about it, a copy of it, and an absence of an official."""
    errand = office.drafted()
    task, second = errands.waiting(subject_id=errand.id), office.second.account_id or 0
    together.send_copies(by=office.reviewer, about=("errand", errand.id), account_ids=[second], words="")
    together.ask_colleagues(by=office.reviewer, task_id=task.id, account_ids=[second], reason="口径对吗？")
    absence = absences.enter_absence(
        by=office.clerk,
        account_id=office.clerk.account_id or 0,
        organisation_id=office.agency.pk,
        substitute_id=second,
        begins_on=dt.date(2025, 3, 20),
        ends_on=dt.date(2025, 3, 21),
    )
    return {
        "errand_id": str(errand.id),
        "process_id": str(task.process_id),
        "task_id": str(task.id),
        "asked_id": str(Task.objects.latest("id").id),
        **{
            f"desk/errands/{whole}/copies/copy_id": str(Copy.objects.get(subject_kind="errand").pk)
            for whole in ("<int:task_id>", "whole/<int:errand_id>")
        },
        "absence_id": str(absence.pk),
        "api/v1/handling/errands/token": number_name("errand", errand.id),
        "api/v1/handling/absences/token": number_name("absence", absence.pk),
    }


EVERYTHING = (
    *("case.read", "case.extend", "case.terminate", "case.halt", "case.urge", "pi.full"),
    *("task.clerk", "task.reviewer", "task.decider", "task.head", "absence.manage", *errands.HEADS),
)


def official(*places: Organisation) -> Account:
    """Somebody with every right of an official in these places."""
    holder = people.person(name="许东")
    for place in places:
        post = people.post(place, name_zh="科长")
        people.tenure(holder, post)
        role = access.role(*EVERYTHING)
        access.grant(role, post=post, organisation=place, valid_from=desks.LONG_AGO)
    return people.account("staff", holder=holder)


def strangers(town: Town) -> dict[str, Account]:
    """Officials whom nothing of the town concerns: of another agency, of the same ones until yesterday, and of the
    same ones in a post that permits nothing."""
    return {
        "of another agency": official(people.agency()),
        "of these agencies until yesterday": _former(town),
        "in a post that permits nothing": people.officer(people.post(town.desk.agency, name_zh="后勤岗")),
    }


def _former(town: Town) -> Account:
    """Somebody who left; while he served he was sent copies of the case and the errand."""
    desk, office = town.desk, town.office
    left = official(desk.agency, office.agency)
    case, errand = Case.objects.get(token=town.real["token"]), Errand.objects.get()
    services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[left.pk])
    together.send_copies(by=office.reviewer, about=("errand", errand.id), account_ids=[left.pk], words="")
    for tenure in Tenure.objects.filter(person=left.person):
        identity.end_tenure(by=SYSTEM, tenure=tenure, last_day=dt.date(2025, 3, 12), reason="离任")
    return left


def everything_kept() -> dict[str, list[Any]]:
    """Every row of ours but those in which a refusal leaves a trace."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("zhengtong.")]
    return {
        model.__name__: sorted(map(repr, model._base_manager.values_list()))
        for model in ours
        if model.__name__ not in TRACES
    }


def plain(answer: Any, address: str) -> tuple[int, str, str]:
    """What an answer tells, without what differs from answer to answer and without the address asked."""
    text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
    for said in (address, address.replace("/", "%2F")):
        text = text.replace(said, "HERE")
    where = answer.headers.get("Location", "").replace(address, "HERE").replace(address.replace("/", "%2F"), "HERE")
    return answer.status_code, where, VARIES.sub("", text)


def quiet(client: Client) -> Client:
    """A browser to which even a fault of ours is an answer."""
    client.raise_request_exception = False
    return client


def opened(client: Client, town: Town, found: list[Route], allowed: tuple[int, ...] = REFUSED) -> list[str]:
    """Addresses that let somebody in, or answer otherwise than where nothing is; asked and posted to."""
    wrong = []
    for route in found:
        here, nowhere = route.filled(town.real), route.filled(town.absent)
        for ask in (client.get, client.post):
            sent = {} if ask == client.get else SENT
            real, absent = ask(here, sent), ask(nowhere, sent)
            if real.status_code not in allowed or plain(real, here) != plain(absent, nowhere):
                wrong.append(f"{ask.__name__} {here}: {real.status_code}, nowhere {absent.status_code}")
    return wrong


def test_nobody_in_particular_opens_what_is_public_and_nothing_else(town: Town) -> None:
    before = everything_kept()
    client = quiet(Client(HTTP_HOST="localhost"))
    wrong = []
    for route in (*routes(), *routes("account/"), *routes("ui/"), *routes("desk/"), *routes("console/")):
        if route.name in PUBLIC:
            continue
        for ask in (client.get, client.post):
            answer = ask(route.filled(town.real))
            sent_away = answer.status_code == 302 and answer["Location"].startswith(("/account/login/", "/login/"))
            if not sent_away and answer.status_code not in REFUSED:
                wrong.append(f"{ask.__name__} {route.pattern} ({route.name}): {answer.status_code}")
    assert not wrong
    assert everything_kept() == before


def test_what_is_public_is_there() -> None:
    known = {route.name for route in (*routes(), *routes("account/"), *routes("ui/"), *routes("api/"))}
    assert known >= PUBLIC
    assert len(routes("desk/")) > 50
    assert len(routes("console/")) > 70


def test_another_citizen_finds_nothing_of_anybody_s(town: Town) -> None:
    client = quiet(at_the_portal(people.account("citizen", holder=people.person(name="王五"))))
    before = everything_kept()
    named = [route for route in (*routes(), *routes("account/")) if route.names_a_thing and route.name not in ANYBODY]
    assert len(named) > 20
    assert not opened(client, town, named)
    assert not opened(client, town, routes("desk/"), (403, 405))
    assert everything_kept() == before


def test_strange_officials_find_nothing_of_a_case_or_errand(town: Town, settings: Any) -> None:
    named = [route for route in routes("desk/") if route.names_a_thing]
    held = strangers(town)
    before = everything_kept()
    for who, account in held.items():
        assert not opened(quiet(by_password(account, settings)), town, named), who
    assert everything_kept() == before


def test_each_page_of_the_console_is_open_to_its_administrators_alone(town: Town, settings: Any) -> None:
    three = {kind: administrator(kind, settings).browser for kind in OPEN_TO}
    citizen = at_the_portal(people.account("citizen"))
    others = {"citizen": citizen, "official": by_password(official(town.desk.agency), settings)}
    before = everything_kept()
    wrong = []
    for route in routes("console/"):
        part = route.pattern.split("/")[1]
        for who, client in (three | others).items():
            if part in OPEN_TO.get(who, "").split() or (who in three and part in TO_ALL_THREE):
                continue
            for ask in (quiet(client).get, client.post)[: 2 if who in three else 1]:
                answer = ask(route.filled(town.real), {} if ask == client.get else SENT)
                if answer.status_code not in (403, 405):
                    wrong.append(f"{who}: {ask.__name__} {route.pattern}: {answer.status_code}")
    assert not wrong
    assert everything_kept() == before


def test_an_administrator_has_no_business_at_the_desk_or_with_others_things(town: Town, settings: Any) -> None:
    client = quiet(administrator("sys", settings).browser)
    assert not opened(client, town, routes("desk/"), (403, 405))
    assert not opened(client, town, [route for route in routes() if route.names_a_thing and route.name not in ANYBODY])


def programs(town: Town) -> dict[str, Program]:
    """Programs of those whom nothing concerns, each with every scope that its holder may give it."""
    citizen = people.account("citizen", holder=people.person(name="王五"))
    found = {"a citizen": program(citizen.pk, "read", "apply")}
    return found | {who: program(each.pk, "read", "handle", "send") for who, each in strangers(town).items()}


def test_programs_of_strangers_find_nothing(town: Town) -> None:
    named = [call for call in calls() if call.route.names_a_thing and call.route.name not in PUBLIC]
    assert len(named) > 60
    held = programs(town)
    before = everything_kept()
    for who, caller in held.items():
        wrong = []
        for call in named:
            cache.clear()
            real, absent = call.by(caller, town.real), call.by(caller, town.absent)
            if real.status_code not in (403, 404) or real.content != absent.content:
                wrong.append(f"{call.method} {call.route.pattern}: {real.status_code}, nowhere {absent.status_code}")
        assert not wrong, who
    assert everything_kept() == before


def test_programs_without_a_key_reach_what_is_public(town: Town) -> None:
    wrong = []
    before = everything_kept()
    for call in calls():
        cache.clear()
        if call.route.name not in PUBLIC and call.by(Program(""), town.real).status_code != 401:
            wrong.append(f"{call.method} {call.route.pattern}")
    assert not wrong
    assert everything_kept() == before


def test_a_key_does_what_its_scope_says_and_no_more(town: Town) -> None:
    """A key that may only read, of somebody who may do everything himself, does nothing."""
    reading = {
        "clerk": program(town.desk.world.clerk.account_id or 0, "read"),
        "applicant": program(town.desk.world.applicant.account_id or 0, "read"),
    }
    before = everything_kept()
    wrong = []
    for call in calls():
        if call.method == "get" or call.route.name in PUBLIC:
            continue
        for who, caller in reading.items():
            cache.clear()
            answer = call.by(caller, town.real)
            if (answer.status_code, answer.json()["code"]) != (403, "api.scope"):
                wrong.append(f"{who}: {call.method} {call.route.pattern}: {answer.status_code}")
    assert not wrong
    assert everything_kept() == before
