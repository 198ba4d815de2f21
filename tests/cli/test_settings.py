"""Settings: what is given goes before the environment, and that before the defaults."""

from pathlib import Path

import pytest

from service.settings import InvalidSettings, load_settings


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
