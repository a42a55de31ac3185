"""Importing a published list: nothing dropped, nothing rewritten, every fault told."""

import csv

import pytest

from zhengtong.foundation.core import keys
from zhengtong.foundation.core.errors import Invalid, NotAllowed
from zhengtong.foundation.policy import ANONYMOUS, Actor, Grant
from zhengtong.matters.catalog import queries, services
from zhengtong.matters.catalog.models import ItemFault, ServiceItem
from zhengtong.matters.catalog.rules import MANAGE
from zhengtong.matters.catalog.services.importing import COLUMNS

MANAGER = Actor(account_id=9, kind="admin", grants=frozenset({Grant(MANAGE)}))
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.VAR = tmp_path
    keys.forget_keys()
    keys.ensure_master_key()
    yield
    keys.forget_keys()


def listing(tmp_path, *rows, columns=COLUMNS):
    path = tmp_path / "items.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def row(
    code="1111010800000102XJ4110131004000", name="食品经营许可", kind="1", label="行政许可", dept="1111010800000102XJ"
):
    return ("区市监局", "未分类", name, code, kind, label, dept, "110108000000")


def faults(path):
    services.import_items(by=MANAGER, path=path)
    return [(fault.item.external_code, fault.code) for fault in ItemFault.objects.order_by("id")]


def test_a_right_national_code_is_taken_apart(tmp_path):
    assert faults(listing(tmp_path, row())) == []
    made = ServiceItem.objects.get()
    assert (made.basic_code, made.implement_code) == ("110131004000", "1111010800000102XJ4110131004000")
    assert (made.open, made.current, made.status) == (False, True, "published")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"code": "完全不认识的写法"}, {"codes.item_layout", "codes.local_region"}),
        ({"code": "1111010800000102XK4110131004000"}, {"codes.check_digit"}),
        ({"kind": "77"}, {"catalog.item_type"}),
        ({"label": "公共服务"}, {"catalog.item_type_name"}),
        ({"dept": "4588062259066118144"}, {"catalog.department_code"}),
        ({"code": ""}, {"codes.empty"}),
    ],
)
def test_a_faulty_row_is_kept_with_its_faults(tmp_path, changes, codes):
    found = faults(listing(tmp_path, row(**changes)))
    made = ServiceItem.objects.get()
    assert made.external_code == changes.get("code", made.external_code)
    assert {code for _item, code in found} == codes
    assert all(fault.message and fault.message_en for fault in queries.faults_of(made))


def test_two_items_of_one_name_are_both_kept(tmp_path):
    path = listing(tmp_path, row(), row(code="X-1"))
    assert [code for _item, code in faults(path)].count("catalog.same_name") == 2
    assert ServiceItem.objects.count() == 2


def test_two_items_of_one_code_are_both_kept(tmp_path):
    path = listing(tmp_path, row(), row(name="另一个事项"), row())
    assert [code for _item, code in faults(path)] == ["catalog.same_code", "catalog.same_code"]
    assert set(ServiceItem.objects.values_list("name", flat=True)) == {"食品经营许可", "另一个事项"}
    again = services.import_items(by=MANAGER, path=path)
    assert (again.added, again.present) == (0, 3)


def test_items_without_a_code_are_all_kept(tmp_path):
    path = listing(tmp_path, row(code=""), row(code="", name="另一个事项"))
    assert [code for _item, code in faults(path)] == ["codes.empty", "codes.empty"]
    assert ServiceItem.objects.count() == 2
    assert services.import_items(by=MANAGER, path=path).added == 0


def test_what_is_cut_or_has_no_name_is_told(tmp_path):
    path = listing(tmp_path, row(name="名" * 201), row(code="X-1", name=""), row(code="C" * 250), row(code="C" * 251))
    found = faults(path)
    assert {code for _item, code in found} >= {"catalog.cut", "catalog.no_name", "codes.length"}
    assert ServiceItem.objects.count() == 4
    assert not ServiceItem.objects.filter(name="").exists()


def test_what_no_database_keeps_is_left_out(tmp_path):
    services.import_items(by=MANAGER, path=listing(tmp_path, row(name="食品\0经营许可")))
    assert ServiceItem.objects.get().name == "食品经营许可"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ((",".join(COLUMNS) + "\n区,类,名字,X-1,1,行政许可,x,511602000000\n").encode("gbk"), "catalog.not_utf8"),
        ("部门,名称\n".encode("gbk"), "catalog.not_utf8"),
        ((",".join(COLUMNS) + "\n区,类," + "名" * 200_000 + ",X-1,1,行政许可,x,5\n").encode(), "catalog.not_csv"),
    ],
    ids=["gbk", "gbk columns", "a huge cell"],
)
def test_what_is_no_list_is_refused_in_words(tmp_path, raw, code):
    path = tmp_path / "items.csv"
    path.write_bytes(raw)
    with pytest.raises(Invalid) as refused:
        services.import_items(by=MANAGER, path=path)
    assert refused.value.code == code
    assert not ServiceItem.objects.exists()


def test_importing_twice_adds_nothing(tmp_path):
    path = listing(tmp_path, row(), row(code="X-1"))
    services.import_items(by=MANAGER, path=path)
    again = services.import_items(by=MANAGER, path=path)
    assert (again.added, again.present) == (0, 2)
    assert ServiceItem.objects.count() == 2


def test_other_columns_are_refused_by_name(tmp_path):
    with pytest.raises(Invalid) as refused:
        services.import_items(by=MANAGER, path=listing(tmp_path, ("a",), columns=("name",)))
    assert "item_code" in str(refused.value.message)


def test_importing_needs_the_permission(tmp_path):
    with pytest.raises(NotAllowed):
        services.import_items(by=ANONYMOUS, path=listing(tmp_path, row()))


@pytest.mark.conformance
def test_the_real_list_comes_in_whole(shared_data):
    path = shared_data / "service-items" / "guangan-qianfeng-items.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = {record["item_code"] for record in csv.DictReader(file)}
    told = []
    done = services.import_items(by=MANAGER, path=path, progress=told.append)
    assert (done.read, done.added, len(published)) == (980, 980, 980)
    assert told[-1] == 980
    assert set(ServiceItem.objects.values_list("external_code", flat=True)) == published
    assert not ServiceItem.objects.filter(open=True).exists()
    # Every code has a local layout, so each item has at least the fault that says so.
    assert ServiceItem.objects.filter(faults__code="codes.item_layout").distinct().count() == 980
    assert sum(department["items"] for department in queries.departments(ANONYMOUS)) == 980
    assert len(queries.departments(ANONYMOUS)) == 23
    types = {kind["item_type"]: kind["items"] for kind in queries.item_types(ANONYMOUS)}
    assert types == {"01": 499, "05": 7, "07": 29, "08": 2, "09": 7, "10": 166, "20": 270}
