"""Which migrations a database has seen, and how to bring one to exactly those."""

from __future__ import annotations

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError, OperationalError

from nearer.web.refusal import Refusal

Model = type[models.Model]
Migrations = frozenset[tuple[str, str]]
"""Application and name of each."""


def applied() -> Migrations:
    return frozenset(MigrationLoader(connection).applied_migrations or ())


def opened() -> Migrations:
    """What the database has seen, where a person is waiting for it to open.

    Raises:
        Refusal: it does not, or it is damaged.
    """
    try:
        return applied()
    except DatabaseError as error:
        raise unreadable(error) from error


def unreadable(error: DatabaseError) -> Refusal:
    """Only for commands that have not written anything yet."""
    why = " ".join(str(error).split())
    if isinstance(error, OperationalError):
        return Refusal(
            f"The database does not open ({why}). Nothing was changed, nothing is lost. "
            "Check DATABASE_URL and the disk, then start again."
        )
    name = connection.settings_dict["NAME"]
    return Refusal(
        f"The database {name} is damaged ({why}). Nothing was changed, and no copy of it is lost. "
        "Move it aside with the files that begin like it, then read in a backup: "
        "nearer restore FILE. The copies that the house made itself lie beside it in backups."
    )


def refuse_newer(seen: Migrations) -> None:
    """
    Raises:
        Refusal: somebody has seen migrations that this code does not have.
    """
    loader = MigrationLoader(connection)
    replaced = {old for new in loader.disk_migrations.values() for old in new.replaces}
    unknown = seen - loader.disk_migrations.keys() - replaced
    if unknown:
        app, name = min(unknown)
        raise Refusal(
            f"This was written by a newer Nearer ({app} {name} is unknown to this one). "
            "Nothing was changed. Update the program, then try again."
        )


def is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def models_at(seen: Migrations) -> list[Model]:
    """The tables as they were after these migrations, whatever the code says today."""
    loader = MigrationLoader(connection)
    state = loader.project_state([node for node in loader.graph.nodes if node in seen])
    tables = state.apps.get_models(include_auto_created=True)
    return [table for table in tables if table._meta.managed and not table._meta.proxy]


def build(seen: Migrations) -> None:
    """Make the tables of an empty database as they were after these migrations."""
    executor = MigrationExecutor(connection)
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes())
    plan = [(step, back) for step, back in whole if (step.app_label, step.name) in seen]
    executor.migrate([], plan=plan)


def clear() -> None:
    """Drop every table of the house."""
    tables = models_at(applied())
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        for table in tables:
            if not table._meta.auto_created:  # those go with the table that made them
                editor.delete_model(table)
        if recorder.has_table():
            editor.delete_model(recorder.Migration)
