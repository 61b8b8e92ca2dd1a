"""Owns the commands for what is kept: history, saved charts, reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from erp_widget.commands.output import (
    CHART_SUFFIXES,
    REPORT_SUFFIXES,
    TEXT_OR_JSON,
    check_output,
    empty_report,
    print_listing,
    printable,
    progress,
    quoted,
    to_json,
    write_file,
    written,
)
from erp_widget.errors import InputError


def listed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a list: how many, which, and in which form."""
    for option in (
        click.option("--format", "shape", type=TEXT_OR_JSON, default="text", show_default=True),
        click.option("--until", metavar="DATE", help="Latest day, such as 2026-01-31."),
        click.option("--since", metavar="DATE", help="Earliest day, such as 2026-01-01."),
        click.option("--mark", help="A mark that the chart has, such as line."),
        click.option("--column", help="A column that the chart shows."),
        click.option("--search", metavar="TEXT", help="Text that the name contains."),
        click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True),
    ):
        command = option(command)
    return command


@click.command()
@listed
def history(limit: int, shape: str, **search: str | None) -> None:
    """List uploads, galleries and saved charts, newest first."""
    from erp_widget.library import history

    print_listing(history.history(limit, **search), shape)


@click.command(short_help="List saved charts, or write one to a file.")
@click.argument("id", required=False)
@click.option("--remove", metavar="ID", help="Hide a saved chart.")
@click.option("--restore", metavar="ID", help="Bring a hidden chart back.")
@listed
@click.option("-o", "--output", type=click.Path(path_type=Path), help="With ID: .png, .svg, .json")
def saved(
    id: str | None,
    remove: str | None,
    restore: str | None,
    limit: int,
    shape: str,
    output: Path | None,
    **search: str | None,
) -> None:
    """List saved charts, newest first, or write one of them to a file."""
    from erp_widget.export.files import write
    from erp_widget.library import history

    if (id is None) != (output is None):
        raise InputError("give both an id and a file: erp saved ID -o chart.png")
    charts = history.saved(limit, **search)
    if remove is not None:
        charts = charts.remove(remove)
        sys.stderr.write(f"removed; to undo: erp saved --restore {printable(remove)}\n")
    if restore is not None:
        charts = charts.restore(restore)
    if id is None or output is None:
        print_listing(charts, shape)
        return
    suffix = check_output(output, CHART_SUFFIXES)
    chart = charts.open(id)
    writers: dict[str, Callable[[], object]] = {
        ".png": lambda: chart.to_png(output),
        ".svg": lambda: chart.to_svg(output),
        ".json": lambda: write(output, to_json(chart.to_vegalite())),
    }
    with progress(f"Writing {output.name}"):
        write_file(output, writers[suffix])


@click.command()
@click.argument("name", metavar="[NAME|NOTEBOOK]", required=False)
@click.option("--remove", is_flag=True, help="Remove all parts from the report.")
@click.option("--restore", is_flag=True, help="Bring back the parts that --remove removed.")
@click.option("--undo", is_flag=True, help="Undo the last change of the report.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help=".html, .ipynb, .md, .pdf")
def report(name: str | None, remove: bool, restore: bool, undo: bool, output: Path | None) -> None:
    """Show what is in a report, or write it to a file.

    NAME is a report's name or the path of a notebook. Without it, the report of the running
    notebook is used.
    """
    from erp_widget.reports.report import report as opened

    suffix = None if output is None else check_output(output, REPORT_SUFFIXES)
    found = opened(name)
    if remove + restore + undo > 1 or (remove and output is not None):
        raise InputError("give one of --remove, --restore and --undo, and no -o with --remove")
    if remove:
        found.delete()
        sys.stderr.write(f"removed; to undo: erp report {quoted(name)}--restore\n")
        return
    if restore or undo:
        found = found.restore() if restore else found.undo()
    sys.stderr.writelines(f"note: {printable(notice)}\n" for notice in found.notices)
    if output is None or suffix is None:
        lines = found.lines()
        sys.stdout.writelines(f"{printable(line)}\n" for line in lines)
        if not lines:
            sys.stderr.write(f"{printable(empty_report(name))}\n")
        return
    if not found.parts:
        raise InputError(empty_report(name))
    writers: dict[str, Callable[[], object]] = {
        ".html": lambda: found.to_html(output),
        ".ipynb": lambda: found.to_notebook(output),
        ".md": lambda: found.to_markdown(output),
        ".pdf": lambda: found.to_pdf(output),
    }
    with progress(f"Writing {output.name}"):
        write_file(output, writers[suffix])
    sys.stderr.write(written(len(found), output))
