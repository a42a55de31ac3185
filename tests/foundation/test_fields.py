"""Sealed columns and the keys behind them: closed in the database, plain in Python, bound to their place."""

import base64
import copy
import json
import pickle
import stat

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.foundation.core import keys
from zhengtong.foundation.core.fields import SealedJSON, SealedText, blind_index
from zhengtong.foundation.core.statements import Load

ONE, TWO = "1:" + "01" * 32, "2:" + "02" * 32
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.fixture(autouse=True)
def _fresh_keys():
    keys.forget_keys()
    yield
    keys.forget_keys()


@pytest.fixture
def sealed_table(db):
    with isolate_apps("zhengtong.foundation.core"):

        class Sealed(models.Model):
            text = SealedText(null=True)
            document = SealedJSON(null=True)

            class Meta:
                app_label = "core"

        with connection.schema_editor() as editor:
            editor.create_model(Sealed)
        yield Sealed
        with connection.schema_editor() as editor:
            editor.delete_model(Sealed)


def stored(model, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
class TestColumns:
    def test_plain_in_python_closed_in_the_database(self, sealed_table):
        sealed_table.objects.create(text="110108199003070024", document={"电话": "13812345678", "n": [1, None]})
        row = sealed_table.objects.get()
        assert (row.text, row.document) == ("110108199003070024", {"电话": "13812345678", "n": [1, None]})
        for column in ("text", "document"):
            (held,) = stored(sealed_table, column)
            assert held.startswith("v1:")
            assert b"1381234" not in base64.b64decode(held[3:])

    @pytest.mark.parametrize(("text", "document"), [(None, None), ("", {}), ("", []), ("\0张", 0)])
    def test_nothing_and_empty(self, sealed_table, text, document):
        sealed_table.objects.create(text=text, document=document)
        row = sealed_table.objects.get()
        assert (row.text, row.document) == (text, document)
        assert (stored(sealed_table, "text") == [None]) is (text is None)

    @pytest.mark.parametrize("document", [None, {}, [], 0, {"电话": "13812345678", "n": [1, None]}])
    def test_closed_before_the_write_is_stored_as_it_was_closed(self, sealed_table, document):
        closed = sealed_table._meta.get_field("document").closed(document)
        sealed_table.objects.create(document=closed)
        assert stored(sealed_table, "document") == [closed.text]
        assert sealed_table.objects.get().document == document

    def test_equal_values_look_different(self, sealed_table):
        for _ in range(2):
            sealed_table.objects.create(text="same")
        assert len(set(stored(sealed_table, "text"))) == 2

    def test_a_value_moved_to_another_column_does_not_open(self, sealed_table):
        sealed_table.objects.create(text="x", document="y")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {sealed_table._meta.db_table} SET document = text")
        with pytest.raises(keys.CannotOpen):
            sealed_table.objects.get()

    def test_a_row_read_by_a_fixed_statement_is_opened_where_it_is_asked_for(self, sealed_table, monkeypatch):
        opened = []

        def counting(purpose, *given, **named):
            opened.append(purpose.rpartition(".")[2])
            return keys.unseal(purpose, *given, **named)

        monkeypatch.setattr("zhengtong.foundation.core.fields.unseal", counting)
        made = sealed_table.objects.create(text="110108199003070024", document={"n": [1, None]})
        row = Load(sealed_table, where=("id",)).one((made.id,))
        assert (row.id, opened) == (made.id, [])
        assert (row.document, row.document, row.text) == ({"n": [1, None]}, {"n": [1, None]}, "110108199003070024")
        assert opened == ["document", "text"]
        row.document["n"].append(2)
        row.save()
        assert sealed_table.objects.get().document == {"n": [1, None, 2]}

    def test_what_was_not_opened_stays_as_it_was(self, sealed_table):
        made = sealed_table.objects.create(text="x", document=None)
        before = stored(sealed_table, "text")
        row = Load(sealed_table, where=("id",)).one((made.id,))
        assert row.document is None
        row.document = ["later"]
        row.save()
        assert (stored(sealed_table, "text"), row.text) == (before, "x")
        assert sealed_table.objects.get().document == ["later"]

    def test_what_does_not_open_says_so_where_it_is_asked_for(self, sealed_table):
        made = sealed_table.objects.create(text="x", document="y")
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {sealed_table._meta.db_table} SET document = text")
        row = Load(sealed_table, where=("id",)).one((made.id,))
        for _ in range(2):
            with pytest.raises(keys.CannotOpen):
                _ = row.document

    def test_updates_are_sealed(self, sealed_table):
        sealed_table.objects.create(text="x")
        sealed_table.objects.update(text="later")
        assert stored(sealed_table, "text")[0].startswith("v1:")
        assert sealed_table.objects.get().text == "later"

    def test_searching_a_sealed_column_is_refused(self, sealed_table):
        for lookup in ("text", "text__in", "text__contains"):
            with pytest.raises(FieldError, match="blind_index"):
                sealed_table.objects.filter(**{lookup: "x"}).exists()
        assert not sealed_table.objects.filter(text__isnull=True).exists()


@given(st.text() | st.just(""), json_values)
def test_round_trip(text, document):
    name, fields = "table.column", (SealedText(bound_to="table.column"), SealedJSON(bound_to="table.column"))
    for field, value in zip(fields, (text, document), strict=True):
        closed = field.get_prep_value(value)
        assert field.from_db_value(closed, None, None) == value
        assert field.binding == name


def test_bound_to_is_kept_by_migrations():
    assert SealedText(bound_to="a.b").deconstruct()[3] == {"bound_to": "a.b"}
    assert SealedText().deconstruct()[3] == {}


def test_rotation_in_the_environment(monkeypatch):
    monkeypatch.setenv(keys.ENVIRONMENT, ONE)
    old, index = keys.seal("p", b"secret"), blind_index("x", "p")
    monkeypatch.setenv(keys.ENVIRONMENT, f"{ONE},{TWO}")
    keys.forget_keys()
    new = keys.seal("p", b"secret")
    assert (old[:3], new[:3]) == ("v1:", "v2:")
    assert keys.unseal("p", old) == keys.unseal("p", new) == b"secret"
    assert blind_index("x", "p") == index
    monkeypatch.setenv(keys.ENVIRONMENT, TWO)
    keys.forget_keys()
    with pytest.raises(keys.CannotOpen, match="version 1"):
        keys.unseal("p", old)


def test_master_key_file(monkeypatch, settings, tmp_path):
    monkeypatch.delenv(keys.ENVIRONMENT)
    settings.VAR = tmp_path
    with pytest.raises(ImproperlyConfigured, match="zhengtong setup"):
        keys.keyring()
    path = keys.ensure_master_key()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    closed = keys.seal("p", b"secret")
    assert keys.ensure_master_key() == path
    assert path.read_bytes() == before
    assert keys.rotate_master_key() == 2
    assert keys.seal("p", b"x").startswith("v2:")
    assert keys.unseal("p", closed) == b"secret"
    assert [entry.name for entry in path.parent.iterdir()] == ["master.json"]
    path.chmod(0o644)
    keys.forget_keys()
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        keys.keyring()


def test_another_process_rotated(monkeypatch, settings, tmp_path):
    monkeypatch.delenv(keys.ENVIRONMENT)
    settings.VAR = tmp_path
    keys.ensure_master_key()
    mine = keys.keyring()
    keys.rotate_master_key()
    closed = keys.seal("p", b"theirs")
    keys._ring = mine
    assert keys.unseal("p", closed) == b"theirs"


@pytest.mark.parametrize("text", ["", "1:00", "x", "zz:" + "00" * 32, "0:" + "00" * 32, "1:0011"])
def test_a_bad_environment_says_so(monkeypatch, text):
    monkeypatch.setenv(keys.ENVIRONMENT, text or ",")
    with pytest.raises(ImproperlyConfigured):
        keys.keyring()


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"format": "other"}', json.dumps({"format": keys.FORMAT, "versions": []})]
)
def test_a_bad_file_says_so(monkeypatch, settings, tmp_path, content):
    monkeypatch.delenv(keys.ENVIRONMENT)
    settings.VAR = tmp_path
    path = keys.master_key_path()
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ImproperlyConfigured):
        keys.keyring()


@pytest.mark.parametrize(
    "text", ["", "plain", "v1", "v1:", "v1:!!!", "v1:AAAA", "vx:AAAA", "v99999999999:AAAA", "v9:AAAA", "v٣:AAAA"]
)
def test_what_is_not_sealed_does_not_open(text):
    with pytest.raises(keys.CannotOpen):
        keys.unseal("p", text)


def test_purposes_do_not_open_one_another():
    closed = keys.seal("one", b"x", aad=b"a")
    for purpose, aad in (("two", b"a"), ("one", b"b")):
        with pytest.raises(keys.CannotOpen):
            keys.unseal(purpose, closed, aad=aad)


def test_keys_do_not_show_themselves():
    ring = keys.keyring()
    assert "5a" not in repr(ring)
    for leak in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            leak(ring)


def test_blind_index():
    assert blind_index("１１０", "id") == blind_index(" 110 ", "id") != blind_index("110", "phone")
    assert blind_index("", "id") == ""
    assert len(blind_index("110", "id")) == 64
