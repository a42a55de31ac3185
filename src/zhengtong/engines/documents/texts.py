"""Sentences of the papers and of the engine's refusals, in Chinese and English."""
# ruff: noqa: E501 (a sentence of the law reads best whole)

from collections.abc import Mapping

Texts = Mapping[str, Mapping[str, str]]

ERRORS: Texts = {
    "documents.missing": {
        "zh-hans": "这份文书还缺 {name}，补上后再生成",
        "en": "The paper still lacks {name}; add it and try again",
    },
    "documents.not_text": {"zh-hans": "{name} 应为文字", "en": "{name} should be text"},
    "documents.not_date": {
        "zh-hans": "{name} 应为日期，例如 2025-03-19",
        "en": "{name} should be a date such as 2025-03-19",
    },
    "documents.not_object": {"zh-hans": "{name} 应为一组带名称的内容", "en": "{name} should be an object"},
    "documents.not_list": {"zh-hans": "{name} 应为清单", "en": "{name} should be a list"},
    "documents.too_long": {
        "zh-hans": "{name} 最多 {limit} 个字，请写短些",
        "en": "{name} may have {limit} characters at most; shorten it",
    },
    "documents.too_many": {
        "zh-hans": "{name} 最多 {limit} 项，请合并",
        "en": "{name} may have {limit} entries at most; merge some",
    },
    "documents.unknown_kind": {"zh-hans": "没有名为 {kind} 的文书", "en": "There is no paper named {kind}"},
    "documents.unknown_unit": {
        "zh-hans": "时限单位 {unit} 不认识，应为 working_day、natural_day、hour 或 month",
        "en": "Unknown unit {unit}; use working_day, natural_day, hour or month",
    },
    "documents.unknown_matter": {
        "zh-hans": "事项类别 {matter} 不认识，应为 licence、benefit 或 other",
        "en": "Unknown kind of matter {matter}; use licence, benefit or other",
    },
    "documents.unknown_reason": {
        "zh-hans": "不予受理的理由 {reason} 不认识，应为 outside_authority 或 no_permission_needed",
        "en": "Unknown reason {reason}; use outside_authority or no_permission_needed",
    },
    "documents.unknown_procedure": {
        "zh-hans": "特别程序 {procedure} 不认识，应为行政许可法第四十五条所列的一种",
        "en": "Unknown procedure {procedure}; use one that article 45 of the Licensing Law lists",
    },
    "documents.qr_payload": {
        "zh-hans": "二维码内容应有 1 至 {limit} 个字符",
        "en": "The content of the QR code should have 1 to {limit} characters",
    },
    "documents.number": {
        "zh-hans": "文号需要机关代字（现为“{mark}”）和从 1 起的序号（现为 {serial}）",
        "en": "A document number needs a mark (now “{mark}”) and a serial from 1 (now {serial})",
    },
}

UNITS: Texts = {
    "working_day": {"zh-hans": "{number}个工作日", "en": "{number} working day{s}"},
    "natural_day": {"zh-hans": "{number}个自然日", "en": "{number} natural day{s}"},
    "hour": {"zh-hans": "{number}个小时", "en": "{number} hour{s}"},
    "month": {"zh-hans": "{number}个月", "en": "{number} month{s}"},
}

_LICENSING_LAW = "《中华人民共和国行政许可法》"
_LAW_EN = "the Administrative Licensing Law"

LETTERS: Texts = {
    "you.unit": {"zh-hans": "你单位", "en": "you"},
    "you.person": {"zh-hans": "你", "en": "you"},
    "note.translation": {
        "zh-hans": "",
        "en": "This is a translation for your convenience; the Chinese paper is the one with legal force.",
    },
    "label.licence_no": {"zh-hans": "许可证编号", "en": "Licence number"},
    "label.identifier": {"zh-hans": "证照标识", "en": "Licence identifier"},
    "label.address": {"zh-hans": "核验网址", "en": "Check at"},
    "label.receipt_no": {"zh-hans": "回执编号", "en": "Receipt"},
    "label.case_no": {"zh-hans": "办件编号", "en": "Case number"},
    "label.log_number": {"zh-hans": "公开日志", "en": "Public log"},
    "label.digest": {"zh-hans": "SM3 摘要", "en": "SM3 digest"},
    "verify.letter": {"zh-hans": "扫码核验这份文书", "en": "Scan to check this paper"},
    "verify.licence": {"zh-hans": "扫码核验这张证照", "en": "Scan to check this licence"},
    "letter.help": {
        "zh-hans": "对本通知有疑问的，可以拨打{hotline}，或者登录网站查看进度。",
        "en": "If you have questions, call {hotline} or sign in to see how the case stands.",
    },
    "remedies": {
        "zh-hans": "对本决定不服的，可以自知道本决定之日起{review_days}日内向{review_organ}申请行政复议，"
        "也可以自知道或者应当知道本决定之日起{suit_months}个月内向{court}提起行政诉讼。",
        "en": "If you disagree, you may ask {review_organ} for administrative review within {review_days} days of "
        "learning of this decision, or bring an action before {court} within {suit_months} months.",
    },
    # 行政许可法 第32条
    "receipt.title": {"zh-hans": "申请材料收件凭证", "en": "Receipt for application papers"},
    "receipt.open": {
        "zh-hans": "{received}收到{you}提出的{item}申请，材料如下：",
        "en": "On {received} we received the application for {item} with these papers:",
    },
    "receipt.day_off": {
        "zh-hans": "申请在休息日提交，按{received}收到计算，期限从次日起算。",
        "en": "It was handed in on a day off: it counts as received on {received}, and days count from the day after.",
    },
    "receipt.after_hours": {
        "zh-hans": "申请在下班后提交，按{received}收到计算，期限从次日起算。",
        "en": "It was handed in after office hours: it counts as received on {received}, and days count from the day "
        "after.",
    },
    "receipt.head.order": {"zh-hans": "序号", "en": "No."},
    "receipt.head.name": {"zh-hans": "材料名称", "en": "Paper"},
    "receipt.head.form": {"zh-hans": "形式", "en": "Form"},
    "receipt.head.count": {"zh-hans": "份数", "en": "Copies"},
    "receipt.limit": {
        "zh-hans": f"材料需要补正的，我们在{{due}}前一次告知全部内容；逾期不告知的，根据{_LICENSING_LAW}第三十二条，"
        "自收到材料之日起即为受理。",
        "en": f"If anything must be corrected, we will tell you everything at once by {{due}}; otherwise, under "
        f"article 32 of {_LAW_EN}, the application counts as accepted from the day of receipt.",
    },
    "receipt.query": {
        "zh-hans": "查进度时请用办件编号{number}和查询码{query_code}。",
        "en": "To follow the case, use case number {number} and query code {query_code}.",
    },
    "receipt.limit.other": {
        "zh-hans": "材料需要补正的，我们在{due}前一次告知全部内容。",
        "en": "If anything must be corrected, we will tell you everything at once by {due}.",
    },
    "correction.title": {"zh-hans": "行政许可申请材料补正告知书", "en": "Notice of corrections needed"},
    "correction.open": {
        "zh-hans": f"{{you}}于{{applied}}提出的{{item}}申请，经审查，申请材料不齐全或者不符合法定形式。根据{_LICENSING_LAW}"
        "第三十二条，现将需要补正的全部内容一次告知如下：",
        "en": f"The papers of the application for {{item}} of {{applied}} are not complete or not in the form the "
        f"law asks for. Under article 32 of {_LAW_EN} we tell you once, and in full, what to correct:",
    },
    "correction.title.other": {"zh-hans": "申请材料补正告知书", "en": "Notice of corrections needed"},
    "correction.open.other": {
        "zh-hans": "{you}于{applied}提出的{item}申请，经审查，申请材料不齐全或者不符合规定的形式。"
        "现将需要补正的全部内容一次告知如下：",
        "en": "The papers of the application for {item} of {applied} are not complete or not in the form that is "
        "asked for. We tell you once, and in full, what to correct:",
    },
    "correction.due": {
        "zh-hans": "请在{due}前补正，可以在网上补交，也可以到窗口办理。逾期未补正的，本次申请作退件处理，您仍可以重新申请。",
        "en": "Please correct these by {due}, online or at the counter. Otherwise this application is handed back; "
        "you may always apply again.",
    },
    "acceptance.title": {"zh-hans": "行政许可受理通知书", "en": "Notice of acceptance"},
    "acceptance.open": {
        "zh-hans": f"{{you}}于{{applied}}提出的{{item}}申请，经审查，材料齐全，符合法定形式。根据{_LICENSING_LAW}"
        "第三十二条，决定予以受理。",
        "en": f"The papers of the application for {{item}} of {{applied}} are complete and in the form the law asks "
        f"for. Under article 32 of {_LAW_EN} the application is accepted.",
    },
    "acceptance.deemed": {
        "zh-hans": f"{{you}}于{{applied}}提出的{{item}}申请，本机关未在五个工作日内告知补正内容。根据{_LICENSING_LAW}"
        "第三十二条，自收到申请材料之日起即为受理。",
        "en": f"We did not tell you within five working days what to correct in the application for {{item}} of "
        f"{{applied}}. Under article 32 of {_LAW_EN} it is accepted from the day the papers were received.",
    },
    "acceptance.title.other": {"zh-hans": "受理通知书", "en": "Notice of acceptance"},
    "acceptance.open.other": {
        "zh-hans": "{you}于{applied}提出的{item}申请，经审查，材料齐全，决定予以受理。",
        "en": "The papers of the application for {item} of {applied} are complete, and the application is accepted.",
    },
    "acceptance.deemed.other": {
        "zh-hans": "{you}于{applied}提出的{item}申请，本机关未在五个工作日内告知补正内容，自收到申请材料之日起即为受理。",
        "en": "We did not tell you within five working days what to correct in the application for {item} of {applied}. "
        "It is accepted from the day the papers were received.",
    },
    "acceptance.limits.other": {
        "zh-hans": "承诺期限：{promise}，至{promise_due}。最长期限：{legal}，至{legal_due}。",
        "en": "Promised limit: {promise}, until {promise_due}. Longest limit: {legal}, until {legal_due}.",
    },
    "acceptance.date": {"zh-hans": "受理日期：{accepted}。", "en": "Accepted on: {accepted}."},
    "acceptance.limits": {
        "zh-hans": "承诺期限：{promise}，至{promise_due}。法定期限：{legal}，至{legal_due}。"
        "依法需要检验、检测、听证的，所需时间不计入期限，另行书面告知。",
        "en": "Promised limit: {promise}, until {promise_due}. Legal limit: {legal}, until {legal_due}. Time that "
        "inspection, testing or a hearing needs by law is not counted; you would be told in writing.",
    },
    "non_acceptance.title": {"zh-hans": "行政许可不予受理通知书", "en": "Notice of non-acceptance"},
    "non_acceptance.outside_authority": {
        "zh-hans": f"{{you}}于{{applied}}提出的{{item}}申请，依法不属于本机关职权范围。根据{_LICENSING_LAW}"
        "第三十二条第一款第（二）项，决定不予受理。",
        "en": f"The application for {{item}} of {{applied}} lies outside this organ's authority. Under article 32, "
        f"paragraph 1, item (2) of {_LAW_EN} it is not accepted.",
    },
    "non_acceptance.no_permission_needed": {
        "zh-hans": f"{{you}}于{{applied}}提出的{{item}}申请，该事项依法不需要取得行政许可。根据{_LICENSING_LAW}"
        "第三十二条第一款第（一）项，不予受理。",
        "en": f"The matter of the application for {{item}} of {{applied}} needs no permission by law. Under article "
        f"32, paragraph 1, item (1) of {_LAW_EN} it is not accepted.",
    },
    "non_acceptance.title.other": {"zh-hans": "不予受理通知书", "en": "Notice of non-acceptance"},
    "non_acceptance.outside_authority.other": {
        "zh-hans": "{you}于{applied}提出的{item}申请，依法不属于本机关职权范围，决定不予受理。",
        "en": "The application for {item} of {applied} lies outside this organ's authority and is not accepted.",
    },
    "non_acceptance.no_permission_needed.other": {
        "zh-hans": "{you}于{applied}提出的{item}申请，该事项依法不需要办理，不予受理。",
        "en": "The matter of the application for {item} of {applied} needs no handling by law and is not accepted.",
    },
    "non_acceptance.reason": {"zh-hans": "具体理由：{reason}", "en": "In detail: {reason}"},
    "non_acceptance.organ": {"zh-hans": "请向{organ}申请。", "en": "Please apply to {organ}."},
    # 行政许可法 第45条
    "special_procedure.title": {"zh-hans": "行政许可特别程序告知书", "en": "Notice of a special procedure"},
    "special.open": {
        "zh-hans": "{you}提出的{item}申请，本机关已于{accepted}受理。办理中依法需要{procedure}，自{started}开始，"
        f"所需时间为{{planned}}。根据{_LICENSING_LAW}第四十五条，所需时间不计算在办理期限内。",
        "en": "The application for {item}, accepted on {accepted}, needs {procedure} by law, from {started}, taking "
        f"{{planned}}. Under article 45 of {_LAW_EN} this time is not counted in the limits.",
    },
    "special.reason": {"zh-hans": "具体内容：{reason}", "en": "In detail: {reason}"},
    "special.after": {
        "zh-hans": "特别程序结束后，期限接着计算，新的办结日期会另行告知。",
        "en": "When it ends, the limits run on, and we will tell you the new last days.",
    },
    "procedure.HEARING": {"zh-hans": "听证", "en": "a hearing"},
    "procedure.TENDER": {"zh-hans": "招标", "en": "a tender"},
    "procedure.AUCTION": {"zh-hans": "拍卖", "en": "an auction"},
    "procedure.INSPECTION": {"zh-hans": "检验", "en": "an inspection"},
    "procedure.TESTING": {"zh-hans": "检测", "en": "testing"},
    "procedure.QUARANTINE": {"zh-hans": "检疫", "en": "quarantine"},
    "procedure.APPRAISAL": {"zh-hans": "鉴定", "en": "an appraisal"},
    "procedure.EXPERT_REVIEW": {"zh-hans": "专家评审", "en": "a review by experts"},
    "special_procedure.title.other": {"zh-hans": "特别程序告知书", "en": "Notice of a special procedure"},
    "special.open.other": {
        "zh-hans": "{you}提出的{item}申请，本机关已于{accepted}受理。办理中需要{procedure}，自{started}开始，"
        "所需时间为{planned}，不计算在办理期限内。",
        "en": "The application for {item}, accepted on {accepted}, needs {procedure}, from {started}, taking {planned}. "
        "This time is not counted in the limits.",
    },
    # 行政许可法 第42条
    "extension.title": {"zh-hans": "延长行政许可办理期限通知书", "en": "Notice of extension"},
    "extension.open": {
        "zh-hans": "{you}提出的{item}申请，本机关已于{accepted}受理。因{reason}，在法定期限内不能作出决定。",
        "en": "The application for {item}, accepted on {accepted}, cannot be decided within the legal limit: {reason}.",
    },
    "extension.due": {
        "zh-hans": f"根据{_LICENSING_LAW}第四十二条第一款，经本机关负责人批准，延长{{extra}}，"
        "法定期限由{before}延至{after}。承诺期限不变。",
        "en": f"Under article 42, paragraph 1 of {_LAW_EN}, with the approval of the head of this organ, the limit is "
        "extended by {extra}: from {before} to {after}. The promised limit stays as it was.",
    },
    "extension.title.other": {"zh-hans": "延长办理期限通知书", "en": "Notice of extension"},
    "extension.due.other": {
        "zh-hans": "经本机关负责人批准，延长{extra}，最长期限由{before}延至{after}。承诺期限不变。",
        "en": "With the approval of the head of this organ, the limit is extended by {extra}: from {before} to {after}. "
        "The promised limit stays as it was.",
    },
    # 行政许可法 第38条、第44条
    "approval.title": {"zh-hans": "准予行政许可决定书", "en": "Decision granting a licence"},
    "approval.open": {
        "zh-hans": "{you}提出的{item}申请，本机关于{accepted}受理。经审查，申请符合法定条件、标准。"
        f"根据{_LICENSING_LAW}第三十八条第一款{{basis}}，决定准予行政许可。",
        "en": "The application for {item}, accepted on {accepted}, meets the conditions and standards of the law. "
        f"Under article 38, paragraph 1 of {_LAW_EN}{{basis}}, it is granted.",
    },
    "approval.licence": {
        "zh-hans": f"根据{_LICENSING_LAW}第四十四条，{{licence}}将在{{due}}前颁发、送达；电子证照与纸质证照效力相同。",
        "en": f"Under article 44 of {_LAW_EN}, {{licence}} will be issued and served by {{due}}; the electronic licence "
        "has the same force as the paper one.",
    },
    "refusal.title": {"zh-hans": "不予行政许可决定书", "en": "Decision refusing a licence"},
    "refusal.open": {
        "zh-hans": "{you}提出的{item}申请，本机关于{accepted}受理。经审查，申请不符合法定条件、标准，理由如下：",
        "en": "The application for {item}, accepted on {accepted}, does not meet the conditions and standards of the "
        "law, for these reasons:",
    },
    "refusal.decision": {
        "zh-hans": f"根据{_LICENSING_LAW}第三十八条第二款{{basis}}，决定不予行政许可。",
        "en": f"Under article 38, paragraph 2 of {_LAW_EN}{{basis}}, the licence is refused.",
    },
    "approval.title.other": {"zh-hans": "准予决定书", "en": "Decision of approval"},
    "approval.title.benefit": {"zh-hans": "行政给付决定书", "en": "Decision granting a benefit"},
    "approval.open.other": {
        "zh-hans": "{you}提出的{item}申请，本机关于{accepted}受理。经审查，申请符合规定的条件。根据{sole}，决定准予。",
        "en": "The application for {item}, accepted on {accepted}, meets the conditions. Under {sole} it is granted.",
    },
    "approval.open.benefit": {
        "zh-hans": "{you}提出的{item}申请，本机关于{accepted}受理。经核定，符合规定的条件。根据{sole}，决定给付如下：",
        "en": "The application for {item}, accepted on {accepted}, meets the conditions. Under {sole} this is granted:",
    },
    "approval.licence.other": {
        "zh-hans": "{licence}将在{due}前送达。",
        "en": "{licence} will be served by {due}.",
    },
    "decision.reasons": {"zh-hans": "理由和依据如下：", "en": "For these reasons:"},
    # 个人信息保护法 第24条
    "decision.by_rule": {
        "zh-hans": "本决定由系统按照公布的规则作出。根据《中华人民共和国个人信息保护法》第二十四条，{you}可以拨打{hotline}"
        "或者到窗口，要求说明情况，或者要求由工作人员复核。",
        "en": "This decision was made by the system under published rules. Under article 24 of the Personal Information "
        "Protection Law you may call {hotline} or come to the counter to have it explained, or looked at by an official.",
    },
    "refusal.title.other": {"zh-hans": "不予批准决定书", "en": "Decision of refusal"},
    "refusal.title.benefit": {"zh-hans": "不予行政给付决定书", "en": "Decision refusing a benefit"},
    "refusal.open.other": {
        "zh-hans": "{you}提出的{item}申请，本机关于{accepted}受理。经审查，申请不符合规定的条件，理由如下：",
        "en": "The application for {item}, accepted on {accepted}, does not meet the conditions, for these reasons:",
    },
    "refusal.decision.other": {"zh-hans": "根据{sole}，决定不予批准。", "en": "Under {sole} it is refused."},
    "refusal.decision.benefit": {"zh-hans": "根据{sole}，决定不予给付。", "en": "Under {sole} it is refused."},
    "delivery.title": {"zh-hans": "送达回证", "en": "Proof of service"},
    "delivery.open": {"zh-hans": "事项：{item}", "en": "Matter: {item}"},
    "delivery.document": {"zh-hans": "送达文书", "en": "Paper served"},
    "delivery.document_number": {"zh-hans": "文书编号", "en": "Its number"},
    "delivery.recipient": {"zh-hans": "受送达人", "en": "Served on"},
    "delivery.mode": {"zh-hans": "送达方式", "en": "How"},
    "delivery.place": {"zh-hans": "送达地点", "en": "Where"},
    "delivery.delivered_on": {"zh-hans": "送达日期", "en": "When"},
    "delivery.signature": {"zh-hans": "受送达人签收", "en": "Recipient's signature"},
    "delivery.delivered_by": {"zh-hans": "送达人", "en": "Served by"},
    "delivery.remarks": {"zh-hans": "备注", "en": "Remarks"},
}
