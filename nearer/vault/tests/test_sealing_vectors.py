"""The program and a second implementation of its protocol understand each other."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.vault import sealing
from nearer.vault.archive import read_archive, write_archive
from nearer.vault.sealing import Place, Secret, SpaceKey, Stretch
from nearer.vault.tests import reimplementation as second

VECTORS = Path(__file__).parents[3] / "docs" / "protocol-vectors.json"
STORED = json.loads(VECTORS.read_text(encoding="ascii"))
KEYS = st.binary(min_size=32, max_size=32)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
CELL = second.CELL
PLACE = Place(*CELL)


def raw(vector: dict[str, str], name: str) -> bytes:
    return bytes.fromhex(vector[name])


def test_stored_vectors_are_what_the_second_implementation_makes() -> None:
    assert second.vectors() == STORED


@pytest.mark.parametrize("vector", STORED["passphrase"])
def test_passphrase_gives_the_known_verifier_and_key(vector: dict[str, str]) -> None:
    cost = int(vector["memory_kib"]), int(vector["passes"])

    root = sealing.stretched(vector["passphrase"], Stretch(raw(vector, "salt"), *cost))

    assert root.verifier == raw(vector, "verifier")
    assert root.kek.raw == raw(vector, "kek")


def test_one_vector_has_the_cost_that_new_people_get() -> None:
    usual = Stretch(b"")
    costs = [(vector["memory_kib"], vector["passes"], 1) for vector in STORED["passphrase"]]

    assert (usual.memory_kib, usual.passes, usual.lanes) in costs


@pytest.mark.parametrize("vector", STORED["code"])
def test_code_gives_the_known_key(vector: dict[str, str]) -> None:
    key = sealing.key_from_code(vector["code"], purpose=vector["purpose"])

    assert key.raw == raw(vector, "key")


@pytest.mark.parametrize("vector", STORED["session"])
def test_known_session_opens_the_private_key(vector: dict[str, str]) -> None:
    device, salt = vector["device"], raw(vector, "salt")
    key = sealing.derived(Secret(raw(vector, "cookie_secret")), "session", device, salt=salt)

    private = sealing.unwrapped(raw(vector, "frame"), under=key, purpose="session", owner=device)

    assert key.raw == raw(vector, "session_key")
    assert private.raw == raw(vector, "private")


@pytest.mark.parametrize("vector", STORED["grant"])
def test_known_grant_opens(vector: dict[str, str]) -> None:
    pair = sealing.pair_of(Secret(raw(vector, "private")))

    key = sealing.ungranted(
        raw(vector, "box"),
        pair,
        space=vector["space"],
        version=int(vector["version"]),
        person=vector["person"],
    )

    assert pair.public == raw(vector, "public")
    assert key == SpaceKey(int(vector["version"]), Secret(raw(vector, "key")))


@pytest.mark.parametrize("vector", STORED["field"])
def test_known_field_opens(vector: dict[str, str]) -> None:
    key = SpaceKey(int(vector["version"]), Secret(raw(vector, "key")))

    assert sealing.opened_field(key, raw(vector, "frame"), Place(*vector["cell"])) == vector["text"]


@pytest.mark.parametrize("vector", STORED["person"])
def test_known_box_for_one_person_opens(vector: dict[str, str]) -> None:
    pair = sealing.pair_of(Secret(raw(vector, "private")))

    assert sealing.opened_by(pair, raw(vector, "box"), Place(*vector["cell"])) == vector["text"]


@pytest.mark.parametrize("vector", STORED["comparison"])
def test_fingerprint_is_the_known_one_and_shows_as_the_known_words(vector: dict[str, Any]) -> None:
    publics = [bytes.fromhex(public) for public in vector["publics"]]

    digest = sealing.fingerprint(*publics, space=vector["space"])

    assert digest == raw(vector, "digest")
    assert second.six_words(digest) == vector["words"]


@pytest.mark.parametrize("vector", STORED["archive"])
def test_known_archive_opens(vector: dict[str, str]) -> None:
    key = vector["passphrase"] if "passphrase" in vector else Secret(raw(vector, "house_key"))
    target = io.BytesIO()

    read_archive(io.BytesIO(raw(vector, "archive")), target, key=key)

    assert target.getvalue().decode() == vector["content"]


@given(key=KEYS, version=st.integers(1, 65535), text=WORDS)
def test_second_implementation_opens_every_field_of_ours(
    key: bytes, version: int, text: str
) -> None:
    frame = sealing.sealed_field(SpaceKey(version, Secret(key)), text, PLACE)

    assert second.open_field(key, version, frame, CELL) == text


@given(key=KEYS, nonce=st.binary(min_size=12, max_size=12), text=WORDS)
def test_we_open_every_field_of_the_second_implementation(
    key: bytes, nonce: bytes, text: str
) -> None:
    frame = second.seal_field(key, 7, text, CELL, nonce)

    assert sealing.opened_field(SpaceKey(7, Secret(key)), frame, PLACE) == text


@given(inner=KEYS, under=KEYS, owner=WORDS)
def test_second_implementation_unwraps_every_key_of_ours(
    inner: bytes, under: bytes, owner: str
) -> None:
    frame = sealing.wrapped(Secret(inner), under=Secret(under), purpose="recovery", owner=owner)

    assert second.unwrap(frame, under, "recovery", owner) == inner


@given(private=KEYS, key=KEYS, ephemeral=KEYS, text=WORDS)
def test_boxes_of_each_open_with_the_other(
    private: bytes, key: bytes, ephemeral: bytes, text: str
) -> None:
    pair = sealing.pair_of(Secret(private))
    ours = sealing.sealed_for(pair.public, text, PLACE)
    theirs = second.box_for(pair.public, second.j("person", *CELL) + second.p(text), ephemeral)
    grant = sealing.granted(SpaceKey(3, Secret(key)), pair.public, space="s", person="p")

    assert second.unbox(private, ours) == second.j("person", *CELL) + second.p(text)
    assert sealing.opened_by(pair, theirs, PLACE) == text
    assert second.unbox(private, grant) == second.j("grant", "s", "3", "p") + key


@given(content=st.binary(), house_key=KEYS, salt=st.binary(min_size=16, max_size=16))
def test_archives_of_both_are_the_same_byte_for_byte(
    content: bytes, house_key: bytes, salt: bytes
) -> None:
    target = io.BytesIO()

    write_archive(io.BytesIO(content), target, key=Secret(house_key), stretch=Stretch(salt))

    assert target.getvalue() == second.archive(content, house_key, salt, 0, 0)


@pytest.mark.parametrize("length", [0, 1, 65535, 65536, 65537, 131072, 200_001])
def test_long_archives_of_both_are_the_same_byte_for_byte(length: int) -> None:
    content, salt = bytes(range(251)) * (length // 251 + 1), bytes(16)
    target = io.BytesIO()

    write_archive(
        io.BytesIO(content[:length]), target, key="eleven wet", stretch=Stretch(salt, 64, 1)
    )

    assert target.getvalue() == second.archive(content[:length], "eleven wet", salt, 64, 1)
