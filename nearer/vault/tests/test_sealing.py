"""What was sealed comes back whole to its owner, and shows nothing on the way."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearer.vault.sealing import (
    PAD_BYTES,
    Pair,
    Place,
    Secret,
    SpaceKey,
    Stretch,
    derived,
    fingerprint,
    granted,
    key_from_code,
    new_pair,
    new_recovery_code,
    new_salt,
    new_secret,
    opened_by,
    opened_field,
    pair_of,
    sealed_field,
    sealed_for,
    stretched,
    ungranted,
    unwrapped,
    version_of,
    wrapped,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
BROKEN_WORDS = st.tuples(WORDS, st.characters(categories=["Cs"]), WORDS).map("".join)
SECRETS = st.binary(min_size=32, max_size=32).map(Secret)
PLACES = st.builds(Place, table=WORDS, row=WORDS, column=WORDS)
VERSIONS = st.integers(1, 65535)
KEYS = st.builds(SpaceKey, VERSIONS, SECRETS)

ANA, BO = new_pair(), new_pair()
KEY = SpaceKey(1, new_secret())
HERE = Place("listening_line", "0b8e", "words")
CHEAP = Stretch(new_salt(), memory_kib=64, passes=1)


@given(key=KEYS, text=WORDS, place=PLACES)
def test_field_gives_back_any_text_and_names_its_version(
    key: SpaceKey, text: str, place: Place
) -> None:
    frame = sealed_field(key, text, place)

    assert opened_field(key, frame, place) == text
    assert version_of(frame) == key.version


@given(text=WORDS, place=PLACES)
def test_box_for_ana_gives_her_back_any_text(text: str, place: Place) -> None:
    assert opened_by(ANA, sealed_for(ANA.public, text, place), place) == text


@given(key=KEYS, space=WORDS, person=WORDS)
def test_grant_gives_the_member_the_key_of_the_space(
    key: SpaceKey, space: str, person: str
) -> None:
    box = granted(key, BO.public, space=space, person=person)

    assert ungranted(box, BO, space=space, version=key.version, person=person) == key


@given(inner=SECRETS, under=SECRETS, purpose=WORDS, owner=WORDS)
def test_wrapped_key_comes_back(inner: Secret, under: Secret, purpose: str, owner: str) -> None:
    frame = wrapped(inner, under=under, purpose=purpose, owner=owner)

    assert unwrapped(frame, under=under, purpose=purpose, owner=owner) == inner


@pytest.mark.parametrize("seal", [sealed_field, sealed_for])
def test_same_words_never_give_the_same_frame(seal: Callable[..., bytes]) -> None:
    key = KEY if seal is sealed_field else ANA.public

    assert len({seal(key, "the same words", HERE) for _ in range(50)}) == 50


@given(length=st.integers(0, 200), other=st.integers(0, 200), multiple=st.integers(1, 100))
def test_frame_tells_the_length_of_the_text_only_by_the_block(
    length: int, other: int, multiple: int
) -> None:
    one = sealed_field(KEY, "x" * length, HERE, pad_to=multiple)
    two = sealed_field(KEY, "y" * other, HERE, pad_to=multiple)

    assert (len(one) == len(two)) == (length // multiple == other // multiple)
    assert opened_field(KEY, one, HERE) == "x" * length


@given(first=st.integers(0, 10), second=st.integers(0, 10))
def test_every_rating_looks_alike(first: int, second: int) -> None:
    assert len(sealed_field(KEY, str(first), HERE)) == len(sealed_field(KEY, str(second), HERE))
    assert len(sealed_for(BO.public, str(first), HERE)) == len(sealed_for(BO.public, "", HERE))


def test_usual_frame_of_a_short_word_has_the_documented_size() -> None:
    assert len(sealed_field(KEY, "9", HERE)) == 2 + 1 + 12 + PAD_BYTES + 16


@given(text=BROKEN_WORDS)
def test_half_a_character_is_refused_and_the_words_stay_out_of_the_error(text: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: sealed_field(KEY, f"our secret {text}", HERE),
        lambda: sealed_for(ANA.public, f"our secret {text}", HERE),
        lambda: stretched(f"our secret {text}", CHEAP),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="half a character") as caught:
            attempt()
        assert type(caught.value) is ValueError
        assert "our secret" not in told(caught.value)


def told(error: BaseException) -> str:
    """Everything that a log could print of an error and of those behind it."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None:
        chain.append(following)
        following = following.__cause__ or following.__context__
    return "\n".join([*map(repr, chain), *map(str, chain)])


@given(secret=SECRETS)
def test_no_value_prints_a_key(secret: Secret) -> None:
    key, pair, root = SpaceKey(1, secret), pair_of(secret), stretched(secret.raw.hex(), CHEAP)
    hidden = [secret.raw, root.kek.raw, root.verifier]

    for value in (secret, key, pair, root, [secret], {"key": key}, (pair, root)):
        for shown in (repr(value), str(value), f"{value}", f"{value!a}"):
            assert not any(form in shown for raw in hidden for form in (repr(raw), raw.hex()))


@given(passphrase=WORDS)
def test_passphrase_gives_the_same_root_however_its_letters_are_composed(passphrase: str) -> None:
    composed = unicodedata.normalize("NFKC", passphrase), unicodedata.normalize("NFD", passphrase)
    roots = [stretched(form, CHEAP) for form in (passphrase, *composed)]

    assert all(root == roots[0] for root in roots)
    assert roots[0].verifier != roots[0].kek.raw


def test_root_changes_with_passphrase_salt_and_cost() -> None:
    salt = CHEAP.salt
    others = [Stretch(new_salt(), 64, 1), Stretch(salt, 65, 1), Stretch(salt, 64, 2)]
    roots = [stretched("three green kites", CHEAP), stretched("three green kite", CHEAP)]
    roots += [stretched("three green kites", other) for other in others]

    assert len({root.kek for root in roots}) == len(roots)
    assert len({root.verifier for root in roots}) == len(roots)


@given(parts=st.lists(WORDS, max_size=4), others=st.lists(WORDS, max_size=4))
def test_two_purposes_never_share_a_key(parts: list[str], others: list[str]) -> None:
    same = derived(KEY.secret, "session", *parts) == derived(KEY.secret, "session", *others)

    assert same == (parts == others)


def test_salt_changes_a_derived_key() -> None:
    one, two = (derived(KEY.secret, "session", "d", salt=new_salt()) for _ in range(2))

    assert one != two


@given(raw=st.binary(max_size=64).filter(lambda raw: len(raw) != 32))
def test_key_of_another_length_is_no_key(raw: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Secret(raw)


@pytest.mark.parametrize("version", [-1, 0, 65536])
def test_version_that_the_frame_cannot_hold_is_refused_before_sealing(version: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 65535"):
        SpaceKey(version, KEY.secret)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33), bytes(32)])
def test_what_is_no_public_key_gets_no_box(public: bytes) -> None:
    """32 zeros are a point from which everybody knows the shared secret."""
    with pytest.raises(ValueError, match="not a public key"):
        granted(KEY, public, space="s", person="p")
    with pytest.raises(ValueError, match="not a public key"):
        sealed_for(public, "words", HERE)


def test_pair_follows_from_its_private_key_and_new_ones_differ() -> None:
    assert pair_of(ANA.private) == ANA
    assert len({new_pair().public for _ in range(20)}) == 20


def test_recovery_code_is_eight_groups_of_four_and_never_the_same() -> None:
    codes = {new_recovery_code() for _ in range(100)}

    assert len(codes) == 100
    assert all([len(group) for group in code.split("-")] == [4] * 8 for code in codes)


@given(data=st.data())
def test_code_works_as_people_write_it(data: st.DataObject) -> None:
    code = new_recovery_code()
    gaps = st.sampled_from(["", " ", "-", " - ", "\n", "\u2013", "."])
    swaps = str.maketrans({letter: data.draw(st.sampled_from(pair)) for letter, pair in ALIKE})
    written = "".join(c + data.draw(gaps) for c in code.replace("-", "").translate(swaps))
    written = data.draw(st.sampled_from([written, written.lower(), written.title()]))

    assert key_from_code(written, purpose="recovery") == key_from_code(code, purpose="recovery")


ALIKE = (("O", "O0"), ("I", "I1"), ("B", "B8"))


@given(position=st.integers(0, 31), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_code_with_one_wrong_letter_is_another_key(position: int, letter: str) -> None:
    letters = new_recovery_code().replace("-", "")
    wrong = letters[:position] + letter + letters[position + 1 :]

    same = key_from_code(wrong, purpose="recovery") == key_from_code(letters, purpose="recovery")

    assert same == (wrong == letters)


@given(code=st.text() | st.text("ABCXYZ234567 0189-", max_size=40))
def test_anything_typed_is_a_key_or_a_clear_refusal(code: str) -> None:
    refused = None
    try:
        key_from_code(code, purpose="recovery")
    except ValueError as error:
        refused = repr(error)

    assert refused in (None, "ValueError('not a code of Nearer')")


@pytest.mark.parametrize("wrong", ["9" * 32, "A" * 31, "\uff21" * 32, "\u0661" * 32, "\ud800"])
def test_refused_code_is_not_repeated_in_the_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a code of Nearer") as caught:
        key_from_code(wrong, purpose="recovery")

    assert wrong not in told(caught.value)


def test_code_with_a_letter_too_few_or_too_many_is_refused() -> None:
    code = new_recovery_code()

    for wrong in (code[:-1], code + "A", code[:-4], code + "AAAAAAAA", code[:-1] + "9", ""):
        with pytest.raises(ValueError, match="not a code of Nearer"):
            key_from_code(wrong, purpose="recovery")


def test_same_code_gives_another_key_for_another_purpose() -> None:
    code = new_recovery_code()
    purposes = ("recovery", "invitation", "guest")

    assert len({key_from_code(code, purpose=purpose) for purpose in purposes}) == 3


def test_both_compare_the_same_words_and_a_stranger_or_another_bond_changes_them() -> None:
    cy = new_pair()
    same = fingerprint(ANA.public, BO.public, space="s")

    assert fingerprint(BO.public, ANA.public, space="s") == same
    assert fingerprint(ANA.public, cy.public, space="s") != same
    assert fingerprint(ANA.public, BO.public, space="t") != same


def test_comparison_takes_whole_public_keys_only() -> None:
    """Else one long key could pass for two, cut elsewhere."""
    with pytest.raises(ValueError, match="32 bytes"):
        fingerprint(ANA.public + BO.public, space="s")


def test_phone_that_trusts_its_own_private_key_sees_a_swapped_public_one() -> None:
    swapped = Pair(new_pair().public, BO.private)
    what_ana_sees = fingerprint(ANA.public, swapped.public, space="s")

    assert fingerprint(ANA.public, pair_of(swapped.private).public, space="s") != what_ana_sees
