"""Ad-hoc sub-processes that stood before what they offer lay in inboxes (workflow 0013) lie there too.

It stands here because such a row shows the case or the errand it is of. What has its row, is over, is nobody's to start, or
is of a process that has ended, is left as it is; so it is safe to repeat.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

from zhengtong.engines.bpmn import COLUMNS, Graph, State, Wait, compile_process, from_rows, locate, read
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock

Columns = dict[str, Any]
_log = logging.getLogger(__name__)


def lay_in_inboxes(apps: Any, schema_editor: Any) -> None:
    rows = _Rows(apps, schema_editor.connection.alias)
    for process in list(rows.lacking()):
        try:
            rows.lay(process)
        except EngineError as error:
            _log.warning("process %s stands at something on offer that cannot be read: %s", process.id, error.code)


class _Rows:
    """The tables as they were when this was written."""

    def __init__(self, apps: Any, alias: str) -> None:
        self.process, self.token, self.task, self.definition, self.errand = (
            apps.get_model("workflow", name).objects.using(alias)
            for name in ("Process", "Token", "Task", "Definition", "Errand")
        )
        self.case = apps.get_model("cases", "Case").objects.using(alias)
        self.now = clock.now()
        self._graphs: dict[int, Graph] = {}

    def lacking(self) -> Any:
        """The running processes at which something stands on offer without a row."""
        known = self.task.filter(process_id=OuterRef("process_id"), number=OuterRef("number"))
        standing = self.token.filter(~Exists(known), wait=Wait.ADHOC.value, ended_at__isnull=True)
        return self.process.filter(state="running", id__in=standing.values("process_id")).order_by("id")

    def lay(self, process: Any) -> None:
        face = self._face(process.subject_kind, process.subject_id)
        if face is None:
            return
        live = self.token.filter(process_id=process.id, ended_at__isnull=True).values("number", *COLUMNS[1:])
        state = from_rows(({**row, "id": row["number"]} for row in live), process.next_token)
        had = set(self.task.filter(process_id=process.id).values_list("number", flat=True))
        for number in _open(state):
            node = locate(self._graph(process.definition_id), state, number)
            if number not in had and node.role:
                self.task.create(
                    process_id=process.id,
                    number=number,
                    element=node.id,
                    name=node.name,
                    name_en=node.name_en,
                    stage=node.stage,
                    role=node.role,
                    outcomes=[],
                    queue=f"{face['agency_id']}:{node.role}",
                    subject_kind=process.subject_kind,
                    subject_id=process.subject_id,
                    state="offered",
                    created_at=self.now,
                    **face,
                )

    def _face(self, kind: str, number: int) -> Columns | None:
        """What the row shows of its case or errand; None where nobody says whose it is."""
        if kind == "case":
            case = self.case.filter(id=number).first()
            return _face_of_case(case, clock.local(self.now).date()) if case is not None else None
        errand = self.errand.filter(id=number).first() if kind == "errand" else None
        return _face_of_errand(errand) if errand is not None and errand.agency_id is not None else None

    def _graph(self, definition_id: int) -> Graph:
        if definition_id not in self._graphs:
            row = self.definition.get(id=definition_id)
            library = {name: self._graph(number) for name, number in row.calls.items()}
            self._graphs[definition_id] = compile_process(read(bytes(row.xml)), library=library)
        return self._graphs[definition_id]


def _open(state: State) -> Iterator[int]:
    """The ad-hoc sub-processes that stand and are not over, by the numbers of their tokens."""
    over = {token.scope for token in state.tokens if token.wait is Wait.OVER}
    return (token.id for token in state.tokens if token.wait is Wait.ADHOC and token.id not in over)


def _face_of_case(case: Any, today: dt.date) -> Columns:
    return {
        "agency_id": case.agency_id,
        "title": case.item_name,
        "title_en": case.item_name_en,
        "label": case.applicant_label,
        "reference": case.short_no,
        "yellow_on": case.yellow_on,
        "red_on": case.red_on or today,
        "paused": case.paused,
    }


def _face_of_errand(errand: Any) -> Columns:
    return {
        "agency_id": errand.agency_id,
        "title": errand.title,
        "title_en": errand.title_en,
        "label": "",
        "reference": str(errand.id),
        "yellow_on": None,
        "red_on": errand.red_on,
        "paused": False,
    }


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_to_archive"),
        ("workflow", "0014_one_index_fewer"),
    ]

    operations = [migrations.RunPython(lay_in_inboxes, migrations.RunPython.noop, elidable=True)]
