"""Whoever changes, moves or borrows a frame gets ``SealBroken``, and nothing else whatever.

``Frame`` holds one sealed thing of each kind together with its only right way to open it, and
the tests below try all the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PublicKey, SealedBox

from nearer.vault import sealing
from nearer.vault.sealing import (
    Pair,
    Place,
    SealBroken,
    Secret,
    SpaceKey,
    granted,
    new_pair,
    new_secret,
    opened_by,
    opened_field,
    sealed_field,
    sealed_for,
    ungranted,
    unwrapped,
    version_of,
    wrapped,
)
from nearer.vault.tests.test_sealing import told

ANA, BO, CY = new_pair(), new_pair(), new_pair()
KEY, OTHER_KEY = SpaceKey(1, new_secret()), SpaceKey(1, new_secret())
HERE = Place("listening_line", "0b8e", "words")
WORDS = "It mattered that you waited."


@dataclass(frozen=True)
class Frame:
    raw: bytes
    open: Callable[[bytes], object]


FRAMES = {
    "field": Frame(sealed_field(KEY, WORDS, HERE), lambda raw: opened_field(KEY, raw, HERE)),
    "empty field": Frame(sealed_field(KEY, "", HERE), lambda raw: opened_field(KEY, raw, HERE)),
    "box for a person": Frame(
        sealed_for(ANA.public, WORDS, HERE), lambda raw: opened_by(ANA, raw, HERE)
    ),
    "grant": Frame(
        granted(KEY, ANA.public, space="s", person="ana"),
        lambda raw: ungranted(raw, ANA, space="s", version=1, person="ana"),
    ),
    "wrapped key": Frame(
        wrapped(KEY.secret, under=OTHER_KEY.secret, purpose="recovery", owner="ana"),
        lambda raw: unwrapped(raw, under=OTHER_KEY.secret, purpose="recovery", owner="ana"),
    ),
}
each_kind = pytest.mark.parametrize("kind", FRAMES)


@each_kind
def test_untouched_frame_opens(kind: str) -> None:
    assert FRAMES[kind].open(FRAMES[kind].raw) in (WORDS, "", KEY, KEY.secret)


@each_kind
def test_every_flipped_bit_of_every_byte_is_refused(kind: str) -> None:
    frame = FRAMES[kind]
    for position in range(len(frame.raw)):
        for bit in range(8):
            changed = bytearray(frame.raw)
            changed[position] ^= 1 << bit
            with pytest.raises(SealBroken):
                frame.open(bytes(changed))


@each_kind
def test_frame_that_was_cut_off_anywhere_is_refused(kind: str) -> None:
    frame = FRAMES[kind]
    for length in range(len(frame.raw)):
        for rest in (frame.raw[:length], frame.raw[len(frame.raw) - length :]):
            with pytest.raises(SealBroken):
                frame.open(rest)


@each_kind
@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_frame_that_was_made_longer_is_refused(kind: str, before: bytes, after: bytes) -> None:
    frame = FRAMES[kind]
    if before or after:
        with pytest.raises(SealBroken):
            frame.open(before + frame.raw + after)


@each_kind
@given(noise=st.binary(max_size=200))
def test_noise_is_refused(kind: str, noise: bytes) -> None:
    with pytest.raises(SealBroken):
        FRAMES[kind].open(noise)


@each_kind
@pytest.mark.parametrize("other", FRAMES)
def test_frame_of_one_kind_does_not_open_as_another(kind: str, other: str) -> None:
    if {kind, other} not in ({kind}, {"field", "empty field"}):
        with pytest.raises(SealBroken):
            FRAMES[kind].open(FRAMES[other].raw)


def test_frames_of_two_kinds_differ_even_under_one_key() -> None:
    """A wrapped key and a field's body are both AES-GCM: only their labels tell them apart."""
    key = wrapped(new_secret(), under=KEY.secret, purpose="field", owner="1")
    field = sealed_field(KEY, "x" * 31, HERE)

    with pytest.raises(SealBroken):
        opened_field(KEY, field[:3] + key, HERE)
    with pytest.raises(SealBroken):
        unwrapped(field[3:], under=KEY.secret, purpose="field", owner="1")


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLACES = st.builds(Place, TEXT, TEXT, TEXT)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("listening_turn", HERE.row, HERE.column),
        Place(HERE.table, "0b8f", HERE.column),
        Place(HERE.table, HERE.row, "topic"),
        Place(HERE.column, HERE.row, HERE.table),
        Place(HERE.table + HERE.row, "", HERE.column),
        Place(HERE.table, HERE.row + HERE.column, ""),
    ],
)
def test_frame_moved_to_another_cell_is_refused(elsewhere: Place) -> None:
    with pytest.raises(SealBroken):
        opened_field(KEY, FRAMES["field"].raw, elsewhere)
    with pytest.raises(SealBroken):
        opened_by(ANA, FRAMES["box for a person"].raw, elsewhere)


@given(there=PLACES, here=PLACES)
def test_frame_opens_in_its_own_cell_and_in_no_other(there: Place, here: Place) -> None:
    frame, box = sealed_field(KEY, WORDS, there), sealed_for(ANA.public, WORDS, there)
    if there == here:
        assert opened_field(KEY, frame, here) == opened_by(ANA, box, here) == WORDS
    else:
        with pytest.raises(SealBroken):
            opened_field(KEY, frame, here)
        with pytest.raises(SealBroken):
            opened_by(ANA, box, here)


def test_field_of_one_space_is_refused_in_another() -> None:
    with pytest.raises(SealBroken):
        opened_field(OTHER_KEY, FRAMES["field"].raw, HERE)


def test_field_relabelled_to_another_version_is_refused_even_with_the_same_secret() -> None:
    second = SpaceKey(2, KEY.secret)
    relabelled = b"\x00\x02" + FRAMES["field"].raw[2:]

    for frame in (FRAMES["field"].raw, relabelled):
        with pytest.raises(SealBroken):
            opened_field(second, frame, HERE)
    assert version_of(relabelled) == 2


def test_halves_of_two_frames_do_not_make_a_third() -> None:
    one, two = sealed_field(KEY, WORDS, HERE), sealed_field(KEY, WORDS[::-1], HERE)
    for cut in range(1, len(one)):
        mixed = one[:cut] + two[cut:]
        if mixed not in (one, two):
            with pytest.raises(SealBroken):
                opened_field(KEY, mixed, HERE)


def test_members_cannot_use_each_others_boxes_nor_spaces_be_swapped() -> None:
    boxes = {
        (space, version, person): granted(
            SpaceKey(version, KEY.secret), ANA.public, space=space, person=person
        )
        for space in ("s", "t")
        for version in (1, 2, 12)
        for person in ("ana", "bo")
    }
    for asked in boxes:
        for made, box in boxes.items():
            space, version, person = asked
            if asked == made:
                key = ungranted(box, ANA, space=space, version=version, person=person)
                assert key == SpaceKey(version, KEY.secret)
            else:
                with pytest.raises(SealBroken):
                    ungranted(box, ANA, space=space, version=version, person=person)


@pytest.mark.parametrize(
    "other", [BO, CY, Pair(ANA.public, CY.private)], ids=["Bo", "Cy", "Cy as Ana"]
)
def test_box_for_ana_stays_shut_for_anybody_else(other: Pair) -> None:
    with pytest.raises(SealBroken):
        opened_by(other, FRAMES["box for a person"].raw, HERE)
    with pytest.raises(SealBroken):
        ungranted(FRAMES["grant"].raw, other, space="s", version=1, person="ana")


@pytest.mark.parametrize(
    ("under", "purpose", "owner"),
    [
        (KEY.secret, "recovery", "ana"),
        (OTHER_KEY.secret, "session", "ana"),
        (OTHER_KEY.secret, "recovery", "bo"),
        (OTHER_KEY.secret, "recoverya", "na"),
    ],
    ids=["another key", "another purpose", "another owner", "shifted letters"],
)
def test_wrapped_key_opens_for_its_purpose_and_owner_only(
    under: Secret, purpose: str, owner: str
) -> None:
    with pytest.raises(SealBroken):
        unwrapped(FRAMES["wrapped key"].raw, under=under, purpose=purpose, owner=owner)


def test_code_with_a_typing_error_opens_nothing() -> None:
    code = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23-4567"
    right = sealing.key_from_code(code, purpose="recovery")
    frame = wrapped(ANA.private, under=right, purpose="recovery", owner="ana")
    wrong = sealing.key_from_code(code.replace("QRST", "QRTS"), purpose="recovery")

    assert unwrapped(frame, under=right, purpose="recovery", owner="ana") == ANA.private
    with pytest.raises(SealBroken):
        unwrapped(frame, under=wrong, purpose="recovery", owner="ana")


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        b"words",
        b"words\x80\x01",
        b"words\x80junk",
        b"\xff\xfe\x80",
        b"\xed\xa0\x80\x80",
        b"\0",
    ],
    ids=["nothing", "no mark", "one after", "junk after", "not text", "half a character", "zeros"],
)
def test_box_that_a_stranger_filled_with_rubbish_is_refused(inside: bytes) -> None:
    """Anybody who knows a public key can make a box; the house must not stumble over one."""
    label = sealing._person_label(HERE)
    box = SealedBox(PublicKey(ANA.public)).encrypt(label + inside)

    with pytest.raises(SealBroken) as caught:
        opened_by(ANA, box, HERE)
    assert "words" not in told(caught.value)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_grant_or_wrapped_key_of_a_wrong_length_is_refused(length: int) -> None:
    label = sealing._joined("grant", "s", "1", "ana")
    box = SealedBox(PublicKey(ANA.public)).encrypt(label + bytes(length))
    frame = sealing._sealed(KEY.secret, bytes(length), sealing._joined("wrap", "recovery", "ana"))

    with pytest.raises(SealBroken):
        ungranted(box, ANA, space="s", version=1, person="ana")
    with pytest.raises(SealBroken):
        unwrapped(frame, under=KEY.secret, purpose="recovery", owner="ana")


@each_kind
def test_refusal_tells_no_words_and_no_keys(kind: str) -> None:
    frame = FRAMES[kind]
    hidden = [WORDS, *(repr(secret.raw)[2:-1] for secret in (KEY.secret, OTHER_KEY.secret))]

    with pytest.raises(SealBroken) as caught:
        frame.open(frame.raw[:-1])

    assert not any(form in told(caught.value) for form in hidden)
