"""A receipt checked by somebody who has nothing but the receipt, in every way it can be broken."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.engines import merkle, seals
from zhengtong.engines.merkle import MerkleError, verify_receipt

PRIVATE, PUBLIC = seals.sm2_generate(bytes(range(40)))
SALT, CONTENT = bytes(16), '{"data":{"结果":"准予"}}'


def make(count=7, index=3):
    entry = json.dumps({"type": "x", "commitment": seals.sm3(SALT + CONTENT.encode()).hex()})
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(count)]
    leaves[index] = merkle.leaf_hash(entry.encode())
    head = json.dumps({"format": "zhengtong-head/1", "size": count, "root": merkle.root(leaves).hex()})
    nonce = seals.signing_nonce(seals.hmac_sm3, PRIVATE, head.encode(), bytes(40))
    return {
        "format": "zhengtong-receipt/1",
        "envelope": entry,
        "leaf_index": index,
        "inclusion": [item.hex() for item in merkle.inclusion_proof(index, count, merkle.reader(leaves))],
        "head": head,
        "signature": seals.sm2_sign(PRIVATE, head.encode(), nonce=nonce).hex(),
        "public_key": PUBLIC.hex(),
        "content": CONTENT,
        "salt": SALT.hex(),
    }


GOOD = make()
OTHER = seals.sm2_generate(bytes(range(1, 41)))[1].hex()


def codes(receipt, **how):
    return [fault.code for fault in verify_receipt(receipt, **how).faults]


def test_a_good_one():
    verdict = verify_receipt(GOOD, trusted_keys=[PUBLIC.hex().upper()])
    assert verdict.valid
    assert verdict.content_checked
    assert verdict.envelope["type"] == "x"
    assert verdict.head["size"] == 7
    without = {name: value for name, value in GOOD.items() if name not in ("content", "salt")}
    assert verify_receipt(without).valid
    assert not verify_receipt(without).content_checked


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"envelope": GOOD["envelope"].replace("x", "y")}, "merkle.root_differs"),
        ({"leaf_index": 2}, "merkle.root_differs"),
        ({"leaf_index": 7}, "merkle.index"),
        ({"leaf_index": -1}, "merkle.index"),
        ({"leaf_index": "3"}, "merkle.receipt_form"),
        ({"inclusion": GOOD["inclusion"][:-1]}, "merkle.proof_length"),
        ({"inclusion": GOOD["inclusion"][::-1]}, "merkle.root_differs"),
        ({"inclusion": ["00"] * 129}, "merkle.receipt_form"),
        ({"inclusion": ["zz"]}, "merkle.receipt_form"),
        ({"head": GOOD["head"].replace("7", "8")}, "merkle.head_signature"),
        ({"signature": "00" * 64}, "merkle.head_signature"),
        ({"signature": ""}, "merkle.head_signature"),
        ({"public_key": OTHER}, "merkle.head_signature"),
        ({"public_key": "00" * 64}, "merkle.head_signature"),
        ({"content": CONTENT.replace("准予", "不准")}, "merkle.commitment"),
        ({"salt": "01" * 16}, "merkle.commitment"),
        ({"salt": None}, "merkle.receipt_form"),
        ({"format": "zhengtong-receipt/9"}, "merkle.receipt_version"),
        ({"envelope": "[]"}, "merkle.receipt_form"),
        ({"envelope": "[" * 100_000}, "merkle.receipt_form"),
        ({"envelope": "x" * 2_000_000}, "merkle.receipt_form"),
        ({"envelope": '{"a":"\ud800"}'}, "merkle.root_differs"),
        ({"head": "{}"}, "merkle.receipt_form"),
        ({"head": None}, "merkle.receipt_form"),
    ],
)
def test_broken_ones(change, code):
    found = verify_receipt({**GOOD, **change})
    assert code in [fault.code for fault in found.faults]
    assert not found.valid
    assert all(text for text in found.texts("zh-hans") + found.texts("en"))


def test_a_key_that_nobody_published():
    assert codes(GOOD, trusted_keys=[OTHER]) == ["merkle.untrusted_key"]
    assert codes(GOOD, trusted_keys=[]) == ["merkle.untrusted_key"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([name for name in GOOD if name not in ("content", "salt")]), json_values)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_a_place_it_is_refused_not_crashed(name, value):
    if value == GOOD[name]:
        return
    assert not verify_receipt({**GOOD, name: value}).valid


@given(json_values)
def test_anything_at_all(value):
    assert not verify_receipt(value).valid


def test_faults_are_errors_of_the_engine():
    (fault,) = verify_receipt({}).faults
    assert isinstance(fault, MerkleError)
