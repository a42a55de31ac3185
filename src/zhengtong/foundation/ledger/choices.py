"""Words for what an examination of the log can find."""

from django.utils.translation import gettext_lazy as _

LOG_FAULTS = {
    "removed": _("A sealed event was removed"),
    "altered": _("A sealed event was altered"),
    "out_of_place": _("An event stands at a place that is not its own"),
    "forged": _("An event was not written by this house"),
    "columns_differ": _("The columns of an event differ from what was sealed"),
    "back_dated": _("An event or head is dated before what was sealed ahead of it"),
    "dated_ahead": _("An event is dated after its sealing"),
    "content_removed": _("The content of an event was removed"),
    "content_altered": _("The content of an event differs from what was sealed"),
    "head_differs": _("A signed head does not match the events"),
    "head_forged": _("The signature of a head is wrong"),
    "head_missing": _("The newest head is missing"),
    "head_ahead": _("A head speaks of more events than there are"),
    "tree_differs": _("The state of the tree does not match the events"),
    "trusted_head_differs": _("A head kept outside does not match the events: the log was rewritten"),
    "trusted_head_beyond": _("A head kept outside speaks of more events than there are"),
}
