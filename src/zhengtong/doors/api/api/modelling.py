"""Process models: listed, read with what the check says, drawn, sent to review, published by a second person."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api.callers import MODELS, READS, actor_of
from zhengtong.doors.api.api.matching import IF_MATCH, version_sent
from zhengtong.doors.api.api.naming import number_name, numbered
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import Stale, faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.engines.bpmn.listing import Deed, Step
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.modelling import queries, services
from zhengtong.matters.modelling.registry import DRAW, REVIEW

router = Router(tags=["models"])
MODEL, VERSION = "model", "version"
LONGEST_TEXT, MOST_STEPS = 2 * 1024 * 1024, 100
CHANGED = "modelling.saved_meanwhile"
OF_THE_BODY = ("modelling.opinion", "modelling.unreadable", "modelling.steps", "modelling.text")
"""Refusals whose faults name parts of the body; those of the check name elements of the model."""


class VersionBrief(Schema):
    """A version. `state`: `draft`, `reviewing`, `published`; `revision` grows with every saving."""

    token: str
    number: int
    state: str
    revision: int
    saved_at: dt.datetime
    saved_by: str


class ModelBrief(Schema):
    """A model with its newest version. `service` is the key of the service it runs, empty for none."""

    token: str
    name: str
    name_en: str
    service: str
    newest: VersionBrief


class ModelShown(Schema):
    """A model with its versions, newest first."""

    token: str
    name: str
    name_en: str
    service: str
    versions: list[VersionBrief]


class DeedOfStep(Schema):
    """What the system does at once."""

    action: str = Field(max_length=400)
    name: str = Field(max_length=400)
    name_en: str = Field("", max_length=400)


class StepOfList(Schema):
    """A step of a list, as the designer of the console has it; what other verbs have is let go."""

    id: str = Field(max_length=200)
    name: str = Field(max_length=400)
    verb: str = Field("handle", max_length=20, description="handle, review, sign, copy, notice, system")
    role: str = Field("", max_length=400)
    name_en: str = Field("", max_length=400)
    stage: str = Field("", max_length=400)
    condition: str = Field("", max_length=2000, description="FEEL: done only when it holds")
    back_to: str = Field("", max_length=200, description="id of an earlier step")
    action: str = Field("", max_length=400)
    sign: str = Field("all", max_length=20, description="all, any, 2/3, 60%")
    in_turn: bool = False
    signers: int = Field(2, ge=0, le=1000)
    disagree_to: str = Field("", max_length=200, description="id of an earlier step, to which disagreement leads back")
    disagree_does: list[DeedOfStep] = Field([], max_length=20, description="what the system does after disagreement")
    disagree_on: bool = Field(False, description="it goes on after disagreement as after agreement")


class Finding(Schema):
    """What the check says, about these elements; a `blocking` one keeps the model from use."""

    code: str
    elements: list[str]
    message: str
    blocking: bool


class VersionShown(VersionBrief):
    """A version whole. `xml` is BPMN, without the declaration of an encoding; `digest` is SM3 over the bytes as kept.

    `steps` are null where the text is no list, and `no_list` says why. `soundness`: sound, unsound, undecided, or
    empty where it could not be looked at; `fit`: it may go to review.
    """

    model: str
    name: str
    name_en: str
    digest: str
    submitted_at: dt.datetime | None
    submitted_by: str
    reviewed_at: dt.datetime | None
    reviewed_by: str
    opinion: str
    xml: str
    steps: list[StepOfList] | None
    no_list: str
    soundness: str
    fit: bool
    findings: list[Finding]


class ModelNew(Schema):
    """The names of a model, and the text of its first draft."""

    name: str = Field(min_length=1, max_length=120)
    name_en: str = Field("", max_length=200)
    xml: str = Field(min_length=1, max_length=LONGEST_TEXT)


class TextSaved(Schema):
    """The whole text, or the steps of a draft that is a list: one of the two."""

    xml: str | None = Field(None, max_length=LONGEST_TEXT)
    steps: list[StepOfList] | None = Field(None, max_length=MOST_STEPS)


class ReviewOpinion(Schema):
    """What the reviewer, or who takes it back, says."""

    opinion: str = Field(max_length=2000)


class VersionActed(Schema):
    """How a version stands after the act."""

    version: str
    state: str
    revision: int


@router.get("/models", response=Page[ModelBrief], auth=READS, summary=_("List process models"))
def list_models(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """The models, newest first, each with its newest version; for those who draw or review."""
    actor, place = _modeller(request), place_of(request, cursor)
    rows = queries.visible_to(actor).order_by("-id")
    found = list((rows.filter(id__lt=place[0]) if place else rows)[: size + 1])
    newest = queries.newest_versions(actor, found)
    return page_of(
        request, found, size, lambda each: [each.pk], lambda each: _named(each) | {"newest": _brief(newest[each.pk])}
    )


@router.post("/models", response={201: VersionActed}, auth=MODELS, openapi_extra=KEYED, summary=_("Begin a model"))
def begin_model(request: HttpRequest, payload: ModelNew) -> Status[dict[str, Any]]:
    """A new model; the answer names its first version, a draft."""
    actor = actor_of(request)

    def act() -> dict[str, Any]:
        with _faults():
            version = services.begin_model(
                by=actor, name=payload.name, name_en=payload.name_en, xml=payload.xml.encode()
            )
        return _acted(version)

    return once(request, 201, act)


@router.get("/models/{token}", response=ModelShown, auth=READS, summary=_("Read a process model"))
def read_model(request: HttpRequest, token: str) -> dict[str, Any]:
    """One model and its versions."""
    actor = _modeller(request)
    model = queries.model_for(actor, numbered(MODEL, token))
    versions = queries.versions_for(actor).filter(model=model).order_by("-number")
    return _named(model) | {"versions": [_brief(each) for each in versions]}


@router.post(
    "/models/{token}/versions",
    response={201: VersionActed},
    auth=MODELS,
    openapi_extra=KEYED,
    summary=_("Begin the next version"),
)
def begin_version(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """A draft that copies what was published last; 409 where one is in hand."""
    actor = _modeller(request)
    model = queries.model_for(actor, numbered(MODEL, token))
    return once(request, 201, lambda: _acted(services.begin_version(by=actor, model=model)))


@router.get("/model-versions/{token}", response=VersionShown, auth=READS, summary=_("Read a version of a model"))
def read_version(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, Any]:
    """The text, its list of steps where it is one, and what the check says; the ETag is its revision."""
    actor = _modeller(request)
    return _shown(response, actor, queries.version_for(actor, numbered(VERSION, token)))


@router.put(
    "/model-versions/{token}", response=VersionShown, auth=MODELS, openapi_extra=IF_MATCH, summary=_("Save a version")
)
def save_version(request: HttpRequest, response: HttpResponse, token: str, payload: TextSaved) -> dict[str, Any]:
    """Save a draft, fit or not. 412 says who saved it since it was read; nothing is overwritten."""
    actor, revision = _modeller(request), version_sent(request, CHANGED)
    found = queries.version_for(actor, numbered(VERSION, token))
    try:
        with _faults():
            _save(actor, found.pk, payload, revision)
    except Conflict as refusal:
        if refusal.code != CHANGED:
            raise
        raise Stale(refusal.code, refusal.message, **refusal.details) from None
    return _shown(response, actor, queries.version_for(actor, found.pk))


@router.post(
    "/model-versions/{token}/submission",
    response=VersionActed,
    auth=MODELS,
    openapi_extra=KEYED,
    summary=_("Send a version to review"),
)
def submit_version(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Ask for review; 422 with each finding that is in the way, its `path` the element."""
    actor, number = _version(request, token)
    return once(request, 200, lambda: _acted(services.submit(by=actor, version_id=number)))


@router.post(
    "/model-versions/{token}/publication",
    response=VersionActed,
    auth=MODELS,
    openapi_extra=KEYED,
    summary=_("Publish a version"),
)
def publish_version(request: HttpRequest, token: str, payload: ReviewOpinion) -> Status[dict[str, Any]]:
    """Publish what another drew (four eyes, 403 `modelling.four_eyes`); new cases of its service run by it at once."""
    return _reviewed(request, token, payload, services.publish)


@router.post(
    "/model-versions/{token}/return",
    response=VersionActed,
    auth=MODELS,
    openapi_extra=KEYED,
    summary=_("Send a version back or take it back"),
)
def return_version(request: HttpRequest, token: str, payload: ReviewOpinion) -> Status[dict[str, Any]]:
    """From review back to draft: sent back by the reviewer, or withdrawn by who draws."""
    return _reviewed(request, token, payload, services.send_back)


def _modeller(request: HttpRequest) -> Actor:
    """The caller, who may draw or review; NotAllowed, as the pages say it."""
    actor = actor_of(request)
    if not may(actor, DRAW) and not may(actor, REVIEW):
        raise NotAllowed("policy.denied", gettext_lazy("You may not do this."), permission=DRAW)
    return actor


def _version(request: HttpRequest, token: str) -> tuple[Actor, int]:
    actor = _modeller(request)
    return actor, queries.version_for(actor, numbered(VERSION, token)).pk


def _reviewed(
    request: HttpRequest, token: str, payload: ReviewOpinion, verb: Callable[..., Any]
) -> Status[dict[str, Any]]:
    actor, number = _version(request, token)

    def act() -> dict[str, Any]:
        with _faults():
            return _acted(verb(by=actor, version_id=number, opinion=payload.opinion))

    return once(request, 200, act)


def _save(actor: Actor, number: int, payload: TextSaved, revision: int) -> None:
    if payload.steps is not None and payload.xml is None:
        steps = [_step(each) for each in payload.steps]
        services.save_list(by=actor, version_id=number, steps=steps, revision=revision)
    elif payload.xml is not None and payload.steps is None:
        services.save_draft(by=actor, version_id=number, xml=payload.xml.encode(), revision=revision)
    else:
        sentence = str(gettext_lazy("Send the text or the steps, one of the two."))
        raise Invalid("modelling.text", sentence, [("xml", "modelling.text", sentence)])


def _step(given: StepOfList) -> Step:
    told = given.dict()
    return Step(**told | {"disagree_does": tuple(Deed(**each) for each in told["disagree_does"])})


@contextmanager
def _faults() -> Iterator[None]:
    try:
        with faults_within(""):
            yield
    except Invalid as refusal:
        if refusal.code not in OF_THE_BODY:
            refusal.errors = tuple((path.removeprefix("/"), code, said) for path, code, said in refusal.errors)
        raise


def _named(model: Any) -> dict[str, Any]:
    names = {name: getattr(model, name) for name in ("name", "name_en")}
    return {"token": number_name(MODEL, model.pk), "service": model.item_key, **names}


def _brief(version: Any) -> dict[str, Any]:
    told = {name: getattr(version, name) for name in ("number", "state", "revision", "saved_at")}
    return {"token": number_name(VERSION, version.pk), "saved_by": version.saved_by_name, **told}


def _acted(version: Any) -> dict[str, Any]:
    return {
        "version": number_name(VERSION, version.pk),
        "state": str(version.state),
        "revision": version.revision,
    }


def _shown(response: HttpResponse, actor: Actor, version: Any) -> dict[str, Any]:
    response["ETag"] = f'"{version.revision}"'
    checked, listed = queries.checked_of(version, actor.locale), queries.listed(version, actor.locale)
    told = {name: getattr(version, name) for name in ("digest", "submitted_at", "reviewed_at", "opinion")}
    return _brief(version) | {
        **told,
        "model": number_name(MODEL, version.model_id),
        "name": version.model.name,
        "name_en": version.model.name_en,
        "submitted_by": version.submitted_by_name,
        "reviewed_by": version.reviewed_by_name,
        "xml": queries.text_of(bytes(version.xml)),
        "steps": None if listed.steps is None else [_told(step) for step in listed.steps],
        "no_list": listed.reason,
        "soundness": checked.soundness,
        "fit": checked.fit,
        "findings": [
            {"code": each.code, "elements": list(each.elements), "message": each.text, "blocking": each.blocking}
            for each in checked.remarks
        ],
    }


def _told(step: Step) -> dict[str, Any]:
    return asdict(step) | {"disagree_does": [each._asdict() for each in step.disagree_does]}
