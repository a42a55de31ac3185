"""Stored files: what is refused, what lies on disk, what comes back."""

import datetime as dt
import io
import os
import subprocess
import sys
import zipfile

import pytest

from factories.clamd import clamd
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock, keys
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from zhengtong.foundation.files import choices, content, providers, services, storage, tasks
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.files.models import StoredFile
from zhengtong.foundation.policy import Actor

PDF = b"%PDF-1.7\n" + b"x" * 200_000
ZHANG = Actor(account_id=1, person_id=11, kind="citizen", name="张三")
LI = Actor(account_id=2, person_id=12, kind="citizen", name="李四")
COMPANY = Actor(account_id=3, person_id=13, kind="citizen", on_behalf_of="org:7")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    settings.ZT_FILES = tmp_path / "files"
    keys.forget_keys()
    keys.ensure_master_key()
    yield
    keys.forget_keys()


def stored(data=PDF, name="平面图.pdf", **more):
    given = {"by": ZHANG, "purpose": "case_material", "sensitive": True} | more
    return services.store(name=name, stream=io.BytesIO(data), **given)


def archive(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for member in members:
            made.writestr(member, b"<xml/>")
    return out.getvalue()


@pytest.mark.django_db
def test_what_goes_in_comes_out_with_its_digest():
    made = stored()
    assert made.digest == sm3(PDF).hex()
    assert (made.size, made.media_type, made.scan_state) == (len(PDF), choices.PDF, "not_scanned")
    found, opened = services.open_file(by=ZHANG, token=made.token)
    assert opened.read() == PDF
    assert found.name == "平面图.pdf"


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 65_536, 65_537, 131_072, 200_000])
def test_sensitive_contents_lie_closed_at_every_size(size):
    data = (b"%PDF-" + b"secret" * 40_000)[:size] if size > 5 else b"x"
    name, accept = ("a.pdf", choices.PAPERS) if size > 5 else ("a.txt", frozenset({choices.TEXT}))
    made = stored(data, name, accept=accept)
    lying = storage.path_of(made.token).read_bytes()
    assert b"secret" not in lying
    assert made.key_version == 1
    assert services.open_content(made).read() == data


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "reads"), [(0, 0), (1, 1), (20, 1), (45, 3)])
def test_however_many_files_are_asked_for_few_questions_find_them(number, reads, django_assert_num_queries):
    small = b"%PDF-1.7\n"
    own = {made.token: made.id for made in (stored(small) for _ in range(number))}
    others = stored(small, by=LI).token
    asked = [*own, *own]
    with django_assert_num_queries(reads):
        found = files.ask_file_ids(ZHANG, asked)()
    assert found == own
    assert files.ask_file_ids(ZHANG, [others, "absent"])() == {}
    assert files.ask_file_ids(Actor(kind="system"), [others])().keys() == {others}


@pytest.mark.django_db
def test_plain_contents_lie_plain():
    made = stored(sensitive=False)
    assert made.key_version is None
    assert storage.path_of(made.token).read_bytes() == PDF


@pytest.mark.django_db
@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: 16 + 65_552],
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: raw[:16] + raw[16 + 65_552 : 16 + 2 * 65_552] + raw[16 : 16 + 65_552] + raw[16 + 2 * 65_552 :],
        lambda raw: b"",
    ],
    ids=["cut a byte", "cut at a chunk", "one bit", "two chunks swapped", "emptied"],
)
def test_an_altered_content_is_not_handed_out(harm):
    made = stored()
    path = storage.path_of(made.token)
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(Conflict) as refused:
        services.open_content(made)
    assert refused.value.code == "files.altered"


@pytest.mark.django_db
def test_a_plain_content_is_proved_by_its_digest():
    made = stored(sensitive=False)
    storage.path_of(made.token).write_bytes(PDF + b"!")
    with pytest.raises(Conflict):
        services.open_content(made)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "code", "found"),
    [
        ("合同.pdf", b"MZ\x90\x00" + b"\0" * 100, "files.wrong_type", "程序"),
        ("照片.jpg", b"%PDF-1.4 ", "files.wrong_type", "PDF"),
        ("说明.docx", archive("a.txt"), "files.wrong_type", "ZIP"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "files.wrong_type", "SVG"),
        ("宏.docx", archive("word/document.xml", "word/vbaProject.bin"), "files.wrong_type", ""),
        ("程序.exe", b"MZ", "files.ending", ""),
        ("没有后缀", PDF, "files.ending", ""),
        ("空.pdf", b"", "files.empty", ""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, data, code, found):
    with pytest.raises(Invalid) as refused:
        stored(data, name)
    assert refused.value.code == code
    assert refused.value.errors[0][0] == "file"
    assert not StoredFile.objects.exists()
    assert not [path for path in storage.folder().rglob("*") if path.is_file()]
    if found in ("PDF", "ZIP", "SVG"):
        assert found in str(refused.value.message)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", choices.JPEG),
        (b"\x89PNG\r\n\x1a\n", choices.PNG),
        (b"RIFF\0\0\0\0WEBP", choices.WEBP),
        (archive("word/document.xml"), choices.DOCX),
        (archive("OFD.xml"), choices.OFD),
        (b"PK\x03\x04broken", content.UNKNOWN),
        ("政务".encode(), choices.TEXT),
        ("政务".encode("gb18030"), choices.TEXT),
        (b"\x00\x01\x02", content.UNKNOWN),
        (b"\x7fELF", "application/x-executable"),
        (b"<!DOCTYPE html>", "text/html"),
    ],
)
def test_content_tells_its_type(data, media_type):
    assert content.sniff(io.BytesIO(data)) == media_type


@pytest.mark.django_db
def test_a_file_past_the_limit_is_refused_while_it_arrives():
    with pytest.raises(TooLarge) as refused:
        stored(limit=1000)
    assert refused.value.details["limit"] == 1000


@pytest.mark.django_db
def test_nobody_sees_another_ones_file():
    mine, firms = stored(), stored(by=COMPANY, organisation_id=7)
    with pytest.raises(NotFound):
        services.open_file(by=LI, token=mine.token)
    with pytest.raises(NotFound):
        services.open_file(by=ZHANG, token=firms.token)
    partner = Actor(account_id=4, person_id=14, kind="citizen", on_behalf_of="org:7")
    assert services.open_file(by=partner, token=firms.token)[0] == firms


@pytest.mark.django_db
def test_a_row_that_does_not_commit_leaves_no_content(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(services, "write", refuse)
    with pytest.raises(RuntimeError):
        stored()
    assert not [path for path in storage.folder().rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_the_sweep_takes_old_orphans_and_nothing_else():
    kept = stored()
    orphan, young, aside = storage.path_of("abOrphan"), storage.path_of("abYoung"), storage.aside_folder() / "half"
    for path in (orphan, young, aside):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    old = (clock.now() - dt.timedelta(days=2)).timestamp()
    for path in (orphan, aside, storage.path_of(kept.token)):
        os.utime(path, (old, old))
    assert tasks.sweep_orphans() == 2
    assert not orphan.exists()
    assert not aside.exists()
    assert young.exists()
    assert services.open_content(kept).read() == PDF


def lay_down(token, *, days=2):
    """A content without a row, as old as that."""
    path = storage.path_of(token)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nobody's")
    old = (clock.now() - dt.timedelta(days=days)).timestamp()
    os.utime(path, (old, old))
    return path


@pytest.mark.django_db
def test_the_sweep_goes_through_everything_in_bounded_slices(django_assert_max_num_queries):
    """Each round looks at so many files and no more, goes on where the last one ended, and begins anew at the end."""
    orphans = [lay_down(f"{folder}{number:020}") for folder in ("aa", "bb", "cc", "dd") for number in range(5)]
    left = []
    for _round in range(4):
        with django_assert_max_num_queries(1):
            assert tasks.sweep_orphans(at_most=5) == 5
        left.append(sorted({path.parent.name for path in orphans if path.exists()}))
    assert left == [["bb", "cc", "dd"], ["cc", "dd"], ["dd"], []]
    behind = lay_down("aa" + "z" * 20)
    assert tasks.sweep_orphans(at_most=5) == 0, "the end is met"
    assert tasks.sweep_orphans(at_most=5) == 1
    assert not behind.exists()


@pytest.mark.django_db
def test_a_sweep_that_never_ended_begins_anew(monkeypatch):
    orphan = lay_down("aa" + "0" * 20)
    monkeypatch.setattr(tasks, "_remove", lambda _paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.sweep_orphans()
    monkeypatch.undo()
    assert tasks.sweep_orphans() == 1
    assert not orphan.exists()


@pytest.mark.django_db
def test_a_content_whose_row_says_destroyed_goes_with_the_sweep():
    made = stored()
    StoredFile.objects.filter(id=made.id).update(destroyed_at=clock.now())  # the server died before it removed it
    old = (clock.now() - dt.timedelta(days=2)).timestamp()
    os.utime(storage.path_of(made.token), (old, old))
    assert tasks.sweep_orphans() == 1
    assert StoredFile.objects.get().digest == sm3(PDF).hex()


@pytest.mark.django_db
def test_a_destroyed_content_is_gone_and_its_proof_stays():
    made = stored()
    services.destroy(by=ZHANG, stored=made)
    with pytest.raises(NotFound) as refused:
        services.open_content(made)
    assert refused.value.code == "files.destroyed"
    assert StoredFile.objects.get().digest == sm3(PDF).hex()


class FindsEicar:
    name = "test"

    def scan(self, stream):
        threat = "Eicar-Test" if b"EICAR" in stream.read() else ""
        return providers.Finding(scanned=True, threat=threat)


@pytest.mark.django_db
def test_a_scanner_is_asked(monkeypatch):
    monkeypatch.setattr(services, "scanner", FindsEicar)
    assert stored().scan_state == "clean"
    with pytest.raises(Invalid) as refused:
        stored(b"%PDF-EICAR")
    assert refused.value.code == "files.infected"


class TestClamd:
    def test_it_is_sent_the_whole_content_in_pieces(self, settings):
        content = b"x" * 150_000
        with clamd(settings, b"stream: OK\0") as came:
            assert providers.ClamdScanner().scan(io.BytesIO(content)) == providers.Finding(scanned=True)
        assert came[0] == b"zINSTREAM\0"
        assert b"".join(came[1:]) == content
        assert [len(piece) for piece in came[1:]] == [65_536, 65_536, 18_928]

    def test_what_it_finds_is_named(self, settings):
        with clamd(settings, b"stream: Win.Test.EICAR_HDB-1 FOUND\0"):
            found = providers.ClamdScanner().scan(io.BytesIO(b"EICAR"))
        assert found == providers.Finding(scanned=True, threat="Win.Test.EICAR_HDB-1")

    @pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
    def test_what_it_could_not_look_at_is_not_let_through(self, settings, answer):
        with clamd(settings, answer), pytest.raises(Unavailable):
            providers.ClamdScanner().scan(io.BytesIO(b"x"))

    @pytest.mark.parametrize("address", ["127.0.0.1:1", "", "localhost", "host:port"])
    def test_where_nobody_answers_nothing_is_let_through(self, settings, address):
        settings.ZT_CLAMD = address
        for ask in (lambda: providers.ClamdScanner().scan(io.BytesIO(b"x")), providers.ClamdScanner().reach):
            with pytest.raises(Unavailable):
                ask()

    @pytest.mark.parametrize(("named", "kind"), [("127.0.0.1:3310", "ClamdScanner"), ("", "NoScanner")])
    def test_the_environment_names_it(self, named, kind):
        told = subprocess.run(
            [sys.executable, "-c", "from zhengtong.config import settings as s; print(s.ZT_FILE_SCANNER, s.ZT_CLAMD)"],
            env={**os.environ, "ZHENGTONG_CLAMD": named}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert told.split() == [f"zhengtong.foundation.files.providers.{kind}", *([named] if named else [])]


@pytest.mark.django_db
def test_a_browser_cannot_take_a_file_for_a_page():
    answer = services.sent(stored(), inline=True)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")
    assert "%E5%B9%B3" in answer["Content-Disposition"]
    text = stored("政务".encode(), "a.txt", accept=frozenset({choices.TEXT}))
    assert services.sent(text, inline=True)["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PDF


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\扫描\\图.pdf", "图.pdf"),
        ("gpj.\u202epdf", "gpj.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("\x00..", "file"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert services.clean_name(given) == kept
