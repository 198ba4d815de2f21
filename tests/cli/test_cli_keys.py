"""Keys and tenants on the command line: a secret is shown once, alone, and opens what was said."""

import json
from pathlib import Path

import pytest

from service.access import UnknownKey
from service.settings import Settings
from service.wiring import open_access
from tests.builders.command_line import Ran, onramp


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def keys(data: Path, *words: str) -> Ran:
    return onramp("--data", data, "keys", *words)


def opens(data: Path, secret: str) -> bool:
    with open_access(Settings(data=data)) as access:
        try:
            access.keyring.key_of(secret)
        except UnknownKey:
            return False
    return True


def test_a_new_store_gets_its_first_key_whose_secret_stands_alone(data: Path) -> None:
    made = keys(data, "create", "--scope", "admin", "--label", "the first")
    listed = keys(data, "list", "--json").json["items"]

    secret = made.out.strip()
    assert (made.code, len(secret), made.out) == (0, 73, f"{secret}\n")
    assert "shown this once" in made.err
    assert opens(data, secret)
    assert [(each["id"], each["label"], each["scopes"]) for each in listed] == [
        (secret[:13], "the first", ["admin"])
    ]
    assert secret[14:] not in json.dumps(listed) + keys(data, "list").out


def test_a_key_is_replaced_and_revoked(data: Path) -> None:
    old = keys(data, "create", "--scope", "learner:read").out.strip()

    rotated = keys(data, "rotate", old[:13], "--overlap-hours", "2")
    both = (opens(data, old), opens(data, rotated.out.strip()))
    revoked = keys(data, "revoke", old[:13])
    one = (opens(data, old), opens(data, rotated.out.strip()))

    assert both == (True, True)
    assert f"The old key {old[:13]} is valid for 2 hours more." in rotated.err
    assert revoked.out.startswith(f"The key {old[:13]} ")
    assert one == (False, True)
    assert "revoked" in keys(data, "list").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("create",), 1, "scopes: name one or more of catalog:read"),
        (("create", "--scope", "all"), 2, "--scope"),
        (("create", "--publishable"), 1, "origins: name the 1 to 100 origins"),
        (("create", "--publishable", "--origin", "https://a.example/"), 1, "is not an origin"),
        (("create", "--scope", "admin", "--tenant", "x"), 1, "no tenant with the id 'x'"),
        (("revoke", "sk_nobody"), 1, "There is no key with the id 'sk_nobody'."),
        (("rotate", "sk_nobody"), 1, "There is no key with the id 'sk_nobody'."),
    ],
)
def test_what_cannot_be_is_said(data: Path, words: tuple[str, ...], code: int, said: str) -> None:
    ran = keys(data, *words)

    assert ran.code == code
    assert said in ran.err
    assert ran.out == ""


def test_a_pepper_may_be_given_and_one_that_is_too_short_is_not_repeated(data: Path) -> None:
    words = ("--data", data, "keys", "create", "--scope", "admin")

    short = onramp(*words, env={"ONRAMP_PEPPER": "hush-hush"})
    made = onramp(*words, env={"ONRAMP_PEPPER": "a pepper that is long enough, by far"})

    assert short.code == 2
    assert "ONRAMP_PEPPER" in short.err
    assert "hush" not in short.err
    assert made.code == 0
    assert not (data / "pepper").exists()


def test_a_new_store_has_one_tenant(data: Path) -> None:
    listed = onramp("--data", data, "tenants", "list", "--json")

    assert listed.json["items"] == [{"id": "default", "name": "default", "parent": None}]


def test_a_key_for_a_page_comes_with_the_lines_to_paste(data: Path) -> None:
    words = ("--data", data, "keys", "create", "--publishable", "--origin", "https://a.example")

    plain = onramp(*words)
    named = onramp(*words, env={"ONRAMP_HOSTS": "onramp.college.edu, localhost"})

    key = named.out.strip()
    assert "On https://a.example paste:" in named.err
    assert f'<onramp-recommendations key="{key}"></onramp-recommendations>' in named.err
    assert f'src="https://onramp.college.edu/embed?key={key}"' in named.err
    assert "in the place of onramp.example.edu." in plain.err
