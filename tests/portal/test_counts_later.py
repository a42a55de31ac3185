"""Who hands in after office hours or on a day off is told why the days begin later, wherever days are told."""

import pytest

from portal.conftest import City, at, page_text, signed_in
from zhengtong.engines.documents import compose_letter
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.papers import notice_facts

pytestmark = pytest.mark.django_db

LATE = "在下班后（17:00 以后）提交，按 3 月 10 日（周一）收到计算，期限从次日起算。"
DAY_OFF = "在休息日提交，按 3 月 10 日（周一）收到计算，期限从次日起算。"


def told(town: City, case: Case, *, elder: bool = False) -> dict[str, str]:
    browser = signed_in(town.account, f"mandate:{town.mandate.pk}")
    if elder:
        browser.cookies["zt_mode"] = "elder"
    with at("2025-03-09 10:00"):
        return {page: page_text(browser.get(f"/cases/{case.token}/{page}")) for page in ("", "received/")}


@pytest.mark.parametrize(("when", "why"), [("2025-03-07 20:15", LATE), ("2025-03-08 10:00", DAY_OFF)])
def test_receipt_progress_and_derivation_say_why(town: City, when: str, why: str) -> None:
    case = town.submitted(when)
    pages = told(town, case)
    assert why in pages["received/"]
    assert pages[""].count(why) == 3, "beside where it stands, below the ruler, in what happened"
    assert all(why in page for page in told(town, case, elder=True).values())
    letter = compose_letter("receipt", notice_facts(cases.notices_of(case).get(kind="receipt"), case), "zh-hans")
    assert "按2025年3月10日（星期一）收到计算" in "".join(block.text for block in letter.body if hasattr(block, "text"))


def test_within_office_hours_nothing_is_to_be_explained(town: City) -> None:
    pages = told(town, town.submitted("2025-03-07 16:59"))
    assert "收到计算" not in "".join(pages.values())


def test_who_looks_by_number_is_told_too(town: City) -> None:
    case = town.submitted("2025-03-08 10:00")
    with at("2025-03-09 10:00"):
        from django.test import Client

        page = Client(HTTP_HOST="localhost").post("/progress/", {"number": case.short_no, "code": town.codes[case.id]})
    assert DAY_OFF in page_text(page)


def test_an_office_that_takes_it_up_before_has_received_it_then(town: City) -> None:
    case = town.submitted("2025-03-07 20:15")
    with at("2025-03-08 09:30"):
        town.act("clerk", "request_correction", case.id, gaps=["平面布局图未标面积"])
    assert "收到计算" not in "".join(told(town, case).values())
