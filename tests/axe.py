"""What axe finds wrong with a page, asked so that only that travels out of the browser.

Left to itself axe hands over every rule that holds with every element it holds for: half a million characters a page,
which cost more than the examination.
"""

from typing import Any

from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_EXAMINE = """where => axe.run(where ?? document, {resultTypes: ["violations"]}).then(
    found => found.violations.map(rule => [rule.id, rule.nodes.map(node => node.html.slice(0, 160))]))"""


def faults(page: Page, where: dict[str, Any] | None = None) -> list[tuple[str, list[str]]]:
    """Each broken rule with the elements that break it; `where` is axe's context, the whole page unless given."""
    # A press comes back once the next page has begun, when there may be nothing of it to examine yet.
    page.wait_for_load_state()
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [(rule, elements) for rule, elements in page.evaluate(_EXAMINE, where)]
