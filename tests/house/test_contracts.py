"""Every import contract catches a breach planted for it in a copy of the source."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest
from house_sources import PACKAGE, ROOT, SRC, contracts, layer_names, lines

PREFIX = "importlinter:contract:"
LAYERED = [name for name in contracts().sections() if contracts().get(name, "type", fallback="") == "layers"]
PRIVATE = [name for name in contracts().sections() if contracts().get(name, "type", fallback="") == "protected"]
CONTAINERS = [(name, container) for name in LAYERED for container in lines(name, "containers")]

pytestmark = pytest.mark.xdist_group("contracts")


def path_of(module: str, root: pathlib.Path = SRC) -> pathlib.Path:
    """The file of a module or package."""
    base = root / module.replace(".", "/")
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def present(contract: str, container: str) -> list[str]:
    """The layers of a contract that exist in a container, highest first."""
    return [name for name in layer_names(contract) if path_of(f"{container}.{name}").exists()]


class Copy:
    """A copy of the source in which breaches are planted."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.src = folder / "src"
        shutil.copytree(SRC, self.src, ignore=shutil.ignore_patterns("static", "templates", "locale", "__pycache__"))

    def plant(self, module: str, text: str) -> None:
        """Append to a module, which is made where there is none."""
        with path_of(module, self.src).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    def report(self) -> str:
        """What the linter says of the copy; it must refuse it."""
        done = subprocess.run(
            [pathlib.Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / ".importlinter"],
            cwd=self.src,
            env={**os.environ, "PYTHONPATH": str(self.src), "COLUMNS": "400", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A `utils` in every place that has an exhaustive order."""
    copy = Copy(tmp_path_factory.mktemp("strangers"))
    for container in {container for _, container in CONTAINERS}:
        copy.plant(f"{container}.utils", "x = 1")
    return copy.report()


@pytest.fixture(scope="module")
def climbs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """In every order the lowest imports the highest."""
    copy = Copy(tmp_path_factory.mktemp("climbs"))
    for contract, container in CONTAINERS:
        found = present(contract, container)
        if len(found) > 1:
            copy.plant(f"{container}.{found[-1]}", f"import {container}.{found[0]}")
    return copy.report()


@pytest.fixture(scope="module")
def trespasses(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A door reads every app's tables; an engine reaches for everything impure."""
    copy = Copy(tmp_path_factory.mktemp("trespasses"))
    for contract in PRIVATE:
        copy.plant("zhengtong.doors.cli.printing", f"import {contracts().get(contract, 'protected_modules')}")
    for name in lines(f"{PREFIX}pure-engines", "forbidden_modules"):
        copy.plant("zhengtong.engines.codes.characters", f"import {name}")
    return copy.report()


def broken(report: str, contract: str) -> bool:
    return f"{contracts().get(contract, 'name')} BROKEN" in report


@pytest.mark.parametrize(("contract", "container"), CONTAINERS)
def test_a_part_without_a_place_is_caught(contract: str, container: str, strangers: str) -> None:
    assert broken(strangers, contract)
    assert f"{container}.utils" in strangers


@pytest.mark.parametrize(("contract", "container"), CONTAINERS)
def test_an_import_upwards_is_caught(contract: str, container: str, climbs: str) -> None:
    found = present(contract, container)
    assert found, f"nothing stands in {container}"
    if len(found) > 1:
        assert broken(climbs, contract)
        assert f"{container}.{found[-1]} -> {container}.{found[0]}" in climbs


@pytest.mark.parametrize("contract", PRIVATE)
def test_reading_another_apps_tables_is_caught(contract: str, trespasses: str) -> None:
    assert broken(trespasses, contract)


@pytest.mark.parametrize("name", lines(f"{PREFIX}pure-engines", "forbidden_modules"))
def test_an_impure_engine_is_caught(name: str, trespasses: str) -> None:
    assert broken(trespasses, f"{PREFIX}pure-engines")
    assert f"zhengtong.engines.codes.characters -> {name} " in trespasses


def test_one_door_that_imports_another_is_caught(tmp_path: pathlib.Path) -> None:
    copy = Copy(tmp_path)
    (copy.src / "zhengtong/doors/desk").mkdir(exist_ok=True)
    copy.plant("zhengtong.doors.desk", "")
    copy.plant("zhengtong.doors.cli.printing", "import zhengtong.doors.desk")
    assert broken(copy.report(), f"{PREFIX}doors")


def test_a_domain_that_imports_a_door_is_caught(tmp_path: pathlib.Path) -> None:
    copy = Copy(tmp_path)
    (copy.src / "zhengtong/domains").mkdir(exist_ok=True)
    copy.plant("zhengtong.domains", "import zhengtong.doors.cli")
    assert broken(copy.report(), f"{PREFIX}floors")


def test_types_alone_may_be_named(tmp_path: pathlib.Path) -> None:
    copy = Copy(tmp_path)
    seen = "import typing\nif typing.TYPE_CHECKING:\n    import zhengtong.matters.cases.models"
    copy.plant("zhengtong.foundation.core.clock", seen)
    copy.plant("zhengtong.foundation.core.utils", "x = 1")
    assert "zhengtong.foundation.core.clock ->" not in copy.report()


def test_every_app_has_an_order_inside_and_private_tables() -> None:
    apps = {
        f"zhengtong.{floor.name}.{app.name}"
        for floor in PACKAGE.iterdir()
        if floor.is_dir() and floor.name not in ("engines", "config")
        for app in floor.iterdir()
        if (app / "__init__.py").exists()
    }
    inside = {container for name, container in CONTAINERS if name.startswith(f"{PREFIX}inside")}
    assert inside == apps
    private = {contracts().get(name, "protected_modules").rpartition(".")[0] for name in PRIVATE}
    with_tables = {app for app in apps if (path_of(f"{app}.models")).exists()}
    assert private == with_tables - {"zhengtong.foundation.core"}, "core's models are what every table is made of"
