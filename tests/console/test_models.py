"""Process models in the console: drawn by one, reviewed by another, published for good; nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from console.conftest import Administrator, administrator
from engines.bpmn_drawing import chain, document, flow, node, process, task
from zhengtong.doors.console.views import gate
from zhengtong.engines.bpmn import read
from zhengtong.engines.bpmn.compilation import compiling
from zhengtong.engines.bpmn.layout import drawn_whole
from zhengtong.foundation.core.errors import NotAllowed
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.modelling import queries, services
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.workflow.definitions import graph_of

pytestmark = pytest.mark.django_db
START, END = node("startEvent", "s"), node("endEvent", "e")
TWO = document(START, task("a", name="初审"), task("b", name="复审"), END, chain("s", "a", "b", "e")).decode()
STUCK = document(
    START, node("exclusiveGateway", "f", default="f_b"), task("a"), task("b"), node("parallelGateway", "j"), END,
    flow("s", "f"), flow("f", "a", "k = 1"), flow("f", "b"), flow("a", "j"), flow("b", "j"), flow("j", "e"),
).decode()  # fmt: skip
BY_MESSAGE = document(
    node("startEvent", "s", "<messageEventDefinition messageRef='m'/>"), task("a"), END, chain("s", "a", "e"),
    beside="<message id='m' name='已付款'/>",
).decode()  # fmt: skip
NOBODY = document(START, node("userTask", "a", zt_role="astrologer"), END, chain("s", "a", "e")).decode()


@pytest.fixture
def second(settings) -> Administrator:
    return administrator("sys", settings)


def begun(who: Administrator, name: str = "请假审批") -> ModelVersion:
    who.post("models/begin/", name=name, name_en="Leave")
    return ModelVersion.objects.select_related("model").latest("id")


def page(who: Administrator, version: ModelVersion, more: str = "") -> str:
    return who.get(f"models/versions/{version.pk}/{more}").content.decode()


def save(who: Administrator, version: ModelVersion, xml: str, revision: int = 1, status: int = 302, **more: str) -> str:
    answer = who.post(f"models/versions/{version.pk}/edit/", status, xml=xml, revision=str(revision), **more)
    return answer.content.decode()


def test_from_a_first_draft_to_a_version_that_never_changes(system, second):
    version = begun(system)
    assert "检查通过" in page(system, version)
    save(system, version, TWO)
    assert "初审" in page(system, version, "edit/")
    system.post(f"models/versions/{version.pk}/submit/")
    assert "publish/" not in page(system, version)
    system.post(f"models/versions/{version.pk}/publish/", 403, opinion="同意发布。")
    second.post(f"models/versions/{version.pk}/publish/", 422, opinion="")
    second.post(f"models/versions/{version.pk}/publish/", opinion="同意发布。")
    version.refresh_from_db()
    assert (version.state, bytes(version.xml).decode()) == ("published", TWO)
    assert set(graph_of(version.definition_id).nodes) == {"s", "a", "b", "e"}
    save(system, version, TWO, 2, 409)
    told = list(Event.objects.filter(subject_id=version.pk).order_by("id").values_list("type", flat=True))
    assert told == ["modelling.begun", "modelling.saved", "modelling.submitted", "modelling.published"]


def test_what_nothing_begins_is_told_so_and_may_be_published(system):
    version = begun(system)
    assert "还没有什么会启动这个流程" in page(system, version)
    assert queries.checked_of(version, "zh-hans").fit
    save(system, version, BY_MESSAGE)
    assert "还没有什么会启动这个流程" not in page(system, version)


def test_whoever_had_a_hand_in_it_does_not_review_it(system, second):
    version = begun(system)
    save(second, version, TWO)
    system.post(f"models/versions/{version.pk}/submit/")
    for each in (system, second):
        with pytest.raises(NotAllowed):
            services.publish(by=each.actor, version_id=version.pk, opinion="同意发布。")
    system.post(f"models/versions/{version.pk}/back/", opinion="还要再改。")
    version.refresh_from_db()
    assert (version.state, version.opinion) == ("draft", "还要再改。")


def test_the_database_itself_wants_a_second_person(system):
    version = begun(system)
    version.state, version.definition_id = "published", 1
    version.submitted_by = version.reviewed_by = system.account.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


@pytest.mark.parametrize(("xml", "code"), [(STUCK, "j"), (NOBODY, "astrologer")])
def test_what_is_not_fit_is_kept_but_not_reviewed(xml, code, system):
    version = begun(system)
    save(system, version, xml)
    shown = page(system, version)
    assert "须改" in shown
    assert code in shown
    assert re.search(r'data-zt-show="\w+"', shown)
    assert "/submit/" not in shown
    system.post(f"models/versions/{version.pk}/submit/", 422)
    assert ModelVersion.objects.get(pk=version.pk).state == "draft"


@pytest.mark.parametrize("xml", ["", "<a/>", "<definitions", TWO.replace("</definitions>", ""), "x" * 5000])
def test_what_is_no_model_comes_back_as_it_was_typed(xml, system):
    version = begun(system)
    answer = save(system, version, xml, status=422)
    assert 'role="alert"' in answer
    assert escape(xml[:20]) in answer
    assert ModelVersion.objects.get(pk=version.pk).revision == 1


def test_two_who_draw_at_once_are_told_and_nothing_is_overwritten(system, second):
    version = begun(system)
    save(system, version, TWO)
    mine = TWO.replace("复审", "终审")
    answer = save(second, version, mine, status=409)
    assert "在此期间保存过" in answer
    assert "终审" in answer
    assert "<del>终审</del>" in answer or "<ins>终审</ins>" in answer
    assert "复审" in bytes(ModelVersion.objects.get(pk=version.pk).xml).decode()
    save(second, version, mine, over="2")
    kept = ModelVersion.objects.get(pk=version.pk)
    assert ("终审" in bytes(kept.xml).decode(), kept.revision) == (True, 3)
    save(system, version, TWO, over="2", status=409)


def test_a_file_is_taken_whole_and_given_back_whole(system):
    version = begun(system)
    text = TWO.replace("<definitions", "<?xml version='1.0' encoding='GB18030'?><!-- 存档 --><definitions").encode(
        "gb18030"
    )
    upload = SimpleUploadedFile("a.bpmn", text, content_type="application/xml")
    answer = system.browser.post(
        f"/console/models/versions/{version.pk}/edit/", {"revision": "1", "xml": "", "file": upload}
    )
    assert answer.status_code == 302
    assert system.get(f"models/versions/{version.pk}/file/").content == text
    assert drawn_whole(read(system.get(f"models/versions/{version.pk}/file/?drawn").content))
    shown = page(system, version, "edit/")
    assert "初审" in shown
    assert "GB18030" not in shown


def test_the_next_version_begins_as_a_copy_and_is_compared(system, second):
    version = begun(system)
    save(system, version, TWO)
    system.post(f"models/{version.model_id}/", 409)
    system.post(f"models/versions/{version.pk}/submit/")
    second.post(f"models/versions/{version.pk}/publish/", opinion="同意发布。")
    system.post(f"models/{version.model_id}/")
    following = ModelVersion.objects.get(model_id=version.model_id, number=2)
    assert bytes(following.xml).decode() == TWO
    longer = document(START, task("a", name="审核"), task("c", name="会签"), END, chain("s", "a", "c", "e")).decode()
    save(system, following, longer)
    shown = page(system, following, "compare/")
    states = re.findall(r'data-zt-element="(\w+)" data-zt-state="(\w+)"', shown)
    assert {("a", "changed"), ("c", "added"), ("b", "removed")} <= set(states)
    assert "<del>初审</del> → <ins>审核</ins>" in shown
    system.get(f"models/versions/{version.pk}/compare/", 404)


def test_others_have_no_models(security, audit, system):
    version = begun(system)
    for who in (security, audit):
        for path in ("models/", f"models/{version.model_id}/", f"models/versions/{version.pk}/edit/"):
            who.get(path, 403)
        who.post(f"models/versions/{version.pk}/publish/", 403, opinion="同意发布。")
    with pytest.raises(NotAllowed):
        services.begin_model(by=security.actor, name="x", name_en="", xml=TWO.encode())


def test_the_list_shows_the_newest_version(system, second):
    version = begun(system)
    system.post(f"models/versions/{version.pk}/submit/")
    second.post(f"models/versions/{version.pk}/publish/", opinion="同意发布。")
    services.begin_version(by=system.actor, model=version.model)
    begun(system, "采购审批")
    with CaptureQueriesContext(connection) as spoken:
        answer = system.get("models/")
    rows = answer.context["table"]["rows"]
    assert [(row["name"], row["cells"][1]["value"]) for row in rows] == [("采购审批", 1), ("请假审批", 2)]
    assert ProcessModel.objects.count() == 2
    (reading,) = [each["sql"] for each in spoken if 'FROM "modelling_modelversion"' in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(reading)
        assert len(cursor.fetchall()) == 2  # not each version there ever was


def calling_on(last):
    """Twelve processes of one text, each calling the next; `last` is the task of the last."""
    bodies = []
    for number in range(12):
        s, c, e = f"s{number}", f"c{number}", f"e{number}"
        call = node("callActivity", c, calledElement=f"p{number + 1}") if number < 11 else last
        bodies.append(node("startEvent", s) + call + node("endEvent", e) + chain(s, c, e))
    rest = "".join(process(f"p{number}", body) for number, body in enumerate(bodies[1:], 1))
    return document(bodies[0], beside=rest)


def test_what_is_said_of_a_process_is_said_once_however_many_call_it():
    long = "字" * 121
    remarks = queries.checked(calling_on(task("c11", name=long)), "en").remarks
    assert [each.elements for each in remarks if each.code == "bpmn.too_long"] == [("c11",)]


def test_a_process_is_joined_with_what_it_calls_once_however_many_call_it(monkeypatch):
    copied, copy = [], compiling.replace
    monkeypatch.setattr(compiling, "replace", lambda *given, **changed: copied.append(given) or copy(*given, **changed))
    model = read(calling_on(task("c11")))
    made = compiling.Made(model)
    graphs = {name: compiling.compile_process(model, name, made=made) for name in model.process_ids}
    assert len(copied) == 2 * 12  # with its library, and with what is to be said of it
    alone = {name: compiling.compile_process(model, name) for name in model.process_ids}
    assert {name: set(graph.library) for name, graph in graphs.items()} == {
        name: set(graph.library) for name, graph in alone.items()
    }
    assert set(graphs["p3"].library["p7"].library) == {f"p{number}" for number in range(7, 12)}


def test_of_a_text_of_many_processes_each_is_compiled_as_often_however_many_call_it(monkeypatch):
    compiled, compile_one = [], compiling._compile
    monkeypatch.setattr(compiling, "_compile", lambda *given: compiled.append(given) or compile_one(*given))
    assert queries.checked(calling_on(task("c11")), "en").soundness == "sound"
    assert len(compiled) == 3 * 12  # whether it can be executed, whether it is sound, whether the house has all of it


def test_pages_speak_english_too(system):
    version = begun(system)
    system.browser.cookies["django_language"] = "en"
    assert "Sound: it can always end" in page(system, version)
    assert "Text of the model" in page(system, version, "edit/")


def test_the_list_comes_in_pages_of_as_many_reads(system, monkeypatch):
    monkeypatch.setattr(gate, "PAGE_SIZE", 3)
    for number in range(7):
        begun(system, f"流程{number}号")
    counts, named, address = [], [], "models/"
    while address:
        with CaptureQueriesContext(connection) as queries:
            answer = system.get(address)
        counts.append(len(queries))
        named.append(re.findall("流程\\d号", " ".join(row["name"] for row in answer.context["table"]["rows"])))
        address = answer.context["next_url"] and "models/" + answer.context["next_url"]
    assert named == [["流程6号", "流程5号", "流程4号"], ["流程3号", "流程2号", "流程1号"], ["流程0号"]]
    assert len(set(counts)) == 1
