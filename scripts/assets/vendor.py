"""Copies the vendored scripts with their licences and writes the manifest that the tests hold them to."""

import hashlib
import json
import pathlib
import re
import shutil
import sys

# package, file in it, name here, licence file in it or None (the package ships none: the text is written below)
SCRIPTS = (
    ("htmx.org", "dist/htmx.min.js", "htmx.min.js", "LICENSE"),
    ("@alpinejs/csp", "dist/cdn.min.js", "alpine-csp.min.js", None),
    # bpmn.io's licence: its mark on every drawing stays in place, whole and visible.
    ("bpmn-js", "dist/bpmn-navigated-viewer.production.min.js", "bpmn-viewer.min.js", "LICENSE"),
    ("bpmn-js", "dist/bpmn-modeler.production.min.js", "bpmn-modeler.min.js", "LICENSE"),
)
STYLES = (
    ("bpmn-js", ("dist/assets/diagram-js.css", "dist/assets/bpmn-js.css"), "bpmn.css"),
    ("bpmn-js", ("dist/assets/bpmn-font/css/bpmn.css",), "bpmn-font.css"),
)
FONTS = (("bpmn-js", "dist/assets/bpmn-font/font/bpmn.woff2", "bpmn.woff2"),)
# One kind of font file is enough for every browser we serve; the others are not copied.
FACE = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
OUR_FACE = '@font-face { font-family: "bpmn"; src: url("bpmn.woff2") format("woff2"); }'
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LICENCES = {
    "lucide-static": ("ISC", "LICENSE"),
    "govuk-frontend": ("MIT", None),
}
MIT = """The MIT License (MIT)

{holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
HOLDERS = {
    "@alpinejs/csp": "Copyright (c) 2019-2025 Caleb Porzio and contributors",
    "govuk-frontend": "Copyright (c) 2017 Crown Copyright (Government Digital Service)",
}
SONG_NOTICE = """zt-song.woff2 is a subset of Noto Serif CJK SC Bold, renamed as its licence asks.
Copyright 2017-2024 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.
Licensed under the SIL Open Font License, Version 1.1: https://openfontlicense.org
"""


def version(modules: pathlib.Path, package: str) -> str:
    return str(json.loads((modules / package / "package.json").read_text())["version"])


def licence(modules: pathlib.Path, package: str, file: str | None) -> str:
    return (modules / package / file).read_text() if file else MIT.format(holder=HOLDERS[package])


def main() -> None:
    modules, ui = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    vendor = ui / "static" / "ui" / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    sources: dict[str, dict[str, str]] = {}
    for package, file, name, licence_file in SCRIPTS:
        shutil.copy(modules / package / file, vendor / name)
        stem = name.split(".")[0]
        (vendor / f"LICENCE-{stem}.txt").write_text(licence(modules, package, licence_file))
        sources[f"vendor/{name}"] = {"package": package, "version": version(modules, package)}
    for package, files, name in STYLES:
        text = "\n".join(COMMENT.sub("", (modules / package / file).read_text()) for file in files)
        (vendor / name).write_text(FACE.sub(OUR_FACE, text))
        sources[f"vendor/{name}"] = {"package": package, "version": version(modules, package)}
    for package, file, name in FONTS:
        shutil.copy(modules / package / file, vendor / name)
        sources[f"vendor/{name}"] = {"package": package, "version": version(modules, package)}
    for package, (kind, licence_file) in LICENCES.items():
        (vendor / f"LICENCE-{package}.txt").write_text(licence(modules, package, licence_file))
        sources[package] = {"package": package, "version": version(modules, package), "licence": kind}
    (vendor / "LICENCE-song.txt").write_text(SONG_NOTICE)
    static = ui / "static" / "ui"
    digests = {
        str(path.relative_to(static)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(static.rglob("*"))
        if path.is_file() and path.name != "MANIFEST.json" and not path.match("js/*.js")
    }
    manifest = {"sources": sources, "sha256": digests}
    (vendor / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


main()
