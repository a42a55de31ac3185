"""Fixed statements: SQL generated once, from `Model._meta` for the few writes of a step (DESIGN §6), by the ORM itself
for the queries that every page asks (`Prepared`).

Rebuilding the same SQL is nine tenths of an ORM write. A statement is built when first run on a kind of database, from
the model as it then is, so no migration can drift from it; values are converted as the ORM converts them.
"""

from zhengtong.foundation.core.statements.making import Fresh
from zhengtong.foundation.core.statements.outgoing import Outgoing
from zhengtong.foundation.core.statements.prepared import Prepared
from zhengtong.foundation.core.statements.reading import Among, Load, Select, Through
from zhengtong.foundation.core.statements.writing import Delete, Insert, Update

__all__ = ["Among", "Delete", "Fresh", "Insert", "Load", "Outgoing", "Prepared", "Select", "Through", "Update"]
