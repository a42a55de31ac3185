"""Service packs: read, check, try and release a government service kept as data.

`load_pack(folder)` reads and validates; `check_pack(folder)` adds every deeper check; `test_pack(folder)` runs the
pack's own examples through the engines, `draw_result(pack)` draws its licence. None of them touches the database.
"""

from zhengtong.matters.catalog.packs.checking import check_pack, findings_of
from zhengtong.matters.catalog.packs.drawing import draw_result
from zhengtong.matters.catalog.packs.findings import Finding, PackError
from zhengtong.matters.catalog.packs.fitting import House, process_findings
from zhengtong.matters.catalog.packs.laws import LawTexts
from zhengtong.matters.catalog.packs.loading import Pack, load_pack, pack_of_files, read_folder
from zhengtong.matters.catalog.packs.results import SERIAL, serial_of
from zhengtong.matters.catalog.packs.trials import Trial, test_pack

__all__ = [
    "SERIAL",
    "Finding",
    "House",
    "LawTexts",
    "Pack",
    "PackError",
    "Trial",
    "check_pack",
    "draw_result",
    "findings_of",
    "load_pack",
    "pack_of_files",
    "process_findings",
    "serial_of",
    "read_folder",
    "test_pack",
]
