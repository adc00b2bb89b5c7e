"""The one secret and the one folder of a house."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nearer.web import environment as env


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = env.house_secret(tmp_path / "house")
    assert env.house_secret(tmp_path / "house") == first
    assert len(first) >= 48
    assert (tmp_path / "house" / env.SECRET_FILE).stat().st_mode & 0o077 == 0
    assert (tmp_path / "house").stat().st_mode & 0o077 == 0


def test_two_houses_have_two_secrets(tmp_path: Path) -> None:
    assert env.house_secret(tmp_path / "a") != env.house_secret(tmp_path / "b")


def test_the_data_folder_is_outside_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(env.DATA.name)
    program = Path(env.__file__).parent.parent
    assert not env.data_folder().is_relative_to(program)
    monkeypatch.setenv(env.DATA.name, "/somewhere/else")
    assert env.data_folder() == Path("/somewhere/else")


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key"
    env.write_whole(path, b"the first", 0o600)

    def power_cut(_descriptor: int) -> None:
        raise OSError("gone")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="gone"):
        env.write_whole(path, b"the second", 0o600)
    assert path.read_bytes() == b"the first"


def test_a_setting_is_on_only_when_it_says_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, on in (("1", True), ("", False), ("0", False), ("yes", False)):
        monkeypatch.setenv(env.HTTPS.name, text)
        assert env.is_on(env.HTTPS) is on
