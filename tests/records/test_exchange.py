"""Facts are asked once, of their authority; every question is kept, whatever came back."""

import datetime as dt
from collections.abc import Mapping

import pytest

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM, Actor, Grant
from zhengtong.records.exchange import queries, services
from zhengtong.records.exchange.models import FactAnswer
from zhengtong.records.exchange.registry import Fact, facts

pytestmark = pytest.mark.django_db

CLERK = Actor(kind="staff", account_id=3, person_id=9)
FIRM, DRAFT = ("organisation", 7), ("draft", 11)


def _licence(subject: tuple[str, int]) -> Mapping[str, object] | None:
    known = {7: {"name": "小明面馆", "founded": dt.date(2026, 1, 1), "owner_phone": "13812345678"}}
    if subject[1] == 99:
        raise Unavailable("test.away", "no answer")
    return known.get(subject[1])


@pytest.fixture(autouse=True)
def _offered() -> None:
    if "test.licence@1" not in facts:
        keys = frozenset({"name", "founded", "never_given"})
        facts.add("test.licence@1", Fact("test.licence@1", "organisation", "市监局", "SAMR", keys, _licence))


def ask(subject: tuple[str, int] = FIRM, by: Actor = CLERK) -> FactAnswer:
    return services.ask(by=by, fact="test.licence@1", subject=subject, purpose=DRAFT)


def test_only_what_was_offered_comes_back() -> None:
    answer = ask()
    answer.refresh_from_db()
    assert (answer.status, answer.source) == ("found", "市监局")
    assert answer.value == {"name": "小明面馆", "founded": "2026-01-01"}


@pytest.mark.parametrize(("number", "status"), [(8, "absent"), (99, "unreachable")])
def test_an_answer_that_is_none_is_recorded_too(number: int, status: str) -> None:
    instant = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    with clock.frozen(instant):
        ask(("organisation", number))
    (kept,) = queries.of_subject(("organisation", number))
    assert (kept.status, kept.value, kept.asked_by, kept.asked_at) == (status, {}, 3, instant)


def test_the_digest_binds_the_answer() -> None:
    assert ask().digest == ask().digest
    assert ask().digest != ask(("organisation", 8)).digest


def test_an_unknown_question_is_a_mistake_of_the_code() -> None:
    with pytest.raises(LookupError, match=r"test\.licence@1"):
        services.ask(by=CLERK, fact="test.nothing@1", subject=FIRM, purpose=DRAFT)
    assert FactAnswer.objects.count() == 0


def test_lineage_of_a_draft_newest_first() -> None:
    first, second = ask(), ask(("organisation", 8))
    services.ask(by=CLERK, fact="test.licence@1", subject=FIRM, purpose=("draft", 12))
    asked = queries.visible_to(SYSTEM).filter(purpose_kind=DRAFT[0], purpose_id=DRAFT[1])
    assert [row.id for row in asked] == [second.id, first.id]


def test_whom_it_is_about_sees_who_asked_and_nobody_else() -> None:
    ask()
    firm = Actor(kind="enterprise", person_id=1, on_behalf_of="org:7")
    auditor = Actor(kind="admin", person_id=2, grants=frozenset({Grant("exchange.read_lineage")}))
    for reader in (firm, auditor, CLERK):
        assert queries.visible_to(reader).count() == 1
    assert queries.about_principal(firm).count() == 1
    assert not queries.about_principal(CLERK).exists()
    assert not queries.about_principal(ANONYMOUS).exists()
    for stranger in (ANONYMOUS, Actor(kind="staff", account_id=4, person_id=7), Actor(kind="citizen", person_id=7)):
        assert not queries.visible_to(stranger).exists()
