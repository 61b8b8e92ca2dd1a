"""Owns the Chart: one recommendation, told in words, drawn, declared, and saved."""

from __future__ import annotations

import base64
import copy
import os
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from erp_widget.chart_record import FRAME, RECORD_VERSION, copied, design_from, record_to_write
from erp_widget.errors import InputError
from vizmodel.design import Design
from vizmodel.form.rates import as_rate

if TYPE_CHECKING:
    from erp_widget.store import SavedChart, Store

#: Pixels per unit of a picture in a notebook, which is told its size in units.
PICTURE_SCALE = 2
#: Suffix of a file -> what writes a chart to one.
FILE_WRITERS = {
    ".png": "chart.to_png",
    ".svg": "chart.to_svg",
    **dict.fromkeys((".html", ".json", ".pdf", ".md"), "gallery[:1].save"),
}


class Chart(Struct, frozen=True, eq=False):
    """One recommended chart; it does not need its table any more.

    Parameters
    ----------
    title, description, reason
        What it shows, its alt text, and why it is recommended.
    score
        Higher is better; comparable within one gallery only.
    design
        The chart without data.
    drawn
        Vega-Lite with the aggregated rows inside.
    declared
        Vega-Lite as a person would write it: aggregates over the table's columns, no data.
    note
        What the reader must know about the rows shown, such as that they are a sample; or None.
    dataset_id, dataset_name
        The table in the store, and what it is called.
    n_rows
        Rows of the table.
    terms
        Named parts of the score.
    id
        Stays the same, so that a chart that is saved twice is kept once.
    approximate
        Whether it was computed from a sample instead of all rows; its note says so, too.
    about
        Columns that a person asked about when it was recommended, the most important first; none in
        particular where empty, and None where they were guessed.
    needs
        What your own frame must contain for `code`, for charts of a file.
    source
        Python code that makes the columns shown, under their names, from your own frame `df`.

    Examples
    --------
    >>> import erp_widget as erp
    >>> chart = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1)[0]
    >>> "city" in chart.fields or "sales" in chart.fields
    True
    """

    title: str
    description: str
    reason: str
    score: float
    design: Design
    drawn: dict[str, Any]
    declared: dict[str, Any]
    note: str | None = None
    dataset_id: str | None = None
    dataset_name: str = ""
    n_rows: int = 0
    terms: tuple[tuple[str, float], ...] = ()
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    store: Store | str | os.PathLike[str] | None = None
    approximate: bool = False
    source: str = FRAME
    needs: str = ""
    about: tuple[str, ...] | None = None

    @property
    def mark(self) -> str:
        """The mark: point, bar, line, area, tick, rect, arc or boxplot."""
        return as_rate(self.design).mark

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the columns shown, each once."""
        return self.design.fields

    def __repr__(self) -> str:
        """Show the mark and the title."""
        return f"<Chart {self.mark}: {self.title}>"

    def to_vegalite(self, data: Literal["inline", "none"] = "inline") -> dict[str, Any]:
        """Return the chart as Vega-Lite.

        Parameters
        ----------
        data
            "inline": the chart as it is drawn, with its aggregated rows, and with values on few
            bars and the median of a histogram as layers. "none": the chart as a person would write
            it, with aggregates declared over the table's columns and no data: one view, and two
            layers of candlesticks.

        Returns
        -------
        dict
            A Vega-Lite spec (JSON) that shares nothing with the chart.

        Raises
        ------
        InputError
            `data` is something else.

        Examples
        --------
        >>> import erp_widget as erp
        >>> chart = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1)[0]
        >>> "values" in chart.to_vegalite()["data"], "data" in chart.to_vegalite(data="none")
        (True, False)
        """
        if data not in ("inline", "none"):
            raise InputError(f'data is "inline" or "none", not {data!r}')
        return copied(self.drawn if data == "inline" else self.declared)

    def to_altair(self) -> Any:
        """Return the chart as an Altair chart with its aggregated rows inside.

        Returns
        -------
        altair.Chart
            Or a layered, faceted or concatenated chart; the last line of a cell shows it.
        """
        import altair

        return altair.Chart.from_dict(self.to_vegalite())

    def code(self) -> str:
        """Return Altair source code that draws the chart from your own frame, called `df`.

        Altair serializes all columns of a frame and refuses Python's own dates and times,
        `Decimal`, durations, bytes and similar values: convert or drop such columns first.
        `to_altair` has no such limits.

        Returns
        -------
        str
            Python source; its last line is the chart.

        Examples
        --------
        >>> import erp_widget as erp
        >>> chart = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=1)[0]
        >>> "alt.Chart(" in chart.code()
        True
        """
        from erp_widget.drawing.altair_code import altair_code
        from erp_widget.drawing.bounded_code import bounded_code
        from erp_widget.drawing.named_code import named_code, placed_names
        from vizmodel.form.bounds import bounded

        table: dict[str, Any] = {
            "n_rows": self.n_rows,
            "source": self.source,
            "needs": self.needs,
        }
        if bounded(self.design) is not None:
            return bounded_code(self.declared, self.drawn, self.design, self.title, **table)
        of = self.design.style.names if self.design.mark == "point" else None
        placed = {} if of is None else placed_names(self.drawn)
        if of is None or not placed:
            return altair_code(self.declared, self.title, **table)
        return named_code(self.declared, self.drawn, placed, of, self.title, **table)

    def to_png(self, path: str | os.PathLike[str] | None = None, scale: float = 2) -> bytes:
        """Return the chart as a PNG picture, and write it to `path` if given.

        Parameters
        ----------
        path
            File to write; None writes none.
        scale
            Pixels per unit of length; 2 is sharp on most screens.

        Returns
        -------
        bytes
            The content of a PNG file.

        Raises
        ------
        ExportError
            The picture cannot be made or written.
        """
        from erp_widget.export.image import png

        return _written(png(self.drawn, scale=scale), path)

    def to_svg(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the chart as an SVG picture, and write it to `path` if given.

        Parameters
        ----------
        path
            File to write; None writes none.

        Returns
        -------
        str
            The content of an SVG file.

        Raises
        ------
        ExportError
            The picture cannot be made or written.
        """
        from erp_widget.export.image import svg

        picture: str = svg(self.drawn)
        _written(picture.encode(), path)
        return picture

    def save(self, report: str | None = None) -> SavedChart:
        """Keep the chart in the store; saving it again does not keep a second one.

        Parameters
        ----------
        report
            Name of a report to add the chart to; None adds it to none.

        Returns
        -------
        SavedChart
            The record in the store; `erp.saved().open(id)` gives the chart back.

        Raises
        ------
        InputError
            The name is that of a file. Files are written by `to_png`, `to_svg` and `Gallery.save`.
        StoreError
            The store cannot be reached; nothing is lost, call again.

        Examples
        --------
        >>> import erp_widget as erp
        >>> table = {"city": ["Rome", "Oslo"] * 9, "sales": range(18)}
        >>> chart = erp.recommend(table, k=1, store=":memory:")[0]
        >>> chart.save().title == chart.title
        True
        """
        from erp_widget.config import settings
        from erp_widget.store import ChartDraft, open_store

        _check_no_file(report)

        draft = ChartDraft(
            title=self.title,
            mark=self.mark,
            fields=self.fields,
            record=self.to_record(),
            dataset_id=self.dataset_id,
            dataset_name=self.dataset_name,
        )
        saved = open_store(self.store).save_chart(settings().user, draft, id=self.id)
        if report is not None:
            from erp_widget.reports.report import report as open_report

            open_report(report, store=self.store).add(saved)
        return saved

    def to_record(self) -> dict[str, Any]:
        """Return the chart as plain data (JSON) that is complete without its table."""
        specs = {"drawn": copied(self.drawn), "declared": copied(self.declared)}
        return record_to_write(self) | specs

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Chart:
        """Return a chart from what `to_record` gave.

        Raises
        ------
        InputError
            The record was written by a newer version, or is not the record of a chart.
        """
        if record.get("version", 0) > RECORD_VERSION:
            raise InputError(
                f"this chart was kept by a newer version (record {record['version']}, this one "
                f"reads {RECORD_VERSION}): upgrade erp-widget"
            )
        try:
            plain = {name: record[name] for name in record if name not in ("version", "design")}
            plain["terms"] = tuple(tuple(term) for term in record.get("terms", ()))
            plain["about"] = tuple(record["about"]) if "about" in record else None
            return cls(design=design_from(record["design"]), **copy.deepcopy(plain))
        except (KeyError, TypeError) as error:
            raise InputError(
                f"this is no record of a chart ({error}): save the chart again"
            ) from None

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return Vega-Lite, a picture and the alt text; each viewer takes the best it knows."""
        from erp_widget.export.image import png_size
        from erp_widget.export.pixels import compact
        from erp_widget.export.vegalite_output import vegalite_output

        bundle, metadata = vegalite_output(self.to_vegalite(), self.description)
        bundle["text/plain"] = self.description
        picture = compact(self.to_png(scale=PICTURE_SCALE))
        width, height = (pixels // PICTURE_SCALE for pixels in png_size(picture))
        bundle["image/png"] = base64.b64encode(picture).decode()
        size = {"width": width, "height": height, "alt": self.description}
        return bundle, metadata | {"image/png": size}


def said_about(charts: Iterable[Chart]) -> tuple[str, ...] | None:
    """Return what a person asked about when charts were recommended; None where nobody said."""
    return next((chart.about for chart in charts if chart.about is not None), None)


def _check_no_file(report: object) -> None:
    """Raise where a person means a file: elsewhere `save` writes one."""
    name = os.fspath(report) if isinstance(report, os.PathLike) else str(report)
    how = FILE_WRITERS.get(os.path.splitext(name)[1].lower())
    if how is not None:
        raise InputError(
            f"save keeps the chart in the store and in a report; {how}({name!r}) writes a file"
        )


def _written(content: bytes, path: str | os.PathLike[str] | None) -> bytes:
    from erp_widget.export.files import write

    if path is not None:
        write(path, content)
    return content
