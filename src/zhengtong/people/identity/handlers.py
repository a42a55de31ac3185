"""What follows the commit of identity's events: a holder is told that a key waits for him."""

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.people.identity import events
from zhengtong.people.identity.models import Account

GRANTED = declare(
    Template(
        name=events.API_KEY_GRANTED,
        subject_zh="请领取程序密钥：{name}",
        text_zh="系统管理员为您的账户设立了程序密钥“{name}”。请在 14 天内到“我的账户”领取，密钥只显示一次；"
        "如不是您要的，请在那里停用。",
        subject_en="Collect a key for a program: {name}",
        text_en="The system administrator has granted a key to your account: “{name}”. Collect it within 14 days "
        "under “My account”; it is shown once. If you did not ask for it, end it there.",
    )
)


def tell_holder(delivery: Delivery) -> None:
    """Tell whose account it is, once an event."""
    account = Account.objects.filter(pk=delivery.subject[1]).select_related("person").first()
    if account is None or account.person is None or delivery.imported:
        return
    messages.tell(
        to=messages.Recipient(person_id=account.person_id, email=account.person.email or "", locale=account.locale),
        template=GRANTED.name,
        params={"name": str((delivery.payload or {}).get("name", ""))},
        stable_id=f"key:{delivery.id}",
        address="/account/keys/",
    )


subscribe(events.API_KEY_GRANTED, "identity.tell_holder", tell_holder)
