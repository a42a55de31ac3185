"""Process models over HTTP: drawn by one, published by another, with the services and permissions of the console."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from api.conftest import City, Program, program
from api.test_fuzz import call, quick, value, visible
from engines.bpmn_drawing import chain, document, flow, node, task
from factories import access as give
from factories import identity as people
from zhengtong.doors.console.queries.modelling import BLANK
from zhengtong.engines.seals import sm3
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.people.access import services as access
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services as accounts

pytestmark = pytest.mark.django_db
START, END = node("startEvent", "s"), node("endEvent", "e")
TWO = document(START, task("a", name="初审"), task("b", name="复审"), END, chain("s", "a", "b", "e")).decode()
STUCK = document(
    START, node("exclusiveGateway", "f", default="f_b"), task("a"), task("b"), node("parallelGateway", "j"), END,
    flow("s", "f"), flow("f", "a", "k = 1"), flow("f", "b"), flow("a", "j"), flow("b", "j"), flow("j", "e"),
).decode()  # fmt: skip
STEPS = [
    {"id": "first", "name": "初审", "role": "clerk"},
    {"id": "second", "name": "复核", "verb": "review", "role": "reviewer", "condition": "x > 1", "back_to": "first"},
]
ASCII = {ord(letter): "x" for letter in "初复审"}
LIST = BLANK.decode()


def administrator(kind: str = "sys", *scopes: str) -> Program:
    account = people.account("admin")
    give.grant(access.install_roles(by=SYSTEM)[f"{kind}_admin"], account=account, scope="all")
    return program(account.pk, *(scopes or ("read", "model")))


@pytest.fixture
def drawer(db: None) -> Program:
    return administrator()


@pytest.fixture
def reviewer(db: None) -> Program:
    return administrator()


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def refused(answer: Any, status: int, code: str) -> Any:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    return answer.json()


def begun(who: Program, xml: str = TWO) -> str:
    sent = {"name": "请假审批", "name_en": "Leave", "xml": xml}
    return f"/model-versions/{ok(who.post('/models', sent), 201)['version']}"


def save(who: Program, path: str, revision: int, **sent: Any) -> Any:
    return who.call("PUT", path, sent, If_Match=f'"{revision}"')


def test_from_a_first_draft_to_a_published_version_and_the_next(drawer: Program, reviewer: Program) -> None:
    path = begun(drawer, STUCK)
    answer = drawer.get(path)
    read = ok(answer)
    assert answer["ETag"] == '"1"'
    assert (read["state"], read["fit"], read["soundness"]) == ("draft", False, "unsound")
    blocking = [each for each in read["findings"] if each["blocking"]]
    assert any("j" in each["elements"] for each in blocking)
    unfit = refused(drawer.post(f"{path}/submission"), 422, "modelling.unfit")
    assert unfit["errors"][0]["path"] in {element for each in blocking for element in each["elements"]}
    saved = ok(save(drawer, path, 1, xml=TWO))
    assert (saved["revision"], saved["fit"]) == (2, True)
    assert "初审" in saved["xml"]
    assert saved["digest"] == sm3(TWO.encode()).hex()
    assert ok(drawer.post(f"{path}/submission"))["state"] == "reviewing"
    refused(save(drawer, path, 2, xml=TWO), 409, "modelling.no_draft")
    refused(drawer.post(f"{path}/publication", {"opinion": "同意发布。"}), 403, "modelling.four_eyes")
    lacking = refused(reviewer.post(f"{path}/publication", {"opinion": ""}), 422, "modelling.opinion")
    assert lacking["errors"][0]["path"] == "/opinion"
    assert ok(reviewer.post(f"{path}/publication", {"opinion": "同意发布。"}))["state"] == "published"
    model = ok(drawer.get(f"/models/{ok(drawer.get(path))['model']}"))
    following = ok(drawer.post(f"/models/{model['token']}/versions"), 201)
    refused(drawer.post(f"/models/{model['token']}/versions"), 409, "modelling.in_hand")
    assert [each["number"] for each in ok(drawer.get(f"/models/{model['token']}"))["versions"]] == [2, 1]
    (listed,) = ok(reviewer.get("/models"))["items"]
    assert (listed["name"], listed["newest"]["token"]) == ("请假审批", following["version"])
    told = Event.objects.filter(type__startswith="modelling.").order_by("id").values_list("type", flat=True)
    assert list(told) == [
        *("modelling.begun", "modelling.saved", "modelling.submitted", "modelling.published"),
        "modelling.version_begun",
    ]


def test_what_follows_disagreement_is_read_and_written_with_the_steps(drawer: Program) -> None:
    path = begun(drawer, LIST)
    deeds = [{"action": "cases.terminate@1", "name": "终止办理", "name_en": "Terminate"}]
    steps = [
        {"id": "a", "name": "填写", "role": "clerk"},
        {"id": "b", "name": "审核", "verb": "review", "role": "reviewer", "disagree_to": "a"},
        {"id": "c", "name": "决定", "verb": "review", "role": "decider", "disagree_does": deeds},
        {"id": "d", "name": "会签", "verb": "sign", "role": "decider", "disagree_on": True},
    ]
    ok(save(drawer, path, 1, steps=steps))
    read = ok(drawer.get(path))["steps"]
    told = [(step["disagree_to"], step["disagree_does"], step["disagree_on"]) for step in read]
    assert told == [("", [], False), ("a", [], False), ("", deeds, False), ("", [], True)]
    ok(save(drawer, path, 2, steps=read))
    assert ok(drawer.get(path))["steps"] == read


def test_a_draft_is_written_as_a_list_of_steps(drawer: Program) -> None:
    path = begun(drawer, LIST)
    assert [step["id"] for step in ok(drawer.get(path))["steps"]] == ["step_1"]
    saved = ok(save(drawer, path, 1, steps=STEPS))
    assert [(step["name"], step["condition"]) for step in saved["steps"]] == [("初审", ""), ("复核", "x > 1")]
    assert 'id="second"' in saved["xml"]
    assert saved["fit"] is True
    wrong = [STEPS[0], {**STEPS[1], "condition": "x >", "role": ""}]
    faults = refused(save(drawer, path, 2, steps=wrong), 422, "modelling.steps")["errors"]
    assert {fault["path"] for fault in faults} == {"/steps/1/condition", "/steps/1/role"}
    refused(save(drawer, path, 2, steps=[]), 422, "modelling.steps")
    assert ModelVersion.objects.get().revision == 2


def test_what_is_no_list_says_so_and_is_not_saved_as_one(drawer: Program) -> None:
    path = begun(drawer, STUCK)
    read = ok(drawer.get(path))
    assert read["steps"] is None
    assert read["no_list"]
    refused(save(drawer, path, 1, steps=STEPS), 409, "modelling.no_list")


def test_who_saves_second_is_told_who_was_first(drawer: Program, reviewer: Program) -> None:
    path = begun(drawer, LIST)
    ok(save(reviewer, path, 1, xml=LIST.replace("办理", "受理")))
    late = refused(save(drawer, path, 1, xml=TWO), 412, "modelling.saved_meanwhile")
    assert late["revision"] == 2
    assert late["name"]
    refused(save(drawer, path, 1, steps=STEPS), 412, "modelling.saved_meanwhile")
    refused(drawer.call("PUT", path, {"xml": TWO}), 428, "api.if_match")
    refused(drawer.call("PUT", path, {"xml": TWO}, If_Match='"x"'), 412, "modelling.saved_meanwhile")
    assert "受理" in ok(drawer.get(path))["xml"]


def test_it_is_sent_back_by_the_reviewer_or_taken_back_by_who_drew_it(drawer: Program, reviewer: Program) -> None:
    path = begun(drawer)
    for who in (reviewer, drawer):
        ok(drawer.post(f"{path}/submission"))
        assert ok(who.post(f"{path}/return", {"opinion": "还要再改。"}))["state"] == "draft"
        refused(who.post(f"{path}/return", {"opinion": "还要再改。"}), 409, "modelling.moved_on")
    assert ok(drawer.get(path))["opinion"] == "还要再改。"


def test_an_act_repeated_under_one_key_is_one(drawer: Program) -> None:
    sent = {"name": "请假审批", "xml": TWO}
    first, second = (drawer.post("/models", sent, key="same") for _again in range(2))
    assert ok(first, 201) == ok(second, 201)
    assert second["Idempotent-Replayed"] == "true"
    path = f"/model-versions/{first.json()['version']}"
    assert [ok(drawer.post(f"{path}/submission", key="send"))["state"] for _again in range(2)] == ["reviewing"] * 2
    assert ProcessModel.objects.count() == 1


def test_nobody_else_reads_or_draws_models(city: City, drawer: Program) -> None:
    path, other = begun(drawer), administrator("audit")
    model = f"/models/{ok(drawer.get(path))['model']}"
    for who in (other, city.applicant, city.clerk):
        for address in ("/models", model, path):
            refused(who.get(address), 403, "policy.denied")
    opinion = {"opinion": "同意。"}
    acts = {
        f"{path}/submission": {},
        f"{model}/versions": {},
        f"{path}/return": opinion,
        f"{path}/publication": opinion,
    }
    for address, sent in {**acts, "/models": {"name": "x", "xml": TWO}}.items():
        refused(other.post(address, sent), 403, "policy.denied")
        refused(city.clerk.post(address, sent), 403, "api.scope")
        refused(administrator("sys", "read").post(address, sent), 403, "api.scope")
    refused(save(other, path, 1, xml=TWO), 403, "policy.denied")
    refused(Program("").get("/models"), 401, "api.sign_in")
    for name in ("nonsense", f"{path.rpartition('/')[2]}x", model.rpartition("/")[2]):
        refused(drawer.get(f"/model-versions/{name}"), 404, "modelling.no_version")
        refused(drawer.post(f"/model-versions/{name}/submission"), 404, "modelling.no_version")
    refused(drawer.get(f"/models/{path.rpartition('/')[2]}"), 404, "modelling.no_model")


def test_no_key_for_models_is_granted_in_the_console(drawer: Program) -> None:
    with pytest.raises(Exception, match="key_request"):
        accounts.grant_api_key(by=SYSTEM, account=people.account("staff"), name="绘图程序", scopes=["model"])
    held = identity.account(people.account("admin").pk)
    assert held is not None
    with pytest.raises(Exception, match="key_of_administrator"):
        accounts.grant_api_key(by=SYSTEM, account=held, name="绘图程序", scopes=["model"])


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><definitions>&c;</definitions>'
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><definitions>&b;</definitions>'


@pytest.mark.parametrize("xml", ["x", "<a/>", "<definitions", TWO[:-20], BOMB, OUTSIDE, "x" * 5000, "<a>" * 3000])
def test_what_is_no_model_is_refused_and_nothing_kept(xml: str, drawer: Program) -> None:
    faults = refused(drawer.post("/models", {"name": "x", "xml": xml}), 422, "modelling.unreadable")["errors"]
    assert faults[0]["path"] == "/xml"
    assert "root:" not in json.dumps(faults)
    assert not ProcessModel.objects.exists()
    path = begun(drawer)
    refused(save(drawer, path, 1, xml=xml), 422, "modelling.unreadable")
    assert ModelVersion.objects.get().revision == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "modelling.text"),
        ({"xml": TWO, "steps": STEPS}, "modelling.text"),
        ({"xml": 7}, "request.invalid"),
        ({"xml": "x" * (2 * 1024 * 1024 + 1)}, "request.invalid"),
        ({"steps": [STEPS[0]] * 101}, "request.invalid"),
        ({"steps": [{"id": "a"}]}, "request.invalid"),
        ({"steps": [{"id": "a", "name": "b", "signers": 10**9}]}, "request.invalid"),
        ({"steps": [{"id": "a b", "name": "b", "role": "clerk"}]}, "modelling.steps"),
        ({"steps": [{"id": "a", "name": "b", "verb": "burn"}]}, "modelling.steps"),
        ({"steps": [{"id": "a", "name": "</x>\u0001", "role": "clerk"}]}, "modelling.steps"),
    ],
)
def test_what_cannot_be_saved_is_refused_with_its_place(sent: Any, code: str, drawer: Program) -> None:
    path = begun(drawer, LIST)
    assert refused(save(drawer, path, 1, **sent), 422, code)["errors"]
    assert ModelVersion.objects.get().revision == 1


@quick
@given(sent=st.dictionaries(st.sampled_from(("xml", "steps", "name", "opinion", "x")), value, max_size=4), key=visible)
def test_whatever_is_sent_the_answer_is_one_that_is_documented(drawer: Program, sent: Any, key: str) -> None:
    version = ModelVersion.objects.first()
    path = (
        begun(drawer)
        if version is None
        else f"/model-versions/{ok(drawer.get('/models'))['items'][0]['newest']['token']}"
    )
    call(drawer, "PUT", path, sent, If_Match='"1"')
    for end in ("submission", "publication", "return"):
        call(drawer, "POST", f"{path}/{end}", sent, Idempotency_Key=key)


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-16", "UTF-7", "TCVN", "ISO-2022-CN"])
def test_a_text_in_another_encoding_is_read_as_text(encoding: str, drawer: Program) -> None:
    """Also in one that no library here knows but the reader of XML."""
    path, known = begun(drawer), encoding in ("GB18030", "UTF-16")
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    foreign = (declared + TWO).encode(encoding) if known else (declared + TWO.translate(ASCII)).encode("ascii")
    ModelVersion.objects.update(xml=foreign, digest=sm3(foreign).hex())
    read = ok(drawer.get(path))["xml"]
    assert ("初审" in read) is known
    assert "encoding" not in read
    assert ok(save(drawer, path, 1, xml=read))["fit"] is True


def test_a_page_of_the_house_draws_with_its_session_and_its_token(settings: Any) -> None:
    settings.ZT_REQUIRE_STAFF_MFA = False
    account = people.account("admin")
    give.grant(access.install_roles(by=SYSTEM)["sys_admin"], account=account, scope="all")
    browser = Client(HTTP_HOST="localhost", enforce_csrf_checks=False)
    browser.post("/account/login/", {"login": account.username, "password": people.PASSWORD})
    assert browser.get("/api/v1/models").status_code == 200
    sent = json.dumps({"name": "x", "xml": TWO})
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answer = strict.post("/api/v1/models", sent, "application/json", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (403, "api.csrf")


def test_the_list_takes_no_more_queries_for_more_and_goes_on_by_cursor(drawer: Program) -> None:
    counts = []
    begun(drawer)
    drawer.get("/models")
    for more in (1, 5):
        for _each in range(more):
            begun(drawer)
        with CaptureQueriesContext(connection) as queries:
            drawer.get("/models")
        counts.append(len(queries))
        assert not [each["sql"] for each in queries if "COUNT(" in each["sql"].upper()]
    assert counts[0] == counts[1] <= 12
    first = ok(drawer.get("/models?size=4"))
    second = ok(drawer.get(f"/models?size=4&cursor={first['next']}"))
    assert len({each["token"] for each in first["items"] + second["items"]}) == 7
    assert second["next"] is None
