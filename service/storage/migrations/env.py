"""Runs the migrations on the connection, and in the transaction, of whoever asks for them."""

from alembic import context

from service.failpoints import Failpoint, reached


def _step_done(*_what: object, **_more: object) -> None:
    reached(Failpoint.STEP_DONE)


context.configure(connection=context.config.attributes["connection"], on_version_apply=_step_done)
context.run_migrations()
