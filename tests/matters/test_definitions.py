"""What a server process remembers of process models is never more than the database holds."""

import pytest
from django.core.management import call_command

from engines.bpmn_drawing import chain, document, node, task
from zhengtong.matters.workflow.definitions import define, graph_of
from zhengtong.matters.workflow.models import Definition

MODEL = document(node("startEvent", "s"), task("t"), node("endEvent", "e"), chain("s", "t", "e"))


@pytest.mark.django_db(transaction=True)
def test_tables_made_anew_are_not_taken_for_the_old_ones() -> None:
    before = define(MODEL)
    assert graph_of(before).process
    call_command("flush", interactive=False, verbosity=0)
    after = define(MODEL)
    assert Definition.objects.filter(id=after).exists()
