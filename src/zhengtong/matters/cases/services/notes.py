"""Notes on materials (批注): pinned to a point of a page, struck out by their author, never changed."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases.models import Case, CaseMaterial, MaterialNote
from zhengtong.matters.cases.queries import case_by_id, visible_notes
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.cases.services.handling import recorded_refusals

KIND = "material_note"
WHOLE = 1000
LONGEST, MOST_PAGES, MOST_NOTES = 1000, 2000, 200


def write_note(*, by: Actor, case_id: int, material_id: int, page: int, x: int, y: int, text: str) -> MaterialNote:
    """Pin a note to a point of a page of a material, `x` and `y` in thousandths of its width and height.

    An official who may read the case may, until it is closed. The ledger keeps that it was written, on the note: it is
    no event of the case, and not its applicant's to read. Raises NotFound, NotAllowed, Invalid, Conflict (closed).
    """
    case = case_by_id(by, case_id)

    def job() -> MaterialNote:
        _require_open(by, case)
        if not CaseMaterial.objects.filter(id=material_id, case_id=case.id).exists():
            raise NotFound("cases.no_material", _("There is no such material"))
        _check(text, page, x, y)
        if MaterialNote.objects.filter(case_id=case.id).count() >= MOST_NOTES:
            raise Conflict("cases.too_many_notes", _("This case has as many notes as it may have."))
        place = {"material_id": material_id, "agency_id": case.agency_id, "region": case.region}
        point = {"page": page, "x": x, "y": y}
        author = {"account_id": by.account_id or 0, "name": by.name, "written_at": clock.now()}
        note = MaterialNote(id=new_id(), case_id=case.id, text=text.strip(), **place, **point, **author)
        note.save(force_insert=True)
        told = {"case": case.id, "material": material_id, "page": page}
        ledger.record(by=by, type="note.written", subject=(KIND, note.id), payload=told, new_subject=True)
        return note

    with recorded_refusals(by, case.id):
        return write(job)


def strike_note(*, by: Actor, case_id: int, note_id: int) -> None:
    """Strike a note out: it stays and can be read, as no longer meant. Its author's; doing it again changes nothing.

    Raises NotFound (also for a note one may not read), NotAllowed (somebody else's), Conflict (the case is closed).
    """
    case = case_by_id(by, case_id)

    def job() -> None:
        note = visible_notes(by, case).filter(id=note_id).first()
        if note is None:
            raise NotFound("cases.no_note", _("There is no such note"))
        _require_open(by, case)
        if note.account_id != by.account_id:
            raise NotAllowed("cases.note_of_another", _("Only who wrote a note strikes it out."))
        if MaterialNote.objects.filter(id=note.id, struck_at=None).update(struck_at=clock.now()):
            told = {"case": case.id, "material": note.material_id, "page": note.page}
            ledger.record(by=by, type="note.struck", subject=(KIND, note.id), payload=told)

    with recorded_refusals(by, case.id):
        write(job)


def _require_open(by: Actor, case: Case) -> None:
    require(by, READ, case)
    if by.kind not in ("staff", "system"):
        raise NotAllowed("cases.notes_of_officials", _("Notes are for officials."))
    if case.closed_at is not None:
        raise Conflict("cases.notes_closed", _("The case is closed; its notes stay as they are."))


def _check(text: str, page: int, x: int, y: int) -> None:
    faults = []
    if not 1 <= len(text.strip()) <= LONGEST:
        faults.append(("text", "required", str(_("Write the note, at most %d characters.") % LONGEST)))
    if not 1 <= page <= MOST_PAGES:
        faults.append(("page", "range", str(_("Name the page by its number."))))
    if not (0 <= x <= WHOLE and 0 <= y <= WHOLE):
        faults.append(("position", "range", str(_("The point lies outside the page."))))
    if faults:
        raise Invalid("cases.note", _("Please complete what is marked."), faults)
