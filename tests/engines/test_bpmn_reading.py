"""Reading is safe and keeps everything."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engines.bpmn_drawing import chain, document, node, task
from zhengtong.engines.bpmn import BpmnError, check, read, write
from zhengtong.engines.bpmn.compilation.reading import MAX_BYTES
from zhengtong.engines.bpmn.texts import TEXTS

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SMALL = document(node("startEvent", "s"), task("a"), node("endEvent", "e"), chain("s", "a", "e"))

BOMB = "".join(f'<!ENTITY b{n + 1} "{f"&b{n};" * 10}">' for n in range(9))
HOSTILE = {
    "billion laughs": (f'<!DOCTYPE d [<!ENTITY b0 "x">{BOMB}]><definitions xmlns="{BPMN}">&b9;</definitions>').encode(),
    "bomb in attribute": (f'<!DOCTYPE d [<!ENTITY b0 "x">{BOMB}]><definitions xmlns="{BPMN}" name="&b9;"/>').encode(),
    "external entity": (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions xmlns="{BPMN}">&x;</definitions>'
    ).encode(),
    "external subset": f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><definitions xmlns="{BPMN}"/>'.encode(),
    "doctype after comment": f'<?xml version="1.0"?><!-- a --><!DOCTYPE d []><definitions xmlns="{BPMN}"/>'.encode(),
    "doctype in UTF-16": f'<!DOCTYPE d [<!ENTITY x "y">]><definitions xmlns="{BPMN}">&x;</definitions>'.encode(
        "utf-16"
    ),
    "parameter entities": b"<!DOCTYPE d [<!ENTITY % a \"<!ENTITY b 'c'>\">%a;]><definitions/>",
}
DAMAGED = {
    "empty": b"",
    "blank": b"   ",
    "binary": bytes(range(256)),
    "cut": SMALL[: len(SMALL) // 2],
    "two roots": SMALL + SMALL,
    "unknown entity": f'<definitions xmlns="{BPMN}">&nbsp;</definitions>'.encode(),
    "unknown prefix": f'<definitions xmlns="{BPMN}"><x:y/></definitions>'.encode(),
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><definitions/>',
    "wrong encoding": b'<?xml version="1.0" encoding="UTF-8"?><definitions name="\xff\xfe"/>',
    "nul": SMALL.replace(b"process", b"pro\0cess"),
    "json": b'{"definitions": []}',
    "zip": b"PK\x03\x04" + bytes(500),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_type_is_never_read(name: str) -> None:
    with pytest.raises(BpmnError) as caught:
        read(HOSTILE[name])
    assert caught.value.code == "bpmn.doctype"
    assert caught.value.position == "line 1"


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_a_typed_error_with_a_line(name: str) -> None:
    with pytest.raises(BpmnError) as caught:
        read(DAMAGED[name])
    assert caught.value.code == "bpmn.not_xml"
    assert caught.value.position is not None
    assert caught.value.position.startswith("line ")


def test_the_line_is_the_line_of_the_fault() -> None:
    with pytest.raises(BpmnError) as caught:
        read(f'<definitions xmlns="{BPMN}">\n\n<process></proces>\n</definitions>'.encode())
    assert caught.value.position is not None
    assert caught.value.position.startswith("line 3,")


@pytest.mark.parametrize("root", ["<a/>", '<definitions xmlns="urn:x"/>', f'<process xmlns="{BPMN}"/>'])
def test_another_root_is_not_bpmn(root: str) -> None:
    with pytest.raises(BpmnError) as caught:
        read(root.encode())
    assert caught.value.code == "bpmn.not_bpmn"


def _wrapped(inside: str) -> bytes:
    return f'<definitions xmlns="{BPMN}">{inside}</definitions>'.encode()


TOO_MUCH = {
    "bytes": (b" " * (MAX_BYTES + 1), "bpmn.too_large"),
    "depth": (_wrapped("<subProcess>" * 150 + "</subProcess>" * 150), "bpmn.too_deep"),
    "great depth": (_wrapped("<a>" * 500_000), "bpmn.too_deep"),
    "attributes": (_wrapped("<a " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>"), "bpmn.too_many_attributes"),
    "elements": (_wrapped("<a/>" * 250_000), "bpmn.too_many"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_size_is_bounded(name: str) -> None:
    xml, code = TOO_MUCH[name]
    began = time.process_time()
    with pytest.raises(BpmnError) as caught:
        read(xml)
    assert caught.value.code == code
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "inside",
    [
        "<process>" + ("<userTask " + " ".join(f'a{n}="1"' for n in range(499)) + "/>") * 100 + "</process>",
        "<process " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000)) + "/>",
        f'<process id="p" name="{"x" * 5_000_000}"/>',
        f"<process id='p'>{'<!-- x -->' * 200_000}</process>",
    ],
    ids=["attributes", "namespaces", "long value", "comments"],
)
def test_wide_documents_do_not_hang(inside: str) -> None:
    began = time.process_time()
    report = check(_wrapped(inside))
    assert not report["executable"]
    assert time.process_time() - began < 10


def canonical(xml: bytes) -> bytes:
    tree = etree.ElementTree(etree.fromstring(xml))
    return bytes(etree.tostring(tree, method="c14n2", with_comments=True))


def test_everything_is_kept() -> None:
    xml = (
        '<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>\n<!-- before --><?tool go?>'
        f'<b:definitions xmlns:b="{BPMN}" xmlns:v="urn:vendor" v:mark="\xe9">\n<!-- inside -->'
        '<b:process id="p"><b:extensionElements><v:form deep="1"><![CDATA[<!DOCTYPE html>]]></v:form>'
        '</b:extensionElements><v:unknown xmlns:w="urn:w" w:z=" a  b "/></b:process></b:definitions><!-- after -->'
    ).encode("latin-1")
    again = write(read(xml))
    assert canonical(again) == canonical(xml)
    for part in (b"<!-- before -->", b"<?tool go?>", b"<!-- after -->", b"ISO-8859-1", b"standalone='no'"):
        assert part in again
    assert write(read(again)) == again


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_our_users_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><definitions xmlns="{BPMN}" name="受理"/>'
    assert read(text.encode(encoding)).tree.getroot().get("name") == "受理"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.binary(max_size=12))
def test_mangled_documents_give_reports_not_crashes(at: int, cut: int, junk: bytes) -> None:
    report = check(SMALL[:at] + junk + SMALL[at + cut :])
    assert set(report) == {"importable", "executable", "processes", "findings"}
    if not report["executable"]:
        assert report["findings"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(junk: bytes) -> None:
    assert check(junk)["importable"] is False


def test_every_sentence_exists_in_both_languages() -> None:
    for code, sentences in TEXTS.items():
        assert set(sentences) == {"zh-hans", "en"}, code
        assert all(sentences.values()), code
        places = [sorted(_places(sentence)) for sentence in sentences.values()]
        assert [name.removesuffix("_zh") for name in places[0]] == [name.removesuffix("_en") for name in places[1]]


def _places(sentence: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
