"""No list of the console ends without saying so: what does not fit on a page stands on the next."""

import re

import pytest

from console.conftest import administrator
from console.test_models import begun
from console.test_rulebooks import released
from factories import access as give
from factories import identity as make
from zhengtong.doors.console.views import gate, home, roles
from zhengtong.matters.modelling import services
from zhengtong.matters.modelling.models import ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    monkeypatch.setattr(gate, "PAGE_SIZE", 3)


def through(who, address, place=-1):
    """The first cells of a table of a page (the last one, or that of `place`), page after page."""
    pages, at = [], address
    while at:
        context = who.get(at).context
        several = "tables" in context
        table = context["tables"][place] if several else context["table"]
        pages.append([row["name"] for row in table["rows"]])
        following = table["next_url"] if several else context["next_url"]
        at = following and address + following
    return pages


def test_every_version_of_a_model(system, settings):
    version, second = begun(system), administrator("sys", settings)
    for _ in range(6):
        services.submit(by=system.actor, version_id=version.pk)
        services.publish(by=second.actor, version_id=version.pk, opinion="同意发布。")
        version = services.begin_version(by=system.actor, model=version.model)
    seen = through(system, f"models/{version.model_id}/")
    assert seen == [["第 7 版", "第 6 版", "第 5 版"], ["第 4 版", "第 3 版", "第 2 版"], ["第 1 版"]]
    earliest = f"models/{version.model_id}/?before={ModelVersion.objects.get(number=2).pk}"
    assert "开始下一版" not in system.get(earliest).content.decode()  # the draft stands on another page
    services.submit(by=system.actor, version_id=version.pk)
    services.publish(by=second.actor, version_id=version.pk, opinion="同意发布。")
    assert "开始下一版" in system.get(earliest).content.decode()


def test_posts_of_an_organisation_and_their_holders(system):
    agency = make.agency()
    posts = [make.post(agency, name_zh=f"岗位{number}") for number in range(5)]
    make.officer(posts[4])
    assert through(system, f"organisations/{agency.pk}/") == [["岗位0", "岗位1", "岗位2"], ["岗位3", "岗位4"]]
    rows = system.get(f"organisations/{agency.pk}/?after={posts[2].pk}").context["tables"][0]["rows"]
    assert [bool(row["cells"][2]["value"]) for row in rows] == [False, True]


def test_who_held_a_post_and_what_a_person_holds(system):
    post = make.post()
    for _ in range(4):
        make.officer(post)
    assert [len(page) for page in through(system, f"posts/{post.pk}/")] == [3, 1]
    person = make.person()
    for _ in range(4):
        make.tenure(person, make.post())
        make.account("staff", holder=person)
    for place in (0, 1):
        assert [len(page) for page in through(system, f"people/{person.pk}/", place)] == [3, 1]


def test_roles_and_what_an_account_was_given(security):
    account = make.account("staff")
    for _ in range(4):
        give.grant(give.role("cases.read"), account=account, scope="all")
    assert [len(page) for page in through(security, f"accounts/{account.pk}/")] == [3, 1]
    assert sum(len(page) for page in through(security, "roles/")) == 4 + 3


def test_a_post_that_is_not_listed_is_found_by_its_name(security, monkeypatch):
    monkeypatch.setattr(roles, "OFFERED", 2)
    give.role("cases.read")
    posts = [make.post(make.agency(), name_zh=f"岗位{number}") for number in range(5)]
    page = security.get("grants/give/").content.decode()
    assert "岗位4" not in page
    assert "没有全部列出" in page
    assert through(security, "grants/give/posts/") == [["岗位0", "岗位1", "岗位2"], ["岗位3", "岗位4"]]
    found = security.get("grants/give/posts/?q=岗位4").context["table"]["rows"]
    assert [row["url"] for row in found] == [f"/console/grants/give/?post={posts[4].pk}"]
    chosen = security.get(f"grants/give/?post={posts[4].pk}").content.decode()
    assert re.search(rf'<option value="{posts[4].pk}" selected', chosen)


def test_the_search_leads_to_the_rest(system, monkeypatch):
    monkeypatch.setattr(home, "FIRST", 2)
    for number in range(3):
        make.agency(name_zh=f"区某局{number}")
        make.account("staff", username=f"zuoke{number}")
    rows = system.get("search/?q=区某局").context["table"]["rows"]
    assert [row["url"] for row in rows][2:] == ["/console/organisations/"]
    rows = system.get("search/?q=zuoke").context["table"]["rows"]
    assert [row["url"] for row in rows][2:] == ["/console/accounts/?name=zuoke"]


def test_every_version_of_a_rule_can_be_compared(system):
    books = [released(number) for number in range(1, 9)]
    address, seen, at = f"rules/{books[-1].pk}/", [], f"rules/{books[-1].pk}/"
    while at:
        table = system.get(at).context["others"]
        assert table is not None, at
        seen += [row["url"] for row in table["rows"]]
        at = table["next_url"] and address + table["next_url"]
    assert seen == [f"/console/rules/{book.pk}/{books[-1].pk}/" for book in reversed(books[:-1])]


def test_whoever_begins_a_model_goes_on_with_it(system):
    answer = system.post("models/begin/", name="请假审批", name_en="")
    assert answer["Location"] == f"/console/models/{ModelVersion.objects.get().model_id}/"
