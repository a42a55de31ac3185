"""What is looked at when somebody asks whether the house is well; the console shows the same."""

import datetime as dt
from collections.abc import Callable

from django.core.management import call_command
from django.core.management.base import CommandError

from zhengtong.foundation.core import clock
from zhengtong.foundation.files.fonts import font_health
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.messages import queries as messages
from zhengtong.matters.deadlines.queries import calendar
from zhengtong.matters.workflow import queries as workflow

Finding = dict[str, object]
LATE = dt.timedelta(minutes=10)


def checkup() -> list[Finding]:
    """Every finding: name, whether it is well, and a sentence."""
    return [_finding(name, look) for name, look in _LOOKS.items()]


def _finding(name: str, look: Callable[[], tuple[bool, str]]) -> Finding:
    well, says = look()
    return {"name": name, "well": well, "says": says}


def _tables() -> tuple[bool, str]:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemExit):
        return False, "some migrations are not applied: run `zhengtong setup`"
    return True, "all migrations are applied"


def _ledger() -> tuple[bool, str]:
    state = ledger.health()
    late = state.oldest_due is not None and state.oldest_due > LATE
    if state.held or state.abandoned or late:
        return False, f"{state.held} events held back, {state.abandoned} deliveries given up"
    return True, f"{state.size} events sealed"


def _messages() -> tuple[bool, str]:
    stuck = messages.stuck().count()
    return not stuck, f"{stuck} messages cannot be sent" if stuck else "nothing is stuck"


def _timers() -> tuple[bool, str]:
    stuck = workflow.stuck_timers().count()
    return not stuck, f"{stuck} timers failed" if stuck else "nothing is stuck"


def _fonts() -> tuple[bool, str]:
    state = font_health()
    return state.well, f"missing: {', '.join(state.missing)}" if state.missing else "all fonts are here"


def _calendar() -> tuple[bool, str]:
    year = clock.today().year
    known = calendar().knows(year)
    return known, f"{year} is known" if known else f"the notice for {year} must be entered in the console"


_LOOKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "tables": _tables,
    "ledger": _ledger,
    "messages": _messages,
    "timers": _timers,
    "fonts": _fonts,
    "calendar": _calendar,
}
