"""Roles and grants for tests, as plain functions."""

import itertools
from typing import Any

from zhengtong.foundation.policy import SYSTEM, declare_permission
from zhengtong.people.access import services
from zhengtong.people.access.models import Role, RoleGrant

_next = itertools.count(1)


def role(*permissions: str, **given: Any) -> Role:
    """A business role that carries these permissions (declared where code has not)."""
    serial = next(_next)
    for code in permissions:
        declare_permission(code, code)
    made = {"code": f"role{serial}", "name_zh": f"角色{serial}", "name_en": f"Role {serial}"}
    return services.define_role(**{"by": SYSTEM, "permissions": permissions} | made | given)


def grant(given_role: Role, **given: Any) -> RoleGrant:
    """The role given to an account or a post, within its organisation."""
    return services.grant_role(**{"by": SYSTEM, "role": given_role, "scope": "org"} | given)
