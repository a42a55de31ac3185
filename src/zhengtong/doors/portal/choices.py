"""The words of the portal: the stops of a life and of a business, what its sections are called."""

from django.utils.translation import gettext_lazy as _

# (name, icon, what is searched for): a life as a path of eight stops (LOOK §3).
PERSON_STOPS = (
    (_("Birth"), "baby", "生育"),
    (_("School"), "graduation-cap", "教育"),
    (_("Work"), "briefcase-business", "就业"),
    (_("Family"), "heart", "婚姻"),
    (_("Housing"), "house", "住房"),
    (_("Health"), "stethoscope", "医疗"),
    (_("Retirement"), "armchair", "养老"),
    (_("Afterwards"), "flower-2", "丧葬"),
)
ENTERPRISE_STOPS = (
    (_("Start"), "store", "开店"),
    (_("Permits"), "badge-check", "许可"),
    (_("Build"), "hard-hat", "建设"),
    (_("Hire"), "users", "劳动"),
    (_("Taxes"), "receipt-text", "税"),
    (_("Grants"), "hand-coins", "补贴"),
    (_("Change"), "refresh-cw", "变更"),
    (_("Close"), "log-out", "注销"),
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
    "electronic": (_("Electronic licence into my wallet"), _("At once after approval; use it on your phone or print it")),
    "counter": (_("Fetch it at the service hall"), _("Working days 9:00–17:00, bring your identity card")),
    "post": (_("By post to the place of business"), _("2 to 3 days after approval, no charge")),
}
