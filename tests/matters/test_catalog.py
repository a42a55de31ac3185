"""The catalogue: versions, publishing, sameness, pages."""

import datetime as dt
import itertools
import pathlib

import pytest
from django.db import IntegrityError, transaction

from zhengtong.engines.calendars import Limit
from zhengtong.foundation.core import clock, keys
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.policy import ANONYMOUS, Actor, Grant
from zhengtong.matters.catalog import queries, services
from zhengtong.matters.catalog.choices import Status
from zhengtong.matters.catalog.models import ItemTag, ReleasedPack, ServiceItem
from zhengtong.matters.catalog.rules import MANAGE, MOVES, four_level_sameness

PACK = pathlib.Path(__file__).resolve().parents[2] / "packs" / "market-supervision" / "food-business-licence"
MANAGER = Actor(account_id=9, kind="admin", name="目录管理员", grants=frozenset({Grant(MANAGE)}))
CITIZEN = Actor(account_id=1, person_id=11, kind="citizen")
_numbers = itertools.count(1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.VAR = tmp_path
    keys.forget_keys()
    keys.ensure_master_key()
    queries.forget_specs()
    yield
    keys.forget_keys()


def item(**changes):
    number = next(_numbers)
    made = {
        "token": f"t{number}",
        "key": f"k{number}",
        "name": "食品经营许可",
        "item_type": "01",
        "department": "示范区市场监督管理局",
        "department_code": "1111010800000102XJ",
        "open": True,
        "handling_kind": "promised",
        "legal_limit": 20,
        "legal_unit": "working_day",
        "promise_limit": 10,
        "promise_unit": "working_day",
        "created_at": clock.now(),
    }
    return ServiceItem.objects.create(**made | changes)


def published(**changes):
    made = item(**changes)
    services.submit_for_review(by=MANAGER, item=made)
    return services.publish_item(by=MANAGER, item=made)


def test_an_item_is_published_after_review():
    made = published()
    assert made.current
    assert queries.takes_cases(made)
    assert queries.current_item(made.key) == made


@pytest.mark.parametrize("before", MOVES)
@pytest.mark.parametrize("after", MOVES)
def test_every_move_is_allowed_or_refused(before, after):
    made = item(status=before, current=before in (Status.PUBLISHED, Status.SUSPENDED))
    verbs = {
        Status.DRAFT: services.return_item,
        Status.REVIEWING: services.submit_for_review,
        Status.PUBLISHED: services.publish_item,
        Status.SUSPENDED: services.suspend_item,
        Status.CANCELLED: services.cancel_item,
    }
    if after in MOVES[before]:
        assert verbs[after](by=MANAGER, item=made).status == after
        assert ServiceItem.objects.get(id=made.id).status == after
        return
    with pytest.raises(Conflict) as refused:
        verbs[after](by=MANAGER, item=made)
    assert refused.value.code == "catalog.status"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"promise_limit": 10, "promise_unit": "natural_day"}, "catalog.limit_units"),
        ({"promise_limit": None}, "catalog.limits_missing"),
        ({"handling_kind": "instant", "promise_limit": 2}, "catalog.instant_promise"),
    ],
)
def test_limits_that_cannot_be_kept_are_not_published(changes, code):
    made = item(**changes)
    services.submit_for_review(by=MANAGER, item=made)
    with pytest.raises(Invalid) as refused:
        services.publish_item(by=MANAGER, item=made)
    assert refused.value.code == code


def test_a_promise_above_the_legal_limit_is_refused_by_verb_and_by_table():
    made = item(status=Status.REVIEWING)
    made.promise_limit = 21
    with pytest.raises(Invalid) as refused:
        services.publish_item(by=MANAGER, item=made)
    assert refused.value.code == "catalog.promise_above_legal"
    assert refused.value.errors[0][0] == "promise_limit"
    with pytest.raises(IntegrityError), transaction.atomic():
        item(promise_limit=21)


def test_editing_a_published_item_makes_a_version_and_old_cases_keep_theirs():
    first = published()
    services.mark_used(by=CITIZEN, item_id=first.id)
    second = services.edit_item(by=MANAGER, item=first, changes={"promise_limit": 8})
    assert (second.version, second.status, second.current) == (2, Status.DRAFT, False)
    kept = ServiceItem.objects.get(id=first.id)
    assert (kept.promise_limit, kept.version, kept.used) == (10, 1, True)
    services.submit_for_review(by=MANAGER, item=second)
    services.publish_item(by=MANAGER, item=second, on=dt.date(2025, 6, 3))
    kept.refresh_from_db()
    assert (kept.current, kept.effective_to) == (False, dt.date(2025, 6, 2))
    assert queries.current_item(first.key).promise_limit == 8


def test_a_draft_is_edited_in_place_and_a_third_version_follows_the_newest():
    made = item()
    assert services.edit_item(by=MANAGER, item=made, changes={"name": "新名称"}).id == made.id
    services.submit_for_review(by=MANAGER, item=made)
    services.publish_item(by=MANAGER, item=made)
    assert services.edit_item(by=MANAGER, item=made, changes={}).version == 2
    assert services.edit_item(by=MANAGER, item=made, changes={}).version == 3


def test_identity_and_status_cannot_be_edited():
    with pytest.raises(Invalid):
        services.edit_item(by=MANAGER, item=item(), changes={"status": "published"})


def test_only_those_who_manage_may_change():
    with pytest.raises(NotAllowed):
        services.submit_for_review(by=CITIZEN, item=item())
    with pytest.raises(NotAllowed):
        services.release_pack(by=CITIZEN, folder=PACK)


def test_two_current_versions_cannot_be():
    published(key="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        item(key="same", version=2, status=Status.PUBLISHED, current=True)


BASIS = {"setting_basis": [{"law": "食品安全法", "article": "第三十五条"}]}


@pytest.mark.parametrize(
    ("changes", "different"),
    [
        ({}, ()),
        ({"name": "食品流通许可"}, ("name",)),
        ({"item_type": "10"}, ("item_type",)),
        ({"stated": {"setting_basis": [{"law": "食品安全法", "article": "第三十六条"}]}}, ("setting_basis",)),
        ({"stated": {}}, ()),
        ({"basic_code": "000131004000", "name": "另一项"}, ()),
    ],
)
def test_four_levels_are_the_same(changes, different):
    county = item(basic_code="110131004000", stated=BASIS)
    city = item(**{"basic_code": "110131004000", "stated": BASIS, "status": Status.REVIEWING} | changes)
    assert four_level_sameness(city, [county]) == different
    ServiceItem.objects.filter(id=county.id).update(status=Status.PUBLISHED, current=True)
    if different:
        with pytest.raises(Invalid) as refused:
            services.publish_item(by=MANAGER, item=city)
        assert refused.value.code == "catalog.sameness"
    else:
        services.publish_item(by=MANAGER, item=city)


def test_pages_follow_one_another_without_loss():
    made = {published(open=number % 3 == 0, legal_limit=20).id for number in range(25)}
    item()
    seen, cursor, pages = [], "", 0
    while True:
        page = queries.visible_items(ANONYMOUS, cursor=cursor, size=7)
        seen += [found.id for found in page.items]
        pages += 1
        cursor = page.next
        if not cursor:
            break
    assert pages == 4
    assert len(seen) == len(set(seen)) == 25
    assert set(seen) == made
    opened = [found.open for found in ServiceItem.objects.in_bulk(seen).values()]
    assert sum(opened) == 9
    assert all(ServiceItem.objects.get(id=one).open for one in seen[:9])


@pytest.mark.parametrize("cursor", ["x", "1-", "2-5", "1-99999999999999999999", "1-2'--", "-", "-5", "01-5"])
def test_a_cursor_that_is_none_is_refused(cursor):
    with pytest.raises(Invalid):
        queries.visible_items(ANONYMOUS, cursor=cursor)


def test_items_are_found_by_department_type_audience_and_life_event():
    food, other = published(), published(department="示范区民政局", item_type="05")
    ItemTag.objects.create(item=food, kind="life_event", value="start_business")
    ItemTag.objects.create(item=food, kind="audience", value="enterprise")
    for asked, expected in (
        ({"department": "示范区民政局"}, [other]),
        ({"item_type": "01"}, [food]),
        ({"life_event": "start_business"}, [food]),
        ({"audience": "enterprise", "item_type": "05"}, []),
    ):
        assert list(queries.visible_items(ANONYMOUS, **asked).items) == expected
    assert {row["department"]: row["items"] for row in queries.departments(ANONYMOUS)} == {
        "示范区市场监督管理局": 1,
        "示范区民政局": 1,
    }


def test_drafts_are_not_to_be_seen():
    made = item()
    with pytest.raises(NotFound):
        queries.item_by_token(ANONYMOUS, made.token)
    assert queries.item_by_token(MANAGER, made.token) == made


def test_a_page_costs_the_same_whatever_it_shows(django_assert_num_queries):
    for _ in range(12):
        published()
    with django_assert_num_queries(1):
        queries.visible_items(ANONYMOUS, size=10)


@pytest.mark.parametrize(
    ("verb", "still"), [(services.suspend_item, False), (services.cancel_item, False), (None, True)]
)
def test_only_an_item_in_use_takes_cases(verb, still):
    made = published()
    if verb:
        verb(by=MANAGER, item=made)
    assert (queries.ask_opening(made.id)() is not None) is still
    assert queries.takes_cases(ServiceItem.objects.get(id=made.id)) is still


def released():
    return services.release_pack(by=MANAGER, folder=PACK)


def test_a_released_pack_is_kept_whole_and_signed_and_installed_once():
    made = released()
    assert services.verify_release(made)
    assert released().id == made.id
    fresh = services.install_pack(by=MANAGER, released=made, organisation_id=5)
    assert services.install_pack(by=MANAGER, released=made).id == fresh.id
    assert (fresh.open, fresh.current, fresh.version) == (True, True, 1)
    assert fresh.everyday_name == "开饭馆、奶茶店、食堂前要办"
    assert [m.how for m in queries.materials_of(fresh)] == ["exempt"] * 4 + ["upload"] * 6 + ["online"]
    assert [m.code for m in queries.materials_of(fresh) if m.how != "exempt" and not m.only_when] == [
        "floor_plan",
        "safety_rules",
        "equipment_list",
    ]
    spec = queries.item_spec(fresh.id)
    assert (spec.promise, spec.legal, spec.correction) == (Limit(10), Limit(20), Limit(15))
    assert spec.mark == "示市监许"
    assert spec.form.pages
    assert "食品经营许可证" in (spec.template or "")
    assert spec.special_procedures == {"TESTING": 5}
    assert "60日" in spec.remedies
    assert spec.graph.process == "food_business_licence"
    assert "第三十三条" in spec.approval_reasons


def test_an_altered_release_is_not_installed():
    made = released()
    made.files["service.yaml"] = made.files["service.yaml"][:-4] + "AAAA"
    assert not services.verify_release(made)
    with pytest.raises(Conflict):
        services.install_pack(by=MANAGER, released=made)
    other = ReleasedPack.objects.get(id=made.id)
    other.signature = "0" * 128
    assert not services.verify_release(other)


def test_an_item_in_use_is_found_and_a_replaced_one_is_not():
    from zhengtong.foundation.search.queries import nearest

    first = published(name="食品小作坊登记")
    assert [entry.object_id for entry in nearest("小作坊")] == [first.id]
    second = services.edit_item(by=MANAGER, item=first, changes={"summary": "新"})
    services.submit_for_review(by=MANAGER, item=second)
    services.publish_item(by=MANAGER, item=second)
    assert [entry.object_id for entry in nearest("小作坊")] == [second.id]
    services.cancel_item(by=MANAGER, item=second)
    assert nearest("小作坊") == []


def test_an_authority_linked_later_is_seen_at_once():
    made = services.install_pack(by=MANAGER, released=released())
    assert queries.item_spec(made.id).organisation_id is None
    assert services.link_implementer(by=MANAGER, code="1111010800000102XJ", organisation_id=7) == 1
    assert queries.item_spec(made.id).organisation_id == 7
