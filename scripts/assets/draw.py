"""Draws what is made rather than typed: the icon table, the seal mark and the four ridges."""

import json
import math
import pathlib
import re
import sys

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
SONG = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SIMPLIFIED = 2

# Each hill: centre, top, half width, on a canvas of 1280 by 240 whose lower edge is mist.
RIDGES = (
    (
        "far",
        168,
        (
            (130, 128, 45),
            (205, 98, 62),
            (330, 150, 60),
            (440, 106, 34),
            (505, 60, 56),
            (655, 112, 50),
            (782, 58, 78),
            (900, 130, 70),
            (1010, 122, 60),
            (1228, 2, 88),
        ),
    ),
    (
        "mid",
        172,
        (
            (45, 143, 46),
            (170, 166, 40),
            (300, 132, 60),
            (430, 150, 40),
            (575, 93, 58),
            (690, 145, 30),
            (830, 130, 28),
            (898, 85, 42),
            (975, 138, 36),
            (1100, 44, 66),
            (1200, 106, 34),
        ),
    ),
    (
        "jade",
        206,
        (
            (35, 166, 50),
            (160, 190, 50),
            (300, 156, 40),
            (390, 178, 30),
            (472, 124, 52),
            (590, 170, 40),
            (680, 154, 16),
            (755, 105, 40),
            (826, 141, 26),
            (903, 105, 42),
            (1000, 146, 22),
            (1130, 90, 50),
            (1200, 132, 38),
            (1265, 186, 40),
        ),
    ),
    (
        "azure",
        224,
        (
            (40, 206, 40),
            (210, 200, 40),
            (320, 186, 26),
            (480, 190, 44),
            (600, 200, 40),
            (680, 170, 18),
            (748, 143, 34),
            (872, 144, 36),
            (1005, 160, 24),
            (1082, 97, 44),
            (1180, 196, 40),
        ),
    ),
)
GILDED = ("jade", "azure")
COLOURS = {"far": "#a9c6d4", "mid": "#8fbcb2", "jade": "#2f8472", "azure": "#17608a"}
MIST = {
    "far": ((0, 0.95), (0.5, 0.55), (1, 0)),
    "mid": ((0, 0.95), (0.45, 0.6), (1, 0)),
    "jade": ((0, 0.9), (0.5, 0.5), (1, 0)),
    "azure": ((0, 1), (0.35, 0.75), (1, 0)),
}


def icons(modules: pathlib.Path) -> dict[str, str]:
    """The inner marks of each listed icon."""
    drawn = {}
    for name in sorted((HERE / "icons.txt").read_text().split()):
        text = (modules / "lucide-static" / "icons" / f"{name}.svg").read_text()
        inner = re.search(r"<svg.*?>(.*)</svg>", text, re.S).group(1)
        drawn[name] = re.sub(r"\s+", " ", inner).replace("> <", "><").replace(" />", "/>").strip()
    return drawn


def seal() -> str:
    """政通 in vertical Song, as outlines, so that it is drawn alike without the font."""
    font = TTFont(SONG, fontNumber=SIMPLIFIED)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    size, paths = 17.0, []
    for character, top in (("政", 4.4), ("通", 21.2)):
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
        scale = size / 1000
        glyphs[names[ord(character)]].draw(TransformPen(pen, (scale, 0, 0, -scale, 22 - size / 2, top + size * 0.9)))
        paths.append(pen.getCommands())
    return (
        '<svg class="zt-seal {{ class }}" viewBox="0 0 44 44" width="44" height="44" '
        'aria-hidden="true" focusable="false">'
        '<rect class="zt-seal__ground" width="44" height="44" rx="7"/>'
        '<rect x="3.5" y="3.5" width="37" height="37" rx="4.5" fill="none" stroke="#fff" stroke-opacity=".8"/>'
        f'<path fill="#fff" d="{"".join(paths)}"/></svg>\n'
    )


def _height(x: float, base: float, hills: tuple[tuple[int, int, int], ...], seed: int) -> float:
    """The upper edge at x: a soft maximum of bells, with a little grain so that no hill is a bell curve."""
    rises = [(base - top) * math.exp(-(abs((x - centre) / width) ** 1.75)) for centre, top, width in hills]
    soft = math.log(sum(math.exp(rise / 7) for rise in rises)) * 7 - math.log(len(rises)) * 7
    grain = 1.6 * math.sin(x / 17 + seed) + 1.1 * math.sin(x / 7.3 + 2 * seed)
    return base - soft - grain * min(1.0, soft / 50)


def _edge(base: float, hills: tuple[tuple[int, int, int], ...], seed: int) -> str:
    step = 16
    points = [(x, _height(x, base, hills, seed)) for x in range(-step, 1280 + 2 * step, step)]
    path = f"M{points[0][0]} {points[0][1]:.1f}"
    for before, here, there, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        path += f"C{first[0]:.0f} {first[1]:.1f} {second[0]:.0f} {second[1]:.1f} {there[0]} {there[1]:.1f}"
    return path


def ridges() -> str:
    """Four ridges, each fading to paper as mist; a thin gold edge on the front two."""
    gradients, bodies = [], []
    for seed, (name, base, hills) in enumerate(RIDGES):
        top = min(hill[1] for hill in hills)
        stops = "".join(
            f'<stop offset="{offset}" stop-color="{COLOURS[name]}" stop-opacity="{opacity}"/>'
            for offset, opacity in MIST[name]
        )
        gradients.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="{top}" y2="232">'
            f"{stops}</linearGradient>"
        )
        edge = _edge(base, hills, seed)
        bodies.append(f'<path fill="url(#{name})" d="{edge}V240H-16Z"/>')
        if name in GILDED:
            bodies.append(f'<path fill="none" stroke="url(#gold)" stroke-width="1.2" d="{edge}"/>')
    gold = (
        '<linearGradient id="gold" gradientUnits="userSpaceOnUse" x1="0" x2="1280" y1="0" y2="0">'
        '<stop offset=".3" stop-color="#c9a04a" stop-opacity="0"/><stop offset=".55" stop-color="#c9a04a"/>'
        "</linearGradient>"
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 240" width="1280" height="240">'
        f"<defs>{''.join(gradients)}{gold}</defs>{''.join(bodies)}</svg>\n"
    )


def main() -> None:
    modules, ui = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    (ui / "icons.json").write_text(json.dumps(icons(modules), indent=0, ensure_ascii=False) + "\n")
    parts = ui / "templates" / "cotton" / "zt"
    (parts / "seal.html").write_text('<c-vars class="" />' + seal())
    icon = seal().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace("zt-seal {{ class }}", "zt-seal")
    (ui / "static" / "ui" / "seal.svg").write_text(
        icon.replace('<rect class="zt-seal__ground"', '<rect fill="#b3261e"')
    )
    (ui / "static" / "ui" / "mountains.svg").write_text(ridges())


main()
