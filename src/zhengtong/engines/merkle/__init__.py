"""Append-only Merkle logs (RFC 6962, RFC 9162) over SM3 or any other hash: roots, proofs and their checking."""

from zhengtong.engines.merkle.errors import MerkleError
from zhengtong.engines.merkle.frontier import Frontier, Node
from zhengtong.engines.merkle.hashing import Hash, leaf_hash, node_hash, sm3
from zhengtong.engines.merkle.proofs import ReadNode, consistency_proof, inclusion_proof, range_hash, reader, root
from zhengtong.engines.merkle.receipts import Verdict, verify_receipt
from zhengtong.engines.merkle.verification import (
    check_consistency,
    check_inclusion,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "Frontier",
    "Hash",
    "MerkleError",
    "Node",
    "ReadNode",
    "Verdict",
    "check_consistency",
    "check_inclusion",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "range_hash",
    "reader",
    "root",
    "sm3",
    "verify_consistency",
    "verify_inclusion",
    "verify_receipt",
]
