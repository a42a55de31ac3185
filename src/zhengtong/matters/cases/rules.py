"""The law's state machine of a case, and who may do what in it: pure, and the authority over every process."""

from collections.abc import Mapping
from types import MappingProxyType

from zhengtong.foundation import policy
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case, MaterialNote
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.catalog.registry import Life, lives

_S, _E = State, Event

MOST_ROUNDS = 2
"""An evaluation and one supplement to it (services.md §7)."""

_WITHDRAWABLE = (_S.SUBMITTED, _S.RECEIVED, _S.CORRECTION, _S.ACCEPTED, _S.REVIEWING, _S.SUSPENDED, _S.DECIDING)
_TERMINABLE = (_S.ACCEPTED, _S.REVIEWING, _S.SUSPENDED)

TRANSITIONS: Mapping[tuple[State, Event], tuple[State, ...]] = MappingProxyType(
    {
        (_S.DRAFT, _E.SUBMIT): (_S.SUBMITTED,),
        (_S.SUBMITTED, _E.RECEIVE): (_S.RECEIVED,),
        (_S.RECEIVED, _E.REQUEST_CORRECTION): (_S.CORRECTION,),
        (_S.CORRECTION, _E.RESUBMIT): (_S.RECEIVED,),
        (_S.CORRECTION, _E.CORRECTION_TIMEOUT): (_S.RETURNED, _S.CLOSED),
        (_S.RECEIVED, _E.ACCEPT): (_S.ACCEPTED,),
        (_S.RECEIVED, _E.DEEM_ACCEPTED): (_S.ACCEPTED,),
        (_S.RECEIVED, _E.REFUSE_ACCEPTANCE): (_S.NOT_ACCEPTED, _S.CLOSED),
        (_S.RECEIVED, _E.RETURN): (_S.RETURNED, _S.CLOSED),
        (_S.ACCEPTED, _E.START_REVIEW): (_S.REVIEWING,),
        (_S.REVIEWING, _E.SUSPEND): (_S.SUSPENDED,),
        (_S.SUSPENDED, _E.RESUME): (_S.REVIEWING,),
        (_S.REVIEWING, _E.PROPOSE): (_S.DECIDING,),
        (_S.DECIDING, _E.SEND_BACK): (_S.REVIEWING,),
        (_S.DECIDING, _E.APPROVE): (_S.APPROVED,),
        (_S.DECIDING, _E.REFUSE): (_S.REFUSED,),
        (_S.REVIEWING, _E.EXTEND): (_S.REVIEWING,),
        (_S.DECIDING, _E.EXTEND): (_S.DECIDING,),
        (_S.APPROVED, _E.DELIVER): (_S.DELIVERED,),
        (_S.REFUSED, _E.DELIVER): (_S.DELIVERED,),
        (_S.DELIVERED, _E.CLOSE): (_S.CLOSED,),
        **{(state, _E.WITHDRAW): (_S.WITHDRAWN, _S.CLOSED) for state in _WITHDRAWABLE},
        **{(state, _E.TERMINATE): (_S.TERMINATED, _S.CLOSED) for state in _TERMINABLE},
        (_S.CLOSED, _E.ARCHIVE): (_S.ARCHIVED,),
    }
)
"""services.md §5.2, row by row: (from, event) → the states passed through, the last of which stays."""


INSTANT: Mapping[tuple[State, Event], tuple[State, ...]] = MappingProxyType(
    {
        **TRANSITIONS,
        (_S.ACCEPTED, _E.APPROVE): (_S.APPROVED,),
        (_S.ACCEPTED, _E.REFUSE): (_S.REFUSED,),
    }
)
"""Instant items (即办件): receive, accept, approve and deliver may run in one transaction (services.md §5.2)."""


def path(state: str, event: str, *, instant: bool = False) -> tuple[State, ...] | None:
    """The states that `event` leads through from `state`, or None where the law forbids it."""
    return (INSTANT if instant else TRANSITIONS).get((State(state), Event(event)))


def life(*, instant: bool = False) -> Life:
    """The life of a case for the check of processes: each action `cases.X@1` lets the event X happen."""
    actions: dict[str, dict[str, str]] = {}
    for (origin, event), states in (INSTANT if instant else TRANSITIONS).items():
        actions.setdefault(f"cases.{event.value}@1", {})[origin.value] = states[-1].value
    begun = TRANSITIONS[_S.ACCEPTED, _E.START_REVIEW][-1].value  # by the first work of a reviewer
    return Life(
        begun=_S.SUBMITTED.value,
        closed=_S.CLOSED.value,
        actions=actions,
        roles={"reviewer": {_S.ACCEPTED.value: begun}},
        labels={state.value: state.label for state in State},
    )


lives.add("promised", life())
lives.add("instant", life(instant=True))

_STAGES = {"acceptance": _S.RECEIVED, "review": _S.REVIEWING, "decision": _S.DECIDING}


def back_to(state: str, stage: str) -> tuple[bool, Event | None]:
    """Whether the law lets a case in this state go back to an activity of this stage, and the event by which it does;
    None within the stage at which it stands."""
    aim = _STAGES.get(stage)
    if aim is None or aim == state:
        return aim is not None, None
    path = TRANSITIONS.get((State(state), _E.SEND_BACK))
    return (True, _E.SEND_BACK) if path is not None and path[-1] is aim else (False, None)


def allowed_events(state: str, *, instant: bool = False) -> frozenset[Event]:
    """What can happen now."""
    return frozenset(event for (origin, event) in (INSTANT if instant else TRANSITIONS) if origin == state)


policy.register(
    Case,
    policy.Owner("applicant_person_id")
    | policy.Owner("applicant_organisation_id", "org")
    | policy.HasPermission(READ, org="agency_id", region="region"),
    scope={"org": "agency_id", "region": "region"},
)
policy.register(
    MaterialNote,
    policy.ActorKind("staff", "system") & policy.HasPermission(READ, org="agency_id", region="region"),
    scope={"org": "agency_id", "region": "region"},
)
