"""The living page draws every component in both languages; each is documented, each text translated."""

import io
import pathlib
import re

import pytest
from babel.messages.pofile import read_po
from django.template.utils import get_app_template_dirs
from django.test import Client
from django.utils.translation import templatize

from zhengtong.foundation import ui
from zhengtong.foundation.ui import drawing, shells, specimens

HOME = pathlib.Path(ui.__file__).parent
ROOT = HOME.parents[3]
COMPONENTS = sorted(path.stem for path in (HOME / "templates" / "cotton" / "zt").glob("*.html"))
LIVING = "".join(path.read_text() for path in (HOME / "templates").rglob("*.html"))
CATALOG = read_po(io.BytesIO((HOME / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_bytes()))


def page(name: str, language: str = "zh-hans", **cookies: str) -> str:
    client = Client()
    client.cookies.load(cookies)
    answer = client.get(f"/ui/page/{name}/", headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", specimens.PAGES)
def test_each_page_draws_in_both_languages(name: str) -> None:
    chinese, english = page(name), page(name, "en")
    assert '<html lang="zh-Hans"' in chinese
    assert '<html lang="en"' in english
    for html in (chinese, english):
        assert html.count('id="main"') == 1
        assert "<c-" not in html
        assert not re.search(r"\{[{%]", html)
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), "an id stands twice"


@pytest.mark.parametrize("name", COMPONENTS)
def test_each_component_stands_on_the_living_page_and_in_the_reference(name: str) -> None:
    assert f"<c-zt.{name} " in LIVING or f"<c-zt.{name}>" in LIVING
    assert f"`{name}`" in (ROOT / "docs" / "reference" / "components.md").read_text()


def _texts() -> set[str]:
    """Every message of the templates and Python files, as gettext finds them."""
    found: set[str] = set()
    for path in HOME.rglob("*.html"):
        text = templatize(path.read_text())
        found |= set(re.findall(r"""(?<!p)gettext\(u?['"](.+?)['"]\)""", text))
        found |= set(re.findall(r"""pgettext\(u?['"].+?['"], u?['"](.+?)['"]\)""", text))
    for path in HOME.rglob("*.py"):
        found |= set(re.findall(r"""(?:gettext|\b_)\("(.+?)"\)""", path.read_text()))
    return found


def test_every_text_has_its_chinese() -> None:
    chinese = {message.id[0] if isinstance(message.id, tuple) else message.id: message.string for message in CATALOG}
    texts = {text.replace("\\'", "'").replace('\\"', '"') for text in _texts()}
    assert len(texts) > 200
    assert {text for text in texts if not chinese.get(text)} == set()


def test_the_living_page_is_hidden_unless_switched_on(settings: object) -> None:
    settings.ZT_LIVING_PAGE = False  # type: ignore[attr-defined]
    assert Client().get("/ui/").status_code == 404


def test_elder_mode_is_remembered_and_returns_home_only() -> None:
    client = Client()
    answer = client.post("/ui/mode/", {"mode": "elder", "size": "larger", "next": "/ui/page/home/"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/page/home/")
    assert 'data-mode="elder" data-size="larger"' in client.get("/ui/page/home/").content.decode()
    assert client.post("/ui/mode/", {"mode": "plain", "next": "https://evil.example/"})["Location"] == "/"
    assert client.cookies["zt_mode"].value == "plain"


def test_an_unknown_mode_changes_nothing() -> None:
    assert "zt_mode" not in Client().post("/ui/mode/", {"mode": "neon"}).cookies


def test_navigation_comes_in_order_and_marks_where_one_is() -> None:
    entries = {"b": shells.Entry("B", "/b/", order=2), "a": shells.Entry("A", "no-such:route", order=1)}
    lines = shells.as_lines(entries, "b")
    assert [(line["label"], line["url"], line["current"]) for line in lines] == [("A", "#", False), ("B", "/b/", True)]


def test_a_missing_icon_is_named() -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        drawing.icon("no-such-icon")


def test_a_bar_stays_within_its_track() -> None:
    assert [re.search(r'width="([\d.]+)%"', drawing.bar(share)).group(1) for share in (-1, 0.4, 7)] == [
        "0.0",
        "40.0",
        "100.0",
    ]


def test_cotton_finds_the_components() -> None:
    assert any(path == HOME / "templates" for path in get_app_template_dirs("templates"))
