"""Every read of cases; what an actor may not see looks absent."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.cases import models as m
from zhengtong.matters.catalog.queries import ItemSpec, item_spec


def visible_to(actor: Actor) -> QuerySet[m.Case]:
    """The cases this actor may see."""
    return visible(actor, m.Case)


def case_by_token(actor: Actor, token: str) -> m.Case:
    """One visible case by its public token, or NotFound."""
    return _found(visible_to(actor).filter(token=token).first())


def case_by_id(actor: Actor, case_id: int) -> m.Case:
    """One visible case, or NotFound."""
    return _found(visible_to(actor).filter(id=case_id).first())


def case_by_query_code(short_no: str, code: str) -> m.Case:
    """A case by number and query code, for whoever holds both; a wrong pair says nothing about either."""
    index = blind_index(code.strip().upper(), "case.query_code")
    return _found(m.Case.objects.filter(short_no=short_no.strip(), query_index=index).first())


def own_cases(actor: Actor) -> QuerySet[m.Case]:
    """The cases of whom the actor acts for, newest first."""
    kind, _sep, key = (actor.principal or "").partition(":")
    column = {"person": "applicant_person_id", "org": "applicant_organisation_id"}.get(kind)
    if column is None:
        return m.Case.objects.none()
    return m.Case.objects.filter(**{column: int(key)}).order_by("-id")


def drafts_of(actor: Actor) -> QuerySet[m.Draft]:
    """The actor's applications in progress, last saved first."""
    if actor.account_id is None:
        return m.Draft.objects.none()
    return m.Draft.objects.filter(account_id=actor.account_id).order_by("-saved_at")


def draft_by_token(actor: Actor, token: str) -> m.Draft:
    """One of the actor's own drafts, or NotFound."""
    draft = drafts_of(actor).filter(token=token).first()
    if draft is None:
        raise NotFound("cases.no_draft", _("There is no such application in progress"))
    return draft


def submissions_of(case: m.Case) -> QuerySet[m.Submission]:
    """What was handed in, in order."""
    return m.Submission.objects.filter(case_id=case.id).order_by("number")


def latest_submission(case: m.Case) -> m.Submission:
    """What counts now."""
    return submissions_of(case).latest("number")


def materials_of(case: m.Case, submission: int | None = None) -> QuerySet[m.CaseMaterial]:
    """The materials of one submission (default: every one), in order."""
    rows = m.CaseMaterial.objects.filter(case_id=case.id)
    return (rows if submission is None else rows.filter(submission=submission)).order_by("submission", "id")


def opinions_of(case: m.Case) -> QuerySet[m.Opinion]:
    """What officials found, in order."""
    return m.Opinion.objects.filter(case_id=case.id).order_by("id")


def procedures_of(case: m.Case) -> QuerySet[m.SpecialProcedure]:
    """The special procedures, in order."""
    return m.SpecialProcedure.objects.filter(case_id=case.id).order_by("number")


def decision_of(case: m.Case) -> m.Decision | None:
    """The decision, once there is one."""
    return m.Decision.objects.filter(case_id=case.id).first()


def notices_of(case: m.Case) -> QuerySet[m.Notice]:
    """The papers, in order."""
    return m.Notice.objects.filter(case_id=case.id).order_by("id")


def notice_by_token(token: str) -> m.Notice:
    """One paper by its public token, or NotFound."""
    notice = m.Notice.objects.filter(token=token).first()
    if notice is None:
        raise NotFound("cases.no_notice", _("There is no such paper"))
    return notice


def delivery_of(case: m.Case) -> m.Delivery | None:
    """How the result was served, once it was."""
    return m.Delivery.objects.filter(case_id=case.id).first()


def evaluations_of(case: m.Case) -> QuerySet[m.Evaluation]:
    """The evaluations given, in order."""
    return m.Evaluation.objects.filter(case_id=case.id).order_by("round")


def _found(case: m.Case | None) -> m.Case:
    if case is None:
        raise NotFound("cases.unknown", _("There is no such case"))
    return case


def item_of(case_id: int | None) -> ItemSpec | None:
    """The item a case was opened under, or None for no case."""
    found = m.Case.objects.filter(id=case_id).values_list("item_id", flat=True).first()
    return None if found is None else item_spec(found)
