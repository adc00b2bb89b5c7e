"""A backup opens whole, with its own key, or not at all."""

from __future__ import annotations

import io
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.vault.archive import (
    CHUNK_BYTES,
    MAGIC,
    ArchiveBroken,
    NotAnArchive,
    WrongPassphrase,
    read_archive,
    write_archive,
)
from nearer.vault.sealing import Secret, Stretch, new_salt, new_secret

HOUSE = new_secret()
PASSPHRASE = "eleven wet umbrellas"
HEADER, CHECK, TAG = 35, 32, 16
SEALED_CHUNK = CHUNK_BYTES + TAG
CONTENT = bytes(range(256)) * 900
"""Three chunks and a half."""

Refusal = (NotAnArchive, WrongPassphrase, ArchiveBroken)


def written(content: bytes, key: Secret | str) -> bytes:
    target = io.BytesIO()
    write_archive(io.BytesIO(content), target, key=key, stretch=Stretch(new_salt(), 64, 1))
    return target.getvalue()


def read(archive: bytes, key: Secret | str) -> bytes:
    target = io.BytesIO()
    read_archive(io.BytesIO(archive), target, key=key)
    return target.getvalue()


def chunks(archive: bytes) -> tuple[bytes, list[bytes]]:
    head, body = archive[: HEADER + CHECK], archive[HEADER + CHECK :]
    return head, [body[i : i + SEALED_CHUNK] for i in range(0, len(body), SEALED_CHUNK)]


keys = pytest.mark.parametrize("key", [HOUSE, PASSPHRASE], ids=["house key", "passphrase"])


@keys
@given(content=st.binary(max_size=300))
def test_archive_gives_back_what_went_in(key: Secret | str, content: bytes) -> None:
    assert read(written(content, key), key) == content


@pytest.mark.parametrize("chunk_count", [0, 1, 2, 3])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_archive_gives_back_contents_around_the_chunk_edges(chunk_count: int, more: int) -> None:
    content = CONTENT[: max(0, chunk_count * CHUNK_BYTES + more)]

    archive = written(content, HOUSE)

    assert read(archive, HOUSE) == content
    needed = max(1, -(-len(content) // CHUNK_BYTES))
    assert len(archive) == HEADER + CHECK + len(content) + TAG * needed


class Dripping(io.BytesIO):
    """A pipe that never gives more than a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(777, size or 0))


def test_pipe_that_drips_makes_and_opens_the_same_archive() -> None:
    sealed, opened = io.BytesIO(), io.BytesIO()

    write_archive(Dripping(CONTENT), sealed, key=HOUSE)
    read_archive(Dripping(sealed.getvalue()), opened, key=HOUSE)

    assert opened.getvalue() == CONTENT
    assert read(sealed.getvalue(), HOUSE) == CONTENT


def test_two_archives_of_the_same_content_have_nothing_in_common() -> None:
    one, two = written(CONTENT, PASSPHRASE), written(CONTENT, PASSPHRASE)

    assert one[:19] == two[:19]
    blocks = {archive[i : i + 16] for archive in (one, two) for i in range(32, len(one) - 16, 16)}
    assert len(blocks) == 2 * len(range(32, len(one) - 16, 16))


def test_archive_shows_no_content_and_no_passphrase() -> None:
    archive = written(b"It mattered that you waited." * 100, PASSPHRASE)

    assert b"mattered" not in archive
    assert PASSPHRASE.encode() not in archive


@keys
def test_every_changed_byte_is_refused(key: Secret | str) -> None:
    archive = written(b"The whole house, in small.", key)
    for position in range(len(archive)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(archive)
            changed[position] ^= change
            with pytest.raises(Refusal):
                read(bytes(changed), key)


@given(position=st.integers(0, len(CONTENT) + HEADER + CHECK + 4 * TAG - 1), bit=st.integers(0, 7))
def test_changed_bit_in_a_long_archive_is_refused(position: int, bit: int) -> None:
    changed = bytearray(LONG)
    changed[position] ^= 1 << bit
    with pytest.raises(Refusal):
        read(bytes(changed), HOUSE)


LONG = written(CONTENT, HOUSE)


def test_archive_cut_off_anywhere_is_refused() -> None:
    short = written(b"The whole house, in small.", HOUSE)
    for length in range(len(short)):
        with pytest.raises(NotAnArchive if length < len(MAGIC) else ArchiveBroken):
            read(short[:length], HOUSE)


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_archive_cut_off_between_two_chunks_is_refused(kept: int) -> None:
    head, parts = chunks(LONG)

    with pytest.raises(ArchiveBroken):
        read(head + b"".join(parts[:kept]), HOUSE)


@pytest.mark.parametrize(
    "rearranged",
    [
        lambda parts: [parts[1], parts[0], *parts[2:]],
        lambda parts: [parts[0], *parts],
        lambda parts: parts[1:],
        lambda parts: [*parts[:1], *parts[2:]],
        lambda parts: [*parts, parts[-1]],
        lambda parts: [*parts, b""],
        lambda parts: [*parts, bytes(TAG)],
        lambda parts: [*parts, b"\0"],
    ],
    ids=["swapped", "doubled", "first gone", "one gone", "last doubled", "same", "more", "a byte"],
)
def test_chunks_in_any_other_order_or_number_are_refused(
    rearranged: Callable[[list[bytes]], list[bytes]],
) -> None:
    head, parts = chunks(LONG)
    archive = head + b"".join(rearranged(parts))
    if archive == LONG:
        assert read(archive, HOUSE) == CONTENT
    else:
        with pytest.raises(ArchiveBroken):
            read(archive, HOUSE)


def test_last_chunk_that_happens_to_be_full_cannot_be_followed_by_another() -> None:
    full = written(CONTENT[:CHUNK_BYTES], HOUSE)

    with pytest.raises(ArchiveBroken):
        read(full + chunks(full)[1][0], HOUSE)


def test_chunks_of_two_archives_under_one_key_cannot_be_mixed() -> None:
    head, parts = chunks(LONG)
    _, others = chunks(written(CONTENT, HOUSE))

    with pytest.raises(ArchiveBroken):
        read(head + parts[0] + others[1] + b"".join(parts[2:]), HOUSE)
    with pytest.raises(ArchiveBroken):
        read(head + b"".join(others), HOUSE)


@pytest.mark.parametrize("wrong", ["eleven wet umbrella", "", "Eleven wet umbrellas", HOUSE])
def test_wrong_key_is_told_apart_from_damage(wrong: Secret | str) -> None:
    with pytest.raises(WrongPassphrase):
        read(written(CONTENT, PASSPHRASE), wrong)


def test_archive_of_one_house_stays_shut_in_another() -> None:
    with pytest.raises(WrongPassphrase):
        read(LONG, new_secret())
    with pytest.raises(WrongPassphrase, match="made with a house key"):
        read(LONG, PASSPHRASE)


@given(noise=st.binary(max_size=300).filter(lambda noise: not noise.startswith(MAGIC)))
def test_any_other_file_is_no_archive(noise: bytes) -> None:
    with pytest.raises(NotAnArchive):
        read(noise, HOUSE)


@given(noise=st.binary(max_size=300))
def test_beginning_of_an_archive_with_noise_behind_is_refused(noise: bytes) -> None:
    with pytest.raises(Refusal):
        read(LONG[: len(noise) % HEADER] + noise, HOUSE)


def with_cost(memory_kib: int, passes: int, lanes: int, *, form: int = 1, kind: int = 1) -> bytes:
    cost = struct.pack(">BBIIB", form, kind, memory_kib, passes, lanes)
    return b"nearer\x1a\n" + cost + bytes(16 + CHECK + TAG)


@pytest.mark.parametrize(
    "cost",
    [
        (2**32 - 1, 1, 1),
        (1024 * 1024 + 1, 1, 1),
        (64, 17, 1),
        (64, 0, 1),
        (64, 1, 0),
        (7, 1, 1),
        (0, 0, 0),
        (1024, 1, 17),
        (15, 1, 2),
    ],
)
def test_file_that_asks_for_outrageous_work_is_refused_before_the_work(
    cost: tuple[int, int, int],
) -> None:
    with pytest.raises(NotAnArchive, match="more work"):
        read(with_cost(*cost), PASSPHRASE)


def test_later_format_and_unknown_kind_of_key_are_said_so() -> None:
    with pytest.raises(NotAnArchive, match="another version"):
        read(with_cost(64, 1, 1, form=2), PASSPHRASE)
    with pytest.raises(NotAnArchive, match="kind of key"):
        read(with_cost(64, 1, 1, kind=3), PASSPHRASE)
    with pytest.raises(NotAnArchive, match="more work"):
        read(with_cost(64, 1, 1, kind=2), HOUSE)


@pytest.mark.parametrize("salt", [b"", bytes(8), bytes(15), bytes(17)])
def test_salt_that_the_file_cannot_hold_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        write_archive(io.BytesIO(), io.BytesIO(), key=HOUSE, stretch=Stretch(salt, 64, 1))


def test_passphrase_with_half_a_character_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="half a character") as caught:
        written(b"", "wet umbrellas \ud800")

    assert "umbrellas" not in repr(caught.value)


def test_new_archive_costs_a_thief_what_a_persons_passphrase_costs() -> None:
    target = io.BytesIO()

    write_archive(io.BytesIO(b"x"), target, key=PASSPHRASE)

    assert struct.unpack(">IIB", target.getvalue()[10:19]) == (64 * 1024, 3, 1)
    assert read(target.getvalue(), PASSPHRASE) == b"x"


def test_archive_of_any_length_takes_a_handful_of_chunks_of_memory(tmp_path: Path) -> None:
    content, sealed, opened = (tmp_path / name for name in ("content", "sealed", "opened"))
    with content.open("wb") as file:
        file.truncate(48 * 1024 * 1024 + 5)
    tracemalloc.start()
    try:
        with content.open("rb") as source, sealed.open("wb") as target:
            write_archive(source, target, key=HOUSE)
        with sealed.open("rb") as source, opened.open("wb") as target:
            read_archive(source, target, key=HOUSE)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 16 * CHUNK_BYTES
    assert opened.stat().st_size == content.stat().st_size
