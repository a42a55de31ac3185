"""Names by which programs are told tasks, officials and copies: signed, so that no number can be guessed."""

from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries as work

_names = signing.Signer(salt="api.task", sep=".")
_colleagues = signing.Signer(salt="api.colleague", sep=".")
_numbers = signing.Signer(salt="api.number", sep=".")


def task_named(actor: Actor, token: str) -> Any:
    """A task by the name under which it was told; what the actor may not see looks absent."""
    try:
        number = int(_names.unsign(token), 36)
    except (signing.BadSignature, ValueError):
        number = 0
    task = work.visible_to(actor).filter(id=number).first() if 0 < number < 2**63 else None
    if task is None:
        raise NotFound("workflow.no_task", gettext_lazy("There is no such task"))
    return task


def name_of(task_id: int) -> str:
    """The name under which a task is told."""
    return _names.sign(_base36(task_id))


def colleague_name(account_id: int, capacity: str = "") -> str:
    """The name under which an official is told, with the post in which he would act."""
    return _colleagues.sign_object([account_id, capacity])


def colleague(token: str) -> tuple[int, str]:
    """Account and capacity that a token names; (0, "") for a token nobody gave."""
    try:
        account_id, capacity = _colleagues.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return 0, ""
    return account_id, capacity


def number_name(kind: str, number: int) -> str:
    """The name under which a thing of a kind (`copy`, `absence`) is told."""
    return _numbers.sign(f"{kind}:{_base36(number)}")


def numbered(kind: str, name: str) -> int:
    """The number that such a name stands for, 0 for a name nobody gave."""
    try:
        told, _colon, digits = _numbers.unsign(name).partition(":")
        return int(digits, 36) if told == kind else 0
    except (signing.BadSignature, ValueError):
        return 0


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"
