"""What follows the commit of access's events: whoever is to stand in for a colleague is told from when to when."""

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.people.access import events
from zhengtong.people.access.queries.absences import name_of_absent
from zhengtong.people.identity import queries as identity

ENTERED = declare(
    Template(
        name=events.ABSENCE_ENTERED,
        subject_zh="请代理{name}的工作",
        text_zh="{name}自 {begins_on} 至 {ends_on} 不在岗，由您代理。期间您可以办理其任务，期满自动结束。",
        subject_en="You stand in for {name}",
        text_en="{name} is away from {begins_on} to {ends_on}, and you stand in: meanwhile the tasks are yours to do. "
        "It ends by itself.",
    )
)


def tell_substitute(delivery: Delivery) -> None:
    """Tell who stands in, once an event."""
    told = delivery.payload or {}
    account = identity.account(int(str(told.get("substitute") or 0)))
    if delivery.imported or account is None or account.person_id is None:
        return
    messages.tell(
        to=messages.Recipient(person_id=account.person_id, locale=account.locale),
        template=ENTERED.name,
        params={
            "name": name_of_absent(int(str(told.get("account") or 0))),
            "begins_on": told["begins_on"],
            "ends_on": told["ends_on"],
        },
        stable_id=f"absence:{delivery.id}",
        address="/desk/absences/",
    )


subscribe(events.ABSENCE_ENTERED, "access.tell_substitute", tell_substitute)
