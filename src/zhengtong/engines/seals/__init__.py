"""Commercial cryptography (国密): SM2 signatures, SM3 digests, HMAC-SM3 and SM4, behind one interface.

The functions here are those of `SOFTWARE`, the suite of the product. A software implementation is for test and
development (GB/T 39786: production at level three needs a certified module); a certified module takes its place
by offering the same `Suite`. Nothing here draws randomness: nonces and entropy are arguments.
"""

from zhengtong.engines.seals.errors import SealError
from zhengtong.engines.seals.sm2 import (
    DEFAULT_IDENT,
    identity_digest,
    scalar_from_entropy,
    signature_from_der,
    signature_to_der,
    signing_nonce,
)
from zhengtong.engines.seals.software import SOFTWARE, SoftwareSuite
from zhengtong.engines.seals.suite import Gcm, Suite

sm3 = SOFTWARE.sm3
hmac_sm3 = SOFTWARE.hmac_sm3
sm4_gcm = SOFTWARE.sm4_gcm
sm4_gcm_seal = SOFTWARE.sm4_gcm_seal
sm4_gcm_open = SOFTWARE.sm4_gcm_open
sm4_cbc_encrypt = SOFTWARE.sm4_cbc_encrypt
sm4_cbc_decrypt = SOFTWARE.sm4_cbc_decrypt
sm4_ctr = SOFTWARE.sm4_ctr
sm2_generate = SOFTWARE.sm2_generate
sm2_public_key = SOFTWARE.sm2_public_key
sm2_sign = SOFTWARE.sm2_sign
sm2_verify = SOFTWARE.sm2_verify

__all__ = [
    "DEFAULT_IDENT",
    "Gcm",
    "SOFTWARE",
    "SealError",
    "SoftwareSuite",
    "Suite",
    "hmac_sm3",
    "identity_digest",
    "scalar_from_entropy",
    "signature_from_der",
    "signature_to_der",
    "signing_nonce",
    "sm2_generate",
    "sm2_public_key",
    "sm2_sign",
    "sm2_verify",
    "sm3",
    "sm4_cbc_decrypt",
    "sm4_cbc_encrypt",
    "sm4_ctr",
    "sm4_gcm",
    "sm4_gcm_open",
    "sm4_gcm_seal",
]
