"""Owns what a command writes: files by their suffix, text that a terminal never obeys."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from erp_widget.errors import InputError

if TYPE_CHECKING:
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.library.listing import Listing

REPORT_SUFFIXES = (".html", ".ipynb", ".md", ".pdf")
CHART_SUFFIXES = (".png", ".svg", ".json")
TEXT_OR_JSON = click.Choice(["text", "json"])


def write_gallery(gallery: Gallery, output: Path) -> None:
    """Write a gallery to a file in the format that its suffix names."""
    write_file(output, lambda: gallery.save(output))


def check_gallery_output(output: Path, shape: str) -> None:
    """Raise before any work is done for a file that no gallery, or no specs, can be written to."""
    from erp_widget.export.gallery_file import GALLERY_SUFFIXES

    check_output(output, (".json",) if shape == "specs" else GALLERY_SUFFIXES)


def check_output(output: Path, suffixes: Sequence[str]) -> str:
    """Return a file's suffix before any work is done for it, or raise."""
    suffix = output.suffix.lower()
    if suffix not in suffixes:
        raise InputError(f"cannot write {output.name}; end its name with {', '.join(suffixes)}")
    if not output.parent.is_dir():
        raise InputError(f"there is no folder {output.parent}; make it first")
    if output.is_dir():
        raise InputError(f"cannot write {output} (it is a folder); choose another place")
    return suffix


def write_file(output: Path, write: Callable[[], object]) -> None:
    """Call what writes a file; a refusal of the system becomes an error that names the fix."""
    try:
        write()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot write {output} ({reason}); choose another place") from error


def written(count: int, output: Path) -> str:
    """Return the line that says what a file now holds."""
    return f"{count} chart{'' if count == 1 else 's'} in {output}\n"


def print_or_write(text: str, output: Path | None) -> None:
    """Write text to a file, or to stdout for None."""
    if output is None:
        sys.stdout.write(text + "\n")
    else:
        from erp_widget.export.files import write

        write(output, text + "\n")


def print_listing(listing: Listing[Any], shape: str) -> None:
    """Write a list of stored records to stdout, as text or as JSON."""
    if shape == "text":
        sys.stdout.write(f"{listing!r}\n")
        return
    columns = listing.columns()
    rows = zip(*(column.cells for column in columns), strict=True)
    named = [dict(zip((column.heading for column in columns), row, strict=True)) for row in rows]
    sys.stdout.write(to_json(named) + "\n")


def never_fail_to_print() -> None:
    """Let a terminal that lacks a character show another instead of ending the command.

    A stream that was closed before the command began fails when it is written to, and no sooner;
    what would be said on stderr is lost.
    """
    if sys.stdout is None:
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w")  # noqa: SIM115  # for good
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


#: What a stream says that takes no more: a full disk, a closed one, a broken one.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF, errno.EIO)


def refused_output(error: Exception) -> Exception:
    """Return an error that names the fix where stdout takes no more, else the error as it is."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _FULL:
        return error
    give_up_output()
    reason = error.strerror or error
    return InputError(f"cannot write the output ({reason}): free space, or send it elsewhere")


def give_up_output() -> None:
    """Drop what stdout did not take, so that leaving does not fail for it, too."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show on a terminal that work goes on; a pipe gets nothing, and nothing is loaded for it."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def one_line(text: str) -> str:
    """Return a message without line breaks."""
    return " ".join(text.split())


def printable(text: str) -> str:
    """Return a name or title on one line, without anything that a terminal obeys."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def to_json(value: object) -> str:
    """Return JSON in plain ASCII, which every terminal and pipe can carry."""
    return json.dumps(value, indent=1)


def is_main_figure(key: str) -> bool:
    """Tell the few figures that a person wants first: whole charts found, not parts or intervals.

    Examples
    --------
    >>> is_main_figure("people.dev_eco.chart.5.hit"), is_main_figure("people.dev_eco.mark.5.hit")
    (True, False)
    """
    by_k = key.startswith(("people.", "slices."))
    return not by_k or (".chart." in key and key.endswith(".hit"))


def flat(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    """Return nested metrics as dotted names."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def empty_report(name: str | None) -> str:
    """Return what to say of a report without charts."""
    if name is not None:
        return (
            f"report {name!r} is empty; add a chart to it in a notebook, or check its name "
            "(that of a notebook has the name of its file, with .ipynb)"
        )
    return (
        "this report is empty; name another, or the notebook whose report you want: "
        "erp report analysis.ipynb"
    )


def quoted(name: str | None) -> str:
    """Return a name as a shell takes it, with the space after it; nothing for none."""
    return "" if name is None else f"{shlex.quote(printable(name))} "
