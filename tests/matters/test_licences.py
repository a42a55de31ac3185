"""Licences: identifiers, versions, ends, the wallet and the public check."""

import datetime as dt
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM, Actor, Grant
from zhengtong.matters.cases.services.work import Work
from zhengtong.matters.licences import actions, queries, services
from zhengtong.matters.licences.actions import last_valid_day
from zhengtong.matters.licences.choices import LicenceState

pytestmark = pytest.mark.django_db
TODAY = dt.date(2025, 3, 19)
HOLDER = Actor(account_id=1, person_id=5, kind="citizen", on_behalf_of="org:7")
ISSUER = Actor(account_id=2, kind="staff", organisation_id=9, grants=frozenset({Grant("licence.change", "org:9")}))


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen(dt.datetime(2025, 3, 19, 10, tzinfo=clock.LOCAL_ZONE)):
        yield


def licence(**given):
    made = {
        "type_code": "1110000000000401XA001",
        "name": "食品经营许可证",
        "name_en": "Food business licence",
        "number": "JY21101080000013",
        "issuer_id": 9,
        "issuer_name": "示范区市场监督管理局",
        "issuer_code": "1111010800000102XJ",
        "holder_kind": "organisation",
        "holder_name": "京味餐饮有限公司",
        "holder_person_id": None,
        "holder_organisation_id": 7,
        "entries": [
            services.Entry("经营项目", "Operations", "热食类食品制售"),
            services.Entry("法定代表人证件号", "Identity number", "110108199003070024", public=False),
        ],
        "valid_from": TODAY,
        "valid_to": dt.date(2030, 3, 18),
    }
    return services.issue_licence(by=SYSTEM, grant=services.Grant(**made | given), on=TODAY)


def test_serials_run_on_and_identifiers_check() -> None:
    first, second = licence(), licence(number="JY21101080000021")
    assert first.identifier.startswith("1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000001.001.")
    assert second.identifier.split(".")[-3] == "2025000002"


def test_a_serial_is_made_by_the_template_of_its_pack() -> None:
    assert licence(serial="A{year}{seq:08d}").identifier.split(".")[-3] == "A202500000001"


def test_the_pack_says_how_serials_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    granted = []
    item = SimpleNamespace(
        result={"type": "licence", "serial": "B{year}{seq:03d}", "number": "{seq}"},
        licence_type_code="1110000000000401XA001",
        key="a/b",
        say=lambda _key, _locale="zh-hans": "证",
    )
    agency = SimpleNamespace(id=9, uscc="1111010800000102XJ", name_zh="局")
    monkeypatch.setattr(actions, "item_spec", lambda _id: item)
    monkeypatch.setattr(actions.identity, "organisation", lambda _id: agency)
    monkeypatch.setattr(actions, "latest_submission", lambda _case: SimpleNamespace(answers={}))
    monkeypatch.setattr(actions, "_number", lambda *_given: "1")
    monkeypatch.setattr(actions, "issue_licence", lambda *, grant, **_given: granted.append(grant))
    work = MagicMock(today=TODAY)
    work.__class__ = Work
    actions.issue(SimpleNamespace(subject=work))
    assert [grant.serial for grant in granted] == ["B{year}{seq:03d}"]


def test_a_new_version_replaces_the_old_one_for_good() -> None:
    old = licence()
    new = services.reissue_licence(by=ISSUER, licence_id=old.id, entries=[], holder_name="京味楼", reason="名称变更")
    old.refresh_from_db()
    assert (old.state, old.replaced_by_id, new.version) == (LicenceState.REPLACED, new.id, 2)
    assert queries.public_check(old.number).identifier == new.identifier
    with pytest.raises(Conflict):
        services.end_licence(by=ISSUER, licence_id=old.id, state=LicenceState.REVOKED, reason="再次")


def test_only_the_issuer_ends_a_licence() -> None:
    held, why = licence(), "持证人申请注销" + "，店铺已经不再经营" * 60
    stranger = Actor(account_id=3, kind="staff", grants=frozenset({Grant("licence.change", "org:10")}))
    for actor in (stranger, HOLDER, ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.end_licence(by=actor, licence_id=held.id, state=LicenceState.REVOKED, reason="x")
    services.end_licence(by=ISSUER, licence_id=held.id, state=LicenceState.CANCELLED, reason=why)
    held.refresh_from_db()
    assert held.end_reason == why
    assert queries.public_check(held.identifier).state == LicenceState.CANCELLED


def test_the_public_sees_the_public_fields_only() -> None:
    held = licence()
    for text in (held.token, held.identifier, held.number.lower(), f" {held.number} "):
        seen = queries.public_check(text)
        assert seen is not None
        assert [entry["label"] for entry in seen.fields] == ["经营项目"]
    assert queries.public_check("JY00000000000000") is None
    assert queries.public_check("") is None


def test_a_licence_past_its_last_day_has_expired_and_is_no_longer_taken_for_valid() -> None:
    held = licence(valid_to=dt.date(2025, 3, 31))
    assert queries.standing(held.type_code, organisation_id=7) is not None
    assert queries.state_on(held, dt.date(2025, 3, 31)) == LicenceState.VALID
    with clock.frozen(dt.datetime(2025, 4, 1, 0, 0, tzinfo=clock.LOCAL_ZONE)):
        assert queries.public_check(held.number).state == LicenceState.EXPIRED
        assert queries.standing(held.type_code, organisation_id=7) is None


def test_the_wallet_is_the_holders_alone() -> None:
    held = licence()
    assert [row.id for row in queries.wallet(HOLDER)] == [held.id]
    assert not queries.wallet(Actor(account_id=4, person_id=6, kind="citizen")).exists()
    assert [row.id for row in queries.visible_to(HOLDER)] == [held.id]
    assert not queries.visible_to(ANONYMOUS).exists()


def test_each_use_is_noted_for_the_holder() -> None:
    held = licence()
    services.note_use(licence_id=held.id, by_name="区税务局", purpose="税务登记")
    assert [(use.by_name, use.purpose) for use in queries.uses_of(held)] == [("区税务局", "税务登记")]


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (dt.date(2025, 3, 19), 5, dt.date(2030, 3, 18)),
        (dt.date(2024, 2, 29), 5, dt.date(2029, 2, 28)),
        (dt.date(2025, 1, 1), 1, dt.date(2025, 12, 31)),
        (dt.date(2025, 1, 1), 0, None),
    ],
)
def test_last_valid_day(start, years, last) -> None:
    assert last_valid_day(start, years) == last
