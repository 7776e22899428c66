"""nbgrader's database at a URL: opened, and set up where it is new. Importing this module needs nbgrader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
def opened(db_url: str, *, create: bool = True) -> Iterator[api.Gradebook]:
    """The gradebook at a URL.

    Args:
        db_url: any SQLAlchemy URL.
        create: make it where there is none.

    Raises:
        KitError: it is no URL of a database that can be reached from here, or that of another nbgrader,
            or no gradebook is there and none is to be made.
        OutputError: reading or writing failed.
    """
    try:
        url = make_url(db_url)
        name = url.render_as_string(hide_password=True)
        if not create and url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            raise KitError(_nothing(name))  # (to open it would make the file)
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                _set_up(connection, name, create=create)
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


def _nothing(name: str) -> str:
    return f"{name}: no gradebook is there; autograder grade writes one"


def _set_up(connection: Connection, name: str, *, create: bool) -> None:
    """Make the tables that are not there; a new database is stamped with the version that nbgrader has.

    nbgrader would ask for that version by running ``alembic``, which takes longer than to grade a submission.

    Raises:
        KitError: the database has another version, or no tables and is not to get any.
    """
    versions = ScriptDirectory(ALEMBIC_DIR)
    tables = set(inspect(connection).get_table_names())
    context = MigrationContext.configure(connection)
    # The stamp goes first: a run that is killed between the two leaves what the next one completes.
    if not tables and not create:
        raise KitError(_nothing(name))
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
