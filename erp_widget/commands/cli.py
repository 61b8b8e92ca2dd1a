"""Owns the command line: options, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from erp_widget.commands.kept import history, report, saved

# Everything else is imported where it is used: a command loads only what it needs.
from erp_widget.commands.output import (
    TEXT_OR_JSON,
    check_gallery_output,
    flat,
    give_up_output,
    is_main_figure,
    never_fail_to_print,
    one_line,
    print_or_write,
    printable,
    progress,
    refused_output,
    to_json,
    write_gallery,
    written,
)
from erp_widget.commands.store import store as store_commands
from erp_widget.errors import ErpError, InputError, NotInStoreError
from erp_widget.service.command import serve

if TYPE_CHECKING:
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.store import Dataset

#: Bad input, unreadable files, a store that cannot be reached: the user can fix it.
EXIT_USER = 2
#: A fault of this package.
EXIT_FAULT = 1
EXIT_INTERRUPTED = 130

#: How click, from 8.2 on, asks for the help of a group that was called without a command.
_NO_COMMAND: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 if all went well, 2 with one line that names the fix.

    Parameters
    ----------
    arguments
        Without the program's name; None takes those of the process.
    """
    never_fail_to_print()
    own_process = arguments is None
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        # Not by `erp.main`: it ends with 1 where the reader of our output went away.
        with erp.make_context("erp", given, obj=own_process) as context:
            erp.invoke(context)
        sys.stdout.flush()
        sys.exit(0)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        give_up_output()
        sys.exit(0)
    except _NO_COMMAND as asked:
        sys.stderr.write(f"{asked.format_message()}\n")
        sys.exit(EXIT_USER)
    except Exception as error:
        status, line = _explained(refused_output(error))
        sys.stderr.write(f"erp: {line}\n")
        if os.environ.get("ERP_DEBUG"):
            raise
        sys.exit(status)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="For example: erp recommend sales.csv -o charts.html",
)
@click.version_option(package_name="erp-widget", prog_name="erp")
@click.option("--store", help="SQLite file or mongodb:// address [env: ERP_STORE].")
@click.option("--user", help="User whose charts are read and kept [env: ERP_USER].")
def erp(store: str | None, user: str | None) -> None:
    """Recommend charts for a table, and keep the ones that you choose."""
    from erp_widget.config import configure

    context = click.get_current_context()
    if context.obj and context.invoked_subcommand == "recommend":
        # So short a process leaves little garbage; to look for it takes 20 of 630 ms.
        gc.disable()
    if store is not None:
        configure(store=store)
    if user is not None:
        configure(user=user)


@erp.command(short_help="Recommend charts for a file or a stored dataset.")
@click.argument("source", metavar="FILE|DATASET-ID")
@click.option(
    "-k", type=click.IntRange(1, 100), default=15, show_default=True, help="Number of charts."
)
@click.option("--about", "-a", multiple=True, help="Columns that the table is asked about: a,b")
@click.option("--columns", "-c", multiple=True, help="Columns that every chart must show: a,b")
@click.option("--mark", "-m", help="The mark of every chart, such as line.")
@click.option(
    "--encoding",
    "-e",
    multiple=True,
    metavar="CHANNEL=COLUMN",
    help="A column on its channel, such as y=price.",
)
@click.option(
    "--without", "-w", multiple=True, help="Columns and marks that no chart may show: a,b"
)
@click.option(
    "--types",
    "-t",
    multiple=True,
    metavar="COLUMN=TYPE",
    help="The type of a column, such as zip=nominal.",
)
@click.option("--name", help="Name of the table in the history.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "specs"]),
    default="text",
    help="specs: a JSON list of Vega-Lite specs without data.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help=".html, .json, .ipynb, .md, .pdf"
)
def recommend(
    source: str,
    k: int,
    about: tuple[str, ...],
    columns: tuple[str, ...],
    mark: str | None,
    encoding: tuple[str, ...],
    without: tuple[str, ...],
    types: tuple[str, ...],
    name: str | None,
    shape: str,
    output: Path | None,
) -> None:
    """Recommend charts for a csv, tsv, json, jsonl, parquet or xlsx file, or a stored dataset."""
    if output is not None:
        check_gallery_output(output, shape)
    wishes: dict[str, Any] = {
        "about": about,
        "columns": columns,
        "mark": mark,
        "encoding": _pairs(encoding, "--encoding CHANNEL=COLUMN, such as y=price"),
        "without": without,
        "types": _pairs(types, "--types COLUMN=TYPE, such as zip=nominal"),
    }
    if shape == "specs":
        if click.get_current_context().obj:
            _leave_pandas_out()
        with progress("Choosing charts"):
            specs = _specs(_source(source), name, k, wishes)
        print_or_write(to_json(specs), output)
        return
    with progress("Choosing charts"):
        gallery = _gallery(_source(source), name, k, wishes)
    if output is not None:
        with progress(f"Writing {output.name}"):
            write_gallery(gallery, output)
        sys.stderr.write(written(len(gallery), output))
    else:
        _list(gallery)


def _list(gallery: Gallery) -> None:
    """Print the title and the mark of each chart, and why it is worth a look."""
    for rank, chart in enumerate(gallery, start=1):
        # A line and bars of the same columns have the same title.
        sys.stdout.write(f"{rank:3d}  {printable(chart.title)} ({chart.mark})\n")
        sys.stdout.write(f"     {printable(chart.reason)}\n")


@erp.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="What to call it; the file's name without its suffix if left out.")
def upload(file: Path, name: str | None) -> None:
    """Keep a file in the store; prints the dataset's id."""
    from erp_widget.library.uploads import upload as keep

    with progress(f"Reading {file.name}"):
        dataset = keep(file, name)
    sys.stdout.write(f"{dataset.id}\n")
    sys.stderr.write(
        f"{printable(dataset.name)}: {dataset.n_rows:,} rows, {len(dataset.columns)} columns; "
        f"next: erp recommend {dataset.id}\n"
    )


@erp.command(short_help="Show the card and the figures of the network.")
@click.option("--format", "shape", type=TEXT_OR_JSON, default="text")
def model(shape: str) -> None:
    """Show the card and the metrics of the network that chooses the charts."""
    from vizmodel.runtime.opening import newest_weights

    folder = newest_weights()
    metrics = _metrics(folder)
    if shape == "json":
        sys.stdout.write(to_json({"version": folder.name, "metrics": metrics}) + "\n")
        return
    card = folder / "MODEL_CARD.md"
    if card.is_file():
        sys.stdout.write(card.read_text(encoding="utf-8").strip() + "\n\n")
    sys.stdout.write(f"Metrics of version {folder.name} (all: erp model --format json)\n\n")
    for key, value in flat(metrics):
        if is_main_figure(key):
            sys.stdout.write(f"{key:<48} {value}\n")


for command in (history, saved, report, serve, store_commands):
    erp.add_command(command)


def _metrics(folder: Path) -> dict[str, Any]:
    """Return the metrics that travel with the weights, in a file of their own or with the sizes."""
    file = folder / "metrics.json"
    if file.is_file():
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return found
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return dict(config.get("metrics", {}))


def _source(source: str) -> str | Path | Dataset:
    """Return the file, or the stored dataset where no such file is but such an id may be."""
    if "://" in source:
        return source  # an address, which a path would not spell as it was given
    path = Path(source).expanduser()
    is_id = len(source) == 16 and all(c in "0123456789abcdef" for c in source)
    if path.exists() or not is_id:
        return path
    from erp_widget.library.history import dataset

    try:
        return dataset(source)
    except NotInStoreError as error:
        raise InputError(
            f"{source} is neither a file nor a dataset; erp history lists the datasets"
        ) from error


def _specs(
    data: str | Path | Dataset, name: str | None, k: int, wishes: dict[str, Any]
) -> list[dict[str, Any]]:
    """Go the short way, which loads neither a widget nor a frame library."""
    from erp_widget.sources import open_table
    from erp_widget.specs import recommended_specs

    table = open_table(data, name)
    return recommended_specs(table, k, **_apart(wishes, table.columns))


def _gallery(
    data: str | Path | Dataset, name: str | None, k: int, wishes: dict[str, Any]
) -> Gallery:
    from erp_widget.recommendation import recommend as recommended
    from erp_widget.sources import open_table

    table = open_table(data, name)
    gallery = recommended(table, k, name=name, **_apart(wishes, table.columns))
    for note in getattr(gallery, "notes", ()):
        sys.stderr.write(f"note: {printable(str(note))}\n")
    return gallery


def _apart(wishes: dict[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """Return the wishes with lists of names taken apart."""
    apart = {part: _split(wishes[part], known) for part in ("about", "columns", "without")}
    return wishes | apart | {"about": apart["about"] or None}


def _split(given: Sequence[str], known: Sequence[str]) -> list[str]:
    """Split a,b at commas, but leave a name with a comma whole where the table has it."""
    names: list[str] = []
    for text in given:
        names += [text] if text in known else [part.strip() for part in text.split(",")]
    return [name for name in names if name]


def _pairs(texts: Sequence[str], form: str) -> dict[str, str]:
    """Read several NAME=VALUE; `form` tells how they are written."""
    pairs: dict[str, str] = {}
    for text in texts:
        first, equals, second = text.partition("=")
        if not equals or not first or not second:
            raise InputError(f"write {form}, not {text!r}")
        pairs[first.strip()] = second.strip()
    return pairs


def _leave_pandas_out() -> None:
    """Keep Arrow from loading pandas, which costs more than all the rest of this process.

    Arrow does so at the first array wherever pandas is installed, in case somebody passes it a
    frame; a process that reads a file and prints specs never does.
    """
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _NoPandas())


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out of this process", name=name)


def _explained(error: Exception) -> tuple[int, str]:
    """Return the exit status and the one line for an error."""
    if isinstance(error, click.ClickException):
        context = error.ctx if isinstance(error, click.UsageError) else None
        command = context.command_path if context else "erp"
        return EXIT_USER, f"{one_line(error.format_message())} ({command} --help tells more)"
    from vizmodel.grammar import IntentError
    from vizmodel.runtime.protocol import RuntimeUnavailableError

    if isinstance(error, ErpError | IntentError | RuntimeUnavailableError):
        return EXIT_USER, one_line(str(error))
    return EXIT_FAULT, (
        f"failed inside ({type(error).__name__}: {one_line(str(error))}); "
        "run again with ERP_DEBUG=1 and report what it shows"
    )


if __name__ == "__main__":
    main()
