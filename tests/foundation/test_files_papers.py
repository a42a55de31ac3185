"""Papers as PDF: what they say, what the jail keeps out, what the signature proves."""

import datetime as dt
import io
import re

import pypdf
import pytest

from zhengtong.foundation.core import clock, keys
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files import fonts, rendering, signing

FACTS = {
    "issuer": "示范区市场监督管理局",
    "number": "示市监许受〔2025〕0317号",
    "addressee": "京味餐饮有限公司",
    "item": "食品经营许可（餐饮服务）新办",
    "date": "2025-03-05",
    "applied_on": "2025-03-03",
    "accepted_on": "2025-03-05",
    "promise_limit": {"number": 10, "unit": "working_day"},
    "promise_due": "2025-03-19",
    "legal_limit": {"number": 20, "unit": "working_day"},
    "legal_due": "2025-04-02",
    "seal": {"authority": "示范区市场监督管理局", "code": "2025-0019-8842"},
    "verification": {
        "payload": "https://zt.example/r/7F3A",
        "address": "zt.example/r",
        "case_no": "110108202503030001",
    },
}
LICENCE = {
    "title": "食品经营许可证",
    "number": "JY21101080001235",
    "issuer": "示范区市场监督管理局",
    "date": "2025-03-19",
    "identifier": "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D",
    "fields": [{"label": "经营者名称", "value": "京味餐饮有限公司"}, {"label": "有效期至", "value": "2030年3月18日"}],
}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    keys.forget_keys()
    keys.ensure_master_key()
    yield
    keys.forget_keys()


def said(pdf):
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def test_the_faces_of_papers_are_here():
    health = fonts.font_health()
    assert health.well, f"install fonts-noto-cjk; missing: {health.missing}"


def test_missing_faces_stop_a_paper_with_their_names(settings, tmp_path):
    settings.ZT_FONT_FOLDERS = [str(tmp_path)]
    with pytest.raises(Unavailable) as refused:
        rendering.render_letter("acceptance", FACTS)
    assert refused.value.details["missing"] == ["Noto Serif CJK SC", "Noto Sans CJK SC"]


def test_a_letter_is_one_page_and_says_it_all():
    pdf = rendering.render_letter("acceptance", FACTS)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    text = said(pdf)
    for words in ("行政许可受理通知书", "京味餐饮有限公司", "第三十二条", "2025年4月2日", "zt.example/r"):
        assert words in text


def test_a_letter_that_is_long_goes_on_and_numbers_its_pages():
    gaps = [f"第 {number} 处需要补正的内容，请按照要求修改后重新上传。" * 3 for number in range(1, 25)]
    pdf = rendering.render_letter("correction", FACTS | {"gaps": gaps, "due_on": "2025-03-25"})
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 2
    assert "—1—" in said(pdf)


@pytest.mark.parametrize("name", ['#import "x"', "#panic()[a]", "*强调* _斜_ $x$ <l> @ref \\ // /* `", "𠮷野家㐂餐饮"])
def test_names_print_as_the_text_they_are(name):
    text = said(rendering.render_letter("acceptance", FACTS | {"addressee": name}))
    assert re.sub(r"\s", "", name) in text


def test_the_same_facts_at_the_same_instant_make_the_same_bytes():
    with clock.frozen(dt.datetime(2025, 3, 5, tzinfo=dt.UTC)):
        assert rendering.render_letter("acceptance", FACTS) == rendering.render_letter("acceptance", FACTS)


def test_a_licence_shows_its_fields():
    text = said(rendering.render_licence(LICENCE))
    for words in ("食品经营许可证", "JY21101080001235", "京味餐饮有限公司", "2025000123.001.D"):
        assert words in text


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ('#read("/etc/passwd")', "not found|access|escape"),
        ('#read("../../../../etc/passwd")', "escape|access|not found"),
        ('#import "@preview/cetz:0.3.0": *', "download|package|network|not found"),
        ('#{ let x = "@preview" + "/cetz:0.3.0"; import x }', "download|package|network|not found|import"),
        ("#let x = (1,)\n#for i in range(60) { x = x + x }", "stopped|longer|memory"),
        ("#let f(n) = f(n + 1)\n#f(0)", "depth|recursion|stopped"),
        ("#let x = ", "expected"),
    ],
)
def test_a_hostile_template_gets_nowhere(template, reason, settings):
    settings.ZT_PAPER_SECONDS = 5
    with pytest.raises(Unavailable) as refused:
        rendering.render(template, {})
    assert re.search(reason, refused.value.details["reason"]), refused.value.details["reason"]


def test_the_jail_has_no_network_and_starts_no_programs(tmp_path):
    import pathlib
    import subprocess
    import sys

    jail = pathlib.Path(rendering.__file__).with_name("jail.py")
    probe = tmp_path / "probe.py"
    probe.write_text(
        f"import importlib.util, socket, subprocess\n"
        f"spec = importlib.util.spec_from_file_location('jail', {str(jail)!r})\n"
        "jail = importlib.util.module_from_spec(spec); spec.loader.exec_module(jail)\n"
        "print(jail.forbid_network())\n"
        "for act in (lambda: socket.socket(), lambda: subprocess.run(['/bin/true'])):\n"
        "    try: act(); print('done')\n"
        "    except PermissionError: print('refused')\n"
    )
    out = subprocess.run([sys.executable, "-I", str(probe)], capture_output=True, text=True, check=False).stdout
    assert out.split() == ["True", "refused", "refused"]


def test_a_signed_paper_proves_who_and_that_nothing_changed():
    signing.ensure_signing_key()
    signed = signing.sign_pdf(rendering.render_letter("acceptance", FACTS))
    report = signing.verify_pdf(signed)
    assert report.sound
    assert "DEMONSTRATION" in report.signer


def test_a_signature_breaks_with_one_changed_byte():
    signing.ensure_signing_key()
    signed = bytearray(signing.sign_pdf(rendering.render_licence(LICENCE)))
    signed[len(signed) // 3] ^= 1
    assert not signing.verify_pdf(bytes(signed)).sound


def test_what_follows_a_signature_is_noticed():
    signing.ensure_signing_key()
    signed = signing.sign_pdf(rendering.render_licence(LICENCE))
    assert not signing.verify_pdf(signed + b"\n% more\n").sound


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x00" * 100, b"%PDF-1.7\nxref\n0 1\ntrailer<</Root 9 0 R>>\n"])
def test_damaged_input_counts_as_unsigned(data):
    signing.ensure_signing_key()
    assert not signing.verify_pdf(data).signed


def test_an_unsigned_paper_is_unsigned_and_a_strangers_is_not_trusted(settings, tmp_path):
    signing.ensure_signing_key()
    paper = rendering.render_licence(LICENCE)
    assert not signing.verify_pdf(paper).signed
    theirs = signing.sign_pdf(paper)
    settings.VAR = tmp_path / "other"
    keys.forget_keys()
    keys.ensure_master_key()
    signing.ensure_signing_key()
    report = signing.verify_pdf(theirs)
    assert (report.signed, report.trusted, report.sound) == (True, False, False)


def test_the_key_lies_closed_and_private():
    place = signing.ensure_signing_key()
    assert (place / "paper-signer.key").read_text().startswith("v1:")
    assert all(path.stat().st_mode & 0o077 == 0 for path in place.iterdir() if path.is_file())
