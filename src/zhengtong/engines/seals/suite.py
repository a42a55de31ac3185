"""The one interface behind which every implementation of the commercial algorithms stands."""

from typing import Protocol

from zhengtong.engines.seals.sm2 import DEFAULT_IDENT


class Gcm(Protocol):
    """SM4 in GCM (RFC 8998 §3.2.1) with one key, made ready once for many uses; shows nothing of the key."""

    def seal(self, plaintext: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        """Ciphertext followed by its 16-byte tag; a nonce of 12 bytes, never used twice."""

    def open(self, sealed: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        """The plaintext; SealError `seals.not_authentic` where one bit of anything differs."""


class Suite(Protocol):
    """SM2, SM3 and SM4 (GB/T 32918, 32905, 32907). Keys and nonces are bytes; nothing draws its own randomness.

    Private keys are 32 bytes big-endian, public keys 64 bytes x‖y, signatures 64 bytes r‖s (DER by
    `signature_to_der`). Wrong forms raise SealError; a signature that does not verify answers False.
    """

    label: str
    certified: bool

    def sm3(self, data: bytes) -> bytes: ...

    def hmac_sm3(self, key: bytes, data: bytes) -> bytes: ...

    def sm4_gcm(self, key: bytes) -> Gcm: ...

    def sm4_gcm_seal(self, key: bytes, plaintext: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes: ...

    def sm4_gcm_open(self, key: bytes, sealed: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes: ...

    def sm4_cbc_encrypt(self, key: bytes, plaintext: bytes, *, iv: bytes) -> bytes: ...

    def sm4_cbc_decrypt(self, key: bytes, ciphertext: bytes, *, iv: bytes) -> bytes: ...

    def sm4_ctr(self, key: bytes, data: bytes, *, counter: bytes) -> bytes: ...

    def sm2_generate(self, random_bytes: bytes) -> tuple[bytes, bytes]: ...

    def sm2_public_key(self, private: bytes) -> bytes: ...

    def sm2_sign(self, private: bytes, message: bytes, *, nonce: bytes, ident: bytes = DEFAULT_IDENT) -> bytes: ...

    def sm2_verify(self, public: bytes, message: bytes, signature: bytes, ident: bytes = DEFAULT_IDENT) -> bool: ...
