"""The desk's own entries in the navigation; apps and domains lay theirs beside them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.ui.shells import Entry

registry.navigation.add("desk.tasks", Entry(_("Tasks"), "desk:inbox", 10))
registry.navigation.add("desk.cases", Entry(_("All cases here"), "desk:cases", 20))
registry.navigation.add("desk.errands", Entry(_("Errands"), "desk:errands", 30))
registry.navigation.add("desk.overview", Entry(_("Figures"), "desk:overview", 90))
