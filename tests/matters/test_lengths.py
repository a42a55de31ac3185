"""What a process says at more length than is kept is refused by name before use, never by the database."""

from typing import Any

import pytest

from engines.bpmn_drawing import chain, document, flow, message, node, task
from factories.processes import begin, complete, waiting
from zhengtong.engines.bpmn import ModelRefused, lengths
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.modelling.queries import checked
from zhengtong.matters.workflow import models
from zhengtong.matters.workflow.definitions import define
from zhengtong.matters.workflow.services import put_in_force

pytestmark = pytest.mark.django_db
START, END = node("startEvent", "s"), node("endEvent", "e")


def around(body: str, name: str, /, **attributes: str) -> bytes:
    return document(START, body, END, chain("s", name, "e"), **attributes)


def sent(name: str, tag: str) -> bytes:
    xml = around(node(tag, "t", message()), "t")
    return xml.replace(b'name="m"', f'name="{name}"'.encode())


def texts(extra: int) -> dict[str, tuple[str, str, bytes]]:
    """Models in which one text is as long as is kept and `extra` more: the element, the word for it, the model."""

    def of(limit: int) -> str:
        return "b" * (limit + extra)

    long = of(lengths.ELEMENT)
    short = flow("s", long, name="f") + flow(long, "e", name="g")
    flows = flow("s", "t") + flow("t", "e", name=long)
    return {
        "id": (long, "id", document(START, task(long), END, short)),
        "flow": ("t", "flow id", document(START, task("t"), END, flows)),
        "name": ("t", "name", around(task("t", name="批" * (lengths.TASK_NAME + extra)), "t")),
        "name_en": ("t", "English name", around(task("t", zt_name_en=of(lengths.TASK_NAME)), "t")),
        "stage": ("t", "stage", around(task("t", zt_stage=of(lengths.STAGE)), "t")),
        "outcome": ("t", "outcome", around(task("t", f"yes {of(lengths.OUTCOME)}"), "t")),
        "awaited": ("t", "name of what is waited for", sent(of(lengths.AWAITED), "intermediateCatchEvent")),
        "sent": ("t", "name of what is sent", sent(of(lengths.SENT), "intermediateThrowEvent")),
        "process": ("p", "name", around(task("t"), "t", name=of(lengths.PROCESS))),
    }


@pytest.mark.parametrize("what", texts(0))
def test_one_character_more_is_refused_with_the_element_and_the_reason(what: str) -> None:
    element, word, xml = texts(1)[what]
    for use in (define, lambda text: put_in_force(by=SYSTEM, xml=text)):
        with pytest.raises(ModelRefused) as caught:
            use(xml)
        (found,) = caught.value.findings
        assert (found.code, found.element) == ("bpmn.too_long", element)
        assert f"The {word} “" in found.text("en")
        assert "最多" in found.text("zh-hans")
    assert not models.Definition.objects.exists()
    told = [remark for remark in checked(xml, "zh-hans").remarks if remark.code == "bpmn.too_long"]
    assert [(remark.elements, remark.blocking) for remark in told] == [((element,), True)]


@pytest.mark.parametrize("what", texts(0))
def test_as_long_as_is_kept_it_runs(what: str) -> None:
    element, _word, xml = texts(0)[what]
    run = begin(xml)
    for place in waiting(run):
        complete(run, place, outcome="b" * lengths.OUTCOME if what == "outcome" else "")
    run.refresh_from_db()
    assert run.state == ("running" if what == "awaited" else "ended"), element


def test_a_role_that_is_too_long_is_refused() -> None:
    with pytest.raises(ModelRefused) as caught:
        define(around(node("userTask", "t", zt_role="r" * (lengths.ROLE + 1)), "t"))
    assert [(found.element, found.params["what_en"]) for found in caught.value.findings] == [("t", "role")]


def test_names_that_nothing_keeps_may_be_long() -> None:
    define(around(node("exclusiveGateway", "g", name="为" * 300), "g"))


COLUMNS: list[tuple[Any, str, int]] = [
    (models.Token, "element", lengths.ELEMENT),
    (models.Token, "flow", lengths.ELEMENT),
    (models.Token, "name", lengths.AWAITED),
    (models.Task, "element", lengths.ELEMENT),
    (models.Task, "name", lengths.TASK_NAME),
    (models.Task, "name_en", lengths.TASK_NAME),
    (models.Task, "stage", lengths.STAGE),
    (models.Task, "role", lengths.ROLE),
    (models.Task, "outcome", lengths.OUTCOME),
    (models.Timer, "element", lengths.ELEMENT),
    (models.Trouble, "element", lengths.ELEMENT),
    (models.Message, "name", lengths.SENT),
    (models.Definition, "name", lengths.PROCESS),
    (models.Definition, "key", lengths.PROCESS),
    (models.Start, "key", lengths.PROCESS),
    (models.Start, "element", lengths.ELEMENT),
    (models.Start, "name", lengths.AWAITED),
    (models.Errand, "title", lengths.PROCESS),
    (models.Errand, "title_en", lengths.PROCESS),
    (models.Task, "title", lengths.PROCESS),
    (models.Task, "queue", 20 + lengths.ROLE),
]


@pytest.mark.parametrize(("model", "column", "least"), COLUMNS)
def test_every_column_keeps_what_is_let_through(model: Any, column: str, least: int) -> None:
    assert model._meta.get_field(column).max_length >= least
