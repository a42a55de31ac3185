"""No template lies unused, and none that is named is missing."""

import pathlib
import re

from house_sources import PACKAGE, modules, shown

NAMED = re.compile(r"""["']([\w./-]+\.(?:html|txt|typ))["']""")
COMPONENT = re.compile(r"<c-([\w.-]+)")
FOR_LIBRARIES = ("account/", "mfa/", "allauth/", "django/", "usersessions/", "socialaccount/")
"""Templates that allauth and Django find by their own names."""
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}


def templates() -> dict[str, pathlib.Path]:
    """Each template by the name it is asked for."""
    return {
        path.relative_to(folder).as_posix(): path
        for folder in PACKAGE.rglob("templates")
        for path in folder.rglob("*")
        if path.is_file()
    }


def sources() -> dict[pathlib.Path, str]:
    paths = [*modules(), *templates().values(), *PACKAGE.rglob("specimens/**/*.html")]
    return {path: path.read_text(encoding="utf-8") for path in paths}


def component(name: str) -> str:
    """`cotton/zt/day_ruler.html` → `zt.day-ruler`, as pages write it."""
    return name.removeprefix("cotton/").removesuffix(".html").removesuffix("/index").replace("/", ".").replace("_", "-")


def test_every_template_is_used() -> None:
    texts = sources()
    everything = "\n".join(texts.values())
    named = set(NAMED.findall(everything))
    components = {found.replace("_", "-") for found in COMPONENT.findall(everything)}
    folders = re.findall(r"""f?["']([\w/-]+/)\{""", everything)
    unused = []
    for name, path in templates().items():
        if name.startswith(FOR_LIBRARIES) or name in BY_DJANGO or name in named:
            continue
        if name.startswith("cotton/"):
            if component(name) not in components:
                unused.append(shown(path))
        elif not any(name.startswith(folder) for folder in folders):
            unused.append(shown(path))
    assert not unused


def test_every_component_that_is_written_exists() -> None:
    known = {component(name) for name in templates() if name.startswith("cotton/")} | {"vars", "slot", "component"}
    missing = {
        f"{shown(path)}: {found}"
        for path, text in sources().items()
        for found in COMPONENT.findall(text)
        if found.replace("_", "-") not in known and path.suffix == ".html"
    }
    assert not missing


def test_no_template_styles_or_scripts_inline() -> None:
    """The content security policy would drop them silently."""
    breaches = [
        shown(path)
        for name, path in templates().items()
        if path.suffix == ".html"
        and re.search(r"""<style\b|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|\son\w+=["']|\sstyle=["']""",
                      path.read_text(encoding="utf-8"))
        and not name.startswith(FOR_LIBRARIES)
    ]  # fmt: skip
    assert not breaches
