"""Processes are moved from the console: tried, begun, followed, taken back, and by nobody else."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import desks, versions
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.models import Relocation, RelocationItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """The version that two cases run, and another."""
    with desks.at("2025-03-13 14:20"):
        desk = desks.desk()
        case = desk.case()
        desk.accepted()
    source = versions.process_of(case).definition_id
    return source, versions.renamed(source)


def through(order):
    while services.work_on(order.pk):
        pass
    order.refresh_from_db()


def planned(system, pair, **typed):
    given = {"source": pair[0], "target": pair[1], "mapping": "examine = first_look\n\n"} | typed
    answer = system.post("moves/plan/", **given)
    order = Relocation.objects.order_by("-id").first()
    assert answer["Location"] == f"/console/moves/{order.pk}/"
    return order


def page(system, order):
    return system.get(f"moves/{order.pk}/").content.decode()


def test_from_the_dry_run_to_the_way_back(system, pair):
    order = planned(system, pair)
    assert order.ordered_by_id == system.account.pk
    waiting = system.get(f"moves/{order.pk}/")
    assert waiting["Refresh"] == "3"
    assert "0 个" in waiting.content.decode()
    through(order)
    seen = page(system, order)
    assert "初审 (first_look)" in seen
    assert f"/console/moves/{order.pk}/begin/" in seen
    assert "Refresh" not in system.get(f"moves/{order.pk}/")
    assert "迁移 2 个流程" in system.get(f"moves/{order.pk}/begin/").content.decode()
    system.post(f"moves/{order.pk}/begin/")
    through(order)
    assert order.state == "moved"
    assert f"/console/moves/{order.pk}/undo/" in page(system, order)
    system.post(f"moves/{order.pk}/undo/")
    through(order)
    assert order.state == "undone"
    listed = system.get("moves/").content.decode()
    assert "已迁回" in listed
    events = Event.objects.filter(subject_kind="relocation", actor_id=system.account.pk)
    assert sorted(events.values_list("type", flat=True)) == [
        "workflow.relocation_begun",
        "workflow.relocation_planned",
        "workflow.relocation_taken_back",
    ]


def test_what_cannot_move_is_told_by_element_with_its_reason(system, pair):
    order = planned(system, pair, mapping="")
    through(order)
    seen = page(system, order)
    assert "不能迁移的原因" in seen
    assert "examine 在新版本中没有" in seen
    assert "保持原样的流程" in seen
    english = system.browser.get(f"/console/moves/{order.pk}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Why some cannot move" in english
    assert "examine is not in the new version" in english


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"mapping": "examine"}, "旧=新"),
        ({"mapping": "nobody = first_look"}, "nobody"),
        ({"target": ""}, "请"),
        ({"target": "7"}, "请"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(system, pair, typed, sentence):
    given = {"source": pair[0], "target": pair[1], "mapping": "examine = first_look"} | typed
    answer = system.post("moves/plan/", 422, **given).content.decode()
    assert sentence in answer
    assert given["mapping"] in answer
    assert not Relocation.objects.exists()


def test_one_version_is_not_two(system, pair):
    answer = system.post("moves/plan/", 422, source=pair[0], target=pair[0]).content.decode()
    assert "同一版本" in answer


def test_what_is_not_possible_now_is_refused(system, pair):
    order = planned(system, pair)
    assert "重新查看" in system.post(f"moves/{order.pk}/begin/", 409).content.decode()
    assert "重新查看" in system.post(f"moves/{order.pk}/undo/", 409).content.decode()


def test_nobody_else_moves_anything(system, security, audit, pair):
    order = planned(system, pair)
    through(order)
    for other in (security, audit):
        other.get(f"moves/{order.pk}/", 403)
        other.post(f"moves/{order.pk}/begin/", 403)
        other.post("moves/plan/", 403, source=pair[0], target=pair[1])
    order.refresh_from_db()
    assert order.state == "planned"


def test_an_order_s_page_takes_no_more_queries_for_more_processes(system):
    with desks.at("2025-03-13 14:20"):
        desk = desks.desk()
        source = versions.process_of(desk.case()).definition_id
    counts, pair = [], (source, versions.renamed(source))
    for more in (0, 3):
        with desks.at("2025-03-13 14:20"):
            for _case in range(more):
                desk.case()
        order = planned(system, pair, mapping="")
        through(order)
        page(system, order)
        with CaptureQueriesContext(connection) as queries:
            page(system, order)
        counts.append(len(queries))
    assert order.total == 4
    assert counts[0] == counts[1] <= 18


def published(name: str, number: int, definition: int, system) -> ModelVersion:
    model = ProcessModel.objects.filter(name=name).first()
    model = model or ProcessModel.objects.create(name=name, name_en="Licensing", begun_at=clock.now())
    return ModelVersion.objects.create(
        model=model, number=number, state="published", xml=b"", digest="0" * 64, saved_at=clock.now(),
        submitted_by=system.account.pk, reviewed_by=1, definition_id=definition,
    )  # fmt: skip


def test_versions_that_were_published_here_are_named_and_lead_to_their_pages(system, pair):
    order = planned(system, pair)
    assert "第 1 版" not in page(system, order)
    old, new = (published("许可办理", number, each, system) for number, each in enumerate(pair, 1))
    seen = page(system, order)
    assert "许可办理 第 1 版" in seen
    assert "许可办理 第 2 版" in seen
    for version in (old, new):
        assert f'href="/console/models/versions/{version.pk}/"' in seen
    assert "许可办理 第 1 版" in system.get("moves/").content.decode()
    assert "许可办理 第 2 版 · " in system.get("moves/plan/").content.decode()
    english = system.browser.get(f"/console/moves/{order.pk}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Licensing Version 2" in english


def test_orders_that_are_over_are_forgotten_in_their_time(system, pair):
    first, kept = planned(system, pair), planned(system, pair)
    through(first)
    services.begin_moving(by=system.actor, order=first)
    through(first)
    begun = clock.now()
    with clock.frozen(begun + dt.timedelta(days=31)):
        assert services.sweep_relocations() == 0, "one is under way, and what was done is kept a year"
    through(kept)
    with clock.frozen(begun + dt.timedelta(days=31)):
        assert services.sweep_relocations() > 0
        assert list(Relocation.objects.all()) == [first]
    with clock.frozen(begun + dt.timedelta(days=364)):
        assert services.sweep_relocations() == 0
    with clock.frozen(begun + dt.timedelta(days=366)):
        assert services.sweep_relocations(at_most=1) == 1
        assert services.sweep_relocations(at_most=1) == 1
        assert RelocationItem.objects.count() == 0
        assert services.sweep_relocations() == 1
    assert not Relocation.objects.exists()
    assert Event.objects.filter(type="workflow.relocated").count() == 2
