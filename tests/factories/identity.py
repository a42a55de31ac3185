"""People, organisations, posts and accounts for tests: plain functions, valid by default, each call another one."""

import datetime as dt
import itertools
from typing import Any

from zhengtong.engines.codes import credit_code, identity_number
from zhengtong.foundation.policy import SYSTEM
from zhengtong.people.identity import services
from zhengtong.people.identity.queries import Account, Mandate, Organisation, Person, Post, Tenure

PASSWORD = "Osmanthus-27-Tea"
LONG_AGO = dt.date(2020, 1, 1)
_next = itertools.count(1)
_BORN = dt.date(1990, 3, 7)


def number(region: str = "110108", birth: dt.date | None = None) -> str:
    """A resident number nobody else has in this test; of somebody born on that very day where one is given."""
    serial = next(_next)
    if birth is not None:
        return identity_number(region, birth, 901 + serial % 99)
    return identity_number(region, _BORN + dt.timedelta(days=serial // 900), serial % 900 + 1)


def person(**given: Any) -> Person:
    """A natural person registered with a resident number."""
    return services.register_person(
        **{"by": SYSTEM, "name": "王小明", "document_number": number(), "phone": "13812345678"} | given
    )


def _organisation(kind: str, **given: Any) -> Organisation:
    serial = next(_next)
    letters = {"agency": ("1", "1"), "enterprise": ("9", "1")}[kind]
    code = credit_code(*letters, "110108", f"MA{serial:06d}")
    made = {"name_zh": f"第{serial}号单位", "division_code": "110108", "uscc": code, "valid_from": LONG_AGO}
    return services.register_organisation(**{"by": SYSTEM, "kind": kind} | made | given)


def agency(**given: Any) -> Organisation:
    """A government agency of 海淀区."""
    return _organisation("agency", **given)


def enterprise(**given: Any) -> Organisation:
    """An enterprise of 海淀区."""
    return _organisation("enterprise", **given)


def post(organisation: Organisation | None = None, **given: Any) -> Post:
    """A post in an agency."""
    made = {"organisation": organisation or agency(), "name_zh": "窗口受理岗", "valid_from": LONG_AGO}
    return services.open_post(**{"by": SYSTEM} | made | given)


def tenure(holder: Person | None = None, at: Post | None = None, **given: Any) -> Tenure:
    """That a person holds a post."""
    made = {"person": holder or person(), "post": at or post(), "valid_from": LONG_AGO}
    return services.appoint(**{"by": SYSTEM} | made | given)


def account(kind: str = "citizen", *, holder: Person | None = None, active: bool = True, **given: Any) -> Account:
    """An account with PASSWORD; active unless told otherwise; its person made where none is given."""
    made = {"username": f"{kind}{next(_next)}", "password": PASSWORD, "person": holder or person(), "assurance": 2}
    opened = services.open_account(**{"by": SYSTEM, "kind": kind} | made | given)
    if active:
        opened = services.change_account_state(by=SYSTEM, account=opened, state="active", reason="test")
    return opened


def officer(at: Post | None = None, **given: Any) -> Account:
    """A staff account whose person holds a post."""
    opened = account("staff", **given)
    assert opened.person is not None
    tenure(opened.person, at)
    return opened


def mandate(agent: Person, **given: Any) -> Mandate:
    """That a person may act for an enterprise as its legal representative, unless told otherwise."""
    principal: dict[str, Any] = {"principal_organisation": None}
    if not given.keys() & {"principal_person", "principal_organisation"}:
        principal = {"principal_organisation": enterprise()}
    made = {"by": SYSTEM, "agent": agent, "kind": "legal_representative", "valid_from": LONG_AGO}
    return services.give_mandate(**made | principal | given)
