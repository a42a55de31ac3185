"""Licences as packs draw them."""

import io
import pathlib
import re

import pypdf
import pytest

from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files.rendering import render_licence
from zhengtong.matters.catalog.packs import load_pack

ROOT = pathlib.Path(__file__).resolve().parents[2] / "packs"
TEMPLATES = sorted(ROOT.rglob("result.typ"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("locale", ["zh-hans", "en"])
def test_a_licence_fits_one_page_with_its_longest_fields(path, locale, settings, tmp_path):
    settings.VAR = tmp_path
    pack = load_pack(path.parent)
    codes = [entry["code"] for entry in pack.service["result"]["fields"]]
    labels = [pack.say(f"result.fields.{code}", locale) for code in codes]
    values = ["示范区和平路18号1层102室" * 3] * len(labels)
    facts = {
        "title": pack.say("result.name", locale),
        "number": "JY2 110108 000123 5",
        "issuer": pack.say("implementer.name", locale),
        "date": "2025-03-19",
        "seal": dict(pack.service["documents"]["seal"]),
        "verification": {"payload": "https://zt.example/l/3fGk29sQ", "address": "zt.example/l"},
        "identifier": "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D",
        "fields": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
    }
    pdf = render_licence(facts, locale, template=path.read_text(encoding="utf-8"))
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    text = re.sub(r"\s", "", pages[0].extract_text())
    lowest = lowest_field(pages[0])
    assert lowest > 80, "fields run into the foot"  # points above the edge: the foot stands below
    assert all(re.sub(r"\s", "", label) in text for label in labels)


def lowest_field(page):
    """How far above the lower edge the last line of the fields stands, in points."""
    heights = []

    def note(text, matrix, place, _font, _size):
        if "室" in text:  # the value of every field ends so
            heights.append(place[4] * matrix[1] + place[5] * matrix[3] + matrix[5])

    page.extract_text(visitor_text=note)
    return min(heights)


def test_a_licence_that_fits_no_page_is_refused_and_never_cut(settings, tmp_path):
    settings.VAR = tmp_path
    fields = [{"label": f"第{number}项", "value": "很长的内容" * 300} for number in range(24)]
    facts = {"title": "证", "number": "1", "issuer": "示范区", "date": "2025-03-19", "fields": fields}
    with pytest.raises(Unavailable) as refused:
        render_licence(facts)
    assert "do not fit" in refused.value.details["reason"]
