"""An errand with its office: a process that began of itself, and officials who handle it together."""

from typing import Any

from engines.bpmn_drawing import chain, document, message, node, task, timer
from factories import access, desks
from factories import identity as people
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Errand, Task
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

SEVERAL = "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>"
HEADS = ("errand.read", "errand.urge", "errand.halt", "errand.terminate")


class Office:
    """An agency at which a notice is drafted by a clerk (孙洁, 何静), checked by a reviewer (赵敏) and signed by a head
    (周正) who also supervises; 韩梅 holds a post that permits nothing, 沈玉 is a clerk of another agency.
    """

    def __init__(self) -> None:
        self.agency = people.agency()
        self.clerk = self.officer("孙洁", "task.clerk")
        self.second = self.officer("何静", "task.clerk")
        self.reviewer = self.officer("赵敏", "task.reviewer")
        self.head = self.officer("周正", "task.head", *HEADS)
        self.bystander = self.officer("韩梅")
        self.stranger = self.officer("沈玉", "task.clerk", *HEADS, agency=people.agency())

    def officer(self, name: str, *permissions: str, agency: Organisation | None = None) -> Actor:
        where = agency or self.agency
        post = people.post(where, name_zh=f"{name}岗")
        if permissions:
            role = access.role(*permissions)
            access.grant(role, post=post, organisation=where, valid_from=desks.LONG_AGO)
        return identity.actor_for(people.officer(post, holder=people.person(name=name)))

    def again(self, who: Actor) -> Actor:
        """With what he has been granted or lent since."""
        return identity.actor_for(Account.objects.get(id=who.account_id))

    def begin(self, several: bool = False) -> Errand:
        """Draft, check (by several who sign, where wanted), sign; begun by a message."""
        signing = {"zt_sign": "all", "zt_agree": "agree"} if several else {}
        inside = SEVERAL if several else ""
        body = (
            node("startEvent", "s", message()), task("draft", name="起草"),
            node("userTask", "check", inside, name="核稿", zt_role="reviewer", zt_outcomes="agree disagree", **signing),
            node("userTask", "sign", name="签发", zt_role="head", zt_outcomes="agree disagree"), node("endEvent", "e"),
            chain("s", "draft", "check", "sign", "e"),
        )  # fmt: skip
        xml = document(*body, name="通报", zt_name_en="Notice", zt_agency=self.agency.uscc or "")
        services.put_in_force(by=SYSTEM, xml=xml)
        services.send_message(by=SYSTEM, name="m", data={})
        tasks.deliver_messages()
        return Errand.objects.latest("id")

    def improvised(self, until: str = "", role: str = "reviewer", **drawn: str) -> Errand:
        """One at which the reviewer starts visits, which a clerk makes, as they are needed; begun by a message.

        `drawn` are attributes of its ad-hoc sub-process.
        """
        inside = node("userTask", "visit", name="走访", zt_name_en="Visit", zt_role="clerk")
        inside += f"<completionCondition>{until}</completionCondition>" if until else ""
        post = drawn | ({"zt_role": role} if role else {})
        look = node("adHocSubProcess", "look", inside, name="按需走访", zt_name_en="Visits as needed", **post)
        begins = node("startEvent", "s", message("n"))
        body = begins, look, node("endEvent", "e"), chain("s", "look", "e")
        xml = document(*body, name="走访工作", zt_name_en="Visits", zt_agency=self.agency.uscc or "")
        services.put_in_force(by=SYSTEM, xml=xml)
        services.send_message(by=SYSTEM, name="n", data={})
        tasks.deliver_messages()
        return Errand.objects.latest("id")

    def waited(self, until: str = "P3D") -> Errand:
        """One that waits for a time before a clerk has anything to do, begun by a message; it has no task."""
        begins, wait = node("startEvent", "s", message("n")), timer(until)
        body = (
            begins, node("intermediateCatchEvent", "pause", wait, name="公示期满", zt_name_en="Notice period over"),
            task("file", name="归档", zt_name_en="File"), node("endEvent", "e"), chain("s", "pause", "file", "e"),
        )  # fmt: skip
        xml = document(*body, name="公示", zt_name_en="Public notice", zt_agency=self.agency.uscc or "")
        services.put_in_force(by=SYSTEM, xml=xml)
        services.send_message(by=SYSTEM, name="n", data={})
        tasks.deliver_messages()
        return Errand.objects.latest("id")

    def done(self, by: Actor, outcome: str = "", words: str = "", **given: Any) -> None:
        """Complete whatever waits, as this official."""
        services.complete_errand_task(by=by, task_id=waiting(**given).id, outcome=outcome, words=words)

    def drafted(self, several: bool = False) -> Errand:
        """One that waits for its check."""
        errand = self.begin(several)
        self.done(self.clerk, words="初稿已拟。", subject_id=errand.id)
        return errand


def waiting(**given: Any) -> Task:
    """The one task that waits."""
    return Task.objects.get(state__in=("open", "claimed"), **given)


def stands() -> list[tuple[str, str]]:
    """Each waiting task: its element and who has it."""
    found = Task.objects.filter(state__in=("open", "claimed")).order_by("id")
    return [(each.element, each.assignee_name) for each in found]
