"""Steps that call no action, as a list of steps makes them: done, agreed to or not at the desk, words kept."""

import re

import pytest

from factories.desks import Desk, task_of
from matters.test_models_of_services import LOOKED, published
from zhengtong.matters.cases.models import Case, Opinion

pytestmark = pytest.mark.django_db


def second_look(desk: Desk, outcomes: str) -> Case:
    """A case at a step of the head with these outcomes."""
    drawn = [(old, new.replace('zt:outcomes="agree"', outcomes)) for old, new in LOOKED]
    published(*drawn)
    case = desk.case()
    desk.act("clerk", "accept", case)
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予。")
    assert task_of(case).element == "second_look"
    return case


@pytest.mark.parametrize(
    ("outcomes", "offered"), [("", {"done"}), ('zt:outcomes="agree disagree"', {"agree", "disagree"})]
)
def test_a_plain_step_is_done_at_the_desk_and_its_words_are_kept(outcomes: str, offered: set[str], desk: Desk) -> None:
    case = second_look(desk, outcomes)
    head = desk.client("head")
    url = f"/desk/cases/{case.token}/"
    shown = head.get(url).content.decode()
    for outcome in offered:
        assert f'name="{outcome}.opinion"' in shown
    outcome = sorted(offered)[0]
    once = re.search(r'name="once" value="([^"]+)"', shown)
    assert once is not None
    sent = {"task": str(task_of(case).id), "once": once[1], "outcome": outcome, f"{outcome}.opinion": "复核无误。"}
    assert head.post(f"{url}act/", sent).status_code == 302
    assert task_of(case).element == "decide"
    kept = Opinion.objects.get(case_id=case.id, recommendation=outcome)
    assert (kept.name, kept.text) == ("周正", "复核无误。")
    assert "复核无误。" in desk.client("decider").get(f"{url}?side=opinions").content.decode()


def test_to_disagree_wants_a_reason(desk: Desk) -> None:
    case = second_look(desk, 'zt:outcomes="agree disagree"')
    head = desk.client("head")
    shown = head.get(f"/desk/cases/{case.token}/").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', shown)
    assert once is not None
    sent = {"task": str(task_of(case).id), "once": once[1], "outcome": "disagree", "disagree.opinion": ""}
    assert head.post(f"/desk/cases/{case.token}/act/", sent).status_code == 422
    assert task_of(case).element == "second_look"
