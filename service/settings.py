"""What is set from outside; the only reader of the environment."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ONRAMP_"


class InvalidSettings(Exception):
    """A setting has a value that it cannot have: a whole sentence for each.

    No ``OnrampError``: settings and errors know nothing of each other.
    """


class Settings(BaseSettings):
    """Where the data is and how to serve it.

    Each is read from the environment variable of its name after ``ONRAMP_``, such as
    ``ONRAMP_DATA``; an empty variable counts as absent.

    Attributes:
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
        pepper: the secret by which keys are recognized; a file beside the store if none is given.
        failpoint: where a test ends the process as a crash would; never set otherwise.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    threads: Annotated[int, Field(ge=1, le=64)] = 2
    model: Path | None = None
    log_decisions: bool = True
    decision_days: Annotated[int, Field(ge=1)] | None = None
    reserve_mb: Annotated[int, Field(ge=0)] = 32
    pepper: Annotated[SecretStr, Field(min_length=32)] | None = None
    failpoint: str | None = None


def load_settings(**given: Any) -> Settings:
    """Return the settings; what is given goes before the environment.

    Raises:
        InvalidSettings: if a value is not one that the setting can have.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = (_sentence(dict(fault), given) for fault in error.errors(include_url=False))
        raise InvalidSettings(" ".join(faults)) from None


def _sentence(fault: dict[str, Any], given: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    where = f"--{name}" if name in given else f"{PREFIX}{name.upper()}"
    # A secret that is too short is still one.
    shown = "given" if name == "pepper" else repr(fault["input"])
    return f"{where} is {shown}: {fault['msg'][:1].lower()}{fault['msg'][1:]}."
