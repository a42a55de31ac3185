"""What must not meet in one hand: kinds of roles, and roles that exclude one another."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.people.access import queries, rules
from zhengtong.people.access.models import Role


def check_hand(held: frozenset[int]) -> None:
    """Refuse (Conflict) that these roles, with all they inherit, come into one hand."""
    every = rules.closure(held, queries.parents())
    if not rules.kinds_apart(Role.objects.filter(pk__in=every).values_list("kind", flat=True)):
        raise Conflict(
            "access.administrators_apart",
            _("An administrator's role cannot be in one hand with any other kind of role."),
        )
    pair = rules.excluded_pair(every, queries.exclusions())
    if pair is not None:
        names = sorted(Role.objects.filter(pk__in=pair).values_list("code", flat=True))
        raise Conflict("access.exclusive", _("These roles must not be in one hand."), roles=names)
