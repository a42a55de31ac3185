"""The process of a service, changed in the console: taken from its pack, drawn, published, in force for new cases."""

import copy
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.conftest import Administrator, administrator
from console.test_models import TWO, begun
from factories import cases as made
from zhengtong.matters.cases import services as cases
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.models import ReleasedPack, ServiceItem
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> made.World:
    return made.world()


@pytest.fixture
def second(settings) -> Administrator:
    return administrator("sys", settings)


def page(who: Administrator, path: str) -> str:
    return who.get(path).content.decode()


def taken(who: Administrator, world: made.World) -> ModelVersion:
    """The draft that is begun with the pack's process, a name in it changed."""
    who.post("models/service/", item=world.item.key)
    draft = ModelVersion.objects.latest("number")
    text = bytes(draft.xml).decode().replace('name="审查"', 'name="细看"')
    who.post(f"models/versions/{draft.pk}/edit/", xml=text, revision="1")
    return draft


def test_from_the_pack_to_what_new_cases_run_by(system, second, world):
    assert "/console/models/service/" in page(system, "models/")
    given = made.answers(world.applicant)
    cases.submit_application(by=world.applicant, item_id=world.item.id, answers=given)
    draft = taken(system, world)
    shown = page(system, f"models/versions/{draft.pk}/")
    plain = re.sub(r"<[^>]+>|\s", "", shown)
    assert "新办件使用第1版·服务包market-supervision/food-business-licencev3的流程" in plain
    system.post(f"models/versions/{draft.pk}/submit/")
    asked = page(second, f"models/versions/{draft.pk}/publish/")
    assert "的新办件按这一版办理" in asked
    assert "按第 1 版在办" in asked
    second.post(f"models/versions/{draft.pk}/publish/", opinion="同意发布。")
    draft.refresh_from_db()
    assert catalog.current_item(world.item.key).definition_id == draft.definition_id
    shown = page(second, f"models/versions/{draft.pk}/")
    assert re.search(r"新办件使用.*?第 2 版", shown, re.DOTALL)
    found = re.search(r'href="(/console/moves/plan/\?[^"]+)"[^>]*>(.*?)</a>', shown, re.DOTALL)
    assert found is not None
    assert re.sub(r"<[^>]+>|\s", "", found[2]) == "把在办件从第1版迁移到第2版"
    planned = page(second, found[1].removeprefix("/console/").replace("&amp;", "&"))
    for number in (draft.replaced_id, draft.definition_id):
        assert re.search(rf'<option value="{number}"\s+selected', planned)


def test_what_does_not_fit_is_shown_with_its_elements_and_not_sent_to_review(system, world):
    draft = taken(system, world)
    text = bytes(ModelVersion.objects.get(pk=draft.pk).xml).decode()
    text = text.replace('zt:action="cases.propose@1"', 'zt:action="cases.site_check@1"')
    system.post(f"models/versions/{draft.pk}/edit/", xml=text, revision="2")
    shown = page(system, f"models/versions/{draft.pk}/")
    assert "办件可能处于“审查中”状态" in shown
    assert 'data-zt-show="approve"' in shown
    assert "/submit/" not in shown
    refused = system.post(f"models/versions/{draft.pk}/submit/", 422).content.decode()
    assert "流程节点 approve" in refused


def test_a_service_has_one_model_and_the_choice_is_kept(system, world):
    taken(system, world)
    again = system.post("models/service/", 409, item=world.item.key).content.decode()
    assert "已经有流程模型" in again
    assert f'value="{world.item.key}" selected' in again
    system.post("models/service/", 422, item="no/such")
    assert ProcessModel.objects.count() == 1


def many(world: made.World, number: int) -> None:
    """So many more services with packs, and a release for each."""
    item, release = ServiceItem.objects.get(id=world.item.id), ReleasedPack.objects.get(id=world.item.pack_id)
    items, releases = [], []
    for place in range(number):
        key, one, another = f"some-bureau/licence-{place:03}", copy.copy(item), copy.copy(release)
        one.token = f"t{place}"
        one.pk, one.key, one.name, one.name_en = 1 + place, key, f"第{place:03}号许可", f"Permit {place:03}"
        another.pk, another.pack_id, another.digest = 1 + place, key, f"{place:064}"
        items.append(one)
        releases.append(another)
    ServiceItem.objects.bulk_create(items)
    ReleasedPack.objects.bulk_create(releases)


def walked(who: Administrator, path: str) -> list[str]:
    """The rows of a long choice, in the order in which its pages show them."""
    found, address = [], path
    while address:
        answer = who.get(address)
        found += [row["name"] for row in answer.context["table"]["rows"]]
        following = answer.context["next_url"]
        address = f"{path.partition('?')[0]}{following}" if following else ""
    return found


def test_every_service_is_found_however_many_there_are(system, world):
    many(world, 230)
    first = page(system, "models/service/")
    assert first.count(' data-url="?item=') == 50
    assert len(set(walked(system, "models/service/"))) == 231
    (row,) = system.get("models/service/?q=第017号").context["table"]["rows"]
    assert row["url"] == "?item=some-bureau%2Flicence-017"
    assert walked(system, "models/service/?q=licence-02") == [f"第{place:03}号许可" for place in range(29, 19, -1)]
    assert walked(system, "models/service/?q=没有的") == []
    chosen = page(system, f"models/service/{row['url']}")
    assert 'value="some-bureau/licence-017" selected' in chosen
    system.get("models/service/?item=no/such", 404)


def test_every_pack_can_be_gone_on_from_however_many_there_are(system, world):
    many(world, 230)
    assert "/console/models/begin/packs/" in page(system, "models/")
    assert len(set(walked(system, "models/begin/packs/"))) == 231
    (row,) = system.get("models/begin/packs/?q=food-business").context["table"]["rows"]
    address = row["url"].removeprefix("/console/")
    assert f'value="{world.item.pack_id}" selected' in page(system, address)
    system.post(address, name="仿办", name_en="", release=str(world.item.pack_id))
    version = ModelVersion.objects.latest("id")
    assert bytes(version.xml) == (made.FOOD / "process.bpmn").read_bytes()
    for odd in ("0", "x", "9" * 30):
        system.get(f"models/begin/?release={odd}", 404)
        system.post("models/begin/", 422, name="仿办", release=odd)


def test_the_next_version_can_begin_from_the_pack_again(system, second, world):
    draft = taken(system, world)
    system.post(f"models/versions/{draft.pk}/submit/")
    second.post(f"models/versions/{draft.pk}/publish/", opinion="同意发布。")
    assert "从服务包的流程开始" in page(system, f"models/{draft.model_id}/")
    system.post(f"models/{draft.model_id}/", pack="1")
    third = ModelVersion.objects.get(number=3)
    assert bytes(third.xml) == (made.FOOD / "process.bpmn").read_bytes()
    assert "从服务包的流程开始" not in page(system, f"models/{draft.model_id}/")


def test_others_change_no_process_of_a_service(security, audit, world):
    for who in (security, audit):
        who.get("models/service/", 403)
        who.post("models/service/", 403, item=world.item.key)
    assert not ProcessModel.objects.exists()


def test_the_pages_speak_english_too(system, second, world):
    draft = taken(system, world)
    system.browser.cookies["django_language"] = "en"
    assert "Change the process of a service" in page(system, "models/service/")
    assert "the process of the pack market-supervision/food-business-licence v3" in page(
        system, f"models/versions/{draft.pk}/"
    )


@pytest.mark.parametrize("path", ["", "edit/", "steps/"])
@pytest.mark.parametrize("service", [False, True])
def test_the_pages_of_a_version_cost_the_same_however_long_it_and_the_store_are(path, service, system, world):
    """Neither more models and versions nor a longer process make them ask more of the database."""
    version = taken(system, world) if service else begun(system)
    counts = []
    for number in range(2):
        page(system, f"models/versions/{version.pk}/{path}")
        with CaptureQueriesContext(connection) as queries:
            page(system, f"models/versions/{version.pk}/{path}")
        counts.append(len(queries))
        if number == 0:
            for place in range(4):
                begun(system, f"另一个 {place}")
            if not service:
                ModelVersion.objects.filter(pk=version.pk).update(xml=TWO.encode())
    assert counts[0] == counts[1] <= 14, counts


def test_the_list_of_models_costs_the_same_however_many_there_are(system):
    counts = []
    for more in (1, 4):
        for place in range(more):
            begun(system, f"流程 {place}")
        page(system, "models/")
        with CaptureQueriesContext(connection) as queries:
            page(system, "models/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
