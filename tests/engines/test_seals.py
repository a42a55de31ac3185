"""The commercial algorithms: published values, forms refused, and agreement with a second implementation."""

import pickle
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from second_suite import GmsslSuite

from zhengtong.engines import seals
from zhengtong.engines.seals import SOFTWARE, SealError, software

SECOND = GmsslSuite()
KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
D = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
K = bytes.fromhex("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21")
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
suites = pytest.mark.parametrize("suite", [SOFTWARE, SECOND], ids=["product", "gmssl"])
few = settings(max_examples=12, deadline=None)


@suites
@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        ("电子政务", "fd984f9f3e739671917cac715c1fc0e6d8cbf72c6f68b1eb1d1c9cde186193d2"),
    ],
)
def test_sm3(suite, text, digest):
    assert suite.sm3(text.encode()).hex() == digest


def test_sm3_without_the_interpreters_own():
    assert software._slow_sm3(b"abc") == SOFTWARE.sm3(b"abc")


@suites
def test_audit_chain_of_the_rules(suite):
    """security.md §6: hash_i = SM3(hex(hash_{i−1}) + "|" + record_i)."""
    last = "0" * 64
    for record in (
        "1|2025-03-03T09:00:00+08:00|u001|LOGIN|session|SUCCESS",
        "2|2025-03-03T09:05:00+08:00|u001|CASE_ACCEPT|case:1|SUCCESS",
        "3|2025-03-03T09:06:00+08:00|u002|CASE_VIEW|case:1|DENIED",
    ):
        last = suite.sm3(f"{last}|{record}".encode()).hex()
    assert last == "9e2f3b00a11cdb651c98549b38f2ff81f8e9217288bf60472626d1797f35b85f"


def test_sm4_block():
    """One block, by CTR over zeros: the counter block is what gets enciphered."""
    assert SOFTWARE.sm4_ctr(KEY, bytes(16), counter=KEY).hex() == "681edf34d206965e86b3e94f536e4246"
    assert SECOND.block(KEY, KEY).hex() == "681edf34d206965e86b3e94f536e4246"


@suites
def test_sm2_worked_example(suite):
    assert suite.sm2_public_key(D) == PUBLIC
    assert suite.sm2_sign(D, b"message digest", nonce=K) == SIGNATURE
    assert suite.sm2_verify(PUBLIC, b"message digest", SIGNATURE)


def test_identity_digest():
    assert (
        seals.identity_digest(seals.sm3, PUBLIC).hex()
        == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
    )


@pytest.mark.parametrize("bit", [0, 255, 256, 511])
def test_one_bit_of_the_signature(bit):
    changed = (int.from_bytes(SIGNATURE, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not seals.sm2_verify(PUBLIC, b"message digest", changed)
    assert not seals.sm2_verify(PUBLIC, b"message digest", changed, ident=b"another")


@pytest.mark.parametrize("ident", [b"1234567812345678", b"clerk@example.gov.cn", b""])
def test_identifier_is_signed(ident):
    signature = seals.sm2_sign(D, b"m", nonce=K, ident=ident)
    assert seals.sm2_verify(PUBLIC, b"m", signature, ident=ident)
    assert not seals.sm2_verify(PUBLIC, b"n", signature, ident=ident)
    assert not seals.sm2_verify(PUBLIC, b"m", signature, ident=ident + b"!")


def test_der_round_trip_and_prefix():
    encoded = seals.signature_to_der(SIGNATURE)
    assert encoded[:2] == b"\x30\x46"
    assert seals.signature_from_der(encoded) == SIGNATURE
    assert seals.sm2_verify(b"\x04" + PUBLIC, b"message digest", encoded)


@given(st.binary(min_size=64, max_size=64))
def test_der_of_any_pair(raw):
    assert seals.signature_from_der(seals.signature_to_der(raw)) == raw


@given(st.binary(max_size=90))
@settings(max_examples=300)
def test_der_of_rubbish(raw):
    """Rubbish is refused, and whatever is taken has the one strict encoding."""
    with suppress(SealError):
        assert seals.signature_to_der(seals.signature_from_der(raw)) == raw


@given(st.binary(max_size=80), st.binary(max_size=200))
@settings(max_examples=40, deadline=None)
def test_digests_agree(key, data):
    assert SOFTWARE.sm3(data) == SECOND.sm3(data)
    assert SOFTWARE.hmac_sm3(key, data) == SECOND.hmac_sm3(key, data)


key16 = st.binary(min_size=16, max_size=16)


@given(key16, st.binary(max_size=70), st.binary(min_size=12, max_size=12), st.binary(max_size=40))
@few
def test_gcm_agrees(key, text, nonce, aad):
    sealed = SOFTWARE.sm4_gcm_seal(key, text, nonce=nonce, aad=aad)
    assert sealed == SECOND.sm4_gcm_seal(key, text, nonce=nonce, aad=aad)
    assert SOFTWARE.sm4_gcm_open(key, sealed, nonce=nonce, aad=aad) == text
    ready = SOFTWARE.sm4_gcm(key)
    assert (ready.seal(text, nonce=nonce, aad=aad), ready.open(sealed, nonce=nonce, aad=aad)) == (sealed, text)
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(SealError, match="does not verify"):
            SOFTWARE.sm4_gcm_open(key, bytes(broken), nonce=nonce, aad=aad)


def test_a_key_made_ready_serves_again_and_shows_nothing():
    ready = seals.sm4_gcm(KEY)
    first, second = (ready.seal(b"same", nonce=bytes(11) + bytes([at])) for at in (1, 2))
    assert first != second
    assert KEY.hex() not in repr(ready)
    with pytest.raises(TypeError, match="never written down"):
        pickle.dumps(ready)


@given(key16, st.binary(max_size=70), key16)
@few
def test_cbc_and_ctr_agree(key, text, iv):
    hidden = SOFTWARE.sm4_cbc_encrypt(key, text, iv=iv)
    assert hidden == SECOND.sm4_cbc_encrypt(key, text, iv=iv)
    assert SOFTWARE.sm4_cbc_decrypt(key, hidden, iv=iv) == text
    assert SOFTWARE.sm4_ctr(key, text, counter=iv) == SECOND.sm4_ctr(key, text, counter=iv)


@given(st.binary(min_size=40, max_size=48), st.binary(min_size=40, max_size=48), st.binary(max_size=50))
@settings(max_examples=6, deadline=None)
def test_signatures_agree(entropy, more, message):
    private, public = SOFTWARE.sm2_generate(entropy)
    assert (private, public) == SECOND.sm2_generate(entropy)
    nonce = seals.signing_nonce(seals.hmac_sm3, private, message, more)
    signature = SOFTWARE.sm2_sign(private, message, nonce=nonce)
    assert signature == SECOND.sm2_sign(private, message, nonce=nonce)
    assert SECOND.sm2_verify(public, message, signature)
    assert SOFTWARE.sm2_verify(public, message, signature)


def test_a_stuck_random_source_still_gives_every_message_its_nonce():
    nonces = {seals.signing_nonce(seals.hmac_sm3, D, message, bytes(40)) for message in (b"a", b"b", b"c")}
    assert len(nonces) == 3


REFUSED = {
    "seals.key_length": lambda: seals.sm4_gcm_seal(b"short", b"", nonce=bytes(12)),
    "seals.nonce_length": lambda: seals.sm4_gcm_seal(KEY, b"", nonce=bytes(11)),
    "seals.truncated": lambda: seals.sm4_gcm_open(KEY, b"short", nonce=bytes(12)),
    "seals.not_authentic": lambda: seals.sm4_gcm_open(KEY, bytes(40), nonce=bytes(12)),
    "seals.padding": lambda: seals.sm4_cbc_decrypt(KEY, bytes(15), iv=bytes(16)),
    "seals.scalar": lambda: seals.sm2_public_key((ORDER - 1).to_bytes(32, "big")),
    "seals.public_key": lambda: seals.sm2_verify(PUBLIC[:-1] + b"\x14", b"", SIGNATURE),
    "seals.entropy": lambda: seals.sm2_generate(bytes(39)),
    "seals.signature_form": lambda: seals.sm2_verify(PUBLIC, b"", b"0" * 63),
    "seals.ident_length": lambda: seals.sm2_sign(D, b"", nonce=K, ident=bytes(8192)),
}


@pytest.mark.parametrize("code", REFUSED)
def test_refusals_say_what_to_do(code):
    with pytest.raises(SealError) as refused:
        REFUSED[code]()
    assert refused.value.code == code
    assert refused.value.text("zh-hans") != refused.value.text("en") != code


@pytest.mark.parametrize(
    "signature",
    [bytes(64), bytes(32) + b"\1" * 32, ORDER.to_bytes(32, "big") + b"\1" * 32, b"\1" * 32 + (ORDER).to_bytes(32)],
)
def test_numbers_outside_the_order_do_not_verify(signature):
    assert not seals.sm2_verify(PUBLIC, b"m", signature)


def test_opposite_halves_do_not_verify():
    """r + s = n would leave the public key out of the equation."""
    r = 5
    assert not seals.sm2_verify(PUBLIC, b"m", r.to_bytes(32, "big") + (ORDER - r).to_bytes(32, "big"))
