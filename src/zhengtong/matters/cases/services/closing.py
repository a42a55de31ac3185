"""How a case ends: noted with the light of its decision, or else of its last day; whatever clock runs is stopped."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.cases.choices import CloseResult, CloseType, State
from zhengtong.matters.cases.services.work import Work


def close_case(work: Work, how: CloseType, result: CloseResult) -> None:
    """Note how and when a case closed; the life cycle must have led it there."""
    if work.case.state != State.CLOSED:
        raise Conflict("cases.not_closed", _("The case is not closed."))
    work.change(
        close_type=how,
        close_result=result,
        closed_at=work.now,
        light_at_close=work.case.light_at_close or work.light(),
        yellow_on=None,
        red_on=None,
        paused=False,
    )
    work.clocks.stop_all(work.today)
