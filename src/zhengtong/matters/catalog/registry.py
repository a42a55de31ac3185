"""What apps above tell of how matters live, so that a process can be checked against it before it is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhengtong.foundation.core.registry import Shelf, registry

Moves = Mapping[str, str]
"""From which state something leads to which."""


@dataclass(frozen=True)
class Life:
    """The life of a matter as far as its process drives it.

    It begins in the state `begun` and must have come to `closed` where the process ends. `actions` says for each
    action that moves it what it does in which state; in another it fails. `roles` says the same of the work of a role,
    which in another state does nothing. `labels` are the names of the states, in whatever language is asked.
    """

    begun: str
    closed: str
    actions: Mapping[str, Moves]
    roles: Mapping[str, Moves] = field(default_factory=dict)
    labels: Mapping[str, object] = field(default_factory=dict)


lives: Shelf[Life] = registry.shelf("lives")
"""By the kind of item: `promised` and `instant`."""
outcomes: Shelf[object] = registry.shelf("outcomes")
"""What a task of a matter may come to, so that officials can say it: each with its words."""
