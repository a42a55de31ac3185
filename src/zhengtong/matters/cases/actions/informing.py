"""A process lets somebody know (通知): the applicant, or all officials of a role; nobody has to do anything."""

from zhengtong.matters.cases.actions.sharing import work_of
from zhengtong.matters.cases.registry import APPLICANT, NOTICES
from zhengtong.matters.workflow.registry import Action, Call, action


def _informing(whom: str) -> Action:
    def inform(call: Call) -> None:
        work = work_of(call)
        work.chapter.record(by=work.official, type="case.informed", payload={"whom": whom})

    those = "the applicant" if whom == APPLICANT else f"everybody of the authority with the role `{whom}`"
    inform.__doc__ = f"Let {those} know of the case; the process goes on at once."
    return inform


for _name, (_whom, _label) in NOTICES.items():
    action(_name)(_informing(_whom))
