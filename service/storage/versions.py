"""Which version a store's tables have, and how they become those of this one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from service.errors import StoreFromAnotherVersion, StoreProblem

MIGRATIONS = Path(__file__).parent / "migrations"


def is_empty(connection: Connection) -> bool:
    """Tell whether there is no table yet."""
    return not inspect(connection).get_table_names()


def bring_up_to_date(connection: Connection, path: Path) -> None:
    """Run the migrations that the store lacks, in the transaction that is open.

    Raises:
        StoreFromAnotherVersion: if the store has been through a migration unknown here.
        StoreProblem: if the file is somebody else's.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    has = MigrationContext.configure(connection).get_current_revision()
    if has == scripts.get_current_head():
        return
    if has is None and not is_empty(connection):
        raise StoreProblem(f"{path} is an SQLite file, but not a store of Onramp; move it away.")
    if has is not None and has not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreFromAnotherVersion(
            f"{path} was written by another version of Onramp (its tables have version {has}, "
            f"this program knows versions up to {scripts.get_current_head()}); use that version."
        )
    command.upgrade(config, "head")
