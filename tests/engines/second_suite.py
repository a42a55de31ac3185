"""A second, independent implementation of the suite, on the pure-Python package gmssl, to hold ours against."""

from gmssl import sm2 as gm_sm2
from gmssl import sm3 as gm_sm3
from gmssl.sm4 import SM4_DECRYPT, SM4_ENCRYPT, CryptSM4

from zhengtong.engines.seals import SealError


def xor(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=False))


class GmsslSuite:
    """The same promises as `Suite`, slowly."""

    label = "gmssl"
    certified = False

    def sm3(self, data: bytes) -> bytes:
        return bytes.fromhex(gm_sm3.sm3_hash(list(data)))

    def hmac_sm3(self, key: bytes, data: bytes) -> bytes:
        block = (self.sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
        inner = self.sm3(bytes(b ^ 0x36 for b in block) + data)
        return self.sm3(bytes(b ^ 0x5C for b in block) + inner)

    def block(self, key: bytes, block: bytes) -> bytes:
        cipher = CryptSM4()
        cipher.set_key(key, SM4_ENCRYPT)
        return bytes(cipher.one_round(cipher.sk, list(block)))

    def sm4_ctr(self, key: bytes, data: bytes, *, counter: bytes) -> bytes:
        start = int.from_bytes(counter, "big")
        stream = b"".join(
            self.block(key, ((start + i) % 2**128).to_bytes(16, "big")) for i in range(-(-len(data) // 16))
        )
        return xor(data, stream)

    def _gcm(self, key: bytes, text: bytes, nonce: bytes) -> bytes:
        start = nonce + b"\0\0\0\2"
        return self.sm4_ctr(key, text, counter=start)

    def _tag(self, key: bytes, ciphertext: bytes, nonce: bytes, aad: bytes) -> bytes:
        h = int.from_bytes(self.block(key, bytes(16)), "big")
        padded = b"".join(part + bytes(-len(part) % 16) for part in (aad, ciphertext))
        padded += (len(aad) * 8).to_bytes(8, "big") + (len(ciphertext) * 8).to_bytes(8, "big")
        total = 0
        for i in range(0, len(padded), 16):
            total = self._multiply(total ^ int.from_bytes(padded[i : i + 16], "big"), h)
        return xor(total.to_bytes(16, "big"), self.block(key, nonce + b"\0\0\0\1"))

    @staticmethod
    def _multiply(x: int, y: int) -> int:
        product = 0
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                product ^= y
            y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
        return product

    def sm4_gcm_seal(self, key: bytes, plaintext: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        ciphertext = self._gcm(key, plaintext, nonce)
        return ciphertext + self._tag(key, ciphertext, nonce, aad)

    def sm4_gcm_open(self, key: bytes, sealed: bytes, *, nonce: bytes, aad: bytes = b"") -> bytes:
        if self._tag(key, sealed[:-16], nonce, aad) != sealed[-16:]:
            raise SealError("seals.not_authentic")
        return self._gcm(key, sealed[:-16], nonce)

    def sm4_cbc_encrypt(self, key: bytes, plaintext: bytes, *, iv: bytes) -> bytes:
        cipher = CryptSM4()
        cipher.set_key(key, SM4_ENCRYPT)
        return bytes(cipher.crypt_cbc(iv, plaintext))

    def sm4_cbc_decrypt(self, key: bytes, ciphertext: bytes, *, iv: bytes) -> bytes:
        cipher = CryptSM4()
        cipher.set_key(key, SM4_DECRYPT)
        return bytes(cipher.crypt_cbc(iv, ciphertext))

    def _crypt(self, private: bytes, public: bytes) -> gm_sm2.CryptSM2:
        crypt = gm_sm2.CryptSM2(private_key=private.hex(), public_key="")
        crypt.public_key = public.hex()  # its constructor strips every leading 0 and 4
        return crypt

    def sm2_public_key(self, private: bytes) -> bytes:
        crypt = self._crypt(private, b"")
        return bytes.fromhex(crypt._kg(int.from_bytes(private, "big"), crypt.ecc_table["g"]))

    def sm2_generate(self, random_bytes: bytes) -> tuple[bytes, bytes]:
        n = int(gm_sm2.default_ecc_table["n"], 16)
        private = (int.from_bytes(random_bytes, "big") % (n - 2) + 1).to_bytes(32, "big")
        return private, self.sm2_public_key(private)

    def _digest(self, public: bytes, message: bytes, ident: bytes) -> bytes:
        table = gm_sm2.default_ecc_table
        curve = bytes.fromhex(table["a"] + table["b"] + table["g"])
        za = self.sm3((len(ident) * 8).to_bytes(2, "big") + ident + curve + public)
        return self.sm3(za + message)

    def sm2_sign(self, private: bytes, message: bytes, *, nonce: bytes, ident: bytes = b"1234567812345678") -> bytes:
        public = self.sm2_public_key(private)
        return bytes.fromhex(self._crypt(private, public).sign(self._digest(public, message, ident), nonce.hex()))

    def sm2_verify(self, public: bytes, message: bytes, signature: bytes, ident: bytes = b"1234567812345678") -> bool:
        return bool(self._crypt(b"\1", public).verify(signature.hex(), self._digest(public, message, ident)))
