"""What the merkle engine says when it refuses, in both languages."""

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "merkle.size": {
        "zh-hans": "树的大小 {size} 不正确：应为 {least} 至 2⁶³ 之间的整数。",
        "en": "The tree size {size} is wrong: an integer from {least} to 2⁶³ is expected.",
    },
    "merkle.index": {
        "zh-hans": "叶序号 {index} 不在大小为 {size} 的树内。",
        "en": "The leaf index {index} lies outside a tree of size {size}.",
    },
    "merkle.hash_length": {
        "zh-hans": "摘要长度应为 {expected} 字节，收到 {actual}。",
        "en": "A hash must be {expected} bytes long, not {actual}.",
    },
    "merkle.proof_length": {
        "zh-hans": "证明应含 {expected} 个摘要，实有 {actual} 个。证明不完整或被改动。",
        "en": "The proof must hold {expected} hashes, not {actual}: it is incomplete or was altered.",
    },
    "merkle.root_differs": {
        "zh-hans": "由证明算出的根与签名的根不一致：内容、位置或证明被改动。",
        "en": "The root computed from the proof differs from the given root: content, place or proof was altered.",
    },
    "merkle.history_differs": {
        "zh-hans": "新旧两个日志根不相容：较早的记录被改动或删除。",
        "en": "The two roots do not belong to one history: earlier entries were altered or removed.",
    },
    "merkle.frontier": {
        "zh-hans": "日志前沿数据不正确，与大小 {size} 不符。",
        "en": "The frontier is damaged: it does not fit the size {size}.",
    },
    "merkle.receipt_form": {
        "zh-hans": "回执格式不正确：{what} 缺失或类型不符。请使用完整的回执文件。",
        "en": "The receipt has a wrong form: {what} is missing or of a wrong type. Use the complete receipt file.",
    },
    "merkle.receipt_version": {
        "zh-hans": "不认识的回执版本。请使用较新的验证程序。",
        "en": "Unknown version of receipt. Use a newer verifier.",
    },
    "merkle.head_signature": {
        "zh-hans": "日志根的签名不正确：回执不是由该机关签发，或已被改动。",
        "en": "The signature of the log's head is wrong: another body issued the receipt, or it was altered.",
    },
    "merkle.untrusted_key": {
        "zh-hans": "回执所附公钥不在您信任的公钥之列。请与公布的公钥核对。",
        "en": "The public key in the receipt is not among those you trust. Compare it with the published ones.",
    },
    "merkle.commitment": {
        "zh-hans": "所附内容与封存时的承诺不一致：内容被改动。",
        "en": "The content does not match the commitment that was sealed: it was altered.",
    },
}
