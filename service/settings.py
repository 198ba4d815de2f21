"""What is set from outside; the only reader of the environment."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, get_args

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ONRAMP_"
MASK: Final = "********"


class InvalidSettings(Exception):
    """A setting has a value that it cannot have: a whole sentence for each.

    No ``OnrampError``: settings and errors know nothing of each other.
    """


class LogFormat(StrEnum):
    """How a line of the log is written: for programs, for people, or as who reads it needs."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """What is worth a line in the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Source(StrEnum):
    """Where a value comes from; each goes before the ones after it."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


def _publishable(key: SecretStr) -> SecretStr:
    if not re.fullmatch(r"pk_\w+", key.get_secret_value()):
        raise PydanticCustomError(
            "publishable", "A key for a page is publishable and begins with pk_; never a secret one"
        )
    return key


class Settings(BaseSettings):
    """Where the data is and how to serve it.

    Each is read from the environment variable of its name after ``ONRAMP_``, such as
    ``ONRAMP_DATA``, and then from the file that ``config`` names; an empty variable counts as
    absent.

    Attributes:
        config: a TOML file with more of these settings, by their names here.
        data: the folder that holds the store and the snapshots of its indexes.
        host: the address to serve on; anything but loopback is open to the network.
        port: the port to serve on; 0 takes a free one.
        workers: how many processes serve, each with its own indexes in memory.
        threads: how many threads encode and rank, at the most, in each process.
        model: a model folder; none for the one that ships.
        log_decisions: whether each answer is kept in the decision log, to be replayed.
        decision_days: for how many days decisions are kept; none for ever. Older ones are
            removed when the store is opened.
        reserve_mb: how many megabytes of the disk to keep back, in a file and free, so that
            learners can be erased when it is full; 0 for none.
        hosts: the names by which the service is addressed, separated by commas, such as
            ``onramp.example.org,*.example.edu``; if not given, those of this machine alone
            (``localhost``, ``127.0.0.1``, ``[::1]``) and the address that is served on.
        proxies: the addresses and networks, separated by commas, of the proxies whose
            ``X-Forwarded-For`` is believed; none if not given.
        body_seconds: how long a request's body may take to come in, beside a second for each
            250 kB of it.
        in_flight: how many requests a process works on at once.
        queue: how many more wait in a process; beyond them requests are answered with 503.
        queue_seconds: how long a request waits at most.
        bulk_in_flight: how many bulk and batch requests a process works on at once, apart from
            the others.
        operations: how many operations (`Prefer: respond-async`) of a tenant may arrive, wait
            or be worked on; beyond them 429.
        operation_hours: for how many hours an operation and its results are kept after its end.
        key_rate: how many requests a minute one key may send, all processes together; 0 for any.
        address_rate: how many requests a minute may come from one address with publishable keys
            or with none; 0 for any.
        failure_rate: after how many failed sign-ins a minute an address is refused; 0 for never.
        tenants_mb: how many megabytes the indexes of tenants other than ``default`` may take in
            each process, about; beyond it those make room that were not asked for the longest.
        log_format: how the program's log is written; ``auto`` is for people at a terminal, and
            JSON elsewhere.
        log_level: the least that is worth a line in the program's log.
        pepper: the secret by which keys are recognized; a file beside the store if none is given.
        page_key: the publishable key with which the page for learners at ``/`` asks, for anybody;
            none, and only who has signed in gets answers there.
        oidc_issuer: whose bearer tokens are believed beside keys, as their ``iss`` says.
        oidc_audience: for whom they have to be, as their ``aud`` says.
        oidc_jwks: the file with the issuer's public keys (JWKS); the three go together.
        oidc_tenant_claim: which claim says whose data they see; ``scope``, ``learner`` and
            ``party`` have one each, too.
        oidc_provider: the file that describes the issuer, as its own
            ``/.well-known/openid-configuration`` does; with it people sign in there from the page.
        oidc_client_id: what this service is called there.
        oidc_client_secret: what it proves that with; none for a public client.
        oidc_redirect: where people come back to: this service's own ``/login/callback``, in full.
        failpoint: where a test ends the process as a crash would; never set otherwise.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    config: Path | None = None
    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    model: Path | None = None
    log_decisions: bool = True
    decision_days: Annotated[int, Field(ge=1)] | None = None
    reserve_mb: Annotated[int, Field(ge=0)] = 32
    hosts: str | None = None
    proxies: str | None = None
    body_seconds: Annotated[float, Field(gt=0, le=600)] = 10.0
    in_flight: Annotated[int, Field(ge=1, le=1000)] = 8
    queue: Annotated[int, Field(ge=0, le=10_000)] = 32
    queue_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    bulk_in_flight: Annotated[int, Field(ge=1, le=100)] = 2
    operations: Annotated[int, Field(ge=1, le=1000)] = 20
    operation_hours: Annotated[float, Field(gt=0, le=8760)] = 24.0
    key_rate: Annotated[int, Field(ge=0)] = 6_000
    address_rate: Annotated[int, Field(ge=0)] = 600
    failure_rate: Annotated[int, Field(ge=0)] = 60
    tenants_mb: Annotated[int, Field(ge=0)] = 2000
    log_format: LogFormat = LogFormat.AUTO
    log_level: LogLevel = LogLevel.INFO
    pepper: Annotated[SecretStr, Field(min_length=32)] | None = None
    # Everybody may read it, but not whoever's secret one was mistaken for it.
    page_key: Annotated[SecretStr, AfterValidator(_publishable)] | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks: Path | None = None
    oidc_tenant_claim: str = "onramp_tenant"
    oidc_scope_claim: str = "scope"
    oidc_learner_claim: str = "onramp_learner"
    oidc_party_claim: str = "onramp_party"
    oidc_provider: Path | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_redirect: str | None = None
    failpoint: str | None = None

    @field_validator("proxies")
    @classmethod
    def _are_addresses(cls, value: str | None) -> str | None:
        for each in listed(value):
            ip_network(each, strict=False)
        return value


class Origin(NamedTuple):
    """Where a value was found: ``where`` is the flag, the variable, or the file and its line."""

    source: Source
    where: str


class Loaded(NamedTuple):
    """The settings, and where each that is not a default was found."""

    settings: Settings
    origins: Mapping[str, Origin]


class Effective(NamedTuple):
    """One setting as it counts; a secret's value is masked."""

    name: str
    value: str | None
    source: Source
    where: str


def listed(value: str | None) -> tuple[str, ...]:
    """Return the parts of a setting that are separated by commas."""
    return tuple(part for each in (value or "").split(",") if (part := each.strip()))


def load_settings(**given: Any) -> Settings:
    """Return the settings; what is given goes before the environment, and that before the file.

    Raises:
        InvalidSettings: if a value is not one that the setting can have, if there is no such
            setting, or if the file cannot be read.
    """
    return load_with_origins(**given).settings


def load_with_origins(**given: Any) -> Loaded:
    """Return the settings and where they come from.

    Raises:
        InvalidSettings: as ``load_settings``.
    """
    origins = {name: Origin(Source.FLAG, f"--{_dashed(name)}") for name in given}
    for variable in _variables():
        name = variable.removeprefix(PREFIX).lower()
        origins.setdefault(name, Origin(Source.ENVIRONMENT, variable))
    _refuse_unknown(origins, "There is no setting {where}.")
    filed = {}
    path = given.get("config") or os.environ.get(f"{PREFIX}CONFIG")
    if path:
        filed = _read(Path(path), origins)
    try:
        return Loaded(Settings(**filed, **given), origins)
    except ValidationError as error:
        faults = (_sentence(dict(fault), origins) for fault in error.errors(include_url=False))
        raise InvalidSettings(" ".join(faults)) from None


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which another process of ours has the same settings."""
    given = {
        name: each.get_secret_value() if isinstance(each, SecretStr) else str(each)
        for name, each in settings
        if each is not None
    }
    return {**os.environ, **{f"{PREFIX}{name.upper()}": each for name, each in given.items()}}


def effective(loaded: Loaded) -> Iterator[Effective]:
    """Yield each setting as it counts, with its source."""
    for name in type(loaded.settings).model_fields:
        value = getattr(loaded.settings, name)
        origin = loaded.origins.get(name, Origin(Source.DEFAULT, ""))
        yield Effective(name, _shown(value), origin.source, origin.where)


def _variables() -> list[str]:
    return sorted(name for name, value in os.environ.items() if name.startswith(PREFIX) and value)


def _read(path: Path, origins: dict[str, Origin]) -> dict[str, Any]:
    """Return what the file sets and nothing before it does; note where it was found."""
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise InvalidSettings(f"The settings in {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise InvalidSettings(f"The settings in {path} are no TOML: {error}.") from None
    found = {name: Origin(Source.FILE, f"{path}, line {_line_of(name, text)}") for name in values}
    if "config" in found:
        raise InvalidSettings(f"{found['config'].where}: config cannot name a second file.")
    _refuse_unknown(found, "{where}: there is no setting {name!r}.")
    counted = {name: value for name, value in values.items() if name not in origins}
    origins.update({name: found[name] for name in counted})
    return counted


def _line_of(name: str, text: str) -> int:
    stated = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(name)}\b""")
    numbered = enumerate(text.splitlines(), start=1)
    return next((number for number, line in numbered if stated.match(line)), 1)


def _refuse_unknown(origins: Mapping[str, Origin], says: str) -> None:
    known = list(Settings.model_fields)
    unknown = [name for name in origins if name not in known]
    if not unknown:
        return
    said = []
    for name in unknown:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {_as_in(origins[name], near[0])}?" if near else ""
        said.append(says.format(where=origins[name].where, name=name) + hint)
    example = origins[unknown[0]]
    names = ", ".join(_as_in(example, name) for name in known)
    raise InvalidSettings(f"{' '.join(said)} Known are: {names}.")


def _as_in(origin: Origin, name: str) -> str:
    return f"{PREFIX}{name.upper()}" if origin.source is Source.ENVIRONMENT else name


def _sentence(fault: dict[str, Any], origins: Mapping[str, Origin]) -> str:
    name = str(fault["loc"][0])
    origin = origins.get(name, Origin(Source.DEFAULT, name))
    where = f"{origin.where}: {name}" if origin.source is Source.FILE else origin.where
    value = MASK if is_secret(name) else repr(fault["input"])
    return f"{where} is {value}: {fault['msg'][:1].lower()}{fault['msg'][1:]}."


def is_secret(name: str) -> bool:
    """Tell whether a setting is one that nobody is shown."""
    return SecretStr in _types_in(Settings.model_fields[name].annotation)


def _types_in(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def _shown(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
