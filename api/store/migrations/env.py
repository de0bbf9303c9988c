"""Runs the migrations on the connection that `api.store.upgrade` hands over."""

from alembic import context

from api.store.tables import metadata
from inference.crossings import crossing


def _stepped(ctx: object, step: object, heads: object, run_args: object) -> None:  # noqa: ARG001  # Alembic's names
    crossing("upgrade.step")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    on_version_apply=_stepped,
)
context.run_migrations()
