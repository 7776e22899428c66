"""nbgrader's database at a URL: opened, and set up where it is new. Importing this module needs nbgrader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader import api
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Column, Connection, Float, MetaData, String, Table, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from autograder.errors import KitError, OutputError

_OWN = MetaData()

WRITTEN_PENALTIES = Table(
    "autograder_late_penalty",
    _OWN,
    Column("notebook_id", String(32), primary_key=True),  # no foreign key: nbgrader deletes as it likes
    Column("points", Float, nullable=False),
)
"""The late penalty that we gave each submitted notebook: another one is staff's, and stays."""


@contextmanager
def opened(db_url: str) -> Iterator[api.Gradebook]:
    """The gradebook at a URL.

    Raises:
        KitError: it is no URL of a database that can be reached from here, or that of an older nbgrader.
        OutputError: reading or writing failed.
    """
    try:
        name = make_url(db_url).render_as_string(hide_password=True)
        engine = create_engine(db_url)
        try:
            with engine.begin() as connection:
                _set_up(connection, name)
        finally:
            engine.dispose()
        with api.Gradebook(db_url) as gradebook:
            yield gradebook
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as fault:
        # The URL itself is not repeated: it may hold a password.
        raise KitError(
            f"--db is no database's URL ({fault}); it looks like sqlite:///scores/gradebook.db or "
            "postgresql+psycopg://user@host/name (with pip install 'autodiff-course-kit[postgres]')"
        ) from fault
    except (SQLAlchemyError, OSError, api.InvalidEntry) as fault:
        reason = str(getattr(fault, "orig", None) or fault).splitlines()[0]
        raise OutputError(
            f"{name}: cannot be written ({reason}); make room, or name another with --db"
        ) from fault


def _set_up(connection: Connection, name: str) -> None:
    """Make the tables that are not there; a new database is stamped with the version that nbgrader has.

    nbgrader would ask for that version by running ``alembic``, which takes longer than to grade a submission.

    Raises:
        KitError: the database has another version.
    """
    versions = ScriptDirectory(ALEMBIC_DIR)
    tables = set(inspect(connection).get_table_names())
    context = MigrationContext.configure(connection)
    # The stamp goes first: a run that is killed between the two leaves what the next one completes.
    if not tables:
        context.stamp(versions, "head")
    elif api.Assignment.__tablename__ in tables and context.get_current_heads() != tuple(
        versions.get_heads()
    ):
        raise KitError(
            f"{name}: was made by another version of nbgrader; make a copy, then: nbgrader db upgrade"
        )
    api.Base.metadata.create_all(connection)
    _OWN.create_all(connection)
