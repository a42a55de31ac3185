"""Roles and grants: denied by default, ended at their instant, and never too much in one hand."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from factories import access as give
from factories import identity as make
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.policy import SYSTEM, Actor, Grant
from zhengtong.people.access import queries, services
from zhengtong.people.access.models import Absence, RoleGrant, RolePermission
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services as identity_services
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db


def actor(account):
    return identity.actor_for(type(account).objects.get(pk=account.pk))


def post_of(account):
    return identity.posts_held(account.person_id)[0]


def leave(account, last_day):
    for tenure in account.person.tenures.all():
        identity_services.end_tenure(by=SYSTEM, tenure=tenure, last_day=last_day, reason="调离")


def given_before(role, **given):
    """A grant of nine days ago."""
    with clock.frozen(clock.now() - dt.timedelta(days=9)):
        return give.grant(role, **given)


LAST_YEAR = dt.date(2024, 1, 1)


class TestGrants:
    def test_what_is_not_granted_is_denied(self):
        officer = make.officer()
        assert not policy.may(actor(officer), "cases.accept")
        assert not queries.why(actor(officer), "cases.accept").allowed

    def test_a_grant_to_a_post_goes_to_its_holder(self):
        officer = make.officer()
        give.grant(give.role("cases.accept"), post=post_of(officer))
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        assert policy.may(actor(officer), "cases.accept", own)
        assert not policy.may(actor(officer), "cases.accept", make.agency())
        assert not policy.may(actor(make.officer()), "cases.accept")

    def test_it_ends_when_the_post_is_left(self):
        officer = make.officer()
        post = post_of(officer)
        give.grant(give.role("cases.accept"), post=post)
        tenure = officer.person.tenures.get()
        yesterday = clock.today() - dt.timedelta(days=1)
        identity_services.end_tenure(by=SYSTEM, tenure=tenure, last_day=yesterday, reason="调离")
        assert not policy.may(actor(officer), "cases.accept")

    @pytest.mark.parametrize(
        ("scope", "placed"), [("org", True), ("org_tree", True), ("region", False), ("all", False)]
    )
    def test_what_is_given_to_an_account_does_not_outlive_the_post_it_was_given_with(self, scope, placed):
        officer = make.officer()
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        place = {"organisation": own} if placed else {"division_code": "110108"} if scope == "region" else {}
        grant = give.grant(give.role("cases.accept"), account=officer, scope=scope, **place)
        leave(officer, clock.today())
        assert policy.may(actor(officer), "cases.accept", own), "to the end of his last day"
        assert services.end_outlived_grants() == 0
        with clock.frozen(clock.now() + dt.timedelta(days=1)):
            assert not policy.may(actor(officer), "cases.accept", own)
            assert queries.holders("cases.accept", own.pk) == []
            assert services.end_outlived_grants() == 1
            assert services.end_outlived_grants() == 0
            make.tenure(officer.person, make.post(own))
            assert not policy.may(actor(officer), "cases.accept", own), "coming back revives nothing"
            assert RoleGrant.objects.get(pk=grant.pk).revoke_reason

    def test_who_leaves_for_another_authority_takes_nothing_along(self):
        officer = make.officer()
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        given_before(give.role("cases.accept"), account=officer, organisation=own)
        leave(officer, clock.today() - dt.timedelta(days=1))
        make.tenure(officer.person, make.post(), valid_from=clock.today())
        assert not policy.may(actor(officer), "cases.accept", own)

    def test_a_change_of_post_within_it_keeps_what_was_given_for_it(self):
        officer = make.officer()
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        given_before(give.role("cases.accept"), account=officer, organisation=own)
        leave(officer, clock.today() - dt.timedelta(days=1))
        make.tenure(officer.person, make.post(own), valid_from=clock.today())
        assert policy.may(actor(officer), "cases.accept", own)
        assert services.end_outlived_grants() == 0

    def test_what_was_given_for_elsewhere_lasts_while_he_serves_at_all(self):
        officer, elsewhere = make.officer(), make.agency()
        given_before(give.role("cases.accept"), account=officer, organisation=elsewhere)
        assert policy.may(actor(officer), "cases.accept", elsewhere)
        leave(officer, clock.today() - dt.timedelta(days=1))
        assert not policy.may(actor(officer), "cases.accept", elsewhere)

    def test_a_last_day_entered_later_than_the_role_was_given_ends_it_too(self):
        officer, over, former = (make.officer() for _ in range(3))
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        given_before(give.role("cases.accept"), account=officer, organisation=own)
        leave(officer, clock.today() - dt.timedelta(days=20))
        assert not policy.may(actor(officer), "cases.accept", own)
        with clock.frozen(clock.now() - dt.timedelta(days=15)):
            leave(over, clock.today() + dt.timedelta(days=10))
            leave(former, clock.today() + dt.timedelta(days=3))
        for each in (over, former):
            given_before(give.role("cases.accept"), account=each, organisation=own)
            leave(each, clock.today() - dt.timedelta(days=25))
        assert services.end_outlived_grants() == 2
        assert not policy.may(actor(over), "cases.accept", own)
        assert policy.may(actor(former), "cases.accept", own), "he had left already when it was given"

    def test_a_denial_and_an_account_without_a_post_stay(self):
        officer, without = make.officer(), make.account("staff")
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        denial = given_before(give.role("cases.accept"), account=officer, organisation=own, deny=True)
        grant = given_before(give.role("cases.accept"), account=without, organisation=own)
        leave(officer, clock.today() - dt.timedelta(days=1))
        assert services.end_outlived_grants() == 0
        assert policy.may(actor(without), "cases.accept", own)
        assert not RoleGrant.objects.filter(pk__in=[denial.pk, grant.pk]).exclude(revoked_at=None).exists()

    def test_what_an_absent_colleague_no_longer_has_is_not_lent(self):
        officer = make.officer()
        own = Organisation.objects.get(pk=post_of(officer).organisation_id)
        substitute = make.officer(make.post(own))
        given_before(give.role("task.reviewer"), account=officer, organisation=own)
        make.tenure(officer.person, make.post(), valid_from=LAST_YEAR)
        today = clock.today()
        Absence.objects.create(account=officer, organisation=own, substitute=substitute, begins_on=today, ends_on=today)
        assert policy.may(actor(substitute), "task.reviewer", own)
        (here,) = officer.person.tenures.filter(post__organisation=own)
        identity_services.end_tenure(by=SYSTEM, tenure=here, last_day=today - dt.timedelta(days=1), reason="调离")
        assert not policy.may(actor(substitute), "task.reviewer", own)

    def test_it_ends_at_its_instant(self):
        officer = make.officer()
        end = dt.datetime(2025, 7, 1, tzinfo=clock.LOCAL_ZONE)
        role = give.role("cases.accept")
        give.grant(role, account=officer, scope="all", valid_from=end - dt.timedelta(days=30), valid_to=end)
        with clock.frozen(end - dt.timedelta(seconds=1)):
            early = actor(officer)
            assert policy.may(early, "cases.accept")
        with clock.frozen(end):
            assert not policy.may(actor(officer), "cases.accept")
            assert not policy.may(early, "cases.accept")  # one who signed in before is not spared
            assert "2025-07-01 00:00" in queries.why(early, "cases.accept").because[0]

    def test_it_begins_at_its_instant(self):
        officer = make.officer()
        begin = clock.now() + dt.timedelta(hours=1)
        give.grant(give.role("cases.accept"), account=officer, scope="all", valid_from=begin)
        assert not policy.may(actor(officer), "cases.accept")
        with clock.frozen(begin):
            assert policy.may(actor(officer), "cases.accept")

    def test_revoked_is_gone_at_once(self):
        officer = make.officer()
        grant = give.grant(give.role("cases.accept"), account=officer, scope="all")
        services.revoke_grant(by=SYSTEM, grant=grant, reason="x")
        assert not policy.may(actor(officer), "cases.accept")
        with pytest.raises(Conflict):
            services.revoke_grant(by=SYSTEM, grant=grant, reason="x")

    @pytest.mark.parametrize(
        ("scope", "own", "below", "elsewhere"),
        [
            ("org", True, False, False),
            ("org_tree", True, True, False),
            ("region", True, True, False),
            ("all", True, True, True),
        ],
    )
    def test_scopes(self, scope, own, below, elsewhere):
        bureau = make.agency(division_code="110108")
        office = make.agency(division_code="110108", parent=bureau)
        far = make.agency(division_code="110105")
        officer = make.officer(make.post(bureau))
        give.grant(give.role("cases.accept"), post=post_of(officer), scope=scope)
        reached = [policy.may(actor(officer), "cases.accept", place) for place in (bureau, office, far)]
        assert reached == [own, below, elsewhere]

    def test_the_scope_of_oneself(self):
        officer = make.officer()
        give.grant(give.role("identity.read_person"), account=officer, scope="self")
        assert policy.may(actor(officer), "identity.read_person", officer.person)
        assert not policy.may(actor(officer), "identity.read_person", make.person())

    def test_a_denial_beats_every_grant(self):
        bureau = make.agency()
        officer = make.officer(make.post(bureau))
        role = give.role("cases.accept")
        give.grant(role, account=officer, scope="all")
        give.grant(role, account=officer, scope="org", organisation=bureau, deny=True)
        assert not policy.may(actor(officer), "cases.accept", bureau)
        assert policy.may(actor(officer), "cases.accept", make.agency())
        assert not queries.why(actor(officer), "cases.accept", bureau).allowed

    def test_roles_inherit(self):
        parent = give.role("cases.read")
        child = give.role("cases.accept", parents=[parent])
        officer = make.officer()
        give.grant(child, account=officer, scope="all")
        assert policy.may(actor(officer), "cases.read")

    def test_under_a_mandate_nobody_has_a_role(self):
        citizen = make.account()
        give.grant(give.role("cases.accept"), account=citizen, scope="all")
        mandate = make.mandate(citizen.person)
        assert identity.actor_for(citizen, mandate=mandate).grants == frozenset()


class TestSeparation:
    def test_exclusive_roles_do_not_meet(self):
        review, sign = give.role("cases.review"), give.role("cases.sign")
        services.define_role(
            by=SYSTEM, code=sign.code, name_zh="签发", name_en="Sign", permissions=["cases.sign"],
            exclusive_with=[review],
        )  # fmt: skip
        officer = make.officer()
        give.grant(review, account=officer, scope="all")
        with pytest.raises(Conflict, match="exclusive"):
            give.grant(sign, account=officer, scope="all")
        with pytest.raises(Conflict, match="exclusive"):  # nor by way of his post
            give.grant(sign, post=post_of(officer))
        with pytest.raises(Conflict, match="exclusive"):  # nor by another account of the same person
            give.grant(sign, account=make.account("staff", holder=officer.person), scope="all")
        assert RoleGrant.objects.count() == 1

    def test_exclusion_is_checked_on_the_closure(self):
        base = give.role("cases.review")
        senior = give.role("cases.inspect", parents=[base])
        sign = give.role("cases.sign", exclusive_with=[base])
        officer = make.officer()
        give.grant(sign, account=officer, scope="all")
        with pytest.raises(Conflict, match="exclusive"):
            give.grant(senior, account=officer, scope="all")
        with pytest.raises(Conflict, match="exclusive"):  # a role cannot inherit both
            give.role("x.y", parents=[senior, sign])

    def test_an_appointment_is_checked_too(self):
        review = give.role("cases.review")
        sign = give.role("cases.sign", exclusive_with=[review])
        officer, post = make.officer(), make.post()
        give.grant(review, account=officer, scope="all")
        give.grant(sign, post=post)
        with pytest.raises(Conflict, match="exclusive"):
            make.tenure(officer.person, post)

    def test_a_new_exclusion_is_refused_while_somebody_holds_both(self):
        review, sign = give.role("cases.review"), give.role("cases.sign")
        officer = make.officer()
        give.grant(review, account=officer, scope="all")
        give.grant(sign, account=officer, scope="all")
        with pytest.raises(Conflict, match="exclusive"):
            services.define_role(
                by=SYSTEM, code=sign.code, name_zh="签发", name_en="Sign", permissions=["cases.sign"],
                exclusive_with=[review],
            )  # fmt: skip

    def test_after_the_term_the_other_role_may_come(self):
        review = give.role("cases.review")
        sign = give.role("cases.sign", exclusive_with=[review])
        officer = make.officer()
        past = clock.now() - dt.timedelta(days=2)
        give.grant(review, account=officer, scope="all", valid_from=past, valid_to=clock.now() - dt.timedelta(days=1))
        give.grant(sign, account=officer, scope="all")

    def test_as_many_holders_as_may_be(self):
        role = give.role("cases.head", max_holders=1)
        give.grant(role, account=make.officer(), scope="all")
        with pytest.raises(Conflict, match="full"):
            give.grant(role, account=make.officer(), scope="all")


class TestThreeAdministrators:
    @pytest.fixture
    def roles(self):
        return services.install_roles(by=SYSTEM)

    @pytest.fixture
    def three(self, roles):
        accounts = {code: make.account("admin") for code in roles}
        for code, role in roles.items():
            give.grant(role, account=accounts[code], scope="all")
        return accounts

    def test_nobody_holds_two_of_the_three(self, roles, three):
        for code in roles:
            for other in set(roles) - {code}:
                with pytest.raises(Conflict, match="administrators_apart"):
                    give.grant(roles[other], account=three[code], scope="all")
                same_person = make.account("admin", holder=three[code].person)
                with pytest.raises(Conflict, match="administrators_apart"):
                    give.grant(roles[other], account=same_person, scope="all")

    def test_no_administrator_holds_a_business_role(self, roles, three):
        business = give.role("cases.accept")
        for account in three.values():
            with pytest.raises(Conflict, match="administrators_apart"):
                give.grant(business, account=account, scope="all")
        officer = make.officer()
        give.grant(business, post=post_of(officer))
        with pytest.raises(Conflict, match="administrators_apart"):
            give.grant(roles["sys_admin"], account=officer, scope="all")
        with pytest.raises(Conflict, match="administrators_apart"):
            make.tenure(three["sec_admin"].person, post_of(officer))

    def test_roles_carry_permissions_of_their_kind_only(self):
        with pytest.raises(Invalid, match="permission_kind"):
            give.role("identity.open_account")
        with pytest.raises(Invalid, match="permission_unknown"):
            services.define_role(by=SYSTEM, code="x", name_zh="x", name_en="x", permissions=["no.such"])
        role = give.role("cases.accept")
        with pytest.raises(IntegrityError), transaction.atomic():
            RolePermission.objects.create(role=role, permission="*")

    def test_each_does_his_own(self, three):
        system, security, audit = (actor(three[code]) for code in ("sys_admin", "sec_admin", "audit_admin"))
        role, officer = give.role("cases.accept"), make.officer()
        opened = make.account("staff", by=system, active=False)
        assert actor(opened).grants == frozenset()
        for other in (security, audit):
            with pytest.raises(NotAllowed):
                make.account("staff", by=other, active=False)
        services.grant_role(by=security, role=role, account=opened, scope="all")
        for other in (system, audit, actor(officer)):
            with pytest.raises(NotAllowed):
                services.grant_role(by=other, role=role, account=opened, scope="all")
        assert [policy.may(one, "audit.read_log") for one in (system, security, audit)] == [False, False, True]
        assert list(queries.visible_grants(system)) == list(RoleGrant.objects.filter(account=three["sys_admin"]))
        assert queries.visible_grants(audit).count() == RoleGrant.objects.count()

    def test_nobody_grants_to_himself(self, three):
        security = three["sec_admin"]
        second = make.account("admin", holder=security.person)
        for target in (security, second):
            with pytest.raises(Conflict, match="oneself"):
                services.grant_role(by=actor(security), role=give.role("cases.x"), account=target, scope="all")
        role = give.role("cases.x")
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.create(
                role=role, account=security, granted_by=security, scope="all", valid_from=clock.now()
            )

    def test_nobody_changes_his_own_account(self, three):
        for code, permission in (("sys_admin", "disabled"),):
            with pytest.raises(Conflict, match="oneself"):
                identity_services.change_account_state(
                    by=actor(three[code]), account=three[code], state=permission, reason="x"
                )
        with pytest.raises(Conflict, match="oneself"):
            identity_services.set_clearance(
                by=actor(three["sec_admin"]), account=three["sec_admin"], clearance=3, reason="x"
            )


def test_a_grant_names_one_holder_and_a_place():
    role, officer = give.role("cases.accept"), make.officer()
    for wrong in (
        {"scope": "all"},
        {"scope": "all", "account": officer, "post": post_of(officer)},
        {"scope": "org", "account": officer},
        {"scope": "all", "account": officer, "valid_to": clock.now() - dt.timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            give.grant(role, **wrong)


def test_why_names_the_role_and_its_reach():
    someone = Actor(grants=frozenset({Grant("cases.accept", "org:1", source="window")}))
    explained = queries.why(someone, "cases.accept")
    assert explained.allowed
    assert "window" in explained.because[0]
    assert "org:1" in explained.because[0]


class TestHolders:
    """Who may be given work: those whose roles permit it there now, each once, none whom a denial stops."""

    def names(self, organisation) -> list[str]:
        return [each.name for each in queries.holders("case.review", organisation.pk)]

    def official(self, name: str, post=None):
        holder = make.person(name=name)
        return make.officer(post, holder=holder) if post else make.account("staff", holder=holder)

    def test_by_account_by_post_and_from_above(self):
        above, place, other = make.agency(), make.agency(), make.agency()
        identity_services.place_under(by=SYSTEM, organisation=place, parent=above, on=dt.date(2021, 1, 1))
        role = give.role("case.review")
        heir = give.role(parents=[role])
        first, second, third = (self.official(name) for name in ("一", "二", "三"))
        post = make.post(place)
        fourth = self.official("四", post)
        give.grant(role, account=first, organisation=place)
        give.grant(heir, account=second, organisation=place)
        give.grant(role, account=third, scope="org_tree", organisation=above)
        give.grant(role, post=post)
        give.grant(role, account=self.official("五"), organisation=other)
        give.grant(role, account=self.official("六"), organisation=above)
        assert sorted(self.names(place)) == sorted(["一", "二", "三", "四"])
        found = {each.name: (each.account_id, each.capacity) for each in queries.holders("case.review", place.pk)}
        assert found["四"] == (fourth.pk, f"post:{post.pk}")
        assert found["一"] == (first.pk, "")

    def test_whoever_left_was_disabled_or_denied_is_none(self):
        place, role = make.agency(), give.role("case.review")
        gone, denied, ended, stays = (self.official(name) for name in ("甲", "乙", "丙", "丁"))
        for account in (gone, denied, stays):
            give.grant(role, account=account, organisation=place)
        grant = give.grant(role, account=ended, organisation=place)
        services.revoke_grant(by=SYSTEM, grant=grant, reason="调离")
        give.grant(role, account=denied, scope="all", deny=True)
        identity_services.change_account_state(by=SYSTEM, account=gone, state="disabled", reason="调离")
        assert self.names(place) == ["丁"]
