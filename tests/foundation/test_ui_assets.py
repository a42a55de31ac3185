"""The front-end files are those that were vendored, small, and safe under a strict content security policy."""

import hashlib
import json
import pathlib
import re

import pytest

from zhengtong.foundation import ui

HOME = pathlib.Path(ui.__file__).parent
STATIC = HOME / "static" / "ui"
MANIFEST = json.loads((STATIC / "vendor" / "MANIFEST.json").read_text())
TEMPLATES = sorted(HOME.rglob("*.html"))


def test_every_vendored_file_has_the_digest_of_the_manifest() -> None:
    made = {
        str(path.relative_to(STATIC)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(STATIC.rglob("*"))
        if path.is_file() and path.name != "MANIFEST.json" and path.parent.name != "js"
    }
    assert made == MANIFEST["sha256"]


def test_every_source_comes_with_its_licence() -> None:
    names = {path.name for path in (STATIC / "vendor").glob("LICENCE-*.txt")}
    stems = ("htmx", "alpine-csp", "lucide-static", "govuk-frontend", "song", "bpmn-viewer", "bpmn-modeler")
    assert {f"LICENCE-{stem}.txt" for stem in stems} <= names


def test_the_mark_of_bpmn_io_stays_as_its_licence_asks() -> None:
    for stem in ("bpmn-viewer", "bpmn-modeler"):
        assert "MUST NOT be\nremoved or changed" in (STATIC / "vendor" / f"LICENCE-{stem}.txt").read_text()
        assert "bjs-powered-by" in (STATIC / "vendor" / f"{stem}.min.js").read_text()
    ours = "".join(path.read_text() for path in HOME.parents[1].rglob("*.css") if path.parent.name != "vendor")
    assert "bjs-powered-by" not in ours


def test_the_song_face_stays_within_its_budget() -> None:
    assert (STATIC / "zt-song.woff2").stat().st_size <= 210 * 1000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_needs_an_exception_from_the_policy(path: pathlib.Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(src|href)=["']https?:""", text)


def test_the_stylesheet_asks_nothing_of_other_hosts() -> None:
    css = (STATIC / "zt.css").read_text()
    assert not re.search(r"url\([\"']?(https?:)?//", css)
    assert "GDS Transport" not in css


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.stem)
def test_our_scripts_evaluate_nothing(path: pathlib.Path) -> None:
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://", path.read_text())
