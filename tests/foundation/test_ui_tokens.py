"""The contrast of the tokens, computed from the stylesheet's source (WCAG 2.2 §1.4.3, §1.4.11)."""

import pathlib
import re

import pytest

from zhengtong.foundation import ui

SOURCE = (pathlib.Path(ui.__file__).parent / "styles" / "_tokens.scss").read_text()
TOKENS = dict(re.findall(r"--zt-([\w-]+): (#[0-9a-f]{6});", SOURCE))
TEXT, SHAPE = 4.5, 3.0


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        *(
            (ink, ground, TEXT)
            for ink in ("ink", "ink-2", "ink-3", "azure-600", "azure-700", "visited", "jade-700", "seal-700")
            for ground in ("surface", "paper")
        ),
        ("ink-3", "sunk", TEXT),
        ("ink-2", "sunk", TEXT),
        ("placeholder", "surface", TEXT),
        ("azure-800", "azure-100", TEXT),
        ("azure-600", "azure-50", TEXT),
        ("on-azure", "azure-900", TEXT),
        ("on-panel", "azure-800", TEXT),
        ("on-jade", "jade-100", TEXT),
        ("on-jade", "jade-50", TEXT),
        ("jade-700", "jade-50", TEXT),
        ("on-gold", "gold-100", TEXT),
        ("azure-600", "gold-50", TEXT),
        ("ink", "gold-chart", TEXT),
        ("seal-800", "seal-100", TEXT),
        ("seal-700", "seal-50", TEXT),
        ("surface", "azure-700", TEXT),
        ("surface", "seal-700", TEXT),
        ("surface", "jade-600", TEXT),
        ("control", "surface", SHAPE),
        ("control", "paper", SHAPE),
        ("jade-600", "paper", SHAPE),
        ("gold-500", "surface", SHAPE),
        ("focus", "ink", SHAPE),
    ],
)
def test_contrast(ink: str, ground: str, least: float) -> None:
    assert contrast(TOKENS[ink], TOKENS[ground]) >= least


def test_the_ratios_are_those_the_look_states() -> None:
    stated = {
        "azure-900": 14.0,
        "azure-700": 8.7,
        "ink": 15.5,
        "ink-3": 5.3,
        "control": 4.4,
        "jade-700": 6.4,
        "seal-700": 6.5,
    }
    assert {name: round(contrast(TOKENS[name], "#ffffff"), 1) for name in stated} == stated
