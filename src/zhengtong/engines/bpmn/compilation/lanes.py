"""Who does the tasks of a lane: the role that the lane names, else its own name."""

from typing import Any

from zhengtong.engines.bpmn.compilation.wiring import Wiring, bare, own, qualified, text_of


def roles_by_lane(wiring: Wiring, process: Any) -> dict[str, str]:
    """The role of each flow node that stands in a lane; the innermost lane that has one counts."""
    roles: dict[str, str] = {}
    depth: dict[str, int] = {}
    for lane_set in process.iter(qualified("laneSet")):
        levels = [(lane_set, 0, "")]
        for level, deep, around in levels:
            for lane in level.iterchildren(qualified("lane")):
                role = own(lane, "role") or (lane.get("name") or "").strip() or around
                for reference in lane.iterchildren(qualified("flowNodeRef")):
                    _stand(wiring, reference, role, deep, roles, depth)
                levels += [(child, deep + 1, role) for child in lane.iterchildren(qualified("childLaneSet"))]
    return roles


def _stand(wiring: Wiring, reference: Any, role: str, deep: int, roles: dict[str, str], depth: dict[str, int]) -> None:
    name = bare(text_of(reference))
    if name in roles and depth[name] == deep and roles[name] != role:
        wiring.report("bpmn.lane_twice", reference, node=name[:100])
    elif depth.get(name, -1) <= deep:
        roles[name], depth[name] = role, deep
