"""Which version a store's tables have, and how they become those of this one."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from service.errors import StoreFromAnotherVersion, StoreProblem
from service.failpoints import Failpoint, reached

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
_TABLE = "alembic_version"
_VERSION = text("SELECT version_num FROM alembic_version")


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are those of this version."""
    return _revision_of(connection) == newest_version()


def newest_version() -> str:
    """Return the version of the newest migration, by the name of its file."""
    newest = max(path.stem for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))
    return newest.removeprefix("v").partition("_")[0]


def bring_up_to_date(connection: Connection, path: Path) -> None:
    """Run the migrations that the store lacks, in the transaction that is open.

    Raises:
        StoreFromAnotherVersion: if the store has been through a migration unknown here.
        StoreProblem: if the file is somebody else's.
    """
    # A start that has nothing to migrate, as nearly all, need not wait for its import.
    from alembic import command  # noqa: PLC0415 - see above

    scripts = _scripts()
    has = _revision_of(connection)
    if has is None and inspect(connection).get_table_names():
        raise StoreProblem(f"{path} is an SQLite file, but not a store of Onramp; move it away.")
    if has is not None and has not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreFromAnotherVersion(
            f"{path} was written by another version of Onramp: its tables have version {has}, "
            f"and this program knows them up to {scripts.get_current_head()}. Use that version."
        )
    reached(Failpoint.MIGRATION_BEGINS)
    command.upgrade(_config(connection), "head")


def version_of(connection: Connection) -> str:
    """Return which migration the tables have been through; empty if none."""
    return _revision_of(connection) or ""


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    # Alembic reads its options as a configuration file's, where a percent sign is special.
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return ScriptDirectory.from_config(_config())


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.execute(_VERSION).scalar()
