"""Settings: a flag goes before the environment, that before the file, and that before defaults."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from service.settings import (
    InvalidSettings,
    Loaded,
    LogFormat,
    Origin,
    Settings,
    Source,
    effective,
    load_settings,
    load_with_origins,
)
from tests.builders.command_line import onramp


def a_file(folder: Path, text: str) -> Path:
    """Write a file of settings."""
    path = folder / "onramp.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_said_onramp_stays_on_loopback() -> None:
    settings = load_settings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data == Path("data")
    assert settings.model is None


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRAMP_DATA", "from-the-environment")
    monkeypatch.setenv("ONRAMP_PORT", "9000")

    settings = load_settings(data=Path("given"))

    assert settings.data == Path("given")
    assert settings.port == 9000


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRAMP_MODEL", "")
    monkeypatch.setenv("ONRAMP_THREADS", "")

    settings = load_settings()

    assert settings.model is None
    assert settings.threads == 2


def test_every_value_that_cannot_be_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRAMP_PORT", "high")
    monkeypatch.setenv("ONRAMP_THREADS", "-1")

    with pytest.raises(InvalidSettings) as caught:
        load_settings()

    assert "ONRAMP_PORT is 'high': " in str(caught.value)
    assert "ONRAMP_THREADS is '-1': " in str(caught.value)


def test_flag_environment_file_and_default_go_before_each_other_in_this_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = a_file(
        tmp_path, 'data = "of the file"\nport = 9001\n\n# how much\nthreads = 3\nhost = "h"\n'
    )
    monkeypatch.setenv("ONRAMP_DATA", "of the environment")
    monkeypatch.setenv("ONRAMP_PORT", "9002")

    loaded = load_with_origins(config=path, data=Path("of the flag"))

    found = {each.name: each for each in effective(loaded)}
    assert found["data"][1:] == ("of the flag", Source.FLAG, "--data")
    assert found["port"][1:] == ("9002", Source.ENVIRONMENT, "ONRAMP_PORT")
    assert found["threads"][1:] == ("3", Source.FILE, f"{path}, line 5")
    assert found["workers"][1:] == ("1", Source.DEFAULT, "")
    assert loaded.settings.host == "h"


def test_the_environment_may_name_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRAMP_CONFIG", str(a_file(tmp_path, 'log_format = "json"')))

    assert load_settings().log_format is LogFormat.JSON


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nprot = 8000", "line 2: there is no setting 'prot'. Did you mean port? Known are: "),
        ("[port]\nof = 1", "line 1: port is {'of': 1}: "),
        ("port = 'high'", "line 1: port is 'high': "),
        ("port = ", "are no TOML: "),
        ("config = 'other.toml'", "config cannot name a second file"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused_with_the_line(
    text: str, said: str, tmp_path: Path
) -> None:
    path = a_file(tmp_path, text)

    with pytest.raises(InvalidSettings) as caught:
        load_settings(config=path)

    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"none\.toml cannot be read: No such file"):
        load_settings(config=tmp_path / "none.toml")


def test_a_variable_that_no_setting_reads_is_refused_and_those_that_are_read_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ONRAMP_WORKER", "2")

    ran = onramp("config", "show")

    assert ran.code == 2
    assert "There is no setting ONRAMP_WORKER. Did you mean ONRAMP_WORKERS?" in ran.err
    assert "ONRAMP_LOG_LEVEL" in ran.err


def test_every_setting_is_shown_with_its_source(tmp_path: Path) -> None:
    path = a_file(tmp_path, "workers = 2")

    ran = onramp("--config", path, "--data", "here", "config", "show", "--json")
    shown = onramp("--config", path, "config", "show").out

    assert ran.json.keys() == Settings.model_fields.keys()
    assert ran.json["workers"] == {"value": "2", "source": "file", "where": f"{path}, line 1"}
    assert ran.json["data"] == {"value": "here", "source": "flag", "where": "--data"}
    assert ran.json["model"] == {"value": None, "source": "default", "where": None}
    assert "workers" in shown
    assert "default" in shown


def test_a_secret_is_masked() -> None:
    class Secretive(Settings):
        pepper: SecretStr = SecretStr("salt")

    loaded = Loaded(Secretive(), {"pepper": Origin(Source.FILE, "here")})

    shown = {each.name: each.value for each in effective(loaded)}
    assert shown["pepper"] == "********"
    assert "salt" not in str(loaded)


@pytest.mark.parametrize("key", ["sk_not_for_everybody", "pk_", "key"])
def test_a_secret_key_is_never_taken_for_the_pages_and_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("ONRAMP_PAGE_KEY", key)

    with pytest.raises(InvalidSettings) as refused:
        load_settings()

    assert str(refused.value) == (
        "ONRAMP_PAGE_KEY is ********: a key for a page is publishable and begins with pk_; "
        "never a secret one."
    )
