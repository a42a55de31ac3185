"""What nodes hang together by other than flows: boundary events, event choices, insides of sub-processes."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.bpmn.graph import Flow
from zhengtong.engines.bpmn.vocabulary import ACTIVITIES, LEVELS
from zhengtong.engines.bpmn.wiring import Draft, Wiring, bare

Links = Mapping[str, dict[str, Any]]


def link(wiring: Wiring, process: Any) -> Links:
    """For each draft, by id, what `Node` says of `attached`, `host` and `inner`."""
    links: dict[str, dict[str, Any]] = {name: {"attached": []} for name in wiring.drafts}
    hosts = {bare(d.element.get("attachedToRef")) for d in wiring.drafts.values() if d.tag == "boundaryEvent"}
    starts: dict[str, list[Draft]] = {}
    for draft in wiring.drafts.values():
        if draft.tag == "boundaryEvent":
            _boundary(wiring, draft, links)
        elif draft.tag == "eventBasedGateway":
            _choice(wiring, draft, links, hosts)
        elif draft.tag == "startEvent":
            starts.setdefault(draft.scope, []).append(draft)
    for draft in wiring.drafts.values():
        if draft.tag in LEVELS:
            links[draft.id]["inner"] = _inner_start(wiring, draft.element, starts.get(draft.id, []))
    _plain_start(wiring, process, starts.get("", []))
    _follow_links(wiring)
    return links


def _boundary(wiring: Wiring, draft: Draft, links: Links) -> None:
    host = bare(draft.element.get("attachedToRef"))
    target = wiring.drafts.get(host)
    if target is None or target.tag not in ACTIVITIES or target.scope != draft.scope:
        if host not in wiring.refused_ids:
            wiring.report("bpmn.boundary_host", draft.element, host=host[:100])
        return
    links[host]["attached"].append(draft.id)
    links[draft.id]["host"] = host


def _choice(wiring: Wiring, draft: Draft, links: Links, hosts: set[str]) -> None:
    for flow in draft.outgoing:
        target = wiring.drafts[flow.target]
        waits = target.tag in ("intermediateCatchEvent", "receiveTask")
        if not waits or len(target.incoming) != 1 or target.id in hosts:
            wiring.report("bpmn.choice_target", target.element, gateway=draft.id)
        links[draft.id]["attached"].append(target.id)
        links[target.id]["host"] = draft.id


def _plain_start(wiring: Wiring, level: Any, starts: list[Draft]) -> str:
    """The plain start event of a level, of which there is at most one."""
    plain = [draft for draft in starts if not is_triggered(draft)]
    if not starts:
        wiring.report("bpmn.start_missing", level)
    if len(plain) > 1:
        wiring.report("bpmn.start_multiple", level)
    return plain[0].id if plain else ""


def _inner_start(wiring: Wiring, level: Any, starts: list[Draft]) -> str:
    """The start event of a sub-process, which waits for nothing."""
    for draft in starts:
        if is_triggered(draft):
            wiring.report("bpmn.start_triggered", draft.element)
    return _plain_start(wiring, level, starts)


def is_triggered(draft: Draft) -> bool:
    """Whether a start event waits for something."""
    return any(tag.endswith("EventDefinition") for tag in draft.children)


def _follow_links(wiring: Wiring) -> None:
    """A link is a flow that is not drawn: from each event that throws it to the one of its level that catches it."""
    targets: dict[tuple[str, str], Draft] = {}
    linked = [draft for draft in wiring.drafts.values() if "linkEventDefinition" in draft.children]
    for draft in linked:
        if draft.tag == "intermediateCatchEvent":
            if targets.setdefault((draft.scope, _link_name(draft)), draft) is not draft:
                wiring.report("bpmn.link_twice", draft.element, link=_link_name(draft))
            if draft.incoming:
                wiring.report("bpmn.incoming_forbidden", draft.element)
    for draft in linked:
        if draft.tag == "intermediateThrowEvent":
            target = targets.get((draft.scope, _link_name(draft)))
            if draft.outgoing:
                wiring.report("bpmn.outgoing_forbidden", draft.element)
            elif target is None:
                wiring.report("bpmn.link_lost", draft.element, link=_link_name(draft))
            else:
                draft.outgoing.append(Flow(draft.id, target.id))
                target.incoming.append(draft.id)


def _link_name(draft: Draft) -> str:
    return draft.children["linkEventDefinition"][0].get("name") or ""
