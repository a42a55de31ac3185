"""A published model is what its service runs: new cases take the new way, running ones theirs; no pack undoes it."""

import pathlib
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import cases as made
from factories import desks, versions
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import SYSTEM, Actor, Grant
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case, Opinion
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog import services as items
from zhengtong.matters.catalog.models import ReleasedPack, ServiceItem
from zhengtong.matters.modelling import queries, services
from zhengtong.matters.modelling.models import ModelVersion
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import open_task

pytestmark = pytest.mark.django_db
DRAW, REVIEW, READ = "process.draw", "process.review", "catalog.read_models"
SECOND_LOOK = (
    '<userTask id="second_look" name="复核" zt:name-en="Second look" zt:stage="review" zt:role="head" '
    'zt:outcomes="agree"/><sequenceFlow id="looked" sourceRef="second_look" targetRef="decide"/>'
)
PROPOSED = 'id="to_decide" sourceRef="propose" targetRef="decide" />'
LOOKED = (
    (PROPOSED, PROPOSED.replace('"decide"', '"second_look"') + SECOND_LOOK),
    ("<incoming>to_decide</incoming>", "<incoming>looked</incoming>"),
)
ROAD = ("examine", "review", "decide", "award")
NEW_ROAD = ("examine", "review", "second_look", "decide", "award")


def administrator(number: int, *permissions: str) -> Actor:
    grants = frozenset(Grant(permission) for permission in (*permissions, READ))
    return Actor(account_id=number, kind="admin", name=f"管理员{number}", grants=grants)


DRAWER, REVIEWER = administrator(71, DRAW), administrator(72, REVIEW)


@pytest.fixture
def world() -> made.World:
    return made.world()


def submitted(world: made.World) -> Case:
    given = made.answers(world.applicant)
    return Case.objects.get(
        id=cases.submit_application(by=world.applicant, item_id=world.item.id, answers=given).case_id
    )


STEPS: dict[str, tuple[str, str, dict[str, object]]] = {
    "examine": ("clerk", "accept", {}),
    "review": ("reviewer", "propose_approve", {"opinion": "材料齐全，建议准予。"}),
    "second_look": ("head", "agree", {"opinion": "复核无误。"}),
    "decide": ("decider", "approve", {}),
    "award": ("clerk", "issue", {}),
}


def walked(world: made.World, case: Case) -> tuple[str, ...]:
    """Every task done as it comes; the case must be closed then."""
    done = []
    while (task := open_task("case", case.id)) is not None:
        who, outcome, entry = STEPS[task.element]
        cases.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)
        done.append(task.element)
    case.refresh_from_db()
    assert (case.state, case.close_type) == ("CLOSED", "approved")
    return tuple(done)


def drawn(*changes: tuple[str, str]) -> ModelVersion:
    """A draft of the food licence's process with texts replaced; the model is begun where there is none."""
    key = ServiceItem.objects.get(current=True, pack__isnull=False).key
    newest = ModelVersion.objects.filter(model__item_key=key).order_by("-number").first()
    if newest is None:
        draft = services.begin_for_service(by=DRAWER, key=key)
    else:
        draft = services.begin_version(by=DRAWER, model=newest.model)
    text = bytes(draft.xml).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return services.save_draft(by=DRAWER, version_id=draft.pk, xml=text.encode(), revision=1)


def published(*changes: tuple[str, str]) -> ModelVersion:
    version = drawn(*changes)
    services.submit(by=DRAWER, version_id=version.pk)
    return services.publish(by=REVIEWER, version_id=version.pk, opinion="同意发布。")


def with_second_look() -> ModelVersion:
    return published(*LOOKED)


def told(subject: tuple[str, int], type_: str) -> dict[str, object]:
    """What the ledger keeps of the one event of that type."""
    (entry,) = [each for each in ledger.timeline(subject) if each.type == type_]
    return dict(entry.payload or {})


def test_new_cases_take_the_new_way_and_old_ones_theirs(world: made.World) -> None:
    old = submitted(world)
    version = with_second_look()
    new = submitted(world)
    assert versions.process_of(new).definition_id == version.definition_id
    assert versions.process_of(old).definition_id == version.replaced_id
    assert walked(world, new) == NEW_ROAD
    assert walked(world, old) == ROAD
    kept = Opinion.objects.get(case_id=new.id, recommendation="agree")
    assert (kept.name, kept.text) == ("周正", "复核无误。")


def test_the_process_of_the_pack_is_version_1_and_all_is_recorded(world: made.World) -> None:
    old = submitted(world)
    version = with_second_look()
    first = queries.before(version)
    assert first is not None
    assert (first.number, first.release_id, first.state) == (1, world.item.pack_id, "published")
    assert bytes(first.xml) == (made.FOOD / "process.bpmn").read_bytes()
    assert first.definition_id == versions.process_of(old).definition_id == version.replaced_id
    served = {"item": world.item.id, "from": version.replaced_id, "to": version.definition_id}
    assert served.items() <= told(("process_model", version.pk), "modelling.published").items()
    changed = told(("service_item", world.item.id), "catalog.process_changed")
    assert changed == {"from": None, "to": version.definition_id, "version": 1}
    with pytest.raises(Conflict) as second:
        services.begin_for_service(by=DRAWER, key=world.item.key)
    assert second.value.code == "modelling.has_model"


def test_running_cases_are_moved_when_somebody_says_so(world: made.World) -> None:
    old = submitted(world)
    version = with_second_look()
    assert version.replaced_id is not None
    assert version.definition_id is not None
    order = workflow.order_relocation(by=SYSTEM, source=version.replaced_id, target=version.definition_id)
    while workflow.work_on(order.id):
        pass
    order.refresh_from_db()
    workflow.begin_moving(by=SYSTEM, order=order)
    while workflow.work_on(order.id):
        pass
    assert versions.process_of(old).definition_id == version.definition_id
    assert walked(world, old) == NEW_ROAD


def test_the_way_back_is_another_version(world: made.World) -> None:
    with_second_look()
    version = published(*((new, old) for old, new in LOOKED))
    assert version.number == 3
    assert walked(world, submitted(world)) == ROAD


@pytest.mark.parametrize(
    ("before", "after", "element", "code"),
    [
        ('id="decide" name="决定" zt:name-en="Decide" zt:stage="decision" zt:role="decider"',
         'id="decide" name="决定" zt:name-en="Decide" zt:stage="decision" zt:role="astrologer"',
         "decide", "packs.role_undeclared"),
        ('zt:action="cases.propose@1"', 'zt:action="cases.dance@1"', "propose", "modelling.action_unknown"),
        ('zt:action="cases.propose@1"', 'zt:action="cases.site_check@1"', "approve", "packs.life_action"),
        ('zt:decision="受理核查"', 'zt:decision="占卜"', "rules", "packs.decision_unknown"),
        ("受理核查.办理路线 in", "受理核查.路线 in", "if_visit", "packs.answer_misread"),
        ('zt:outcomes="checked"', 'zt:outcomes="looked_at"', "site_check", "packs.outcome_unknown"),
        ('zt:clock="acceptance"', 'zt:clock="moon"', "acceptance_expired", "packs.clock_unknown"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_service_is_refused_with_elements_and_reasons(
    before: str, after: str, element: str, code: str, world: made.World
) -> None:
    version = drawn((before, after))
    for verb, who, more in ((services.submit, DRAWER, {}), (services.publish, REVIEWER, {"opinion": "同意发布。"})):
        if verb is services.publish:  # as if the house had changed since it was submitted
            ModelVersion.objects.filter(pk=version.pk).update(state="reviewing", submitted_by=71)
        with pytest.raises(Invalid) as refused:
            verb(by=who, version_id=version.pk, **more)  # type: ignore[operator] # both take these
        assert (element, code) in {(path, found) for path, found, _sentence in refused.value.errors}
        assert all(path in sentence for path, _code, sentence in refused.value.errors)
    assert catalog.current_item(world.item.key).definition_id is None  # type: ignore[union-attr] # it is in use
    assert walked(world, submitted(world)) == ROAD


def test_nothing_is_published_for_a_service_that_is_not_in_use(world: made.World) -> None:
    version = drawn()
    services.submit(by=DRAWER, version_id=version.pk)
    world.item.refresh_from_db()
    items.cancel_item(by=SYSTEM, item=world.item)
    with pytest.raises(Conflict) as refused:
        services.publish(by=REVIEWER, version_id=version.pk, opinion="同意发布。")
    assert refused.value.code == "catalog.not_in_use"
    version.refresh_from_db()
    assert version.state == "reviewing"


def test_who_may_not_draw_or_review_changes_no_service(world: made.World) -> None:
    for who in (world.head, REVIEWER, world.applicant):
        with pytest.raises(NotAllowed):
            services.begin_for_service(by=who, key=world.item.key)
    with pytest.raises(NotFound):
        services.begin_for_service(by=DRAWER, key="no/such")
    unread = Actor(account_id=71, kind="admin", grants=frozenset({Grant(DRAW)}))
    with pytest.raises(NotFound):
        services.begin_for_service(by=unread, key=world.item.key)
    version = drawn()
    services.submit(by=DRAWER, version_id=version.pk)
    with pytest.raises(NotAllowed):
        services.publish(by=DRAWER, version_id=version.pk, opinion="同意发布。")
    assert catalog.current_item(world.item.key).definition_id is None  # type: ignore[union-attr] # it is in use


def test_a_new_case_asks_no_more_of_the_database(world: made.World) -> None:
    counts = []
    for publishing in (False, True):
        if publishing:
            with_second_look()
        submitted(world)
        with clock.frozen(clock.now()), CaptureQueriesContext(connection) as seen:
            submitted(world)
        counts.append(len(seen))
    assert counts[1] <= counts[0]


# The pack comes anew


def release(folder: pathlib.Path, *changes: tuple[str, str, str]) -> ReleasedPack:
    """The next version of the food licence's pack, with texts replaced in its files."""
    shutil.copytree(made.FOOD, folder)
    for name, old, new in (("service.yaml", "\nversion: 3\n", "\nversion: 9\n"), *changes):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")
    return items.release_pack(by=SYSTEM, folder=folder, house=queries.house())


def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "food-business-licence"


def anew(world: made.World, item: ServiceItem) -> made.World:
    """The same little city with the item's next version."""
    items.link_implementer(by=SYSTEM, code=item.department_code, organisation_id=world.agency_id)
    item.refresh_from_db()
    return made.World(**{**vars(world), "item": item})


def test_a_pack_that_comes_anew_leaves_the_published_process_in_force(
    world: made.World, tmp_path: pathlib.Path
) -> None:
    version = with_second_look()
    done = services.install_pack(by=SYSTEM, released=release(folder(tmp_path)))
    assert (done.item.version, done.item.definition_id) == (2, version.definition_id)
    assert done.kept == version
    assert walked(anew(world, done.item), submitted(anew(world, done.item))) == NEW_ROAD
    assert ModelVersion.objects.count() == 2


def test_the_catalogue_alone_overwrites_nothing_either(world: made.World, tmp_path: pathlib.Path) -> None:
    version = with_second_look()
    item = items.install_pack(by=SYSTEM, released=release(folder(tmp_path)))
    assert item.definition_id == version.definition_id


def test_a_pack_that_the_published_process_does_not_fit_is_refused(world: made.World, tmp_path: pathlib.Path) -> None:
    with_second_look()
    other = release(
        folder(tmp_path), ("service.yaml", "[clerk, reviewer, decider, head]", "[clerk, reviewer, decider]")
    )
    with pytest.raises(Invalid) as refused:
        services.install_pack(by=SYSTEM, released=other)
    assert [path for path, _code, _sentence in refused.value.errors] == ["second_look"]
    assert "second_look" in str(refused.value.message)
    assert catalog.current_item(world.item.key) == world.item


def test_the_process_of_the_pack_comes_back_when_somebody_says_so(world: made.World, tmp_path: pathlib.Path) -> None:
    version = with_second_look()
    done = services.install_pack(by=SYSTEM, released=release(folder(tmp_path)), take_process=True)
    assert (done.kept, done.item.definition_id) == (None, None)
    third = ModelVersion.objects.get(number=3)
    assert (third.release_id, third.replaced_id) == (done.item.pack_id, version.definition_id)
    assert told(("process_model", third.pk), "modelling.pack_taken")["from"] == version.definition_id
    assert walked(anew(world, done.item), submitted(anew(world, done.item))) == ROAD


def test_without_a_model_the_process_of_the_new_pack_runs(world: made.World, tmp_path: pathlib.Path) -> None:
    done = services.install_pack(by=SYSTEM, released=release(folder(tmp_path)))
    assert (done.kept, done.item.version, done.item.definition_id) == (None, 2, None)


# A step that only informs (通知)

INFORMED = (
    (PROPOSED, PROPOSED.replace('"decide"', '"told"') + (
        '<sendTask id="told" name="通知" zt:name-en="Notice" zt:stage="review" zt:action="cases.inform_head@1"/>'
        '<sequenceFlow id="tell_on" sourceRef="told" targetRef="told_him"/>'
        '<sendTask id="told_him" name="通知" zt:name-en="Notice" zt:action="cases.inform_applicant@1"/>'
        '<sequenceFlow id="looked" sourceRef="told_him" targetRef="decide"/>'
    )),
    ("<incoming>to_decide</incoming>", "<incoming>looked</incoming>"),
)  # fmt: skip


def test_a_notice_lets_people_know_and_holds_nobody_up() -> None:
    desk = desks.desk()
    head = desk.colleague("head", "周知")
    published(*INFORMED)
    case = submitted(desk.world)
    assert walked(desk.world, case) == ROAD
    for _again in range(2):
        deliver_outbox()
    (told,) = [each for each in messages.visible_to(head) if each.template.startswith("case.informed")]
    assert (told.template, told.address) == ("case.informed.officer", f"/desk/cases/{case.token}/")
    (said,) = [each for each in messages.visible_to(desk.world.applicant) if each.template.startswith("case.informed")]
    assert (said.template, said.address) == ("case.informed", f"/cases/{case.token}/")
