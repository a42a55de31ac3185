"""Files stay short, named and explained; nothing in the repository knows the machine it was written on."""

import ast
import collections
import itertools
import pathlib
import re
import tokenize

import pytest
from house_sources import PACKAGE, ROOT, modules, shown, tracked, tree

from zhengtong.foundation.core.errors import Refusal

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
TEXT = {".py", ".md", ".txt", ".in", ".toml", ".yaml", ".yml", ".json", ".cfg", ".ini", ".html", ".js", ".css", ".scss"}
TEXT |= {".sh", ".typ", ".bpmn", ".dmn", ".po", ".svg", ""}

# Homes and build folders of whoever wrote it, and the addresses of package mirrors: put together, lest they be found.
MACHINES = [
    "/" + "work/",
    "/" + "root/",
    "/" + "home/" + r"[a-z]",
    "/" + "Users/",
    r"[A-Z]:\\" + "Users",
]
REGISTRIES = [
    "pypi" + r"\.org",
    "pythonhosted" + r"\.org",
    "npmjs" + r"\.(?:org|com)",
    "npm" + "mirror",
    r"mirrors?\." + r"[a-z]",
    "artifact" + "ory",
    r"--(?:extra-)?index" + "-url",
    "github" + r"usercontent",
]


def functions() -> list[tuple[pathlib.Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_every_module_says_what_it_is_for() -> None:
    silent = [shown(path) for path in modules() if not ast.get_docstring(tree(path))]
    assert not silent


def test_no_file_is_two_things() -> None:
    long = {
        shown(path): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_two_things() -> None:
    long = {
        f"{shown(path)}:{node.name}": count
        for path, node in functions()
        if (count := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_names_say_what_is_inside() -> None:
    parts = [path for path in PACKAGE.rglob("*") if path.is_dir() or path.suffix == ".py"]
    assert not [shown(path) for path in parts if path.stem in FORBIDDEN_NAMES]


EXEMPTION = re.compile(r"# noqa(?:: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)?|# type: ignore(?:\[[a-z, -]+\])?")


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# noqa: S608", True),
        ("# noqa: PT028, ARG001", True),
        ("# type: ignore[attr-defined]", True),
        ("# type: ignore[misc]  # noqa: E501", True),
        ("# noqa: S608 names come from the model", False),
        ("# type: ignore[misc] # allauth is not typed", False),
        ("# why", False),
    ],
)
def test_an_exemption_without_words_is_told_from_one_with(comment: str, silent: bool) -> None:
    assert _exempts_silently(comment) is silent


def _exempts_silently(comment: str) -> bool:
    """Whether a comment switches a rule off and says nothing else."""
    return bool(EXEMPTION.search(comment)) and not re.search(r"\w", EXEMPTION.sub("", comment))


def test_whoever_switches_a_rule_off_says_why() -> None:
    silent = []
    for path in modules(migrations=True):
        with path.open("rb") as source:
            silent += [
                f"{shown(path)}:{token.start[0]}"
                for token in tokenize.tokenize(source.readline)
                if token.type == tokenize.COMMENT and _exempts_silently(token.string)
            ]
    assert not silent


def _readable() -> list[pathlib.Path]:
    return [path for path in tracked() if path.suffix in TEXT and path.stat().st_size < 2_000_000]


@pytest.mark.parametrize("pattern", [*MACHINES, *REGISTRIES])
def test_no_machine_and_no_registry_is_named(pattern: str) -> None:
    found = re.compile(pattern)
    named = [
        f"{shown(path)}:{number}"
        for path in _readable()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if found.search(line)
    ]
    assert not named


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes_and_without_address(path: pathlib.Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    wanted = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert wanted
    loose = [entry.splitlines()[0] for entry in wanted if not re.match(r"[\w.\[\],-]+==\S+", entry)]
    bare = [entry.splitlines()[0] for entry in wanted if "--hash=sha256:" not in entry]
    assert (loose, bare) == ([], [])


def test_each_list_of_requirements_has_its_pins() -> None:
    folder = ROOT / "requirements"
    assert {path.stem for path in folder.glob("*.in")} == {path.stem for path in folder.glob("*.txt")}


def test_a_refusal_has_one_status() -> None:
    """Programs rely on the code: the same one is never answered 409 here and 403 there."""
    kinds = {kind.__name__ for kind in Refusal.__subclasses__()}
    raised = collections.defaultdict(set)
    for node in itertools.chain.from_iterable(ast.walk(tree(path)) for path in modules()):
        match node:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=code), *_]) if kind in kinds:
                raised[code].add(kind)
    assert len(raised) > 200, "the search still finds them"
    assert not {code: sorted(found) for code, found in raised.items() if len(found) > 1}


def test_links_between_documents_lead_somewhere() -> None:
    lost = []
    for path in (path for path in tracked() if path.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                lost.append(f"{shown(path)}: {target}")
    assert not lost


def test_decisions_are_numbered_without_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(itertools.islice(itertools.count(1), len(numbers)))


def test_no_two_files_of_the_tests_share_a_name() -> None:
    """pytest imports each by its bare name."""
    seen: dict[str, str] = {}
    twice = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        if path.stem not in ("__init__", "conftest") and not (path.parent / "__init__.py").exists():
            if path.stem in seen and "factories" not in path.parts:
                twice.append(f"{shown(path)} and {seen[path.stem]}")
            seen.setdefault(path.stem, shown(path))
    assert not twice
