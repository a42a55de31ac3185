"""Where in a form somebody is: on a page, or (in the elder's view) at one group of its questions; what comes next."""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.engines.forms import Form, Page, visible_fields
from zhengtong.matters.catalog import queries as catalog

CHECK, ASKED = THEN = ("check", "asked")


class Stop(NamedTuple):
    """A group of questions as a page of its own, and the page of the form it is part of."""

    page: Page
    part: Page

    @property
    def name(self) -> str:
        """What the group is called in addresses."""
        return self.part.sections[0].key


def way(form: Form, answers: Mapping[str, Any]) -> list[Stop]:
    """Every group in which something is asked now, in order; each has its own title."""
    seen = visible_fields(form, answers)
    return [
        Stop(page, dataclasses.replace(page, title=section.title, help=section.help, sections=(section,)))
        for page in form.pages
        for section in page.sections
        if any(key in seen and form.fields[key].computed is None for key in section.fields)
    ]


def page_of(form: Form, key: str) -> Page:
    """The page of that key, the first where there is none such."""
    return next((page for page in form.pages if page.key == key), form.pages[0])


class Place(NamedTuple):
    """Where in the form somebody is: a page, or (in the elder's view) one group of it; and what he does there: goes
    page after page, came from checking his answers and goes back there, or goes from one thing asked to the next."""

    stop: Stop
    elder: bool = False
    then: str = ""

    @property
    def page(self) -> Page:
        """What is shown and judged."""
        return self.stop.part

    @property
    def key(self) -> str:
        """The page's name in addresses."""
        return self.stop.page.key

    def address(self, token: str) -> str:
        """Where this is asked."""
        given = {"part": self.stop.name} if self.elder else {}
        given |= {"then": self.then} if self.then else {}
        return reverse("portal:apply_page", args=[token, self.key]) + (f"?{urlencode(given)}" if given else "")


def place_of(form: Form, key: str, answers: Mapping[str, Any], *, elder: bool, part: str, then: str) -> Place:
    """The place an address names: the group of that name, the first of its page where there is none such; a page that
    asks nothing is whole."""
    page = page_of(form, key)
    here = [stop for stop in _stops(form, answers, elder=elder) if stop.page == page]
    found = next((stop for stop in here if stop.name == part), here[0] if here else Stop(page, page))
    return Place(found, elder, then if then in THEN else "")


def around(form: Form, place: Place, answers: Mapping[str, Any]) -> tuple[Place | None, Place | None]:
    """The places before and after; None before the first and after the last."""
    stops = _stops(form, answers, elder=place.elder)
    if place.stop not in stops:
        return None, None
    here = stops.index(place.stop)
    before, after = (stops[here - 1] if here else None), next(iter(stops[here + 1 :]), None)
    return (Place(before, place.elder) if before else None), (Place(after, place.elder) if after else None)


def last_place(form: Form, answers: Mapping[str, Any], *, elder: bool) -> Place:
    """Where the last questions are asked."""
    return Place(_stops(form, answers, elder=elder)[-1], elder)


def _stops(form: Form, answers: Mapping[str, Any], *, elder: bool) -> list[Stop]:
    return (way(form, answers) if elder else []) or [Stop(page, page) for page in form.pages]


def group_of(page: Page, question: str) -> str:
    """The name of the group in which a question stands."""
    return next((section.key for section in page.sections if question in section.fields), "")


def total_steps(spec: catalog.ItemSpec, answers: Mapping[str, Any]) -> int:
    """How many small steps there are: the questions of the situation, a group each, and checking."""
    return len(spec.stated.get("situations") or ()) + len(way(spec.form, answers)) + 1


def elder_step(spec: catalog.ItemSpec, answers: Mapping[str, Any], stop: Stop | None) -> str:
    """How far it is in small steps; `stop` None when everything is checked at last."""
    stops, total = way(spec.form, answers), total_steps(spec, answers)
    left = len(stops) - stops.index(stop) if stop in stops else 0
    return _("Step %(now)d of %(all)d") % {"now": total - left, "all": total}
