"""Bringing a case to colleagues' notice (抄送): sent by who may read it for the authority, to who serves there."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.work import take
from zhengtong.matters.workflow import services as workflow
from zhengtong.people.identity import queries as identity


def send_copies(*, by: Actor, case_id: int, account_ids: Iterable[int], words: str = "") -> int:
    """Send copies of a case to colleagues of its authority; answers how many are new.

    A copy is no ground to send copies. Raises NotAllowed, Conflict (somebody does not serve there), and as
    `workflow.give_copies`.
    """
    wanted = list(dict.fromkeys(account_ids))

    def job() -> int:
        work = take(case_id, by=by)
        require(by, READ, work.case)
        known = {account.pk: account for account, _post in identity.officials_at(work.case.agency_id)}
        if any(key not in known for key in wanted):
            raise Conflict("cases.no_colleague", _("Copies go to officials who serve at the authority of the case."))
        to = [known[key] for key in wanted]
        return len(workflow.give_copies(by=by, subject=work, to=to, words=words, now=work.now))

    with recorded_refusals(by, case_id):
        return write(job)
