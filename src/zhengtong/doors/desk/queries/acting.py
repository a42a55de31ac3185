"""Which verbs of approval are open to an official on a case or an errand now, and the pages that ask for them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries import withdrawing
from zhengtong.doors.desk.queries.asking import Row, Typed, asking, choices
from zhengtong.doors.desk.queries.matters import Matter
from zhengtong.doors.desk.queries.panels import in_other_hands
from zhengtong.doors.desk.queries.rows import urged_words
from zhengtong.doors.desk.queries.saying import moment_words, named
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import Asked, TaskState
from zhengtong.matters.workflow.queries import WAITING, in_reach, is_own, wants_words
from zhengtong.matters.workflow.services.looking_back import followers, is_several, targets
from zhengtong.matters.workflow.services.urging import in_peace
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


_WITH_OUTCOME = (Asked.AFTER, Asked.ALONGSIDE)


def task_for(actor: Actor, tasks: "Iterable[Task]") -> "Task | None":
    """The waiting task that a page is about: asked of the actor in person, his to do, else the first."""
    waiting = [task for task in tasks if task.state in WAITING]
    own = (task for task in waiting if is_own(actor, task))
    his = (task for task in waiting if task.who_id is None and in_reach(actor, task))
    office = (task for task in waiting if task.who_id is None)
    return next(own, None) or next(his, None) or next(office, None) or next(iter(waiting), None)


def current(actor: Actor, matter: Matter) -> "Task | None":
    """The same, read for one of the small pages."""
    return task_for(actor, matter.tasks())


def buttons(actor: Actor, matter: Matter, tasks: "list[Task]", task: "Task | None") -> list[Row]:
    """The verbs open to the actor now, computed from what was read of the case already."""
    found: list[Row] = []
    if task is not None and in_reach(actor, task) and not task.process.suspended:
        if wants_words(task):
            found.append(_button(matter, "opinion", _("Give your opinion"), "message-square-text"))
        else:
            if _may_go_back(matter, tasks, task):
                found.append(_button(matter, "send_back", _("Send back"), "undo-2"))
            found.append(_button(matter, "ask", _("Ask colleagues"), "users"))
    if withdrawing.may_withdraw(actor, tasks):
        found.append(_button(matter, "withdraw", _("Take it back"), "rotate-cw"))
    if task is not None and matter.may_halt(actor):
        halted = task.process.suspended
        found.append(
            _button(matter, "go_on", _("Go on"), "play") if halted else _button(matter, "halt", _("Halt"), "pause")
        )
    return found


def _button(matter: Matter, name: str, label: str, icon: str) -> Row:
    return {"label": label, "icon": icon, "url": matter.url(name)}


def _may_go_back(matter: Matter, tasks: "list[Task]", task: "Task") -> bool:
    done = (each for each in tasks if each.state == TaskState.DONE and each.who_id is None)
    return any(matter.lets_back(each.stage) and each.element != task.element for each in done)


def asked_rows(actor: Actor, matter: Matter, tasks: "list[Task]") -> list[Row]:
    """Who was asked about its tasks, or sent back to, and what was said, newest first; the actor's own
    questions that wait for an answer can be urged on and taken back."""
    own = {each.id for each in tasks if each.assignee_id == actor.account_id}
    return [
        {
            "name": each.holder or named(each.name, each.name_en),
            "label": f"{Asked(each.asked).label} · {named(each.name, each.name_en)}",
            "words": each.words,
            "at": each.completed_at or each.created_at,
            "state": each.get_state_display(),
            "urged": urged_words(each) if each.urges else "",
            **(_while_it_waits(matter, each) if each.who_id and each.state in WAITING and each.asker_id in own else {}),
        }
        for each in tasks
        if each.asked
    ][::-1]


def _while_it_waits(matter: Matter, asked: "Task") -> Row:
    """What who asked can do while he waits for the answer."""
    urge = {"urge_url": matter.url("urge"), "task_id": asked.id, "once": new_token()} if not in_peace(asked) else {}
    return {"take_back_url": matter.url("ask_no_longer", asked.id)} | urge


def following_rows(actor: Actor, matter: Matter, task: "Task | None") -> list[Row]:
    """Who is named to sign after the actor's own task."""
    if task is None or task.assignee_id != actor.account_id:
        return []
    return [
        {
            "name": "、".join(names),
            "label": Asked.AFTER.label,
            "state": _("once you are done"),
            "at": task.claimed_at,
            "take_back_url": matter.url("name_no_longer", task.id),
        }
        for names in followers(task).values()
    ]


def sending_back(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """To whom the open task can be sent back, with who did it and when."""
    task = current(actor, matter)
    barred = _barred(actor, task)
    found = [each for each in targets(task) if each.element != task.element] if task is not None and not barred else []
    options = [
        {
            "value": each.element,
            "name": named(each.name, each.name_en),
            "detail": f"{each.by} · {moment_words(each.at)}" if each.at else each.by,
        }
        for each in found
        if matter.lets_back(each.stage)
    ]
    straight = [{"value": "1", "name": _("It comes straight back to me"), "detail": _("nothing in between is redone")}]
    groups = [
        choices("target", _("Back to which step"), options, typed.get("chosen", ())),
        choices("direct", _("And then"), straight, [typed.get("direct", "")], kind="checkbox"),
    ]
    return asking(
        matter,
        typed,
        task=task,
        title=_("Send back"),
        submit=_("Send back, tell the colleague"),
        intro=_("What came of that step is done anew; what was done stays in the history."),
        groups=groups,
        barred=barred or ("" if options else _no_way_back(matter)),
    )


def _no_way_back(matter: Matter) -> str:
    if matter.kind == "case":
        return _("There is no step to which the law lets this case go back now.")
    return _("Nothing was done before this step; an errand has no applicant to whom it could go back.")


def consulting(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """Whom to ask about the open task, and how."""
    task = current(actor, matter)
    barred = _barred(actor, task)
    serving = identity.officials_at(matter.agency_id) if not barred else []
    once_each = {account.pk: (account, post) for account, post in serving if account.pk != actor.account_id}
    options = [
        {"value": str(key), "name": account.person.name if account.person else "", "detail": post.name if post else ""}
        for key, (account, post) in once_each.items()
    ]
    return asking(
        matter,
        typed,
        task=task,
        title=_("Ask colleagues"),
        submit=_("Ask, tell the colleagues"),
        intro=_("What is asked of one is nobody else’s to answer."),
        groups=[
            choices("way", _("How"), _ways(task), [typed.get("way", Asked.BEFORE)]),
            choices("to", _("Whom"), options, typed.get("chosen", ()), kind="checkbox"),
        ],
        reason_label=_("What you ask"),
        barred=barred or ("" if options else _("Nobody else serves at your organisation.")),
    )


def _ways(task: "Task | None") -> list[Row]:
    """How colleagues can sign too, those of several more of whom can be added among them."""
    several = task is not None and is_several(task)
    post = str(_("only who holds the post of this step")) if task is not None and task.outcomes else ""
    ways = [
        (Asked.BEFORE, _("Sign before me"), _("all at once; your task waits until they have answered")),
        (Asked.ALONGSIDE, _("Sign along with us"), _("they become more of those who sign")),
        (Asked.AFTER, _("Sign after me"), _("one after another, once you are done")),
        (Asked.DELEGATED, _("Do it for me, and give it back"), _("one colleague; it comes back to me")),
    ]
    return [
        {"value": way, "name": name, "detail": f"{said}；{post}" if post and way in _WITH_OUTCOME else said}
        for way, name, said in ways
        if several or way != Asked.ALONGSIDE
    ]


def answering(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """The opinion one was asked for."""
    task = current(actor, matter)
    mine = task is not None and wants_words(task) and is_own(actor, task)
    question = (task.words or "") if task is not None and mine else ""
    return asking(
        matter,
        typed,
        task=task,
        title=_("Give your opinion"),
        submit=_("Give it, the task goes back"),
        intro=_("You were asked: %s") % question if question else "",
        reason_label=_("Opinion"),
        barred="" if mine else _("Nothing is asked of you here now."),
    )


def halting(actor: Actor, matter: Matter, typed: Typed, *, go_on: bool = False) -> Row:
    """Halting it, or having it go on."""
    barred = "" if matter.may_halt(actor) else _("Only who may by his post halts it.")
    if go_on:
        intro = _("What fell due meanwhile happens now.")
        return asking(
            matter, typed, title=_("Go on"), submit=_("Have it go on"), intro=intro, reason_label="", barred=barred
        )
    intro = _("Nothing can be done on it until it goes on. Its limits run on: only the law stops them.")
    return asking(matter, typed, title=_("Halt"), submit=_("Halt it"), intro=intro, barred=barred)


def _barred(actor: Actor, task: "Task | None") -> str:
    if task is None:
        return _("Nothing is to be done here now.")
    if wants_words(task):
        return _("You were asked in person; answer, or leave it to who asked.")
    return "" if in_reach(actor, task) else in_other_hands(actor, task)
