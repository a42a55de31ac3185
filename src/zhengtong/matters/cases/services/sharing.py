"""What colleagues do on a case as on any matter, named by the case: copies, halting it, starting what is on offer."""

from collections.abc import Iterable

from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.workflow.services import together


def send_copies(*, by: Actor, case_id: int, account_ids: Iterable[int], words: str = "") -> int:
    """Bring a case to colleagues' notice (抄送); answers how many copies are new. Raises as `together.send_copies`."""
    return together.send_copies(by=by, about=(KIND, case_id), account_ids=account_ids, words=words)


def halt_case(*, by: Actor, case_id: int, reason: str) -> None:
    """Have nothing be done on a case until it goes on (挂起); its clocks run on, for only the law stops them.

    Raises as `together.halt`.
    """
    together.halt(by=by, about=(KIND, case_id), reason=reason)


def continue_case(*, by: Actor, case_id: int) -> None:
    """Have a halted case go on (恢复). Raises as `together.go_on`."""
    together.go_on(by=by, about=(KIND, case_id))


def start_activity(*, by: Actor, case_id: int, number: int, element: str) -> None:
    """Start an activity that is on offer at the token `number` of the case's process (即席子流程).

    Raises as `together.start_activity`.
    """
    together.start_activity(by=by, about=(KIND, case_id), number=number, element=element)


def end_activities(*, by: Actor, case_id: int, number: int) -> None:
    """Say that what is on offer at the token `number` is over. Raises as `together.end_activities`."""
    together.end_activities(by=by, about=(KIND, case_id), number=number)
