"""What every SM2 implementation shares: key forms, the identity digest ZA, signature forms, scalars from entropy."""

from collections.abc import Callable

from zhengtong.engines.seals import curve
from zhengtong.engines.seals.errors import SealError

DEFAULT_IDENT = b"1234567812345678"  # GM/T 0009-2012 §10: the identifier where none is agreed
_ENTROPY = 40  # 64 bits above the order, so that reducing modulo it shows no bias (FIPS 186-5 A.2.1)
_CURVE_BYTES = b"".join(number.to_bytes(32, "big") for number in (curve.A, curve.B, curve.GX, curve.GY))

Digest = Callable[[bytes], bytes]
Keyed = Callable[[bytes, bytes], bytes]


def scalar(number: bytes, what: str) -> int:
    """A secret 32-byte big-endian number as int, from 1 to n−2 (GB/T 32918.1 §6.1); SealError otherwise."""
    value = int.from_bytes(number, "big")
    if len(number) != 32 or not 1 <= value <= curve.N - 2:
        raise SealError("seals.scalar", what=what)
    return value


def scalar_from_entropy(random_bytes: bytes) -> bytes:
    """A uniform 32-byte scalar for a key or a nonce, from at least 40 bytes of entropy."""
    if len(random_bytes) < _ENTROPY:
        raise SealError("seals.entropy", expected=_ENTROPY, actual=len(random_bytes))
    return (int.from_bytes(random_bytes, "big") % (curve.N - 2) + 1).to_bytes(32, "big")


def signing_nonce(keyed: Keyed, private: bytes, message: bytes, random_bytes: bytes) -> bytes:
    """A hedged nonce: entropy mixed with key and message, so that a stuck random source does not give the key away.

    `keyed` is HMAC-SM3 of the suite. Two messages never share a nonce, even with the same `random_bytes`.
    """
    first = keyed(private, b"\x01" + random_bytes + b"\x00" + message)
    return scalar_from_entropy(first + keyed(private, b"\x02" + first + message))


def public_point(public: bytes) -> curve.Affine:
    """The point of a public key, 64 bytes x‖y or 65 with the prefix 04; checked to lie on the curve."""
    raw = public[1:] if len(public) == 65 and public[0] == 4 else public
    x, y = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if len(raw) != 64 or not curve.on_curve(x, y):
        raise SealError("seals.public_key")
    return x, y


def identity_digest(digest: Digest, public: bytes, ident: bytes = DEFAULT_IDENT) -> bytes:
    """ZA = SM3(ENTL ‖ ID ‖ a ‖ b ‖ G ‖ P) (GB/T 32918.2 §5.5)."""
    if len(ident) > 8191:
        raise SealError("seals.ident_length")
    x, y = public_point(public)
    point = x.to_bytes(32, "big") + y.to_bytes(32, "big")
    return digest((len(ident) * 8).to_bytes(2, "big") + ident + _CURVE_BYTES + point)


def message_number(digest: Digest, public: bytes, message: bytes, ident: bytes) -> int:
    """e = SM3(ZA ‖ M) as a number (GB/T 32918.2 §6.1 A1–A2)."""
    return int.from_bytes(digest(identity_digest(digest, public, ident) + message), "big")


def split_signature(signature: bytes) -> tuple[int, int]:
    """(r, s) of a signature of 64 bytes r‖s or in DER; SealError for any other form."""
    raw = signature if len(signature) == 64 else signature_from_der(signature)
    return int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")


def signature_to_der(signature: bytes) -> bytes:
    """SEQUENCE { r INTEGER, s INTEGER } (GM/T 0009-2012 §7.3) of 64 bytes r‖s."""
    if len(signature) != 64:
        raise SealError("seals.signature_form")
    body = _der_integer(signature[:32]) + _der_integer(signature[32:])
    return b"\x30" + bytes([len(body)]) + body


def signature_from_der(encoded: bytes) -> bytes:
    """64 bytes r‖s of a DER signature; anything but the one strict encoding is refused."""
    try:
        r, rest = _read_integer(encoded[2:])
        s, tail = _read_integer(rest)
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (IndexError, OverflowError):
        raise SealError("seals.signature_form") from None
    if tail or signature_to_der(raw) != encoded:
        raise SealError("seals.signature_form")
    return raw


def _der_integer(number: bytes) -> bytes:
    body = number.lstrip(b"\x00") or b"\x00"
    if body[0] & 0x80:
        body = b"\x00" + body
    return b"\x02" + bytes([len(body)]) + body


def _read_integer(encoded: bytes) -> tuple[int, bytes]:
    length = encoded[1]
    return int.from_bytes(encoded[2 : 2 + length], "big"), encoded[2 + length :]
