"""Drawing the licence that a pack makes, once, so that no template is found faulty after somebody was approved."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files.rendering import render_licence
from zhengtong.matters.catalog.choices import ResultType
from zhengtong.matters.catalog.packs.examples import is_example, only_answers
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.loading import Pack
from zhengtong.matters.catalog.packs.results import specimen
from zhengtong.matters.catalog.packs.sources import read_yaml
from zhengtong.matters.catalog.packs.trials import Trial


def draw_result(pack: Pack) -> Trial | None:
    """The licence of the pack drawn in the jail with the example's answers; None where the result is none."""
    result = pack.service["result"]
    if result["type"] != ResultType.LICENCE:
        return None
    name = str(result.get("template") or "result.typ")
    template = pack.text_of(name)
    if template is None:
        return Trial(name, (Finding("packs.no_template", pack.source.at("/result")),))
    try:
        render_licence(specimen(pack, _answers(pack)), template=template)
    except Unavailable as refusal:
        cause = str(refusal.details.get("reason") or refusal.message)
        return Trial(name, (Finding("packs.result_not_drawn", f"{name}:1", {"cause": cause}),))
    except EngineError as fault:
        return Trial(name, (Finding("packs.result_not_drawn", f"{name}:1", {"cause": fault}),))
    return Trial(name, ())


def _answers(pack: Pack) -> Mapping[str, Any]:
    for name in sorted(pack.files):
        if is_example(name) and only_answers(name):
            data = read_yaml(name, pack.files[name]).data
            if isinstance(data, Mapping):
                return data
    return {}
