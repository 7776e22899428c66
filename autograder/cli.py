"""The command line's frame: the commands that are there, and what becomes of a fault.

Exit codes: 0 done, 1 the input or the check is at fault, 2 wrong usage, 3 a bug of ours, 130 interrupted.
"""

from __future__ import annotations

import functools
import gc
import importlib
import io
import sys
import traceback
from collections.abc import Callable
from typing import Annotated, Never

import typer
from typer.core import TyperGroup
from typer.main import get_command

import autograder
from autograder.commands import present
from autograder.errors import KitError

FAULT, BUG, INTERRUPTED = 1, 3, 130


class _Interrupted(Exception):  # noqa: N818  (Ctrl-C, past typer, which would exit without a word)
    """The user pressed Ctrl-C while a command ran."""


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(command)
    def run(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except KeyboardInterrupt:
            raise _Interrupted from None

    return run


class _Commands(TyperGroup):
    """The commands of this installation; each one's module is imported when it is asked for."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002  (typer's signature)
        """The names, in the order of the help."""
        return present()

    def get_command(self, ctx: object, cmd_name: str) -> object:  # type: ignore[override]  # noqa: ARG002
        """The command of this name, None where there is none."""
        if cmd_name not in present():
            return None
        module = importlib.import_module(f"autograder.commands.{cmd_name}")
        app = typer.Typer(add_completion=False, no_args_is_help=hasattr(module, "COMMANDS"))
        if not hasattr(module, "COMMANDS"):
            app.command(cmd_name)(_guarded(module.command))
            return get_command(app)
        app.callback(help=module.__doc__)(lambda: None)
        for name, command in module.COMMANDS.items():
            app.command(name)(_guarded(command))
        group = get_command(app)
        group.name = cmd_name
        return group


def _show_version(wanted: bool) -> None:  # noqa: FBT001  (typer's signature of a callback)
    if wanted:
        print(f"autograder {autograder.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[  # noqa: FBT002  (an option)
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """The command line of the course: automatic differentiation from scratch."""


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # (a title's mathematics, on a terminal without the letters)
    app = typer.Typer(cls=_Commands, add_completion=False, no_args_is_help=True)
    app.callback()(_options)
    try:
        get_command(app)(prog_name="autograder")
    except KitError as fault:
        _leave(FAULT, f"autograder: {fault}")
    except (KeyboardInterrupt, _Interrupted):
        _leave(INTERRUPTED, "autograder: interrupted")
    except Exception:
        traceback.print_exc()
        version = f"autograder {autograder.__version__}, Python {sys.version.split()[0]}"
        _leave(BUG, f"autograder: this is a bug of ours; please report it with the lines above ({version})")
    finally:
        gc.freeze()  # the interpreter would look through all that it imported for garbage: half a second


def _leave(code: int, line: str) -> Never:
    print(line, file=sys.stderr)
    sys.exit(code)
