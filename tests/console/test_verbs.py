"""Every verb of the system and the security administrator by its page, recorded, with what was typed kept."""

import datetime as dt

import pytest

from console.conftest import administrator
from factories import access as give
from factories import identity as make
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import looks
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.ledger.models import Event, OutboxEntry
from zhengtong.foundation.messages.models import Dispatch, Message
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow.models import Process, Timer
from zhengtong.people.access.models import Role, RoleGrant
from zhengtong.people.identity import services
from zhengtong.people.identity.models import Account, Organisation, Person, Post, Subordination, Tenure

pytestmark = pytest.mark.django_db
TODAY = "2026-03-02"


@pytest.fixture(autouse=True)
def _day():
    with clock.frozen(dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)):
        yield


def recorded(type_, by):
    return Event.objects.filter(type=type_, actor_id=by.account.pk).exists()


class TestOrganisations:
    def test_an_agency_is_added_below_another(self, system):
        above = make.agency(name_zh="示范区人民政府")
        typed = {"name_zh": "示范区市场监督管理局", "division_code": "110108", "parent": above.pk, "valid_from": TODAY}
        system.post("organisations/add/", **typed)
        made = Organisation.objects.get(name_zh="示范区市场监督管理局")
        assert Subordination.objects.get(organisation=made).parent == above
        assert recorded("identity.organisation_registered", system)
        assert "　示范区市场监督管理局" in system.get("organisations/").content.decode()
        assert "北京市海淀区 110108" in system.get(f"organisations/{made.pk}/").content.decode()
        elsewhere = make.agency(division_code="990000")
        assert "990000" in system.get(f"organisations/{elsewhere.pk}/").content.decode()

    def test_what_was_typed_stays_beside_the_fault(self, system):
        typed = {
            "name_zh": "示范区教育委员会",
            "uscc": "111101080000010200",
            "division_code": "990000",
            "valid_from": TODAY,
        }
        page = system.post("organisations/add/", 422, **typed).content.decode()
        assert 'value="示范区教育委员会"' in page
        assert "zt-error-summary" in page
        assert not Organisation.objects.filter(name_zh="示范区教育委员会").exists()

    def test_it_is_placed_succeeded_and_closed(self, system):
        old, new, top = make.agency(), make.agency(), make.agency()
        system.post(f"organisations/{old.pk}/place/", parent=top.pk, on=TODAY)
        assert Subordination.objects.get(organisation=old).parent == top
        page = system.post(f"organisations/{top.pk}/place/", 409, parent=old.pk, on=TODAY).content.decode()
        assert "zt-error-summary" in page
        system.post(f"organisations/{top.pk}/close/", 409, last_day=TODAY, reason="撤销")
        system.post(f"organisations/{old.pk}/successor/", successor=new.pk, on="2026-04-01", reason="机构改革")
        old.refresh_from_db()
        assert (old.successor_id, old.valid_to) == (new.pk, dt.date(2026, 3, 31))
        system.post(f"organisations/{new.pk}/close/", last_day="2026-12-31", reason="撤销")
        new.refresh_from_db()
        assert new.valid_to == dt.date(2026, 12, 31)
        assert recorded("identity.organisation_closed", system)

    def test_an_enterprise_is_not_the_console_s(self, system):
        system.get(f"organisations/{make.enterprise().pk}/", 404)

    def test_a_post_is_set_up_held_left_and_closed(self, system):
        agency, person = make.agency(), make.person(name="赵敏")
        typed = {"name_zh": "审查岗", "kind_of_work": "reviewer", "valid_from": "2026-01-01"}
        system.post(f"organisations/{agency.pk}/posts/add/", **typed)
        post = Post.objects.get(organisation=agency)
        term = {"kind": "appointed", "valid_from": "2026-01-05"}
        system.post(f"posts/{post.pk}/appoint/", number=person.document_number, **term)
        tenure = Tenure.objects.get(post=post)
        assert tenure.person == person
        page = system.get(f"posts/{post.pk}/").content.decode()
        assert "赵*" in page
        assert "赵敏" not in page
        assert "赵*" in system.get(f"organisations/{agency.pk}/").content.decode()
        system.post(f"posts/{post.pk}/close/", 409, last_day=TODAY, reason="撤岗")
        system.post(f"tenures/{tenure.pk}/end/", last_day=TODAY, reason="调离")
        system.post(f"posts/{post.pk}/close/", last_day=TODAY, reason="撤岗")
        post.refresh_from_db()
        assert post.valid_to == dt.date(2026, 3, 2)
        for type_ in ("identity.post_opened", "identity.appointed", "identity.tenure_ended", "identity.post_closed"):
            assert recorded(type_, system)

    def test_nobody_unknown_is_appointed(self, system):
        post = make.post()
        typed = {"number": make.number(), "kind": "appointed", "valid_from": TODAY}
        assert typed["number"] in system.post(f"posts/{post.pk}/appoint/", 422, **typed).content.decode()
        assert not Tenure.objects.filter(post=post).exists()


class TestPeople:
    def test_officials_are_found_by_name_masked_and_citizens_are_not(self, system):
        citizen = make.person(name="赵小明")
        officer = make.officer(holder=make.person(name="赵大力", phone="13900001111"))
        page = system.post("people/", 200, q="赵").content.decode()
        assert f"/console/people/{officer.person_id}/" in page
        assert str(citizen.pk) not in page
        assert "139****1111" in page
        assert "13900001111" not in page
        assert "赵大力" not in page

    def test_anybody_is_found_by_the_whole_number_of_his_paper(self, system):
        citizen = make.person()
        page = system.post("people/", 200, q=citizen.document_number).content.decode()
        assert f"/console/people/{citizen.pk}/" in page
        assert citizen.document_number not in page.replace(f'value="{citizen.document_number}"', "")

    def test_one_official_with_posts_and_accounts(self, system):
        officer = make.officer()
        page = system.get(f"people/{officer.person_id}/").content.decode()
        assert officer.username in page
        assert officer.person.document_number not in page

    def test_a_person_is_registered(self, system):
        number = make.number()
        typed = {"name": "孙洁", "document_type": "resident_id", "document_number": number}
        system.post("people/register/", **typed)
        assert Person.objects.filter(name="孙洁").exists()
        page = system.post("people/register/", 409, **typed).content.decode()
        assert 'value="孙洁"' in page
        wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
        page = system.post("people/register/", 422, **typed | {"document_number": wrong}).content.decode()
        assert 'id="f-document_number-error"' in page


class TestAccounts:
    def test_one_is_opened_without_rights_and_closed_for_good(self, system):
        person = make.person()
        typed = {"username": "sun.jie", "kind": "staff", "password": make.PASSWORD}
        system.post(f"accounts/open/?person={person.pk}", **typed)
        account = Account.objects.get(username="sun.jie")
        assert (account.state, account.person_id) == ("pending", person.pk)
        assert not RoleGrant.objects.filter(account=account).exists()
        page = system.post(f"accounts/open/?person={person.pk}", 409, **typed).content.decode()
        assert 'value="sun.jie"' in page
        assert make.PASSWORD not in page
        system.post(f"accounts/{account.pk}/state/", state="closed", reason="调离")
        account.refresh_from_db()
        assert account.state == "closed"
        system.post(f"accounts/{account.pk}/state/", 422, state="active", reason="再开")

    def test_unlocking_is_the_security_administrator_s(self, system, security):
        account = make.account("staff")
        services.change_account_state(by=SYSTEM, account=account, state="locked", reason="test")
        system.post(f"accounts/{account.pk}/state/", 422, state="active", reason="解锁")
        security.post(f"accounts/{account.pk}/state/", state="active", reason="解锁")
        account.refresh_from_db()
        assert account.state == "active"

    def test_a_clearance_is_set_by_the_security_administrator_only(self, system, security):
        account = make.account("staff")
        system.post(f"accounts/{account.pk}/clearance/", 403, clearance="2", reason="x")
        security.post(f"accounts/{account.pk}/clearance/", clearance="2", reason="岗位需要")
        account.refresh_from_db()
        assert account.clearance == 2

    def test_nobody_changes_his_own(self, system):
        page = system.post(
            f"accounts/{system.account.pk}/state/", 409, state="disabled", reason="休假"
        ).content.decode()
        assert "休假" in page

    def test_a_key_of_a_program_is_listed_and_ended(self, system):
        account = make.account("enterprise")
        issued = services.issue_api_key(by=SYSTEM, account=account, name="收银系统", scopes=["read"])
        assert "收银系统" in system.get("keys/").content.decode()
        assert issued.secret not in system.get("keys/").content.decode()
        system.post(f"keys/{issued.key.pk}/revoke/", reason="停用")
        issued.key.refresh_from_db()
        assert issued.key.revoked_at is not None

    def test_a_key_is_granted_without_its_secret_and_what_is_wrong_is_said(self, system, security, audit):
        account = make.account("enterprise")
        typed = {"account": account.username, "name": "收银系统", "scopes": ["read", "apply"], "days": "90"}
        for other in (security, audit):
            other.post("keys/grant/", 403, **typed)
        system.post("keys/grant/", **typed)
        key = account.api_keys.get()
        assert (key.scopes, key.collected_at) == (["apply", "read"], None)
        page = system.get("keys/").content.decode()
        assert "ztk_" not in page
        assert "待领取" in page
        assert recorded("identity.api_key_granted", system)
        for wrong, field in (
            ({"account": "nobody.here"}, "account"), ({"scopes": ["handle"]}, "scopes"),
            ({"capacity": "post:1"}, "capacity"), ({"days": "367"}, "days"),
        ):  # fmt: skip
            page = system.post("keys/grant/", 422, **typed | wrong).content.decode()
            assert f'id="f-{field}-error"' in page
            assert "收银系统" in page
        system.post("keys/grant/", 409, **typed | {"account": security.account.username, "scopes": ["read"]})
        assert account.api_keys.count() == 1


class TestRoles:
    def test_a_role_is_defined_from_the_permissions_that_code_knows(self, security):
        typed = {"code": "window", "name_zh": "窗口", "name_en": "Window", "permissions": ["identity.read_person"]}
        security.post("roles/define/", **typed)
        role = Role.objects.get(code="window")
        assert "identity.read_person" in security.get(f"roles/{role.pk}/").content.decode()
        page = security.post("roles/define/", 422, **typed | {"permissions": ["access.grant_role"]}).content.decode()
        assert 'value="窗口"' in page

    def test_a_grant_is_given_to_a_post_with_place_and_term_and_revoked(self, security):
        role, post, place = give.role("case.read"), make.post(), make.agency()
        typed = {"role": role.pk, "post": post.pk, "scope": "org", "organisation": place.pk, "last": "2026-03-31"}
        security.post("grants/give/", reason="岗位职责", **typed)
        grant = RoleGrant.objects.get(role=role)
        assert (grant.post, grant.organisation, grant.granted_by_id) == (post, place, security.account.pk)
        assert clock.local(grant.valid_to) == dt.datetime(2026, 4, 1, tzinfo=clock.LOCAL_ZONE)
        assert role.name_zh in security.get(f"grants/?role={role.pk}").content.decode()
        security.get(f"grants/{grant.pk}/")
        security.post(f"grants/{grant.pk}/revoke/", reason="调离")
        grant.refresh_from_db()
        assert grant.revoked_at is not None
        security.post(f"grants/{grant.pk}/revoke/", 409, reason="再次")
        assert recorded("access.role_granted", security)
        assert recorded("access.grant_revoked", security)

    def test_exclusive_roles_are_refused_with_their_names(self, security):
        review = give.role("case.review")
        sign = give.role("case.sign", exclusive_with=[review])
        account = make.account("staff")
        give.grant(review, account=account, scope="all")
        typed = {"role": sign.pk, "username": account.username, "scope": "all", "reason": "兼任"}
        page = security.post("grants/give/", 409, **typed).content.decode()
        assert review.code in page
        assert sign.code in page
        assert "兼任" in page

    def test_an_administrator_s_role_joins_no_other(self, security, system):
        typed = {"role": give.role("case.read").pk, "username": system.account.username, "scope": "all", "reason": "x"}
        security.post("grants/give/", 409, **typed)

    def test_nobody_grants_to_himself_nor_to_a_name_nobody_has(self, security):
        typed = {"role": give.role("case.read").pk, "scope": "all", "reason": "x"}
        security.post("grants/give/", 409, username=security.account.username, **typed)
        assert "nobody.here" in security.post("grants/give/", 422, username="nobody.here", **typed).content.decode()

    def test_why(self, security):
        account, place, other = make.account("staff"), make.agency(), make.agency()
        role = give.role("identity.register_organisation")
        give.grant(role, account=account, scope="org", organisation=place)
        asked = f"explain/?username={account.username}&permission=identity.register_organisation&place="
        assert "circle-check" not in security.get(f"{asked}{other.pk}").content.decode()
        assert security.get(f"{asked}{place.pk}").context["answer"].allowed
        assert not security.get(f"{asked}{other.pk}").context["answer"].allowed
        assert role.code in security.get(f"{asked}{place.pk}").content.decode()


class TestHealth:
    def stuck(self):
        process = Process.objects.create(definition_id=1, subject_kind="case", subject_id=7, started_at=clock.now())
        timer = Timer.objects.create(
            process=process, number=1, element="correction-due", due_at=clock.now() + dt.timedelta(hours=1),
            attempts=3, last_error="CalendarError: 2027",
        )  # fmt: skip
        message = Message.objects.create(
            stable_id="m1", person_id=1, template="case.accepted", params={"name": "欧阳娜娜"}, created_at=clock.now()
        )
        dispatch = Dispatch.objects.create(
            message=message, channel="email", address="a@example.com", locale="zh-hans", state="failed",
            attempts=48, due_at=clock.now(), last_error="ConnectionRefusedError",
        )  # fmt: skip
        return timer, dispatch

    def test_what_is_stuck_is_shown_with_its_error_and_nobody_s_data(self, system):
        self.stuck()
        page = system.get("health/").content.decode()
        assert "CalendarError: 2027" in page
        assert "ConnectionRefusedError" in page
        assert "a@example.com" not in page
        assert "欧阳娜娜" not in page

    def test_it_is_tried_again_and_recorded(self, system):
        timer, dispatch = self.stuck()
        system.post("health/timers/retry/")
        system.post("health/messages/retry/")
        timer.refresh_from_db()
        dispatch.refresh_from_db()
        assert timer.due_at == clock.now()
        assert (dispatch.state, dispatch.attempts) == ("waiting", 0)
        assert recorded("workflow.timer_retried", system)
        assert recorded("messages.retried", system)
        system.post("health/nonsense/retry/", 404)

    def test_deliveries_given_up_are_brought_again(self, system):
        event = Event.objects.order_by("id").first()
        entry = OutboxEntry.objects.create(
            id=new_id(), event=event, handler="gone", due_at=clock.now(), abandoned_at=clock.now(), attempts=100
        )
        system.post("health/deliveries/retry/")
        entry.refresh_from_db()
        assert (entry.abandoned_at, entry.attempts) == (None, 0)

    def test_every_look_of_the_house_is_drawn(self, system):
        page = system.get("health/")
        drawn = [str(look.title) for look in looks.all().values()]
        assert [str(one["title"]) for one in page.context["checks"]] == drawn
        assert all(title in page.content.decode() for title in drawn)

    def test_a_year_without_notice_is_a_finding(self, system, settings):
        def states(who):
            found = {str(one["words"]): one["state"] for one in who.get("health/").context["checks"]}
            return [state for words, state in found.items() if "2027" in words]

        assert states(system) == ["unknown"], "in March nobody can know"
        assert "需处理" in system.get("health/").content.decode()
        with clock.frozen(dt.datetime(2026, 12, 2, 2, 0, tzinfo=dt.UTC)):
            assert states(administrator("sys", settings)) == ["failed"]
