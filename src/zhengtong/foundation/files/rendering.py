"""Drawing papers: a composed letter or licence and a Typst template become PDF in a jailed subprocess.

The jail has no network, no Typst packages, no files but the paper's own folder and the fonts, and bounded time and
memory, because a service pack brings templates from outside (DESIGN §6, packs).
"""

import json
import logging
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.resources import files as resources
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.documents import (
    certificate_data,
    compose_certificate,
    compose_letter,
    letter_data,
    qr_svg,
)
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.files.fonts import font_folders, font_health

log = logging.getLogger(__name__)

DESK = "paper-"
SECONDS = 20
MEGABYTES = 2048
_PARTS = ("house.typ", "landscape.svg")


def render_letter(kind: str, data: Mapping[str, Any], locale: str = "zh-hans") -> bytes:
    """The PDF of a letter (`engines.documents.LetterKind` value) from JSON-like facts.

    Raises DocumentError when the facts do not make a lawful letter, Unavailable when the renderer fails.
    """
    letter = letter_data(compose_letter(kind, data, locale))
    return render(_part("letter.typ"), letter, qr=_payload(data))


def render_licence(data: Mapping[str, Any], locale: str = "zh-hans", *, template: str | None = None) -> bytes:
    """The PDF of a licence; `template` is the pack's `result.typ`, default the house's own certificate."""
    certificate = certificate_data(compose_certificate(data, locale))
    return render(template or _part("certificate.typ"), certificate, qr=_payload(data))


def render(template: str, data: Mapping[str, Any], *, qr: str | None = None) -> bytes:
    """Draw `template` (Typst source that may import /house.typ) with `data` readable as /data.json."""
    health = font_health()
    if not health.well:
        raise Unavailable(
            "files.fonts_missing",
            _("Papers cannot be drawn: install the fonts %(names)s") % {"names": ", ".join(health.missing)},
            missing=list(health.missing),
        )
    try:
        with tempfile.TemporaryDirectory(prefix=DESK, dir=papers_folder(), ignore_cleanup_errors=True) as folder:
            root = pathlib.Path(folder)
            _lay_out(root, template, data, qr)
            return _compile(root)
    except OSError as error:  # a full disk, too many processes
        raise _failed(str(error.strerror)) from error


def _lay_out(root: pathlib.Path, template: str, data: Mapping[str, Any], qr: str | None) -> None:
    for name in _PARTS:
        (root / name).write_text(_part(name), encoding="utf-8")
    (root / "main.typ").write_text(template, encoding="utf-8")
    (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    if qr:
        (root / "qr.svg").write_text(qr_svg(qr), encoding="ascii")


def papers_folder() -> pathlib.Path:
    """Where papers lie while they are drawn, facts in clear: ours alone, and swept (a killed server leaves its own)."""
    made = pathlib.Path(settings.VAR) / "papers"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def _compile(root: pathlib.Path) -> bytes:
    seconds = getattr(settings, "ZT_PAPER_SECONDS", SECONDS)
    moment = int(clock.now().timestamp())
    command = [sys.executable, "-I", str(pathlib.Path(__file__).with_name("jail.py")), str(root)]
    command += [str(seconds), str(MEGABYTES), str(moment), *font_folders()]
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter and file; the template is only data to it
            command,
            cwd=root,
            env={"PATH": "/nonexistent", "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed("it took longer than allowed") from None
    if done.returncode != 0:
        raise _failed(_reason(done))
    return (root / "out.pdf").read_bytes()


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:]
    try:
        return str(json.loads(last[0])["error"])
    except (IndexError, ValueError, KeyError):
        tail = done.stderr.decode("utf-8", "replace")[-400:]
        return f"stopped with {done.returncode}: {tail}"


def _failed(reason: str) -> Unavailable:
    log.error("a paper could not be drawn: %s", reason)
    return Unavailable(
        "files.paper_not_drawn",
        _("The paper could not be drawn; what was decided is safe and it will be tried again"),
        reason=reason,
    )


def _payload(data: Mapping[str, Any]) -> str | None:
    verification = data.get("verification")
    return str(verification["payload"]) if verification else None


def _part(name: str) -> str:
    return (resources("zhengtong.foundation.files") / "papers" / name).read_text(encoding="utf-8")
