"""Move running instances to another version of their process: say first what moves where, then move it."""

from zhengtong.engines.bpmn.migrating.foreseeing import STATE_LIMIT, Ending, Prospect, Prospects
from zhengtong.engines.bpmn.migrating.moving import Migration, migrate
from zhengtong.engines.bpmn.migrating.planning import Line, Plan, check_mapping, plan
from zhengtong.engines.bpmn.migrating.remarks import MigrationError, Remark

__all__ = [
    "STATE_LIMIT",
    "Ending",
    "Line",
    "Migration",
    "MigrationError",
    "Plan",
    "Prospect",
    "Prospects",
    "Remark",
    "check_mapping",
    "migrate",
    "plan",
]
