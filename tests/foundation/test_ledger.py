"""The ledger: what is recorded is sealed, provable and private; what is tampered with shows."""

import datetime as dt
import json
import time
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy

from zhengtong.engines.merkle import check_consistency
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotAllowed, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import events, queries, services
from zhengtong.foundation.ledger.models import Event, LogState, Payload, SubjectKey, Tile, TreeHead
from zhengtong.foundation.policy import SYSTEM, Actor

pytestmark = pytest.mark.django_db

CASE = ("case", 41)
PHONE = "13812345678"
CLERK = Actor(account_id=7, kind="staff", name="李雷", organisation_id=3, post_id=9)
AGENT = Actor(account_id=8, kind="citizen", name="韩梅梅", on_behalf_of="org:5")


def happen(number=1, subject=CASE, by=CLERK, **more):
    return [
        services.record(by=by, type="case.accepted", subject=subject, payload={"编号": n, "phone": PHONE}, **more)
        for n in range(number)
    ]


class TestRecording:
    def test_the_envelope_shows_nothing_private(self):
        (event_id,) = happen(by=AGENT)
        row = Event.objects.select_related("payload").get(id=event_id)
        told = json.loads(bytes(row.envelope))
        names = "schema type subject actor recorded_at effective_at effective_reason imported commitment"
        assert set(told) == set(names.split())
        assert told["actor"].keys() == {"account", "kind", "on_behalf_of"}
        assert told["subject"] == {"kind": "case", "token": events.token("case", 41)}
        everything = bytes(row.envelope) + bytes(row.payload.closed)
        for secret in (PHONE, "韩梅梅", "编号"):
            assert secret.encode() not in everything

    def test_tokens_are_stable_and_tell_nothing(self):
        tokens = {events.token(kind, number) for kind in ("case", "account") for number in range(50)}
        assert len(tokens) == 100
        assert {len(token) for token in tokens} == {32}

    def test_canonical_bytes(self):
        value = {"b": [1, True, None], "a": '政\n"', "ü": {"y": 1, "x": "\x1f"}}
        assert events.canonical(value) == '{"a":"政\\n\\"","b":[1,true,null],"ü":{"x":"\\u001f","y":1}}'.encode()

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (dt.datetime(2026, 3, 2, 9, 30, tzinfo=clock.LOCAL_ZONE), '"2026-03-02T01:30:00.000000Z"'),
            (dt.date(2026, 3, 2), '"2026-03-02"'),
            (Decimal("1E+3"), '"1000"'),
            (gettext_lazy("x"), '"x"'),
            ({"b", "a"}, '["a","b"]'),
            (0.5, "0.5"),
        ],
    )
    def test_what_a_payload_may_hold(self, value, text):
        assert events.canonical(value) == text.encode()

    @pytest.mark.parametrize("value", [object(), b"bytes", float("nan"), float("inf")])
    def test_what_it_may_not(self, value):
        with pytest.raises((TypeError, ValueError)):
            services.record(by=CLERK, type="t", subject=CASE, payload={"x": value})
        assert not Event.objects.exists()

    def test_an_effective_time_needs_its_reason(self):
        past = clock.now() - dt.timedelta(days=3)
        with pytest.raises(ValueError, match="reason"):
            happen(effective_at=past)
        happen(effective_at=past, reason="窗口收件后补录")
        happen(effective_at=past, imported=True)
        assert {row.effective_at for row in Event.objects.all()} == {past}
        assert queries.verify_log().valid

    def test_reasons(self):
        """What people type is hidden whole; only the reason of another time is shown, and no more than fits."""
        happen(reason="本人申请" * 100)
        happen(reason="补录" * 150, effective_at=clock.now() - dt.timedelta(days=1))
        late, plain = queries.timeline(CASE)
        assert (plain.reason, late.reason) == ("本人申请" * 100, "补录" * 150)
        shown = [json.loads(bytes(row.envelope))["effective_reason"] for row in Event.objects.order_by("id")]
        assert shown[0] == ""
        assert (len(shown[1]), shown[1][-1]) == (200, "…")
        assert queries.verify_log().valid

    def test_it_belongs_to_the_act(self):
        def act():
            happen()
            raise NotAllowed("no", "no")

        with pytest.raises(NotAllowed):
            write(act)
        assert not Event.objects.exists()
        assert not SubjectKey.objects.exists()

    def test_refusals_outlive_the_rollback(self):
        def act():
            happen()
            services.record_refusal(by=CLERK, type="case.decide", subject=CASE, reason="cases.own_case")
            raise NotAllowed("cases.own_case", "no")

        with pytest.raises(NotAllowed):
            write(act)
        (entry,) = queries.timeline(CASE)
        assert (entry.type, entry.payload) == ("case.decide.refused", {"code": "cases.own_case"})

    def test_timeline(self, django_assert_num_queries):
        ids = happen(3)
        happen(2, subject=("case", 42))
        with django_assert_num_queries(1):
            entries = queries.timeline(CASE)
        assert [entry.event_id for entry in entries] == ids[::-1]
        assert [entry.payload["编号"] for entry in entries] == [2, 1, 0]
        assert entries[0].actor_name == "李雷"
        assert [entry.event_id for entry in queries.timeline(CASE, before=ids[1])] == ids[:1]

    def test_cost_in_queries(self, django_assert_num_queries):
        happen()
        write(lambda: None)
        with django_assert_num_queries(5):  # savepoint, key, event, payload, release
            happen()


class TestSealing:
    def test_gap_free_in_order(self):
        ids = happen(5)
        assert services.seal_pending(3) == services.Sealed(3, 0, 3)
        assert services.seal_all() == services.Sealed(2, 0, 5)
        assert services.seal_pending() == services.Sealed(0, 0, 5)
        assert dict(Event.objects.values_list("id", "leaf_index")) == dict(zip(ids, range(5), strict=True))
        assert TreeHead.objects.count() == 2

    def test_a_late_commit_takes_the_next_place(self):
        late, early = happen(2)
        held = Event.objects.filter(id=late)
        held.update(held=True)
        services.seal_all()
        held.update(held=False)
        services.seal_all()
        assert (Event.objects.get(id=early).leaf_index, Event.objects.get(id=late).leaf_index) == (0, 1)
        assert queries.verify_log().valid

    @pytest.mark.parametrize("sizes", [[1], [255, 1, 1], [256], [700], [300, 300, 7]])
    def test_every_receipt_holds_whatever_the_tiles(self, sizes):
        ids = []
        for size in sizes:
            ids += happen(size)
            services.seal_all()
        for event_id in {ids[0], ids[-1], ids[len(ids) // 2], ids[-7:][0]}:
            assert queries.verify_receipt(queries.receipt(event_id)).valid
        for first in {1, sizes[0], len(ids) - 1 or 1, len(ids)}:
            proof = queries.consistency(first)
            second = json.loads(proof["head"])
            path = [bytes.fromhex(item) for item in proof["proof"]]
            heads = {head.size: bytes(head.root) for head in TreeHead.objects.all()}
            if first in heads:
                check_consistency(first, second["size"], heads[first], bytes.fromhex(second["root"]), path)
        assert queries.verify_log().valid

    def test_rows_written_past_the_house_are_held_back(self):
        happen(2)
        row = Event.objects.order_by("-id").first()
        Payload.objects.filter(event_id=row.id).delete()
        Event.objects.filter(id=row.id).update(envelope=bytes(row.envelope).replace(b"accepted", b"refused!"))
        assert services.seal_pending() == services.Sealed(1, 1, 1)
        assert services.seal_pending() == services.Sealed(0, 0, 1)
        assert {fault.code for fault in queries.verify_log().faults} >= {"forged"}
        assert queries.held_back() == 1


class TestReceipts:
    def test_a_receipt_taken_home(self):
        (event_id,) = happen()
        with pytest.raises(queries.NotYetSealed):
            queries.receipt(event_id)
        services.seal_all()
        early = json.loads(json.dumps(queries.receipt(event_id, with_content=True)))
        happen(40)
        services.seal_all()
        late = queries.receipt(event_id)
        for receipt in (early, late):
            assert queries.verify_receipt(receipt).valid
        assert queries.verify_receipt(early).content_checked
        assert not queries.verify_receipt(late).content_checked
        first, second = json.loads(early["head"]), json.loads(late["head"])
        proof = queries.consistency(first["size"])["proof"]
        check_consistency(
            first["size"], second["size"], *(bytes.fromhex(head["root"]) for head in (first, second)),
            [bytes.fromhex(item) for item in proof],
        )  # fmt: skip

    def test_no_event_no_receipt(self):
        with pytest.raises(NotFound):
            queries.receipt(5)
        with pytest.raises(NotFound):
            queries.consistency(1)
        assert queries.latest_head() is None

    def test_keys_turn_and_old_receipts_hold(self):
        (event_id,) = happen()
        services.seal_all()
        early = queries.receipt(event_id)
        assert services.rotate_signing_key(by=SYSTEM) == 2
        happen()
        services.seal_all()
        late = queries.receipt(event_id)
        assert early["public_key"] != late["public_key"]
        assert queries.public_keys() == (early["public_key"], late["public_key"])
        assert queries.verify_receipt(early).valid
        assert queries.verify_receipt(late).valid
        assert queries.verify_log().valid

    def test_queries_do_not_grow(self, django_assert_max_num_queries):
        ids = happen(600)
        services.seal_all()
        with django_assert_max_num_queries(7):
            queries.receipt(ids[3])


class TestErasure:
    def test_content_goes_and_proof_stays(self):
        ids = happen(2)
        other = happen(1, subject=("case", 42))
        services.seal_all()
        before = queries.receipt(ids[0], with_content=True)
        assert services.destroy_content(by=SYSTEM, subject=CASE, reason="个人信息保护法第四十七条")
        services.seal_all()
        assert [entry.payload for entry in queries.timeline(CASE)][1:] == [None, None]
        assert queries.timeline(CASE)[0].type == events.KEY_DESTROYED
        assert queries.timeline(CASE)[1].actor_name == ""
        after = queries.receipt(ids[0], with_content=True)
        assert "content" not in after
        assert queries.verify_receipt(after).valid
        assert queries.verify_receipt(before).valid
        assert queries.verify_log().valid
        assert queries.timeline(("case", 42))[0].event_id == other[0]
        assert queries.timeline(("case", 42))[0].payload is not None

    def test_life_goes_on_under_a_new_key(self):
        happen()
        services.destroy_content(by=CLERK, subject=CASE, reason="r")
        happen()
        newest = queries.timeline(CASE)[0]
        assert newest.payload is not None
        assert SubjectKey.objects.count() == 2
        row = SubjectKey.objects.order_by("id").first()
        assert (row.wrapped, row.destroyed_by, row.destroyed_reason) == ("", 7, "r")

    def test_nothing_to_destroy(self):
        assert not services.destroy_content(by=SYSTEM, subject=CASE, reason="r")
        with pytest.raises(ValueError, match="reason"):
            services.destroy_content(by=SYSTEM, subject=CASE, reason="")


def change_byte():
    row = Event.objects.get(leaf_index=2)
    Event.objects.filter(id=row.id).update(envelope=bytes(row.envelope).replace(b"accepted", b"rejected"))


def delete_event():
    row = Event.objects.get(leaf_index=2)
    Payload.objects.filter(event_id=row.id).delete()
    Event.objects.filter(id=row.id).delete()


def delete_the_last():
    last = Event.objects.order_by("-leaf_index").first()
    Payload.objects.filter(event_id=last.id).delete()
    Event.objects.filter(id=last.id).delete()


def swap_places():
    first, second = Event.objects.filter(leaf_index__in=[1, 2]).order_by("leaf_index")
    Event.objects.filter(id=first.id).update(leaf_index=None)
    Event.objects.filter(id=second.id).update(leaf_index=1)
    Event.objects.filter(id=first.id).update(leaf_index=2)


def swap_contents():
    first, second = Payload.objects.order_by("event_id")[:2]
    Payload.objects.filter(event_id=first.event_id).update(closed=second.closed)


def delete_content():
    Payload.objects.filter(event__leaf_index=1).delete()


def change_a_column():
    Event.objects.filter(leaf_index=1).update(effective_at=clock.now() - dt.timedelta(days=30))


def change_the_actor():
    Event.objects.filter(leaf_index=1).update(actor_id=999)


def change_the_subject():
    Event.objects.filter(leaf_index=1).update(subject_id=999)


def change_a_tile():
    tile = Tile.objects.get(id=0)
    Tile.objects.filter(id=0).update(hashes=bytes([bytes(tile.hashes)[0] ^ 1]) + bytes(tile.hashes)[1:])


def forge_a_head():
    TreeHead.objects.filter(size=4).update(root=bytes(32))


def date_a_head_back():
    TreeHead.objects.filter(size=4).update(recorded_at=clock.now() - dt.timedelta(days=9))


def delete_the_newest_head():
    TreeHead.objects.order_by("-size").first().delete()


def shrink_the_state():
    LogState.objects.update(size=4)


TAMPERING = {
    change_byte: {"altered", "forged", "columns_differ"},
    delete_event: {"removed"},
    delete_the_last: {"removed"},
    swap_places: {"altered"},
    swap_contents: {"content_altered"},
    delete_content: {"content_removed"},
    change_a_column: {"columns_differ"},
    change_the_actor: {"columns_differ"},
    change_the_subject: {"columns_differ", "content_altered"},
    change_a_tile: {"altered"},
    forge_a_head: {"head_differs", "head_forged"},
    date_a_head_back: {"head_forged"},
    delete_the_newest_head: {"head_missing"},
    shrink_the_state: {"tree_differs"},
}


class TestTampering:
    @pytest.fixture
    def _log(self):
        happen(4)
        services.seal_all()
        happen(2)
        services.seal_all()
        assert queries.verify_log() == queries.LogVerdict(6, 6, 6, ())

    @pytest.mark.usefixtures("_log")
    @pytest.mark.parametrize("tamper", TAMPERING, ids=lambda act: act.__name__)
    def test_shows(self, tamper):
        tamper()
        found = {fault.code for fault in queries.verify_log().faults}
        assert found >= TAMPERING[tamper], found

    def test_an_event_dated_back_with_all_our_keys(self):
        """Whoever holds every key and appends an event with an old date is betrayed by the heads before it."""
        happen()
        services.seal_all()
        with clock.frozen(clock.now() - dt.timedelta(days=2)):
            happen()
        services.seal_all()
        assert {fault.code for fault in queries.verify_log().faults} == {"back_dated"}

    @pytest.mark.usefixtures("_log")
    def test_a_log_written_anew_with_all_our_keys(self):
        """Only a head kept outside shows it; a receipt is such a head."""
        kept = json.loads(queries.latest_head()["head"])
        for model in (TreeHead, Tile, LogState):
            model.objects.all().delete()
        delete_event()
        Event.objects.update(leaf_index=None, leaf_hash=None)
        services.seal_all()
        assert queries.verify_log().valid
        happen()
        services.seal_all()
        found = queries.verify_log(trusted_heads=[kept])
        assert {fault.code for fault in found.faults} == {"trusted_head_differs"}
        assert {fault.code for fault in queries.verify_log(trusted_heads=[{"size": 99, "root": ""}]).faults} == {
            "trusted_head_beyond"
        }

    def test_a_thousand_within_a_second(self):
        """security.md §10.3 test 6."""
        happen(1000)
        services.seal_all(1000)
        start = time.process_time()
        assert queries.verify_log(contents=False).events == 1000
        assert time.process_time() - start < 1


def test_secure_delete_is_on_after_erasure():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own pragma")
    happen()
    services.destroy_content(by=SYSTEM, subject=CASE, reason="r")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone()[0] == 1
