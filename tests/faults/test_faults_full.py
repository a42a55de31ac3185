"""A disk that is truly full (ENOSPC, SQLITE_FULL): what was acknowledged stays, the rest is told and done later."""

import contextlib
import io
import pathlib
import shutil
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

import faults.house as houses
from factories import cases as made
from faults import disks
from faults.disks import MEGABYTE, Disk
from faults.house import at_once, browser, half_made
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files.models import StoredFile
from zhengtong.foundation.files.services import open_file, store
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import services as sealing
from zhengtong.foundation.ledger import tasks as background
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.workflow.queries import open_task

LONG = "和平路十八号甲" * 20
SAVED = (302, 422)
"""What a page of the form answers once it is saved: the next page, or itself with what is still missing."""


@pytest.fixture(params=disks.KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Disk]:
    with disks.KINDS[request.param](tmp_path) as found:
        yield found


@pytest.fixture
def mounted(disk: Disk) -> disks.Mounted:
    """For what lies beside the database: a quota of its pages does not bound files."""
    if not isinstance(disk, disks.Mounted):
        pytest.skip("the quota bounds the database alone")
    return disk


@pytest.fixture
def world(disk: Disk, template: Any, django_db_blocker: Any) -> Iterator[made.World]:
    """The little city with its database, its files and its keys on that disk."""
    file, var, city = template
    shutil.copytree(var / "keys", disk.folder / "keys") if (var / "keys").exists() else None
    own = houses.copy(file, disk.folder)
    with contextlib.closing(sqlite3.connect(own)) as whole:
        whole.execute("VACUUM")  # pages given back would be room that no quota sees
    with django_db_blocker.unblock(), houses.database_at(str(own), disk.folder):
        ensure_signing_key()
        yield city


@pytest.fixture
def answers(world: made.World) -> dict[str, Any]:
    return made.answers(world.applicant)


def sound() -> bool:
    """The log verifies and the file is whole."""
    sealing.seal_all()
    with connection.cursor() as cursor:
        return ledger.verify_log().valid and cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_submitters_at_a_disk_that_fills_up(world: made.World, disk: Disk, answers: Any) -> None:
    drafts = [services.start_draft(by=world.applicant, item_id=world.item.id, answers=answers) for _ in range(32)]

    def hand_in(draft: Draft) -> services.HandedIn:
        return services.hand_in_draft(by=world.applicant, token=draft.token, key=draft.token)

    with disk.filled(room=disk.some):
        told = at_once([lambda draft=draft: hand_in(draft) for draft in drafts])
        done = {each.token for each, answer in zip(drafts, told, strict=True) if isinstance(answer, services.HandedIn)}
        refused = [answer for answer in told if not isinstance(answer, services.HandedIn)]
        assert done, "there was room for some"
        assert refused, "and not for all"
        assert {(type(answer), getattr(answer, "code", "")) for answer in refused} == {(Unavailable, "writes.no_room")}
        assert "存储空间已满" in str(refused[0].message)
        assert set(Case.objects.values_list("token", flat=True)) == done
        assert set(Draft.objects.values_list("token", flat=True)) == {draft.token for draft in drafts} - done
        assert half_made() == []
    assert [hand_in(draft).case_token for draft in drafts] == [draft.token for draft in drafts]
    assert (Case.objects.count(), half_made()) == (32, [])
    assert sound()


def test_every_verb_is_refused_whole_and_done_later(world: made.World, disk: Disk, answers: Any) -> None:
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    draft = services.start_draft(by=world.applicant, item_id=world.item.id, answers={"holder_name": "旧"})
    task = open_task("case", receipt.case_id)
    assert task is not None
    before, long = Draft.objects.count(), {"holder_name": "新" * 90_000}
    verbs = {
        "submit": lambda: [
            services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers) for _ in range(40)
        ],
        "save": lambda: services.save_draft(by=world.applicant, token=draft.token, answers=long),
    }
    with disk.filled(room=0):
        for verb, run in verbs.items():
            with pytest.raises(Unavailable) as refusal:
                run()
            assert refusal.value.code == "writes.no_room", verb
        assert half_made() == [], "what found room is whole"
    assert Draft.objects.count() == before
    assert Draft.objects.get(token=draft.token).answers == {"holder_name": "旧"}
    services.save_draft(by=world.applicant, token=draft.token, answers=long)
    services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
    assert Case.objects.get(id=receipt.case_id).state == "ACCEPTED"
    assert sound()


def test_the_sealer_goes_on_once_there_is_room(world: made.World, disk: Disk, answers: Any, caplog: Any) -> None:
    for _ in range(30):
        services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    with disk.filled(room=0):
        while Event.objects.filter(leaf_index=None).exists() and "sealing failed" not in caplog.text:
            background.run_once()
        assert Event.objects.filter(leaf_index=None).exists(), "the disk was full"
    sealing.seal_all()
    assert not Event.objects.filter(leaf_index=None).exists()
    assert sound()


def test_reading_goes_on(world: made.World, disk: Disk, answers: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    visitor = browser(world.applicant)
    with disk.filled(room=0):
        for address in ("/", reverse("portal:home"), reverse("portal:case", args=[receipt.token])):
            assert visitor.get(address).status_code == 200, address


class TestUploads:
    @pytest.fixture
    def draft(self, world: made.World, answers: Any, settings: Any) -> Draft:
        settings.ALLOWED_HOSTS = ["localhost"]
        return services.start_draft(by=world.applicant, item_id=world.item.id, answers=answers)

    def test_what_was_typed_is_kept_on_the_page_or_in_the_draft(
        self, world: made.World, disk: Disk, draft: Draft
    ) -> None:
        """A change that still finds room on its page is saved and said so; any other comes back with every word."""
        visitor = browser(world.applicant)
        address = reverse("portal:apply_page", args=[draft.token, "business"])
        visitor.get(address)
        words = {"premises": LONG, "premises_area": "81"}
        with disk.filled(room=0):
            said = visitor.post(address, words)
            kept = Draft.objects.get(token=draft.token).answers["premises"]
        if said.status_code == 503:
            assert (kept == LONG, LONG in said.content.decode()) == (False, True)
        else:
            assert (type(disk), kept) == (disks.Quota, LONG)
        assert visitor.post(address, words).status_code in SAVED
        assert Draft.objects.get(token=draft.token).answers["premises"] == LONG
        assert sound()

    def test_an_upload_that_finds_no_room_takes_nothing_with_it(
        self, world: made.World, mounted: disks.Mounted, draft: Draft
    ) -> None:
        """The page says so; the papers and answers given before are still there, and the same paper goes in later."""
        visitor = browser(world.applicant)
        papers = reverse("portal:apply_page", args=[draft.token, "papers"])
        visitor.get(papers)
        large = made.PDF + b"%" + b"x" * (4 * MEGABYTE)
        with mounted.filled(room=MEGABYTE):
            said = visitor.post(papers, {"safety_rules": SimpleUploadedFile("制度.pdf", large, "application/pdf")})
            assert said.status_code == 422
            assert "存储空间已满" in said.content.decode()
            assert Draft.objects.get(token=draft.token).answers["safety_rules"] == draft.answers["safety_rules"]
        done = visitor.post(papers, {"safety_rules": SimpleUploadedFile("制度.pdf", large, "application/pdf")})
        assert done.status_code in SAVED
        answers = Draft.objects.get(token=draft.token).answers
        assert answers["floor_plan"] == draft.answers["floor_plan"]
        assert answers["premises"] == draft.answers["premises"]
        assert len(answers["safety_rules"]) == 2
        assert sound()

    def test_nothing_of_a_file_stays(self, world: made.World, mounted: disks.Mounted) -> None:
        """Written aside, refused by the kernel, gone; the same file again is stored whole."""
        paper = made.PDF + b"%" + b"x" * (3 * MEGABYTE)

        def upload() -> StoredFile:
            stream = io.BytesIO(paper)
            return store(by=world.applicant, name="图.pdf", stream=stream, purpose="material", sensitive=True)

        folder = mounted.folder / "files"
        before, rows = sorted(folder.rglob("*")), StoredFile.objects.count()
        with mounted.filled(room=MEGABYTE):
            with pytest.raises(Unavailable) as refusal:
                upload()
            assert refusal.value.code == "files.no_room"
            left = [path for path in folder.rglob("*") if path.is_file() and path not in before]
            assert (left, StoredFile.objects.count()) == ([], rows)
        with open_file(by=world.applicant, token=upload().token)[1] as content:
            assert content.read() == paper
