"""The words of the portal: the stops of a life and of a business, what its sections are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# (name, icon, what is searched for): a life as a path of eight stops (LOOK §3).
PERSON_STOPS = (
    (pgettext_lazy("life", "Birth"), "baby", "生育"),
    (pgettext_lazy("life", "School"), "graduation-cap", "教育"),
    (pgettext_lazy("life", "Work"), "briefcase-business", "就业"),
    (pgettext_lazy("life", "Family"), "heart", "婚姻"),
    (pgettext_lazy("life", "Housing"), "house", "住房"),
    (pgettext_lazy("life", "Health"), "stethoscope", "医疗"),
    (pgettext_lazy("life", "Pension"), "armchair", "养老"),
    (pgettext_lazy("life", "Farewell"), "flower-2", "丧葬"),
)
ENTERPRISE_STOPS = (
    (pgettext_lazy("life", "Start"), "store", "开店"),
    (pgettext_lazy("life", "Permits"), "badge-check", "许可"),
    (pgettext_lazy("life", "Build"), "hard-hat", "建设"),
    (pgettext_lazy("life", "Hire"), "users", "劳动"),
    (pgettext_lazy("life", "Taxes"), "receipt-text", "税"),
    (pgettext_lazy("life", "Grants"), "hand-coins", "补贴"),
    (pgettext_lazy("life", "Change"), "refresh-cw", "变更"),
    (pgettext_lazy("life", "Close"), "log-out", "注销"),
)

# What an official source is called in an item's list of materials, by how a pack names it.
SOURCE_WORDS = {
    "market-supervision.business-licence": _("From the electronic licence library"),
    "public-security.identity": _("From the electronic licence library"),
    "natural-resources.real-estate": _("From the property register"),
    "health.health-certificates": _("From the health certificates database"),
}
ACCEPT_WORDS = {"pdf": "PDF", "jpg": "JPG", "png": "PNG", "docx": "Word"}

GRADES = (
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("Fair")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
)
GRADE_TAGS = (
    ("clear", _("Clear from the start")),
    ("fast", _("Fast")),
    ("few_papers", _("Few papers")),
    ("kind", _("Kind staff")),
    ("slow", _("Slow")),
    ("asked_again", _("Asked for what was not needed")),
    ("hard_to_use", _("Hard to use")),
)
DELIVERY_WORDS = {
    "electronic": (
        _("Electronic licence into my wallet"),
        _("At once after approval; use it on your phone or print it"),
    ),
    "counter": (_("Fetch it at the service hall"), _("Working days 9:00–17:00, bring your identity card")),
    "post": (_("By post to the place of business"), _("2 to 3 days after approval, no charge")),
}
