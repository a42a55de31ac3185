"""Inclusion and consistency proofs as third parties keep them, good and bad (RFC 6962 hashing over SHA-256)."""

import base64
import hashlib
import json

import pytest

from zhengtong.engines.merkle import verify_consistency, verify_inclusion

pytestmark = pytest.mark.conformance


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def vectors(folder):
    found = [(path, json.loads(path.read_text())) for path in sorted(folder.rglob("*.json"))]
    assert found
    return found


def decode(value):
    return base64.b64decode(value or "")


def test_inclusion(shared_data):
    wrong = []
    for path, vector in vectors(shared_data / "merkle/inclusion"):
        proof = [decode(item) for item in vector["proof"] or ()]
        leaf, root = decode(vector["leafHash"]), decode(vector["root"])
        answer = verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root, sha256)
        if answer is vector["wantErr"]:
            wrong.append(path)
    assert not wrong


def test_consistency(shared_data):
    wrong = []
    for path, vector in vectors(shared_data / "merkle/consistency"):
        proof = [decode(item) for item in vector["proof"] or ()]
        roots = decode(vector["root1"]), decode(vector["root2"])
        if verify_consistency(vector["size1"], vector["size2"], *roots, proof, sha256) is vector["wantErr"]:
            wrong.append(path)
    assert not wrong


def test_both_kinds_are_there(shared_data):
    kinds = {vector["wantErr"] for _path, vector in vectors(shared_data / "merkle")}
    assert kinds == {True, False}
