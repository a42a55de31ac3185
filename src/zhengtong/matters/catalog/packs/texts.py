"""Sentences of the pack checks, in Chinese and English."""
# ruff: noqa: E501 (a sentence reads best whole)

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "packs.no_folder": {"zh-hans": "没有文件夹 {folder}", "en": "There is no folder {folder}"},
    "packs.no_service": {
        "zh-hans": "缺少 service.yaml，请照 packs/_template 补上",
        "en": "service.yaml is missing; take it from packs/_template",
    },
    "packs.too_large": {
        "zh-hans": "服务包超过 {limit} MB 或 {files} 个文件",
        "en": "The pack is larger than {limit} MB or {files} files",
    },
    "packs.file_kind": {
        "zh-hans": "服务包不放 {name} 这类文件（不含程序）",
        "en": "A pack does not hold files such as {name} (no programs)",
    },
    "packs.yaml": {"zh-hans": "YAML 写法有误：{problem}", "en": "This is not valid YAML: {problem}"},
    "packs.yaml_alias": {
        "zh-hans": "服务包的 YAML 不用锚点和别名，请写全",
        "en": "YAML anchors and aliases are not used in packs; write it out",
    },
    "packs.yaml_duplicate": {"zh-hans": "“{key}”写了两次，请留一处", "en": "“{key}” is given twice; keep one"},
    "packs.yaml_depth": {"zh-hans": "嵌套太深（最多 {limit} 层）", "en": "Nested too deeply ({limit} levels at most)"},
    "packs.not_utf8": {"zh-hans": "文件应为 UTF-8 编码", "en": "The file should be UTF-8"},
    "packs.format": {
        "zh-hans": "format 应为 {expected}，现为 {found}",
        "en": "format should be {expected}, it is {found}",
    },
    "packs.missing": {"zh-hans": "缺少“{name}”", "en": "“{name}” is missing"},
    "packs.unknown_key": {
        "zh-hans": "不认识的项“{name}”；可用的是 {known}",
        "en": "Unknown key “{name}”; known are {known}",
    },
    "packs.kind": {"zh-hans": "“{name}”应为{expected}", "en": "“{name}” should be {expected}"},
    "packs.choice": {
        "zh-hans": "“{name}”是 {found}，应为其中之一：{choices}",
        "en": "“{name}” is {found}; use one of {choices}",
    },
    "packs.code": {"zh-hans": "“{name}”不是有效的编码：{cause}", "en": "“{name}” is not a valid code: {cause}"},
    "packs.code_differs": {"zh-hans": "{name} 与 {other} 不一致", "en": "{name} does not agree with {other}"},
    "packs.text_missing": {"zh-hans": "{locale} 文本缺少“{key}”", "en": "The {locale} texts lack “{key}”"},
    "packs.text_unused": {"zh-hans": "文本“{key}”没有用到", "en": "The text “{key}” is not used"},
    "packs.text_long": {
        "zh-hans": "文本“{key}”超过 {limit} 个字",
        "en": "The text “{key}” is longer than {limit} characters",
    },
    "packs.promise_above_legal": {
        "zh-hans": "承诺时限 {promise} 超过法定时限 {legal}，请缩短承诺时限",
        "en": "The promised limit {promise} is above the legal limit {legal}; shorten it",
    },
    "packs.limit_units": {
        "zh-hans": "承诺时限与法定时限的单位不同，无法比较",
        "en": "Promised and legal limit have different units and cannot be compared",
    },
    "packs.limit_law": {
        "zh-hans": "行政许可的法定时限 {legal} 超过二十个工作日（行政许可法第四十二条），请写明另有规定的法律法规（legal_limit.basis）",
        "en": "The legal limit {legal} of a licence is above 20 working days (Licensing Law art. 42); name the law that sets it in legal_limit.basis",
    },
    "packs.steps_above_promise": {
        "zh-hans": "各环节合计 {total} 个工作日，超过承诺时限 {promise}",
        "en": "The steps add up to {total} working days, above the promised {promise}",
    },
    "packs.procedure_law": {
        "zh-hans": "{procedure} 不是行政许可法第四十五条所列的特别程序，其时间不能扣除",
        "en": "{procedure} is not a special procedure of Licensing Law art. 45; its time may not be left uncounted",
    },
    "packs.instant": {
        "zh-hans": "即办件的承诺时限应为 0 或 1 个工作日",
        "en": "An instant item promises 0 or 1 working day",
    },
    "packs.material_demanded": {
        "zh-hans": "材料“{material}”由政府部门核发且有电子证照，不得要求申请人提交（国务院令第716号第七条）；把 how 改为 exempt",
        "en": "“{material}” is issued by government and available as an e-licence: it may not be demanded (State Council Order 716 art. 7); set how: exempt",
    },
    "packs.none_stated": {"zh-hans": "“{name}”至少要有一项", "en": "“{name}” needs at least one entry"},
    "packs.limit_hours": {
        "zh-hans": "“{name}”以小时计，办件的时钟只按日计；请改用 working_day、natural_day 或 month",
        "en": "“{name}” is in hours, but the clocks of cases count days; use working_day, natural_day or month",
    },
    "packs.correction_due": {
        "zh-hans": "补正期限至少 1 日，否则申请人来不及补正",
        "en": "A correction must be given at least one day, or nobody can make it in time",
    },
    "packs.fee": {
        "zh-hans": "收费“{fee}”的金额 {found} 应写成元，如 30 或 30.50",
        "en": "The amount {found} of the fee “{fee}” is written in yuan, such as 30 or 30.50",
    },
    "packs.material_unsupplied": {
        "zh-hans": "材料“{material}”免提交，但没有写由谁提供；请写明 from",
        "en": "“{material}” need not be handed in, but nobody supplies it; say who in “from”",
    },
    "packs.material_source": {
        "zh-hans": "材料“{material}”的来源 {found} 不存在；有的是 {known}",
        "en": "The source {found} of “{material}” does not exist; there are {known}",
    },
    "packs.material_condition": {
        "zh-hans": "材料“{material}”的条件 when 看不懂：{cause}",
        "en": "The condition “when” of “{material}” cannot be read: {cause}",
    },
    "packs.material_when_unasked": {
        "zh-hans": "材料“{material}”的条件 when 用到了“{question}”，表单没有这一题",
        "en": "The condition “when” of “{material}” uses “{question}”, which the form does not ask",
    },
    "packs.material_when_differs": {
        "zh-hans": "材料“{material}”的条件 when 与表单题目“{question}”的显示条件不同（{condition}），请写成一样的",
        "en": "The condition “when” of “{material}” differs from that of the form's question “{question}” ({condition}); write the same",
    },
    "packs.material_not_required": {
        "zh-hans": "材料“{material}”是必要的，但表单题目“{question}”可以不传；请列入 required",
        "en": "“{material}” is necessary, but the form's question “{question}” may be left out; list it in “required”",
    },
    "packs.result_serial": {
        "zh-hans": "证照流水号模板 {found} 不能用：由数字、大写字母、{{year}} 和 {{seq:06d}} 组成，后两者各一次",
        "en": "The serial template {found} cannot be used: it is made of digits, capitals, {{year}} and {{seq:06d}}, each of these once",
    },
    "packs.result_number": {
        "zh-hans": "证照编号模板 {found} 不能用：可用 {{activity}} {{region}} {{year}} {{seq:06d}} {{check}}，须有 {{seq}}，{{check}} 只在末尾",
        "en": "The number template {found} cannot be used: places are {{activity}} {{region}} {{year}} {{seq:06d}} {{check}}, with {{seq}}, and {{check}} only at the end",
    },
    "packs.result_source": {
        "zh-hans": "证照上一项的来源 {found} 不存在；有的是 {known}",
        "en": "The source {found} of a line of the licence does not exist; there are {known}",
    },
    "packs.result_not_drawn": {
        "zh-hans": "证照画不出来：{cause}",
        "en": "The licence cannot be drawn: {cause}",
    },
    "packs.example_file": {
        "zh-hans": "examples/ 里没有 {name}",
        "en": "examples/ has no {name}",
    },
    "packs.material_beyond": {
        "zh-hans": "表单要求上传“{material}”，但 materials 中没有；不得要求清单以外的材料",
        "en": "The form asks for an upload of “{material}” that materials does not list; nothing may be asked beyond the list",
    },
    "packs.material_unasked": {
        "zh-hans": "材料“{material}”要上传，但表单没有上传它的地方",
        "en": "“{material}” is to be uploaded, but the form has no place for it",
    },
    "packs.duplicate": {"zh-hans": "{name} “{value}”重复", "en": "{name} “{value}” appears twice"},
    "packs.law_unknown": {"zh-hans": "法律文本中没有《{law}》{edition}", "en": "The law texts have no {law} {edition}"},
    "packs.article_unknown": {"zh-hans": "《{law}》没有{article}", "en": "{law} has no {article}"},
    "packs.quote_differs": {
        "zh-hans": "引文与《{law}》{article}原文不符",
        "en": "The quotation differs from the text of {law} {article}",
    },
    "packs.no_form": {"zh-hans": "缺少 form.json", "en": "form.json is missing"},
    "packs.no_process": {"zh-hans": "缺少 process.bpmn", "en": "process.bpmn is missing"},
    "packs.no_template": {
        "zh-hans": "结果是证照，但缺少 result.typ",
        "en": "The result is a licence, but result.typ is missing",
    },
    "packs.form": {"zh-hans": "表单有误：{cause}", "en": "The form is faulty: {cause}"},
    "packs.soundness": {"zh-hans": "流程不稳妥：{cause}", "en": "The process is not sound: {cause}"},
    "packs.process": {"zh-hans": "流程不能执行：{cause}", "en": "The process cannot be executed: {cause}"},
    "packs.start_triggered": {
        "zh-hans": "开始事件 {element} 不会被触发：服务事项的流程由申请启动，请改用无触发的开始事件",
        "en": "Start {element} would never be triggered: the application begins the process, so use a plain start",
    },
    "packs.role_undeclared": {
        "zh-hans": "流程节点 {element} 的角色 {role} 没有在 roles 中声明",
        "en": "Role {role} of process element {element} is not declared in roles",
    },
    "packs.role_unused": {"zh-hans": "角色 {role} 在流程中没有用到", "en": "Role {role} is not used by the process"},
    "packs.action_unknown": {
        "zh-hans": "流程节点 {element} 调用的 {action} 不存在",
        "en": "Action {action} of process element {element} does not exist",
    },
    "packs.clock_unknown": {
        "zh-hans": "流程节点 {element} 的时钟 {clock} 不认识",
        "en": "Clock {clock} of process element {element} is unknown",
    },
    "packs.outcome_unknown": {
        "zh-hans": "流程节点 {element} 的办理结果 {outcome} 无法在工作台选择；可用的是 {known}",
        "en": "Nobody can say the outcome {outcome} of process element {element}; known are {known}",
    },
    "packs.life_action": {
        "zh-hans": "走到流程节点 {element} 时，办件可能处于“{states}”状态，此时不能执行 {action}；请检查它前面的步骤",
        "en": "At process element {element} the case may be in the state “{states_en}”, in which {action} is not possible; look at the steps before it",
    },
    "packs.life_open": {
        "zh-hans": "流程在 {element} 结束时，办件可能还处于“{states}”状态，没有办结；请在结束前补上相应的动作",
        "en": "Where the process ends at {element}, the case may still be in the state “{states_en}”, not closed; add what closes it",
    },
    "packs.life_unfollowed": {
        "zh-hans": "流程节点 {element} 的走向无法事先推演，没有核对办件状态是否衔接",
        "en": "How a case lives through process element {element} cannot be followed, so that it was not checked",
    },
    "packs.rules": {"zh-hans": "规则：{cause}", "en": "Rules: {cause}"},
    "packs.no_rules": {
        "zh-hans": "流程要问规则“{decision}”，但服务包没有 rules.dmn",
        "en": "The process asks for the decision “{decision}”, but the pack has no rules.dmn",
    },
    "packs.no_rules_file": {
        "zh-hans": "service.yaml 写了 rules，但服务包没有 rules.dmn",
        "en": "service.yaml has rules, but the pack has no rules.dmn",
    },
    "packs.decision_unknown": {
        "zh-hans": "rules.dmn 没有决策“{decision}”；有的是 {known}",
        "en": "rules.dmn has no decision “{decision}”; it has {known}",
    },
    "packs.answer_misread": {
        "zh-hans": "{element} 处的“{expression}”与规则的结果对不上：{cause}。规则给出的是 {known}",
        "en": "“{expression}” at {element} does not fit what the rules answer: {cause}. They give {known}",
    },
    "packs.decision_undeclared": {
        "zh-hans": "决策“{decision}”请列入 rules.decisions 并写中英文名称",
        "en": "List the decision “{decision}” in rules.decisions with its names",
    },
    "packs.input_unmapped": {
        "zh-hans": "规则要用“{input}”，请在 rules.inputs 中写明从哪里来",
        "en": "The rules use “{input}”; say in rules.inputs where it comes from",
    },
    "packs.input_unknown": {
        "zh-hans": "rules.dmn 没有输入“{input}”；有的是 {known}",
        "en": "rules.dmn has no input “{input}”; it has {known}",
    },
    "packs.input_source": {
        "zh-hans": "“{input}”的来源 {source} 不存在；写法见 docs/reference/rules.md",
        "en": "The source {source} of “{input}” does not exist; docs/reference/rules.md has those there are",
    },
    "packs.input_kind": {
        "zh-hans": "“{input}”在规则中是 {wanted}，而 {source} 给出的是 {kind}",
        "en": "“{input}” is {wanted} in the rules, but {source} gives {kind}",
    },
    "packs.word_undeclared": {
        "zh-hans": "规则的结果“{word}”会给人看，请列入 rules.words 并写中英文",
        "en": "The result “{word}” of the rules is shown to people; list it in rules.words with its texts",
    },
    "packs.word_unused": {
        "zh-hans": "rules.words 中的“{word}”在规则中没有用到",
        "en": "“{word}” of rules.words is not used by the rules",
    },
    "packs.rule_unknown": {
        "zh-hans": "“{decision}”第 {rule} 条规则的 {cell} 在“{input}”不知道时也会适用，请写成 not(…, null) 或者另写",
        "en": "{cell} in rule {rule} of “{decision}” holds even where “{input}” is not known; write not(…, null) or say it otherwise",
    },
    "packs.rule_without_article": {
        "zh-hans": "“{decision}”第 {rule} 条规则没有写依据，请在“依据”栏写明《法律》第几条",
        "en": "Rule {rule} of “{decision}” names no article; write 《law》第…条 in its column 依据",
    },
    "packs.rule_one_language": {
        "zh-hans": "“{decision}”第 {rule} 条规则的“{column}”栏没有写，中英文都要有",
        "en": "Rule {rule} of “{decision}” lacks its column “{column}”; both languages are needed",
    },
    "packs.no_examples": {
        "zh-hans": "examples/ 里还没有走完流程的例子",
        "en": "examples/ has no example that walks through the process",
    },
    "packs.package_import": {"zh-hans": "模板不能引用外部包", "en": "A template may not import packages"},
    "packs.example": {
        "zh-hans": "例子不符：{what} 应为 {expected}，实为 {found}",
        "en": "The example differs: {what} should be {expected}, it is {found}",
    },
    "packs.example_step": {
        "zh-hans": "例子第 {step} 步走不通：{cause}",
        "en": "Step {step} of the example does not work: {cause}",
    },
    "packs.example_not_begun": {
        "zh-hans": "第一步应当是 event: submit",
        "en": "The first step should be event: submit",
    },
    "packs.example_not_there": {
        "zh-hans": "流程此时不在 {element}；它在 {known}",
        "en": "The process is not at {element} then; it is at {known}",
    },
    "packs.example_not_called": {
        "zh-hans": "流程此时还没有执行到 {action}",
        "en": "The process has not come to {action} then",
    },
    "packs.example_answers": {
        "zh-hans": "例子的填写内容不合表单：{path} {cause}",
        "en": "The example's answers do not fit the form: {path} {cause}",
    },
}
