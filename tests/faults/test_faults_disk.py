"""The disk is full: acts are refused whole, what was typed and handed in stays, and all goes on once there is room."""

import io
import os
import pathlib
import shutil
import stat
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from factories import cases as made
from faults.house import at_once, counts, disk_of, half_made
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files import rendering
from zhengtong.foundation.files import tasks as file_tasks
from zhengtong.foundation.files.models import StoredFile
from zhengtong.foundation.files.services import open_file, store
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import services as sealing
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft, Notice
from zhengtong.matters.cases.services import papers
from zhengtong.matters.workflow.queries import open_task


def files_on_disk() -> list[str]:
    folder = pathlib.Path(settings.VAR) / "files"
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


def sound() -> bool:
    sealing.seal_all()
    with connection.cursor() as cursor:
        return ledger.verify_log().valid and cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture
def answers(world: made.World) -> dict[str, Any]:
    return made.answers(world.applicant)


def test_submitters_at_a_disk_that_fills_up(world: made.World, answers: Any) -> None:
    """Who was told that it is done has his case; who was refused has nothing but his draft, and hands it in later."""
    drafts = [services.start_draft(by=world.applicant, item_id=world.item.id, answers=answers) for _ in range(32)]

    def hand_in(draft: Draft) -> services.HandedIn:
        return services.hand_in_draft(by=world.applicant, token=draft.token, key=draft.token)

    with disk_of(room=500_000):
        told = at_once([lambda draft=draft: hand_in(draft) for draft in drafts])
        done = {
            draft.token for draft, answer in zip(drafts, told, strict=True) if isinstance(answer, services.HandedIn)
        }
        refused = [answer for answer in told if not isinstance(answer, services.HandedIn)]
        assert refused, "the disk was full"
        assert {type(answer) for answer in refused} == {Unavailable}, refused
        assert {answer.code for answer in refused} == {"writes.no_room"}
        assert set(Case.objects.values_list("token", flat=True)) == done
        assert set(Draft.objects.values_list("token", flat=True)) == {draft.token for draft in drafts} - done
        assert half_made() == []
    assert [hand_in(draft).case_token for draft in drafts] == [draft.token for draft in drafts]
    assert (Case.objects.count(), half_made()) == (32, [])
    assert sound()


def test_every_verb_is_refused_whole(world: made.World, answers: Any) -> None:
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    draft = services.start_draft(by=world.applicant, item_id=world.item.id, answers={"holder_name": "旧"})
    task = open_task("case", receipt.case_id)
    assert task is not None
    before = counts()
    verbs = {
        "submit": lambda: services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers),
        "save": lambda: services.save_draft(
            by=world.applicant, token=draft.token, answers={"holder_name": "新" * 9000}
        ),
        "act": lambda: services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={}),
        "withdraw": lambda: services.withdraw_case(by=world.applicant, case_id=receipt.case_id),
        "seal": sealing.seal_pending,
    }
    with disk_of(room=0):
        for verb, run in verbs.items():
            with pytest.raises(Unavailable) as refusal:
                run()
            assert refusal.value.code == "writes.no_room", verb
    assert counts() == before
    assert Draft.objects.get(token=draft.token).answers == {"holder_name": "旧"}
    services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
    assert Case.objects.get(id=receipt.case_id).state == "ACCEPTED"
    assert sound()


@pytest.mark.parametrize("size", [300_000, 3_000_000], ids=["in memory", "spooled"])
def test_an_upload_is_refused_and_leaves_nothing(world: made.World, size: int) -> None:
    paper = made.PDF + os.urandom(size)

    def upload() -> StoredFile:
        return store(by=world.applicant, name="图.pdf", stream=io.BytesIO(paper), purpose="material", sensitive=True)

    before, rows = files_on_disk(), StoredFile.objects.count()
    with disk_of(room=100_000):
        with pytest.raises(Unavailable) as refusal:
            upload()
        assert refusal.value.code == "files.no_room"
        assert (files_on_disk(), StoredFile.objects.count()) == (before, rows)
    stored, content = open_file(by=world.applicant, token=upload().token)
    with content:
        assert content.read() == paper
    assert stored.size == len(paper)


def test_a_file_whose_row_finds_no_room_goes_too(world: made.World) -> None:
    made.upload(world.applicant)
    before = files_on_disk()
    with disk_of(room=0), pytest.raises(Unavailable):
        made.upload(world.applicant)
    assert files_on_disk() == before


def test_a_paper_asked_for_at_a_full_disk_comes_later(world: made.World, answers: Any) -> None:
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    notice = Notice.objects.get(case_id=receipt.case_id)
    with disk_of(room=-(10**9)), pytest.raises(Unavailable) as refusal:
        papers.drawn(notice)
    assert refusal.value.code == "files.paper_not_drawn"
    assert not list(rendering.papers_folder().iterdir())
    assert papers.drawn(notice)


def test_what_a_killed_server_leaves_of_a_drawing_is_swept(world: made.World) -> None:
    """The facts of a paper lie in clear while it is drawn, in a folder of ours alone."""
    folder = rendering.papers_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("paper-left", "paper-now"):
        (folder / name).mkdir()
        (folder / name / "data.json").write_text("{}")
    os.utime(folder / "paper-left", (0, 0))
    assert file_tasks.sweep_papers() == 1
    assert [path.name for path in folder.iterdir()] == ["paper-now"]
    shutil.rmtree(folder)
