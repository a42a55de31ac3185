"""Makes the Song face: the bold characters that our own headings use, then the commonest, within a byte budget."""

import io
import pathlib
import re
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
SONG = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SIMPLIFIED = 2
BUDGET = 210_000
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "　、。·—…‘’“”《》〈〉「」【】〔〕（），：；？！％¥–"


def needed(ui: pathlib.Path) -> list[str]:
    """Characters most wanted first: the ui's own texts, the commonest, then what only other apps' texts use."""
    own = sorted(ui.rglob("*.po")) + sorted(ui.rglob("*.html")) + sorted(ui.rglob("*.py"))
    others = [path for path in sorted(ui.parents[1].rglob("*.po")) if ui not in path.parents]
    texts = [ALWAYS, *(path.read_text() for path in own), (HERE / "common.txt").read_text()]
    texts += [path.read_text() for path in others]
    letters = re.findall(r"[\u4e00-\u9fff]", "".join(texts[1:]))
    return list(dict.fromkeys([*ALWAYS, *letters]))


def woff2(characters: list[str]) -> bytes:
    """The subset as bytes; kern and palt only, since all features would double it."""
    font = TTFont(SONG, fontNumber=SIMPLIFIED, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = ["kern", "palt"]
    options.flavor = "woff2"
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [1, 2, 4, 6, 13, 14]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = "ZtSong"
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> None:
    ui = pathlib.Path(sys.argv[1])
    characters = needed(ui)
    count = len(characters)
    data = woff2(characters[:count])
    while len(data) > BUDGET:
        count -= 20
        data = woff2(characters[:count])
    (ui / "static" / "ui" / "zt-song.woff2").write_bytes(data)
    print(f"Song: {count} of {len(characters)} characters, {len(data):,} bytes")


main()
