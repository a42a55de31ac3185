"""What the seals engine says when it refuses, in both languages."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "seals.key_length": {
        "zh-hans": "密钥长度应为 {expected} 字节，收到 {actual} 字节。请使用正确的密钥。",
        "en": "The key must be {expected} bytes long, not {actual}. Use the right key.",
    },
    "seals.nonce_length": {
        "zh-hans": "随机数（初始向量）长度应为 {expected} 字节，收到 {actual} 字节。",
        "en": "The nonce (initial vector) must be {expected} bytes long, not {actual}.",
    },
    "seals.not_authentic": {
        "zh-hans": "密文校验不通过：内容、附加数据或密钥不符。请核对数据来源。",
        "en": "The ciphertext does not verify: content, associated data or key differ. Check where it came from.",
    },
    "seals.truncated": {
        "zh-hans": "密文不完整（{actual} 字节）。请重新获取。",
        "en": "The ciphertext is incomplete ({actual} bytes). Fetch it again.",
    },
    "seals.padding": {
        "zh-hans": "密文的填充不正确，无法解密。",
        "en": "The padding of the ciphertext is wrong; it cannot be decrypted.",
    },
    "seals.scalar": {
        "zh-hans": "SM2 {what}应在 1 与曲线阶之间。请重新生成。",
        "en": "The SM2 {what} must lie between 1 and the order of the curve. Generate another.",
    },
    "seals.public_key": {
        "zh-hans": "SM2 公钥应为 64 字节坐标（可带 04 前缀），且位于推荐曲线上。",
        "en": "An SM2 public key is 64 bytes of coordinates (04 may precede) of a point on the recommended curve.",
    },
    "seals.entropy": {
        "zh-hans": "随机数据不足：至少需要 {expected} 字节，收到 {actual} 字节。",
        "en": "Too little random data: at least {expected} bytes are needed, {actual} were given.",
    },
    "seals.signature_form": {
        "zh-hans": "签名格式不正确：应为 64 字节 r‖s 或规范的 DER 编码。",
        "en": "The signature has a wrong form: 64 bytes r‖s or strict DER are accepted.",
    },
    "seals.ident_length": {
        "zh-hans": "签名者标识过长：最多 8191 字节。",
        "en": "The signer's identifier is too long: 8191 bytes at most.",
    },
    "seals.unlucky_nonce": {
        "zh-hans": "该随机数不能用于此次签名。请换一个随机数重试。",
        "en": "This nonce cannot be used for this signature. Try again with another.",
    },
}
