"""Licences as packs draw them."""

import io
import pathlib
import re

import pypdf
import pytest

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
    assert all(re.sub(r"\s", "", label) in text for label in labels)
    pathlib.Path(tmp_path / "licence.pdf").write_bytes(pdf)
