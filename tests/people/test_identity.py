"""People, organisations, posts and mandates: valid in time, sealed, and seen by nobody who may not."""

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection, transaction

from factories import access as access_factory
from factories import identity as make
from zhengtong.foundation import policy
from zhengtong.foundation.core import background, clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, TooMany
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.ledger.queries import timeline
from zhengtong.foundation.policy import ANONYMOUS, SYSTEM, Actor, Grant
from zhengtong.people.identity import queries, rules, services, tasks
from zhengtong.people.identity.models import Account, Organisation, Person, Tenure
from zhengtong.people.identity.providers import LocalRegister

pytestmark = pytest.mark.django_db


def stored(model, row):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE id = %s", [row.pk])
        return " ".join(str(value) for value in cursor.fetchone())


class TestPeople:
    def test_the_number_is_sealed_and_found(self):
        number = make.number()
        person = make.person(document_number=number.lower(), phone="13812345678", email="li@example.cn")
        raw = stored(Person, person)
        for clear in (number, "13812345678", "li@example.cn", person.birth_date):
            assert clear not in raw
        assert queries.person_by_document("resident_id", number) == person
        assert queries.person_by_document("passport", number) is None
        assert Person.objects.get(pk=person.pk).document_number == number

    def test_the_birth_date_and_division_are_read_from_the_number(self):
        person = make.person(document_number="110108199003070024")
        assert (person.birth_date, person.division_code) == ("1990-03-07", "110108")

    def test_one_paper_one_person(self):
        person = make.person()
        with pytest.raises(Conflict, match="person_known"):
            make.person(document_number=person.document_number)

    def test_a_wrong_check_character_is_refused_with_its_place(self):
        with pytest.raises(Invalid) as refusal:
            make.person(document_number="110108199003070025")
        assert refusal.value.errors[0][:2] == ("document_number", "codes.check_digit")

    @pytest.mark.parametrize(
        ("document_type", "number"),
        [("passport", "E12345678"), ("hk_macao_pass", "H12345678"), ("taiwan_pass", "12345678")],
    )
    def test_papers_of_elsewhere(self, document_type, number):
        person = make.person(document_type=document_type, document_number=number, birth_date=dt.date(1980, 5, 6))
        assert queries.person_by_document(document_type, number.lower()) == person
        assert person.birth_date == "1980-05-06"

    def test_only_registrars_register(self):
        for actor in (ANONYMOUS, Actor(kind="citizen", person_id=1), Actor(grants=frozenset({Grant("pi.full")}))):
            with pytest.raises(NotAllowed):
                make.person(by=actor)
        haidian = Actor(grants=frozenset({Grant("identity.register_person", "region:110108")}))
        make.person(by=haidian, document_number=make.number("110108"))
        with pytest.raises(NotAllowed):
            make.person(by=haidian, document_number=make.number("110105"))

    def test_one_corrects_how_one_is_reached_and_no_more(self):
        person = make.person()
        himself = Actor(person_id=person.pk)
        services.correct_person(by=himself, person=person, reason="new phone", phone="13900000001")
        assert Person.objects.get(pk=person.pk).phone == "13900000001"
        with pytest.raises(NotAllowed):
            services.correct_person(by=himself, person=person, reason="", name="别人")
        with pytest.raises(Invalid):
            services.correct_person(by=SYSTEM, person=person, reason="", document_number="x")


class TestWhoSeesWhom:
    def test_nobody_sees_people_by_default(self):
        make.person()
        assert not queries.visible_people(ANONYMOUS).exists()
        assert not queries.visible_people(Actor(kind="staff", person_id=1)).exists()

    def test_oneself_is_seen_clear_and_officers_see_masked(self):
        person = make.person(document_number=make.number("110108"))
        himself = Actor(person_id=person.pk)
        assert list(queries.visible_people(himself)) == [person]
        assert policy.shown(himself, person).document_number == person.document_number
        officer = Actor(person_id=0, grants=frozenset({Grant("identity.read_person", "region:1101")}))
        seen = policy.shown(officer, queries.visible_people(officer).get())
        assert seen.name == "王**"
        assert seen.document_number == person.document_number[:6] + "********" + person.document_number[-4:]
        assert seen.phone == "138****5678"
        assert seen.birth_date == "1990-**-**"
        full = Actor(grants=officer.grants | {Grant("pi.full", "region:110108")})
        assert policy.shown(full, person).document_number == person.document_number

    def test_what_is_masked_is_masked_in_every_form(self):
        from django.template import engines

        person = make.person(document_number=make.number("110108"))
        officer = Actor(grants=frozenset({Grant("identity.read_person", "region:110108")}))
        seen = policy.shown(officer, person)
        page = engines["django"].from_string("{{ p }} {{ p.name }} {{ p.document_number }} {{ p.phone }}")
        exported = json.dumps({field: getattr(seen, field) for field in rules.PERSON_MASKS})
        for text in (page.render({"p": seen}), exported, str(seen), repr(seen)):
            assert person.document_number not in text
            assert "13812345678" not in text
            assert "小明" not in text

    def test_an_officer_of_another_division_sees_nobody(self):
        person = make.person(document_number=make.number("110105"))
        haidian = Actor(grants=frozenset({Grant("identity.read_person", "region:110108")}))
        beijing = Actor(grants=frozenset({Grant("identity.read_person", "region:11")}))
        assert not queries.visible_people(haidian).exists()
        assert not policy.allows(haidian, person)
        assert list(queries.visible_people(beijing)) == [person]

    def test_organisations_are_public(self):
        organisation = make.enterprise(name_zh="天好餐饮有限公司")
        assert list(queries.visible_organisations(ANONYMOUS)) == [organisation]
        assert policy.shown(ANONYMOUS, organisation).name_zh == "天好餐饮有限公司"

    def test_one_path_for_all_compilations(self):
        people = [make.person(document_number=make.number(code)) for code in ("110108", "110105", "310101")]
        officer = Actor(person_id=people[2].pk, grants=frozenset({Grant("identity.read_person", "region:110108")}))
        wanted = policy.search_tokens(officer, Person)
        where, params = policy.sql_for(officer, Person)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM identity_person WHERE {where}", params)
            selected = {key for (key,) in cursor.fetchall()}
        expected = {people[0].pk, people[2].pk}
        assert selected == expected == {person.pk for person in people if policy.allows(officer, person)}
        assert expected == {person.pk for person in people if wanted.match(policy.index_tokens(person))}
        assert expected == set(queries.visible_people(officer).values_list("pk", flat=True))


class TestOrganisations:
    def test_a_wrong_credit_code_is_refused(self):
        with pytest.raises(Invalid, match="uscc"):
            make.enterprise(uscc="91110108MA0000000X")

    def test_the_tree_is_valid_in_time(self):
        city, other, bureau, office = (make.agency() for _ in range(4))
        services.place_under(by=SYSTEM, organisation=bureau, parent=city, on=dt.date(2024, 1, 1))
        services.place_under(by=SYSTEM, organisation=office, parent=bureau, on=dt.date(2024, 1, 1))
        services.place_under(by=SYSTEM, organisation=bureau, parent=other, on=dt.date(2025, 1, 1))
        assert queries.subtree(city.pk, dt.date(2024, 12, 31)) == {city.pk, bureau.pk, office.pk}
        assert queries.subtree(city.pk, dt.date(2025, 1, 1)) == {city.pk}
        assert queries.subtree(other.pk, dt.date(2025, 1, 1)) == {other.pk, bureau.pk, office.pk}
        assert queries.parent_of(bureau.pk, dt.date(2024, 6, 1)) == city
        with pytest.raises(Conflict, match="circle"):
            services.place_under(by=SYSTEM, organisation=other, parent=office, on=dt.date(2025, 2, 1))

    def test_a_successor_takes_over(self):
        old, new = make.agency(), make.agency()
        services.succeed_organisation(
            by=SYSTEM, organisation=old, successor=new, on=dt.date(2025, 7, 1), reason="机构改革"
        )
        old.refresh_from_db()
        assert (old.valid_to, old.successor) == (dt.date(2025, 6, 30), new)

    def test_english_falls_back_to_chinese(self):
        from django.utils import translation

        bare, named = make.agency(name_zh="市监局"), make.agency(name_zh="市监局", name_en="Market Bureau")
        with translation.override("en"):
            assert (bare.name, named.name) == ("市监局", "Market Bureau")
        with translation.override("zh-hans"):
            assert named.name == "市监局"

    def test_the_database_keeps_terms_in_order(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(
                name_zh="x", kind="agency", division_code="11", valid_from=dt.date(2025, 2, 1), valid_to=make.LONG_AGO
            )


class TestPosts:
    def test_a_tenure_ends_with_its_last_day(self):
        tenure = make.tenure()
        services.end_tenure(by=SYSTEM, tenure=tenure, last_day=dt.date(2025, 6, 30), reason="调离")
        assert queries.posts_held(tenure.person_id, dt.date(2025, 6, 30)) == [tenure.post]
        assert queries.posts_held(tenure.person_id, dt.date(2025, 7, 1)) == []
        assert queries.holders_of(tenure.post_id, dt.date(2025, 6, 30)) == [tenure.person]
        assert queries.holders_of(tenure.post_id, dt.date(2025, 7, 1)) == []

    def test_nobody_holds_a_post_twice_at_once(self):
        tenure = make.tenure()
        with pytest.raises(Conflict, match="already_appointed"):
            make.tenure(tenure.person, tenure.post, valid_from=dt.date(2021, 1, 1))

    def test_the_appointed_post_comes_first(self):
        person, acting, own = make.person(), make.post(), make.post()
        make.tenure(person, acting, kind="acting")
        make.tenure(person, own)
        assert queries.posts_held(person.pk) == [own, acting]


class TestMandates:
    def test_acting_for_an_enterprise(self):
        account = make.account()
        mandate = make.mandate(account.person)
        actor = queries.actor_for(account, mandate=mandate)
        assert actor.on_behalf_of == f"org:{mandate.principal_organisation_id}"
        assert actor.organisation_id == mandate.principal_organisation_id
        assert actor.principal == actor.on_behalf_of
        assert queries.actor_for(account).on_behalf_of is None
        assert [way.key for way in queries.capacities(account)] == ["self", f"mandate:{mandate.pk}"]

    def test_a_mandate_is_over_after_its_last_day(self):
        account = make.account()
        mandate = make.mandate(account.person, valid_to=dt.date(2025, 6, 30))
        with clock.frozen(dt.datetime(2025, 6, 30, 23, 59, 59, tzinfo=clock.LOCAL_ZONE)):
            assert queries.actor_for(account, mandate=mandate.pk).mandate_id == mandate.pk
        with (
            clock.frozen(dt.datetime(2025, 7, 1, tzinfo=clock.LOCAL_ZONE)),
            pytest.raises(NotAllowed, match="no_mandate"),
        ):
            queries.actor_for(account, mandate=mandate.pk)

    def test_an_ended_mandate_is_of_no_use(self):
        account = make.account()
        mandate = make.mandate(account.person)
        services.end_mandate(by=Actor(person_id=account.person_id), mandate=mandate, reason="辞任")
        with pytest.raises(NotAllowed):
            queries.actor_for(account, mandate=mandate)
        with pytest.raises(Conflict):
            services.end_mandate(by=SYSTEM, mandate=mandate, reason="again")

    def test_nobody_uses_the_mandate_of_another(self):
        mandate = make.mandate(make.person())
        with pytest.raises(NotAllowed):
            queries.actor_for(make.account(), mandate=mandate)

    def test_officials_act_under_no_mandate(self):
        officer = make.officer()
        with pytest.raises(NotAllowed):
            queries.actor_for(officer, mandate=make.mandate(officer.person))

    def test_who_may_give(self):
        father, son, stranger = make.account(), make.person(), make.person()
        own = queries.actor_for(father)
        services.give_mandate(by=own, agent=son, kind="agent", principal_person=father.person)
        with pytest.raises(NotAllowed):  # nobody makes himself a guardian
            services.give_mandate(by=own, agent=father.person, kind="guardian", principal_person=stranger)
        with pytest.raises(NotAllowed):
            services.give_mandate(by=own, agent=son, kind="agent", principal_person=stranger)
        with pytest.raises(Invalid):
            services.give_mandate(by=own, agent=son, kind="agent")
        with pytest.raises(Invalid):
            services.give_mandate(by=SYSTEM, agent=son, kind="agent", principal_person=son)

    def test_a_representative_passes_on_and_an_agent_does_not(self):
        boss, clerk, other = make.account(), make.account(), make.person()
        first = make.mandate(boss.person)
        enterprise = first.principal_organisation
        as_boss = queries.actor_for(boss, mandate=first)
        second = services.give_mandate(by=as_boss, agent=clerk.person, kind="agent", principal_organisation=enterprise)
        as_clerk = queries.actor_for(clerk, mandate=second)
        with pytest.raises(NotAllowed, match="not_yours"):
            services.give_mandate(by=as_clerk, agent=other, kind="agent", principal_organisation=enterprise)
        with pytest.raises(NotAllowed):  # acting for himself he speaks for no enterprise
            services.give_mandate(
                by=queries.actor_for(boss), agent=other, kind="agent", principal_organisation=enterprise
            )

    def test_scope(self):
        mandate = make.mandate(make.person(), scope=["000131023000", "0001310*"])
        assert mandate.covers("000131023000")
        assert mandate.covers("000131099000")
        assert not mandate.covers("000132000000")


class TestAccounts:
    def test_the_database_forbids_a_superuser(self):
        account = make.account()
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=account.pk).update(is_superuser=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.create(username="root2", is_superuser=True)

    def test_a_name_is_never_given_again(self):
        account = make.account(username="meilan")
        services.change_account_state(by=SYSTEM, account=account, state="closed", reason="离职")
        with pytest.raises(Conflict, match="name_taken"):
            make.account(username="MeiLan")
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.create(username="MEILAN")

    @pytest.mark.parametrize(
        ("state", "wanted", "allowed"),
        [
            ("pending", "active", True),
            ("pending", "locked", False),
            ("active", "locked", True),
            ("active", "pending", False),
            ("locked", "active", True),
            ("locked", "disabled", True),
            ("disabled", "active", True),
            ("disabled", "locked", False),
            ("closed", "active", False),
            ("closed", "closed", False),
        ],
    )
    def test_the_life_of_an_account(self, state, wanted, allowed):
        account = make.account()
        Account.objects.filter(pk=account.pk).update(state=state)
        if allowed:
            changed = services.change_account_state(by=SYSTEM, account=account, state=wanted, reason="x")
            assert changed.state == wanted
        else:
            with pytest.raises(Conflict, match="account_state"):
                services.change_account_state(by=SYSTEM, account=account, state=wanted, reason="x")

    def test_every_pair_of_states_is_settled(self):
        from zhengtong.people.identity.choices import AccountState

        assert set(rules.NEXT_STATES) == set(AccountState)
        assert rules.NEXT_STATES[AccountState.CLOSED] == set()

    def test_only_active_accounts_act(self):
        account = make.account()
        for state in ("locked", "disabled"):
            Account.objects.filter(pk=account.pk).update(state=state)
            with pytest.raises(NotAllowed):
                queries.actor_for(Account.objects.get(pk=account.pk))

    def test_opening_gives_no_right(self):
        opened = make.account("staff", active=False)
        assert opened.state == "pending"
        assert queries.actor_for(opened).grants == frozenset()

    def test_staff_accounts_have_a_person(self):
        with pytest.raises(Invalid, match="account_needs_person"):
            services.open_account(by=SYSTEM, username="nobody1", kind="staff", password=make.PASSWORD)

    def test_a_person_may_have_several_accounts_and_join_them(self):
        person = make.person()
        keep, close = make.account(holder=person, assurance=1), make.account(holder=person, assurance=2)
        services.merge_accounts(by=Actor(person_id=person.pk), keep=keep, close=close, reason="two phones")
        keep.refresh_from_db()
        close.refresh_from_db()
        assert (close.state, close.merged_into, keep.assurance) == ("closed", keep, 2)

    def test_accounts_of_two_people_or_kinds_are_not_joined(self):
        person = make.person()
        with pytest.raises(Conflict, match="cannot_merge"):
            services.merge_accounts(by=SYSTEM, keep=make.account(), close=make.account(), reason="x")
        citizen, officer = make.account(holder=person), make.account("staff", holder=person)
        with pytest.raises(Conflict, match="cannot_merge"):
            services.merge_accounts(by=SYSTEM, keep=citizen, close=officer, reason="x")
        with pytest.raises(NotAllowed):
            services.merge_accounts(by=Actor(person_id=0), keep=citizen, close=make.account(), reason="x")

    def test_officials_who_never_come_are_disabled(self):
        with clock.frozen(clock.now() - dt.timedelta(days=91)):
            idle, present, _citizen = make.account("staff"), make.account("staff"), make.account()
        services.note_sign_in(by=queries.actor_for(present), account=present, method="password")
        assert tasks.disable_idle_accounts() == 1
        idle.refresh_from_db()
        assert idle.state == "disabled"

    def test_one_that_was_given_back_waits_for_its_holder(self):
        with clock.frozen(clock.now() - dt.timedelta(days=91)):
            idle = make.account("staff")
        services.disable_idle_accounts(by=SYSTEM)
        services.change_account_state(by=SYSTEM, account=idle, state="active", reason="复职")
        assert services.disable_idle_accounts(by=SYSTEM) == 0
        with clock.frozen(clock.now() + dt.timedelta(days=91)):
            assert services.disable_idle_accounts(by=SYSTEM) == 1

    def test_who_left_his_last_post_has_his_account_disabled_the_day_after(self):
        """security.md §8: people leaving, accounts disabled."""
        leaving, staying, coming, never = make.officer(), make.officer(), make.officer(), make.account("staff")
        today = clock.today()
        for officer in (leaving, coming):
            (tenure,) = Tenure.objects.filter(person=officer.person)
            services.end_tenure(by=SYSTEM, tenure=tenure, last_day=today, reason="调离")
        make.tenure(coming.person, valid_from=today + dt.timedelta(days=7))
        assert tasks.disable_left_accounts() == 0, "his last day is his"
        with clock.frozen(clock.now() + dt.timedelta(days=1)):
            assert tasks.disable_left_accounts() == 1
            states = {row.pk: row.state for row in Account.objects.all()}
            assert states[leaving.pk] == "disabled"
            assert {states[row.pk] for row in (staying, coming, never)} == {"active"}

    def test_one_opened_or_made_active_after_he_left_stays(self):
        back = make.officer()
        (tenure,) = Tenure.objects.filter(person=back.person)
        yesterday = clock.today() - dt.timedelta(days=1)
        services.end_tenure(by=SYSTEM, tenure=tenure, last_day=yesterday, reason="调离")
        assert tasks.disable_left_accounts() == 0, "opened since"
        Account.objects.filter(pk=back.pk).update(created_at=clock.now() - dt.timedelta(days=9))
        assert tasks.disable_left_accounts() == 0, "made active since"
        with clock.frozen(clock.now() - dt.timedelta(days=9)):
            early = make.account("staff", holder=back.person)
        assert tasks.disable_left_accounts() == 1
        assert Account.objects.get(pk=early.pk).state == "disabled"

    def test_it_is_done_daily_and_contents_without_a_row_go_hourly(self):
        laid = {chore.name: chore.seconds for chore in background.chores.all().values()}
        assert laid["identity.idle_accounts"] == 86_400
        assert laid["files.sweep"] == 300
        with clock.frozen(clock.now() - dt.timedelta(days=91)):
            idle = make.account("staff")
        background.chores.get("identity.idle_accounts").run()
        idle.refresh_from_db()
        assert idle.state == "disabled"

    def test_what_is_done_is_recorded(self):
        before = Event.objects.count()
        account = make.account()
        services.change_account_state(by=SYSTEM, account=account, state="disabled", reason="离岗")
        assert Event.objects.count() >= before + 3  # the person, the account, its states


class _Slow(LocalRegister):
    """A register so slow that other questions are asked and answered while one is."""

    meanwhile = None

    def check(self, **question):
        asked, _Slow.meanwhile = _Slow.meanwhile, None
        if asked:
            asked()
        return super().check(**question)


def _guess(by, account, person):
    with pytest.raises(Invalid):
        services.verify_person(by=by, account=account, name="赵二", number=person.document_number)


class TestRealName:
    def test_a_match_raises_the_level(self):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        himself = queries.actor_for(account)
        verified = services.verify_person(by=himself, account=account, name="赵一", number=person.document_number)
        assert (verified.person, verified.assurance) == (person, 2)
        assert queries.actor_for(verified).assurance == 2

    def test_a_wrong_name_and_an_unknown_number_read_alike(self):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        himself = queries.actor_for(account)
        said = []
        for name, number in (("赵二", person.document_number), ("赵一", make.number())):
            with pytest.raises(Invalid, match="real_name") as refusal:
                services.verify_person(by=himself, account=account, name=name, number=number)
            said.append(str(refusal.value.message))
        assert said[0] == said[1]
        account.refresh_from_db()
        assert (account.person, account.assurance) == (None, 0)

    def test_five_wrong_tries_an_hour(self):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        himself, number = queries.actor_for(account), person.document_number
        start = clock.now()
        for minute in range(5):
            with clock.frozen(start + dt.timedelta(minutes=minute)), pytest.raises(Invalid, match="real_name"):
                services.verify_person(by=himself, account=account, name="赵二", number=number)
        with clock.frozen(start + dt.timedelta(minutes=10)), pytest.raises(TooMany) as refusal:
            services.verify_person(by=himself, account=account, name="赵一", number=number)  # even the right one
        assert refusal.value.details == {"retry_after": 50 * 60}
        assert "50 分钟" in str(refusal.value.message)
        types = [entry.type for entry in timeline(("account", account.pk), limit=6)]
        assert types == ["identity.person_verified.refused"] + ["identity.person_mismatched"] * 5
        assert person.document_number not in str(timeline(("account", account.pk)))
        other = services.sign_up(username="zhaoyi2", password=make.PASSWORD)
        with clock.frozen(start + dt.timedelta(minutes=10)):
            services.verify_person(by=queries.actor_for(other), account=other, name="赵一", number=number)
        with clock.frozen(start + dt.timedelta(minutes=60, seconds=1)):
            verified = services.verify_person(by=himself, account=account, name="赵一", number=number)
        assert verified.assurance == 2

    def test_a_number_that_cannot_be_is_no_try(self):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        himself = queries.actor_for(account)
        for _ in range(6):
            with pytest.raises(Invalid):
                services.verify_person(by=himself, account=account, name="赵一", number="110108199003070000")
        services.verify_person(by=himself, account=account, name="赵一", number=person.document_number)

    def test_what_was_asked_before_the_fifth_wrong_answer_is_not_told_after_it(self, settings):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        himself = queries.actor_for(account)
        _Slow.meanwhile = lambda: [_guess(himself, account, person) for _ in range(5)]
        settings.ZT_REAL_NAME_PROVIDER = f"{__name__}._Slow"
        with pytest.raises(TooMany):
            services.verify_person(by=himself, account=account, name="赵一", number=person.document_number)
        account.refresh_from_db()
        assert account.person is None

    def test_an_account_does_not_change_hands(self):
        account, other = make.account(), make.person(name="李四")
        with pytest.raises(Conflict, match="other_person"):
            services.verify_person(
                by=queries.actor_for(account), account=account, name="李四", number=other.document_number
            )

    def test_only_for_oneself(self):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        with pytest.raises(NotAllowed):
            services.verify_person(by=Actor(account_id=1), account=account, name="赵一", number=person.document_number)


def test_a_post_of_another_cannot_be_chosen():
    officer = make.officer()
    with pytest.raises(NotAllowed, match="no_post"):
        queries.actor_for(officer, post=make.post())
    mine = queries.posts_held(officer.person_id)[0]
    assert queries.actor_for(officer, post=mine).organisation_id == mine.organisation_id


def test_an_actor_costs_few_reads(django_assert_max_num_queries):
    officer = make.officer()
    post = queries.posts_held(officer.person_id)[0]
    access_factory.grant(access_factory.role("cases.accept", "cases.read"), post=post)
    loaded = Account.objects.select_related("person").get(pk=officer.pk)
    with django_assert_max_num_queries(4):
        actor = queries.actor_for(loaded)
    assert policy.may(actor, "cases.accept")
