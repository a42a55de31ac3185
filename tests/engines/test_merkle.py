"""Merkle logs: roots by the definition, proofs of every shape, and whatever is not a proof refused."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.engines import merkle
from zhengtong.engines.merkle import Frontier, MerkleError, check_consistency, check_inclusion, sm3
from zhengtong.engines.seals import SOFTWARE

sizes = st.integers(1, 200)


def leaves(size):
    return [merkle.leaf_hash(str(n).encode()) for n in range(size)]


def plain_root(entries, digest=sm3):
    """RFC 6962 §2.1, word for word."""
    if not entries:
        return digest(b"")
    if len(entries) == 1:
        return digest(b"\0" + entries[0])
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return digest(b"\1" + plain_root(entries[:k], digest) + plain_root(entries[k:], digest))


def sha256(data):
    return hashlib.sha256(data).digest()


@pytest.mark.parametrize(
    ("size", "root"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_known_roots_over_sha256(size, root):
    """The reference tree of Certificate Transparency's own tests."""
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    hashed = [merkle.leaf_hash(bytes.fromhex(entry), sha256) for entry in entries[:size]]
    assert merkle.root(hashed, sha256).hex() == root


@pytest.mark.parametrize("size", range(70))
def test_root_follows_the_definition(size):
    entries = [str(n).encode() for n in range(size)]
    frontier = Frontier()
    frontier.extend(leaves(size))
    assert merkle.root(leaves(size)) == frontier.root() == plain_root(entries)


def test_sm3_is_the_default():
    assert merkle.leaf_hash(b"x") == SOFTWARE.sm3(b"\0x") != merkle.leaf_hash(b"x", sha256)


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 64, 65])
def test_every_leaf_is_proved_and_no_other(size):
    hashed = leaves(size)
    root, read = merkle.root(hashed), merkle.reader(hashed)
    for index in range(size):
        proof = merkle.inclusion_proof(index, size, read)
        check_inclusion(index, size, hashed[index], proof, root)
        for other in range(size):
            if other != index:
                assert not merkle.verify_inclusion(other, size, hashed[index], proof, root)


@pytest.mark.parametrize("size", [*range(1, 20), 32, 33, 65])
def test_every_beginning_is_proved(size):
    hashed = leaves(size)
    read, root = merkle.reader(hashed), merkle.root(hashed)
    for first in range(1, size + 1):
        proof = merkle.consistency_proof(first, size, read)
        older = merkle.root(hashed[:first])
        check_consistency(first, size, older, root, proof)
        changed = [merkle.leaf_hash(b"changed"), *hashed[1:first]]
        assert not merkle.verify_consistency(first, size, merkle.root(changed), root, proof)


@given(sizes, st.data())
@settings(max_examples=150, deadline=None)
def test_a_broken_proof_does_not_hold(size, data):
    hashed = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(hashed)
    proof = list(merkle.inclusion_proof(index, size, merkle.reader(hashed)))
    kind = data.draw(st.sampled_from(["flip", "drop", "add", "swap", "leaf", "root"]))
    leaf = hashed[index]
    if kind == "flip" and proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        proof[at] = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    elif kind == "drop" and proof:
        proof.pop(data.draw(st.integers(0, len(proof) - 1)))
    elif kind == "swap" and len(proof) > 1:
        proof.reverse()
    elif kind == "leaf":
        leaf = merkle.leaf_hash(b"another")
    elif kind == "root":
        root = merkle.leaf_hash(b"another")
    else:
        proof.append(leaf)
    with pytest.raises(MerkleError):
        check_inclusion(index, size, leaf, proof, root)


@given(sizes, sizes)
def test_frontier_goes_on_where_it_stopped(first, more):
    hashed = leaves(first + more)
    frontier = Frontier()
    frontier.extend(hashed[:first])
    again = Frontier(frontier.size, frontier.peaks)
    nodes = [node for leaf in hashed[first:] for node in again.append(leaf)]
    assert again.root() == merkle.root(hashed)
    read = merkle.reader(hashed)
    assert all(read(node.level, node.place) == node.hash for node in nodes)
    assert len([node for node in nodes if node.level == 0]) == more
    assert len(again.peaks) == (first + more).bit_count()


@given(
    st.integers() | st.none() | st.text(max_size=3),
    st.integers() | st.none(),
    st.lists(st.binary(max_size=40) | st.none(), max_size=140),
    st.binary(max_size=40),
)
@settings(max_examples=300)
def test_rubbish_is_refused(index, size, proof, leaf):
    with pytest.raises(MerkleError):
        check_inclusion(index, size, leaf, proof, leaf[::-1] + b"\1")
    with pytest.raises(MerkleError):
        check_consistency(index, size, leaf, leaf + b"\1", proof)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: check_inclusion(5, 5, bytes(32), [], bytes(32)), "merkle.index"),
        (lambda: check_inclusion(0, 0, bytes(32), [], bytes(32)), "merkle.size"),
        (lambda: check_inclusion(0, 1 << 9000, bytes(32), [], bytes(32)), "merkle.size"),
        (lambda: check_inclusion(True, 2, bytes(32), [bytes(32)], bytes(32)), "merkle.index"),
        (lambda: check_inclusion(0, 2, bytes(31), [bytes(32)], bytes(32)), "merkle.hash_length"),
        (lambda: check_inclusion(0, 2, bytes(32), [bytes(32)] * 2, bytes(32)), "merkle.proof_length"),
        (lambda: check_inclusion(0, 2, bytes(32), [bytes(32)] * 10**6, bytes(32)), "merkle.proof_length"),
        (lambda: check_inclusion(0, 1, bytes(32), [], b"\1" * 32), "merkle.root_differs"),
        (lambda: check_consistency(0, 1, bytes(32), bytes(32), []), "merkle.size"),
        (lambda: check_consistency(2, 1, bytes(32), bytes(32), []), "merkle.size"),
        (lambda: check_consistency(1, 1, bytes(32), b"\1" * 32, []), "merkle.history_differs"),
        (lambda: check_consistency(3, 4, bytes(32), bytes(32), []), "merkle.proof_length"),
        (lambda: merkle.inclusion_proof(3, 3, None), "merkle.index"),
        (lambda: merkle.consistency_proof(0, 3, None), "merkle.size"),
        (lambda: Frontier(3, [bytes(32)]), "merkle.frontier"),
        (lambda: Frontier(1, [bytes(31)]), "merkle.frontier"),
        (lambda: Frontier(-1), "merkle.size"),
    ],
)
def test_refusals(act, code):
    with pytest.raises(MerkleError) as refused:
        act()
    assert refused.value.code == code
    assert refused.value.text("zh-hans") != refused.value.text("en") != code


def test_a_node_does_not_pass_for_a_leaf():
    left, right = leaves(2)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
