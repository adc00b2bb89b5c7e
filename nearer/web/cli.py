"""The `nearer` command: serve, demo, backup, restore, cues."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import django
import segno
import typer
from django.utils.module_loading import import_string

from nearer.cues.files import Format, format_of
from nearer.people.rules import Weak, weakness
from nearer.vault.archive import WrongPassphrase
from nearer.web import backup as archives
from nearer.web import environment as env
from nearer.web import serving
from nearer.web.alone import hold
from nearer.web.lines_read import Shown, read_file
from nearer.web.refusal import Refusal

if TYPE_CHECKING:
    from nearer.web.demo import Demo

Port = Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; 0 takes a free one.")]
Lan = Annotated[bool, typer.Option("--lan", help="For phones on the same Wi-Fi too, over HTTPS.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]
Archive = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of what is here.")]

Lines = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
ReadAs = Annotated[
    Format | None, typer.Option("--from", help="How FILE is written, if its name does not say.")
]
WriteAs = Annotated[Shown, typer.Option("--to", help="How the answer is written.")]
Output = Annotated[
    Path | None, typer.Option("--output", help="A new file for the answer, instead of the screen.")
]

app = typer.Typer(
    name="nearer",
    help="A private practice room for people who love each other, on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearer.web.settings")
    os.umask(0o077)  # whatever is written here is for its owner alone
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: cleaning up
    try:
        app()
    except Refusal as refusal:
        typer.echo(refusal, err=True)
        sys.exit(1)


@app.command()
def serve(*, port: Port = 8000, lan: Lan = False, no_browser: NoBrowser = False) -> None:
    """Open the house: on this machine, or with --lan for the phones around it too."""
    folder = env.data_folder()
    workers = serving.worker_count()
    serving.prepare_folder(folder)
    with suppress(KeyboardInterrupt):
        door = serving.open_on_lan(port, folder) if lan else serving.open_on_loopback(port)
        hold(folder, talks_to_others=bool(env.value(env.REDIS)))
        serving.set_up(folder)
        _say_where(door)
        _serve(door, workers, no_browser=no_browser)


@app.command()
def demo(*, port: Port = 0, no_browser: NoBrowser = False) -> None:
    """A house with two invented people and two months of practice, gone when it is closed."""
    with (
        tempfile.TemporaryDirectory(prefix="nearer-demo-") as name,
        suppress(KeyboardInterrupt),
    ):
        _settle_demo(Path(name))
        door = serving.open_on_loopback(port)
        _say_where(door)
        _serve(door, workers=1, no_browser=no_browser)


@app.command()
def backup(file: Archive) -> None:
    """Write the whole house into one file that only your passphrase opens."""
    folder = env.data_folder()
    archives.find_house(folder)
    serving.prepare_folder(folder)
    django.setup()
    archives.back_up(file, _new_passphrase())
    typer.echo(f"{file} holds the whole house. Without its passphrase nobody opens it, nor you.")


@app.command()
def restore(file: Archive, *, replace: Replace = False) -> None:
    """Make this house the one in a backup. Stop Nearer first."""
    folder = env.data_folder()
    serving.prepare_folder(folder)
    django.setup()
    _restore(file, folder, replace=replace)
    typer.echo("The house is as it was in the backup. Start it with: nearer serve")


@app.command()
def cues(
    file: Lines, *, read_as: ReadAs = None, write_as: WriteAs = Shown.TABLE, output: Output = None
) -> None:
    """Say what each line of a file does: for research on texts, no score of a person."""
    written_in = read_as or format_of(file)
    if written_in is None:
        raise Refusal(f"{file.name} may be anything. Add --from jsonl, --from csv or --from txt.")
    read_file(file, written_in, write_as, output)


def _restore(file: Path, folder: Path, *, replace: bool) -> None:
    """Copies that the house made by itself open without a question."""
    now = datetime.now(UTC)
    own = archives.house_backup_key(folder)
    try:
        archives.restore(file, folder, own, replace=replace, now=now)
    except WrongPassphrase:
        try:
            archives.restore(file, folder, _passphrase(), replace=replace, now=now)
        except WrongPassphrase as error:
            raise Refusal(
                f"This passphrase does not open {file}. Nothing was changed. "
                "Look for a slip of the finger, or for another file."
            ) from error


def _settle_demo(folder: Path) -> None:
    """A folder and a memory of its own: nothing of a real house may be reached from here."""
    for setting in env.SETTINGS:
        os.environ.pop(setting.name, None)
    os.environ[env.DATA.name] = str(folder)
    serving.set_up(folder)
    typer.echo("Two invented people are moving in …")
    made: Demo = import_string("nearer.web.demo.seed")(now=datetime.now(UTC))
    first, second = made.people
    typer.echo(f"Sign in as {first} or {second}. The passphrase of both: {made.passphrase}")


def _say_where(door: serving.Door) -> None:
    typer.echo(f"Nearer is open at {door.address}  (Ctrl-C closes it)")
    if door.certificates:
        segno.make(door.address).terminal(compact=True)
        typer.echo(
            "Phones on the same Wi-Fi open this address. At first they warn that they do not know "
            f"this house; {door.address}trust/ shows how to make them trust it.\n"
            f"Its fingerprint (SHA-256): {door.certificates.fingerprint}"
        )


def _serve(door: serving.Door, workers: int, *, no_browser: bool) -> None:
    if not no_browser:
        serving.open_browser(door.address)
    serving.serve(door, workers)


def _new_passphrase() -> str:
    """Typed twice, or one line of what is piped in."""
    passphrase = _passphrase(twice=True)
    match weakness(passphrase, about=[]):
        case Weak.SHORT:
            raise Refusal(
                "The passphrase of a backup has at least 12 characters. Try a longer one."
            )
        case Weak.LONG:
            raise Refusal("The passphrase of a backup has at most 256 characters.")
        case Weak.COMMON:
            raise Refusal("This passphrase is easy to guess. Try four or five unrelated words.")
    return passphrase


def _passphrase(*, twice: bool = False) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
    return typed
