"""Sentences about documents that cannot be read, and about which process of one is meant."""

READING: dict[str, tuple[str, str]] = {
    "bpmn.too_large": (
        "文件有 {size} 字节,超过上限 {limit} 字节。请拆分流程。",
        "The file has {size} bytes, more than {limit}. Split the process.",
    ),
    "bpmn.too_deep": (
        "元素嵌套超过 {limit} 层。请减少嵌套。",
        "Elements are nested deeper than {limit} levels. Flatten the model.",
    ),
    "bpmn.too_many": (
        "元素超过 {limit} 个。请拆分流程。",
        "There are more than {limit} elements. Split the process.",
    ),
    "bpmn.too_many_attributes": (
        "一个元素的属性超过 {limit} 个。请检查文件来源。",
        "An element has more than {limit} attributes. Check where the file comes from.",
    ),
    "bpmn.doctype": (
        "文件含有 DOCTYPE 声明。为安全起见不读取,请删除该声明。",
        "The file declares a DOCTYPE, which is never read for safety. Remove the declaration.",
    ),
    "bpmn.not_xml": (
        "文件不是完好的 XML:{reason}。请从建模工具重新导出。",
        "The file is not well-formed XML: {reason}. Export it again from the modeller.",
    ),
    "bpmn.unreadable": ("文件无法打开:{reason}。", "The file cannot be opened: {reason}."),
    "bpmn.not_bpmn": (
        "根元素是 {root},不是 BPMN 2.0 的 definitions。请提供 BPMN 2.0 文件。",
        "The root element is {root}, not BPMN 2.0 definitions. Give a BPMN 2.0 file.",
    ),
}

CHOOSING: dict[str, tuple[str, str]] = {
    "bpmn.no_process": ("文件中没有流程。请加入一个 process。", "The file holds no process. Add one."),
    "bpmn.process_twice": (
        "文件中编号为 {process} 的流程不止一个。请给每个流程不同的编号。",
        "The file holds several processes with id {process}. Give each its own.",
    ),
    "bpmn.process_unknown": ("文件中没有编号为 {process} 的流程。", "The file holds no process with id {process}."),
    "bpmn.process_ambiguous": (
        "文件中有多个流程({processes})。请指明要执行哪一个。",
        "The file holds several processes ({processes}). Say which one to execute.",
    ),
    "bpmn.refused": (
        "流程 {process} 不能执行,共 {count} 处问题。第一处:{first_zh}",
        "Process {process} cannot be executed: {count} findings. The first: {first_en}",
    ),
}
