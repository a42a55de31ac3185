"""The suite of the product: SM3 and SM4 by `cryptography` (or the interpreter's OpenSSL), SM2 by `tongsuopy`."""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from tongsuopy.crypto import hashes as tongsuo_hashes
from tongsuopy.crypto.asymciphers import ec
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature

from zhengtong.engines.seals import curve
from zhengtong.engines.seals.errors import SealError
from zhengtong.engines.seals.sm2 import (
    DEFAULT_IDENT,
    message_number,
    public_point,
    scalar,
    scalar_from_entropy,
    signature_to_der,
    split_signature,
)
from zhengtong.engines.seals.suite import Gcm, Suite

_KEY = 16
_TAG = 16
_NONCE = 12
_BLOCK = 64
_SM2_WITH_SM3 = ec.ECDSA(tongsuo_hashes.SM3())  # on an SM2 key the library signs by GB/T 32918.2
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def _slow_sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


if "sm3" in hashlib.algorithms_available:
    _EMPTY = hashlib.new("sm3")

    def _sm3(data: bytes) -> bytes:
        # copying a prepared state is three times as fast as looking the algorithm up each time
        state = _EMPTY.copy()
        state.update(data)
        return state.digest()
else:  # pragma: no cover - an interpreter whose OpenSSL was built without SM3
    _sm3 = _slow_sm3


class _Sm4Gcm:
    """A key made ready: what the library checks of a key it checks once."""

    __slots__ = ("_sm4",)

    def __init__(self, sm4: SM4) -> None:
        self._sm4 = sm4

    def __repr__(self) -> str:
        return "<Sm4Gcm>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never written down")

    def seal(self, plaintext: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        if len(nonce) != _NONCE:
            raise SealError("seals.nonce_length", expected=_NONCE, actual=len(nonce))
        encryptor = Cipher(self._sm4, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        if len(nonce) != _NONCE:
            raise SealError("seals.nonce_length", expected=_NONCE, actual=len(nonce))
        if len(sealed) < _TAG:
            raise SealError("seals.truncated", actual=len(sealed))
        decryptor = Cipher(self._sm4, modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        try:
            return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()
        except InvalidTag:
            raise SealError("seals.not_authentic") from None


class SoftwareSuite:
    """Software implementation, for test and development; see `Suite` for the promises of each function."""

    label = "软件密码实现（仅供测试与开发）"
    certified = False

    def sm3(self, data: bytes) -> bytes:
        """The 32-byte digest (GB/T 32905)."""
        return _sm3(data)

    def hmac_sm3(self, key: bytes, data: bytes) -> bytes:
        """The 32-byte keyed digest (RFC 2104 over SM3)."""
        block = (_sm3(key) if len(key) > _BLOCK else key).ljust(_BLOCK, b"\x00")
        return _sm3(block.translate(_OUTER) + _sm3(block.translate(_INNER) + data))

    def sm4_gcm(self, key: bytes) -> Gcm:
        """A key of 16 bytes made ready for `seal` and `open`."""
        return _Sm4Gcm(_sm4(key))

    def sm4_gcm_seal(self, key: bytes, plaintext: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        """As `sm4_gcm(key).seal`."""
        return self.sm4_gcm(key).seal(plaintext, nonce=nonce, aad=aad)

    def sm4_gcm_open(self, key: bytes, sealed: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        """As `sm4_gcm(key).open`."""
        return self.sm4_gcm(key).open(sealed, nonce=nonce, aad=aad)

    def sm4_cbc_encrypt(self, key: bytes, plaintext: bytes, *, iv: bytes) -> bytes:
        """CBC with PKCS#7 padding; not authenticated, for exchange with systems that ask for it."""
        _check_length("seals.nonce_length", iv, 16)
        padder = padding.PKCS7(128).padder()
        encryptor = Cipher(_sm4(key), modes.CBC(iv)).encryptor()
        return encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()

    def sm4_cbc_decrypt(self, key: bytes, ciphertext: bytes, *, iv: bytes) -> bytes:
        """The plaintext without its padding; SealError where length or padding is wrong."""
        _check_length("seals.nonce_length", iv, 16)
        decryptor = Cipher(_sm4(key), modes.CBC(iv)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        try:
            padded = decryptor.update(ciphertext) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise SealError("seals.padding") from None

    def sm4_ctr(self, key: bytes, data: bytes, *, counter: bytes) -> bytes:
        """CTR of a 16-byte first counter block: encrypts and decrypts alike; not authenticated."""
        _check_length("seals.nonce_length", counter, 16)
        encryptor = Cipher(_sm4(key), modes.CTR(counter)).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    def sm2_generate(self, random_bytes: bytes) -> tuple[bytes, bytes]:
        """(private, public) from at least 40 bytes of entropy."""
        private = scalar_from_entropy(random_bytes)
        return private, self.sm2_public_key(private)

    def sm2_public_key(self, private: bytes) -> bytes:
        """The 64-byte public key x‖y of a private key."""
        return _public_bytes(scalar(private, "private key"))

    def sm2_sign(self, private: bytes, message: bytes, *, nonce: bytes, ident: bytes = DEFAULT_IDENT) -> bytes:
        """Sign by GB/T 32918.2 §6.1; 64 bytes r‖s. `nonce` is k: 32 bytes, secret, for one message only."""
        d, k = scalar(private, "private key"), scalar(nonce, "nonce")
        e = message_number(self.sm3, self.sm2_public_key(private), message, ident)
        x = int.from_bytes(_public_bytes(k)[:32], "big")  # k·G by the library, in constant time
        r = (e + x) % curve.N
        s = pow(1 + d, -1, curve.N) * (k - r * d) % curve.N
        if r == 0 or r + k == curve.N or s == 0:
            raise SealError("seals.unlucky_nonce")
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def sm2_verify(self, public: bytes, message: bytes, signature: bytes, ident: bytes = DEFAULT_IDENT) -> bool:
        """Verify by GB/T 32918.2 §7.1; a signature in r‖s or DER. The default identifier takes the fast road."""
        point = public_point(public)
        r, s = split_signature(signature)
        t = (r + s) % curve.N
        if not (0 < r < curve.N and 0 < s < curve.N) or t == 0:
            return False
        if ident == DEFAULT_IDENT:
            return _library_verifies(point, message, r, s)
        total = curve.twin_multiply(s, t, point)
        if total is None:
            return False
        return (message_number(self.sm3, public, message, ident) + total[0]) % curve.N == r


@lru_cache(maxsize=64)
def _library_key(point: curve.Affine) -> ec.EllipticCurvePublicKey:
    encoded = b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SM2(), encoded)


def _library_verifies(point: curve.Affine, message: bytes, r: int, s: int) -> bool:
    encoded = signature_to_der(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    try:
        _library_key(point).verify(encoded, message, _SM2_WITH_SM3)
    except (InvalidSignature, InternalError):
        return False
    return True


def _public_bytes(number: int) -> bytes:
    numbers = ec.derive_private_key(number, ec.SM2()).public_key().public_numbers()
    return bytes(numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"))


def _sm4(key: bytes) -> SM4:
    if len(key) != _KEY:
        raise SealError("seals.key_length", expected=_KEY, actual=len(key))
    return SM4(key)


def _check_length(code: str, value: bytes, expected: int) -> None:
    if len(value) != expected:
        raise SealError(code, expected=expected, actual=len(value))


SOFTWARE: Suite = SoftwareSuite()
