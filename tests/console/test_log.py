"""The log for the audit administrator: searched within bounds, business closed, exports and examinations recorded."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import identity as make
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger import services
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.ledger.queries import Wanted, searching
from zhengtong.foundation.policy import SYSTEM, Actor

pytestmark = pytest.mark.django_db
CITIZEN = Actor(account_id=77, person_id=7, kind="citizen", name="王小明")


def happened(type_="case.submitted", subject=("case", 5), by=CITIZEN, **payload):
    return services.record(by=by, type=type_, subject=subject, payload=payload)


def found(audit, query=""):
    table = audit.get(f"log/{query}").context["table"]
    return [(row["cells"][1]["value"], row["cells"][2]["value"]) for row in table["rows"]]


class TestSearch:
    def test_by_type_subject_actor_and_time(self, audit):
        happened()
        happened("case.accepted", ("case", 6), SYSTEM)
        assert {type_ for type_, _ in found(audit, "?type=case.")} == {"case.submitted", "case.accepted"}
        assert [type_ for type_, _ in found(audit, "?kind=case&number=6")] == ["case.accepted"]
        assert [type_ for type_, _ in found(audit, "?actor=77")] == ["case.submitted"]
        today = clock.today()
        assert len(found(audit, f"?type=case.&since={today}&until={today}")) == 2
        assert found(audit, f"?type=case.&until={today - dt.timedelta(days=1)}") == []
        assert found(audit, "?type=case.&since=nonsense&actor=nonsense") != []

    def test_refusals(self, audit):
        services.record_refusal(by=CITIZEN, type="case.accepted", subject=("case", 5), reason="cases.not_yours")
        page = audit.get("log/?view=refusals")
        assert [row["cells"][1]["value"] for row in page.context["table"]["rows"]] == ["case.accepted.refused"]
        assert "cases.not_yours" in page.content.decode()

    def test_what_the_other_administrators_did_and_nobody_else(self, audit, system, security):
        happened()
        agency = make.agency()
        system.post(f"organisations/{agency.pk}/close/", last_day="2030-01-01", reason="试")
        security.post("roles/define/", code="r1", name_zh="甲", name_en="A")
        audit.get("log/")
        types = {type_ for type_, _ in found(audit, "?view=administrators")}
        assert {"机构撤销", "定义角色"} <= types
        assert not types & {"case.submitted", "查阅日志"}

    @pytest.mark.parametrize(("language", "said"), [("zh-hans", "查阅日志"), ("en", "Log searched")])
    def test_types_have_names_and_stand_beside_them_on_an_event_s_own_page(self, audit, language, said):
        audit.get("log/")
        audit.browser.cookies["django_language"] = language
        assert said in {name for name, _ in found(audit, "?type=audit.")}
        page = audit.get(f"log/{Event.objects.filter(type='audit.log_read').first().pk}/").content.decode()
        assert said in page
        assert "audit.log_read" in page

    def test_business_is_closed_and_citizens_are_masked(self, audit):
        event = happened(note="病历摘要")
        page = audit.get(f"log/{event}/").content.decode()
        assert "病历摘要" not in page
        assert "王**" in page
        assert "王小明 (citizen)" not in page
        assert "病历摘要" not in audit.get("log/?type=case.").content.decode()

    def test_administration_is_open(self, audit, system):
        agency = make.agency()
        system.post(f"organisations/{agency.pk}/close/", last_day="2030-01-01", reason="机构改革方案")
        event = Event.objects.get(type="identity.organisation_closed")
        page = audit.get(f"log/{event.pk}/").content.decode()
        assert "2030-01-01" in page
        assert "机构改革方案" in page

    def test_pages_follow_one_another_without_gap_or_repeat(self, audit):
        ids = [happened(subject=("case", number)) for number in range(120)]
        seen, address = [], "?type=case.submitted"
        while address:
            context = audit.get(f"log/{address}").context
            seen += [int(row["url"].split("/")[3]) for row in context["table"]["rows"]]
            address = context.get("next_url")
        assert seen == ids[::-1]

    def test_a_page_looks_no_further_than_its_bound_and_goes_on_from_there(self, monkeypatch):
        monkeypatch.setattr(searching, "WINDOW", 10)
        wanted = happened("case.rare")
        for number in range(35):
            happened(subject=("case", number))
        pages, before = 0, None
        while True:
            page = ledger.search_log(Wanted(type="case.rare"), before=before)
            pages += 1
            if page.lines:
                break
            assert page.short
            before = page.next
        assert [line.event_id for line in page.lines] == [wanted]
        assert pages == 4

    def test_several_actors_are_merged_in_order(self, monkeypatch):
        monkeypatch.setattr(searching, "WINDOW", 4)
        actors = [Actor(account_id=number, kind="admin", name=f"管{number}") for number in (1, 2, 3)]
        ids = [happened("access.x", ("role", 1), actors[number % 3]) for number in range(30)]
        seen, before = [], None
        while True:
            page = ledger.search_log(Wanted(actors=(1, 2, 3)), before=before, limit=7)
            seen += [line.event_id for line in page.lines]
            if page.next is None:
                break
            before = page.next
        assert seen == ids[::-1]

    def test_no_page_counts_or_costs_more_in_a_longer_log(self, audit):
        happened()
        audit.get("log/?type=case.")
        with CaptureQueriesContext(connection) as few:
            audit.get("log/?type=case.")
        for number in range(200):
            happened(subject=("case", number))
        with CaptureQueriesContext(connection) as many:
            audit.get("log/?type=case.")
        assert len(many) == len(few) <= 30
        assert not [query["sql"] for query in many if "COUNT(" in query["sql"].upper()]

    def test_each_search_is_recorded_and_a_next_page_is_not(self, audit):
        audit.get("log/?type=case.")
        audit.get("log/?type=case.&before=1")
        assert Event.objects.filter(type="audit.log_read", actor_id=audit.account.pk).count() == 1


class TestExport:
    def test_needs_a_reason_and_is_recorded_with_it(self, audit):
        happened()
        audit.post("log/export/?type=case.", 422, reason="")
        answer = audit.post("log/export/?type=case.", 200, reason="季度检查")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
        assert [(row["type"], row["actor"]) for row in rows] == [("case.submitted", "王**")]
        entry = next(one for one in ledger.timeline(("account", audit.account.pk)) if one.type == "audit.log_exported")
        assert entry.reason == "季度检查"
        assert entry.payload == {"type": "case.", "lines": 1}

    def test_a_spreadsheet_runs_nothing(self, audit):
        happened("console.x", ("role", 1), Actor(account_id=9, kind="admin", name="=HYPERLINK(1)"))
        answer = audit.post("log/export/?type=console.x", 200, reason="检查")
        assert "'=HYPERLINK(1)" in answer.content.decode()


class TestProof:
    def test_verified_now_and_recorded(self, audit):
        services.seal_all()
        audit.post("proof/verify/")
        page = audit.get("proof/").content.decode()
        assert 'data-state="jade"' in page
        assert Event.objects.filter(type="audit.log_examined", actor_id=audit.account.pk).exists()

    def test_tampering_is_told(self, audit):
        event = happened()
        services.seal_all()
        Event.objects.filter(pk=event).update(envelope=b"{}")
        audit.post("proof/verify/")
        entry = ledger.timeline(("log", 0))[0]
        assert "altered" in entry.payload["faults"]
        assert 'data-state="red"' in audit.get("proof/").content.decode()

    def test_a_log_too_large_to_wait_for_is_left_to_the_command(self, audit, monkeypatch):
        from zhengtong.people.access import services as access

        services.seal_all()
        monkeypatch.setattr(access, "EXAMINED_AT_ONCE", 0)
        audit.post("proof/verify/")
        assert not Event.objects.filter(type="audit.log_examined").exists()

    def test_signed_heads_are_listed_and_taken_away(self, audit):
        audit.get("proof/head/", 404)
        services.seal_all()
        head = audit.get("proof/head/").json()
        assert head["signature"]
        assert head["public_key"] in head["public_keys"]
        assert audit.get("proof/").context["table"]["rows"]
