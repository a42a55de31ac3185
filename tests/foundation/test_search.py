"""Search finds by any two characters, in both databases, and shows nobody what he may not see."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.foundation import policy
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.messages.models import Message
from zhengtong.foundation.policy import ANONYMOUS, Actor
from zhengtong.foundation.search import index, queries, services
from zhengtong.foundation.search.models import Entry
from zhengtong.foundation.search.tokens import MAX_TERMS, index_tokens, query_terms, scope_token

HAN = st.text(alphabet="食品经营许可证餐饮开饭馆𠮷", min_size=1, max_size=12)


def put(object_id: int, title: str, **given: object) -> Entry:
    made = {"kind": "item", "object_id": object_id, "title": title, "address": f"/{object_id}/"}
    return services.put(services.Findable(**made | given))  # type: ignore[arg-type]


def found(text: str, **given: object) -> list[str]:
    return [entry.title for entry in queries.find(text, **given)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("食品经营", ["食品", "品经", "经营", "营"]),
        ("食", ["食"]),
        ("A4纸", ["a4", "纸"]),
        ("ＪＹ1", ["jy1"]),
        ("，。！", []),
        ("", []),
        ("𠮷野家", ["𠮷野", "野家", "家"]),
    ],
)
def test_what_a_text_is_found_by(text: str, tokens: list[str]) -> None:
    assert index_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("开饭馆", [("开饭", False), ("饭馆", False)]),
        ("证", [("证", True)]),
        ("licen", [("licen", True)]),
        ("食品 食品", [("食品", False)]),
        ("' OR 1=1 --", [("or", True), ("1", True)]),
        ('"*):(', []),
    ],
)
def test_what_a_question_asks_for(text: str, terms: list[tuple[str, bool]]) -> None:
    assert query_terms(text) == terms


@given(text=HAN, left=HAN, right=HAN)
def test_every_piece_of_a_text_finds_it(text: str, left: str, right: str) -> None:
    tokens = set(index_tokens(left + text + right))
    for term, prefix in query_terms(text):
        assert any(token.startswith(term) for token in tokens) if prefix else term in tokens


@given(st.text(max_size=200))
def test_no_text_produces_a_scope(text: str) -> None:
    assert not [token for token in index_tokens(text) if token.startswith("_")]
    assert len(query_terms(text)) <= MAX_TERMS
    assert scope_token("org:1") != scope_token("org_1")


@pytest.mark.django_db
class TestFinding:
    def test_two_characters_out_of_the_middle(self) -> None:
        put(1, "食品经营许可（餐饮服务）")
        put(2, "护士执业注册")
        assert found("经营") == ["食品经营许可（餐饮服务）"]
        assert found("餐") == ["食品经营许可（餐饮服务）"]
        assert found("护士 注册") == ["护士执业注册"]
        assert found("护士 经营") == []
        assert found("") == []

    def test_rare_han_of_the_supplementary_planes(self) -> None:
        put(1, "𠮷野家餐厅")
        assert found("𠮷野") == ["𠮷野家餐厅"]
        assert found("𠮷") == ["𠮷野家餐厅"]

    def test_plain_words_lead_to_the_item(self) -> None:
        put(1, "食品经营许可", words=["开饭馆", "开餐厅", "奶茶店"])
        assert found("开饭馆") == ["食品经营许可"]

    def test_english_by_the_beginning_of_a_word(self) -> None:
        put(1, "食品经营许可", title_en="Food business licence")
        assert found("licen food") == ["食品经营许可"]

    def test_the_title_stands_before_the_body_and_the_open_before_the_rest(self) -> None:
        put(1, "营业执照", summary="办理食品经营许可前须取得")
        put(2, "食品经营许可")
        put(3, "食品经营许可 延续", weight=5)
        assert found("食品经营许可") == ["食品经营许可 延续", "食品经营许可", "营业执照"]

    def test_a_change_forgets_the_old_words(self) -> None:
        put(1, "旧名称")
        put(1, "新称呼")
        assert found("旧名") == []
        assert found("称呼") == ["新称呼"]
        assert Entry.objects.count() == 1

    def test_removed_is_not_found(self) -> None:
        put(1, "食品经营许可")
        services.remove(kind="item", object_id=1)
        services.remove(kind="item", object_id=404)
        assert found("食品") == []

    def test_kinds(self) -> None:
        put(1, "食品经营许可")
        put(1, "食品安全公告", kind="notice")
        assert found("食品", kinds=["notice"]) == ["食品安全公告"]

    def test_pages(self) -> None:
        for number in range(5):
            put(number, f"食品事项{number}")
        pages = [found("食品", limit=2, offset=offset) for offset in (0, 2, 4)]
        assert [len(page) for page in pages] == [2, 2, 1]
        assert len({title for page in pages for title in page}) == 5

    def test_nearest_prefers_what_holds_most(self) -> None:
        put(1, "食品生产许可")
        put(2, "食品经营备案")
        put(3, "卫生许可")
        titles = [entry.title for entry in queries.nearest("食品经营许可")]
        assert titles[0] == "食品经营备案"
        assert len(titles) == 3

    @pytest.mark.parametrize("text", ['"', "'", '食品" OR "1', "a' | 'b", ":*", "食品 & !", "\x00食", "{title}:x"])
    def test_hostile_questions_are_only_questions(self, text: str) -> None:
        put(1, "食品经营许可")
        queries.find(text)
        queries.nearest(text)


@pytest.mark.django_db
class TestWhoFinds:
    @pytest.fixture(autouse=True)
    def _searchable(self) -> None:
        registry.searchables.add("test_message", Message)

    def titles(self, actor: Actor, text: str = "通知") -> set[str]:
        return {entry.title for entry in queries.visible_to(actor, text)}

    def put_message(self, person_id: int | None, organisation_id: int | None, title: str) -> None:
        row = Message(person_id=person_id, organisation_id=organisation_id)
        put(new_number(), title, kind="test_message", scope=policy.index_tokens(row))

    def test_the_policy_of_the_kind_decides(self) -> None:
        put(1, "公开通知")
        self.put_message(5, None, "通知五")
        self.put_message(None, 7, "通知七")
        assert self.titles(ANONYMOUS) == {"公开通知"}
        assert self.titles(Actor(person_id=5, kind="citizen")) == {"公开通知", "通知五"}
        assert self.titles(Actor(person_id=6, kind="enterprise", on_behalf_of="org:7")) == {"公开通知", "通知七"}

    def test_the_tokens_of_one_kind_open_no_other(self) -> None:
        put(1, "通知别类", kind="other", scope=["person_id:5"])
        assert self.titles(Actor(person_id=5, kind="citizen")) == set()

    def test_words_in_a_text_open_nothing(self) -> None:
        put(1, "通知 public _public", kind="secret", scope=["org:1"], body=scope_token("public"))
        assert self.titles(ANONYMOUS, "通知") == set()
        assert found("public") == []


_numbers = iter(range(1000, 10_000))


def new_number() -> int:
    return next(_numbers)


@pytest.mark.django_db
def test_an_empty_group_of_tokens_finds_nothing() -> None:
    put(1, "食品")
    assert index.find([("食品", False)], [(None, policy.Tokens((frozenset(),)))], limit=5) == []


@pytest.mark.django_db
def test_what_a_token_forbids_is_not_found() -> None:
    put(1, "食品甲", scope=["public", "label:3"])
    put(2, "食品乙", scope=["public", "label:1"])
    tokens = policy.Tokens((frozenset({"public"}),), frozenset({"label:3"}))
    ids = index.find([("食品", False)], [(None, tokens)], limit=5)
    assert [Entry.objects.get(id=id).title for id in ids] == ["食品乙"]


@pytest.mark.django_db
def test_the_cost_of_finding_is_two_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    put(1, "食品经营许可")
    with django_assert_num_queries(2):
        found("食品")
    assert connection.vendor in ("sqlite", "postgresql")
