"""Where the faces of papers are, and which are missing (a paper without its face must not be issued unseen)."""

import functools
import pathlib
from dataclasses import dataclass

from django.conf import settings

DEFAULT_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/lxgw-wenkai",
    "/usr/share/fonts/opentype/fandol",
    "/usr/local/share/fonts",
)
# Any one family of a row will do; the first is the one the pictures show.
NEEDED: tuple[tuple[str, ...], ...] = (
    ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
    ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
)
WELCOME: tuple[tuple[str, ...], ...] = (("LXGW WenKai",),)


@dataclass(frozen=True, slots=True)
class FontHealth:
    """What the papers would print with: folders searched, families found, families missing."""

    folders: tuple[str, ...]
    missing: tuple[str, ...]
    advised: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether every needed face is there."""
        return not self.missing


def font_folders() -> tuple[str, ...]:
    """Existing folders of setting ZT_FONT_FOLDERS, in order (default: VAR/fonts and the usual places)."""
    var = getattr(settings, "VAR", None)
    usual = ([str(pathlib.Path(var) / "fonts")] if var else []) + list(DEFAULT_FOLDERS)
    named = getattr(settings, "ZT_FONT_FOLDERS", None) or usual
    return tuple(str(folder) for folder in named if pathlib.Path(folder).is_dir())


@functools.lru_cache(maxsize=8)
def _families(folders: tuple[str, ...]) -> frozenset[str]:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=list(folders))
    return frozenset(fonts.families())


def font_health() -> FontHealth:
    """Which faces are missing: `missing` stops papers from looking right, `advised` serves rare characters."""
    folders = font_folders()
    present = _families(folders)
    return FontHealth(
        folders=folders,
        missing=tuple(row[0] for row in NEEDED if not present.intersection(row)),
        advised=tuple(row[0] for row in WELCOME if not present.intersection(row)),
    )
