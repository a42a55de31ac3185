"""The case of four steps as django-viewflow draws it."""

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


def _page(request: Any) -> None:
    """Never shown."""


def _chose(outcome: str) -> Any:
    return lambda activation: activation.process.data["outcome"] == outcome


class LicenceFlow(flow.Flow):
    """The way of a food licence from receipt to closing, on its main road."""

    process_class = Process

    start = flow.StartHandle(this.begin).Next(this.receive)
    receive = flow.Function(this.act).Next(this.examine)
    examine = flow.View(_page).Next(this.examined)
    examined = flow.If(_chose("accept")).Then(this.accept).Else(this.end)
    accept = flow.Function(this.act).Next(this.review)
    review = flow.View(_page).Next(this.reviewed)
    reviewed = flow.If(_chose("propose_approve")).Then(this.propose).Else(this.end)
    propose = flow.Function(this.act).Next(this.decide)
    decide = flow.View(_page).Next(this.decided)
    decided = flow.If(_chose("approve")).Then(this.approve).Else(this.end)
    approve = flow.Function(this.act).Next(this.issue)
    issue = flow.Function(this.act).Next(this.deliver)
    deliver = flow.Function(this.act).Next(this.close)
    close = flow.Function(this.act).Next(this.end)
    end = flow.End()

    def begin(self, activation: Any) -> Any:
        activation.process.data = {}
        return activation.process

    def act(self, activation: Any) -> None:
        """A service task; its rows are written by the driver."""
