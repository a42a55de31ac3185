"""好差评: the page on which an applicant grades the handling of a case."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengtong.doors.portal.choices import GRADE_TAGS, GRADES

LONGEST = 500
Shown = dict[str, Any]


def evaluation_page(sent: QueryDict, errors: Mapping[str, list[str]], given: int | None, *, tags: bool) -> Shown:
    """Five grades, what it was like (where `tags` are asked), a remark; `given` is the grade that stands already, to
    which one supplement may follow."""
    page: Shown = {
        "title": _("How did we do?"),
        "lead": _(
            "Your grade enters the public statistics without your name. Nobody can change it, and silence is not "
            "counted as praise."
        ),
        "submit": {"label": _("Send my evaluation")},
    }
    if given is not None:
        page |= {
            "title": _("Add to your evaluation"),
            "lead": _("You graded: %(grade)s. That stands; you can add to it once, and both are kept.")
            % {"grade": dict(GRADES)[given]},
            "submit": {"label": _("Send my supplement")},
        }
    fields = [_grade(sent, errors), *([_tags(sent)] if tags else []), _remark(sent, errors)]
    return page | {"sections": [{"fields": fields}]}


def _grade(sent: QueryDict, errors: Mapping[str, list[str]]) -> Shown:
    return {
        "key": "grade",
        "label": _("How satisfied are you?"),
        "widget": "radios",
        "layout": "list",
        "value": sent.get("grade", ""),
        "options": [{"value": str(grade), "label": words} for grade, words in GRADES],
        "errors": errors.get("grade", []),
    }


def _tags(sent: QueryDict) -> Shown:
    return {
        "key": "tags",
        "label": _("What was it like?"),
        "widget": "checkboxes",
        "required": False,
        "value": sent.getlist("tags"),
        "options": [{"value": tag, "label": words} for tag, words in GRADE_TAGS],
    }


def _remark(sent: QueryDict, errors: Mapping[str, list[str]]) -> Shown:
    return {
        "key": "remark",
        "label": _("Anything else"),
        "widget": "textarea",
        "required": False,
        "max_length": LONGEST,
        "value": sent.get("remark", ""),
        "errors": errors.get("remark", []),
    }
