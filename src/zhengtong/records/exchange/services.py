"""The verb that asks: one question, answered from its authority, with its lineage kept."""

import json
import logging

from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.records.exchange.models import FactAnswer
from zhengtong.records.exchange.registry import Fact, facts

_log = logging.getLogger(__name__)


def ask(*, by: Actor, fact: str, subject: tuple[str, int], purpose: tuple[str, int]) -> FactAnswer:
    """Ask the authority behind `fact` about `subject` for a stated purpose.

    The answer's `status` is `found`, `absent` or `unreachable`; the last is an answer too: the field stays open for
    typing and the application goes on. The question is recorded whatever came back (国务院令第716号 第7条).
    """
    offered = facts.get(fact)
    status, value = _answer(offered, subject)
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    answer = FactAnswer(
        fact=fact,
        subject_kind=subject[0],
        subject_id=subject[1],
        purpose_kind=purpose[0],
        purpose_id=purpose[1],
        asked_by=by.account_id,
        asked_at=clock.now(),
        status=status,
        source=offered.source_zh,
        value=value,
        digest=sm3(canonical.encode()).hex(),
    )
    write(lambda: answer.save(force_insert=True))
    return answer


def _answer(offered: Fact, subject: tuple[str, int]) -> tuple[str, dict[str, object]]:
    try:
        found = offered.provider(subject)
    except Exception as error:  # noqa: BLE001 whatever the other side or the way to it does, the application goes on
        kind = error.code if isinstance(error, Unavailable) else type(error).__name__
        _log.warning("fact %s: the source does not answer (%s)", offered.name, kind)
        return "unreachable", {}
    if found is None:
        return "absent", {}
    return "found", {key: found[key] for key in sorted(offered.keys) if key in found}
