"""Messages from outside to the processes of a case."""

from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.queries import case_by_id
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.workflow.services import bring_message
from zhengtong.matters.workflow.services.stepping import Data


def send_to_case(*, by: Actor, case_id: int, name: str, data: Data) -> int:
    """Bring a message in to whichever process of the case takes it; answers its number.

    Raises NotFound (a case that the actor may not read), and as `bring_message`.
    """
    case = case_by_id(by, case_id)
    return bring_message(by=by, name=name, data=data, about=(KIND, case.id), place=case)
