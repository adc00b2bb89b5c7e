"""`pip install .` gives a `nearer` command that finds all its files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import ROOT, House

NEEDED = ("nearer", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


def pip(*words: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made without the network, by the build backend that the lock for developers brings."""
    folder = tmp_path_factory.mktemp("package")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            no_caches = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / "source" / name, ignore=no_caches)
        else:
            shutil.copy(ROOT / name, folder / "source")
    offline = ("--no-build-isolation", "--no-deps", "--no-index")
    pip("wheel", *offline, "--wheel-dir", str(folder), str(folder / "source"))
    return next(folder.glob("nearer-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    folder = wheel.parent / "installed"
    pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture
def house(tmp_path: Path, installed: Path) -> Iterator[House]:
    """Where what is installed is found, and the clone is not."""
    with House(tmp_path / "house", starts=False) as made:
        path = os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])
        made.environment |= {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "nearer.web.settings"}
        yield made


def test_package_holds_every_file_of_the_program(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "nearer").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - packed == set()


def test_installed_command_opens_the_house(house: House, installed: Path, tmp_path: Path) -> None:
    words = [str(installed / "bin" / "nearer"), "serve", "--no-browser", "--port", str(house.port)]
    with subprocess.Popen(  # noqa: S603 - our own words
        words, cwd=tmp_path, env=house.environment, stdout=subprocess.PIPE
    ) as process:
        house._wait_until_ready(process)
        process.terminate()
        said, _errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert f"Nearer is open at {house.url}/" in said.decode()
