"""Keys as texts: a slip of the pen is told without a look into the store."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import MalformedKey
from service.access.key_text import make_key, read_key
from service.domain.access import PrincipalKind

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
SECRET = PrincipalKind.SECRET


@given(st.binary(min_size=64, max_size=64), st.sampled_from([SECRET, PrincipalKind.PUBLISHABLE]))
def test_a_key_is_read_as_it_was_made(chance: bytes, kind: PrincipalKind) -> None:
    made = make_key(kind, lambda count: chance[:count])

    assert read_key(made.text) == made
    assert made.text.startswith(made.id)
    assert made.id[:3] == ("sk_" if kind is SECRET else "pk_")
    assert len(made.text) == 73


@given(st.integers(14, 72), st.sampled_from(DIGITS))
def test_one_wrong_letter_is_told(place: int, letter: str) -> None:
    text = make_key(SECRET, lambda count: bytes(range(7, 7 + count))).text
    wrong = text[:place] + letter + text[place + 1 :]

    if wrong != text:
        with pytest.raises(MalformedKey, match="checksum does not fit"):
            read_key(wrong)


@given(st.integers(0, 72))
def test_a_key_that_was_cut_off_is_told(length: int) -> None:
    text = make_key(SECRET, lambda count: bytes(range(count))).text

    with pytest.raises(MalformedKey, match="cut off"):
        read_key(text[:length])


def test_secrets_have_256_bits_and_no_two_keys_are_alike() -> None:
    every = make_key(SECRET, lambda count: b"\xff" * count).text
    made = {make_key(SECRET, secrets.token_bytes).text for _ in range(200)}

    # 52 digits of 5 bits, of which the first has but one of the 256 bits.
    assert every[14:66] == "1" + "z" * 51
    assert len({text[14:66] for text in made}) == 200
