"""A process as a list of steps, for people of the office: the list is BPMN underneath and opens in either form."""

from zhengtong.engines.bpmn.listing.opening import open_list
from zhengtong.engines.bpmn.listing.steps import AGREE, DISAGREE, SEND_BACK, Deed, Step, StepList, faults, only_its_own
from zhengtong.engines.bpmn.listing.writing import write_list

__all__ = [
    "AGREE",
    "DISAGREE",
    "Deed",
    "SEND_BACK",
    "Step",
    "StepList",
    "faults",
    "only_its_own",
    "open_list",
    "write_list",
]
