"""Owns the steps from one gallery to another: more like this, not this, next, about, types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from erp_widget.errors import InputError
from vizmodel.design import Design
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.coverage import ColumnGuess, Coverage
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.question import Answer, Question


class Turning:
    """The methods of a gallery that ask its table again; each returns another gallery."""

    title: str
    dataset_id: str | None
    _question: Question | None
    _before: tuple[Design, ...]
    _k: int

    @property
    def designs(self) -> tuple[RankedDesign, ...]:
        """The designs of the charts, in order."""
        raise NotImplementedError

    @property
    def _charts(self) -> tuple[Chart, ...]:
        raise NotImplementedError

    @property
    def question(self) -> Question | None:
        """The table and what was asked of it; None for a gallery of the history, see `asked`."""
        return self._question

    def asked(self) -> Question:
        """Return the table and what was asked of it, opening the table from the store if needed.

        Returns
        -------
        Question
            The open table, its profile, and the wishes for the charts.

        Raises
        ------
        InputError
            The gallery comes from the history, and the store does not keep its table.
        """
        if self._question is None:
            from erp_widget.chart import said_about
            from erp_widget.question import reopened

            store = next((chart.store for chart in self._charts), None)
            self._question = reopened(self.dataset_id, store, said_about(self._charts))
        return self._question

    @property
    def columns(self) -> tuple[ColumnGuess, ...]:
        """How each column was read, with the evidence; `retyped` corrects a wrong guess."""
        from erp_widget.coverage import guesses

        return guesses(self.asked().profile, self._seen())

    def coverage(self) -> Coverage:
        """Return which columns and relations this gallery and the pages before it have shown.

        Returns
        -------
        Coverage
            Columns and pairs with whether they were shown; it prints as one line.
        """
        from erp_widget.coverage import coverage

        return coverage(self.asked().profile, self._seen())

    def more_like(self, chart: Chart | int, k: int | None = None) -> Gallery:
        """Return charts like a given one: of its columns, or of one of them with its mark.

        Parameters
        ----------
        chart
            A chart of the table, or its position here.
        k
            Number of charts; None takes the number that this gallery was asked for.

        Returns
        -------
        Gallery
            The most similar charts first; none of them was shown before.

        Raises
        ------
        InputError
            The chart is of another table, or the table cannot be opened again.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=3)
        >>> gallery.more_like(gallery[0], k=2)[0].title != gallery[0].title
        True
        """
        design, shown = self._design(chart), self._seen()
        ranked = self.asked().like(design, self._k if k is None else k, shown)
        return self._answer(self.asked(), ranked, shown)

    def next(self, k: int = 15) -> Gallery:
        """Return the next charts, without those that this gallery or a page before it has shown.

        Parameters
        ----------
        k
            Number of charts; fewer are returned if fewer are left, and none at the end.

        Returns
        -------
        Gallery
            The next page.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}, k=2)
        >>> len(gallery.next(2))
        2
        """
        shown = self._seen()
        return self._answer(self.asked(), self.asked().designs(k, shown), shown)

    def without(
        self,
        chart: Chart | int | None = None,
        *,
        column: str | None = None,
        mark: str | None = None,
    ) -> Gallery:
        """Return a new gallery without what is not wanted; earlier exclusions still apply.

        Parameters
        ----------
        chart
            A chart whose relation no chart may show, whatever its mark; or its position here.
        column
            A column that no chart may show.
        mark
            A mark that no chart may have.

        Returns
        -------
        Gallery
            As many charts as before where there are enough others.

        Raises
        ------
        InputError
            Nothing is left, or a name is unknown; the message says how to fix it.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
        >>> {chart.mark for chart in gallery.without(mark="bar")} & {"bar"}
        set()
        """
        from erp_widget.intent import without_of

        parts = {
            "columns": column,
            "marks": mark,
            "charts": None if chart is None else self._picked(chart),
        }
        if all(part is None for part in parts.values()):
            raise InputError("say what is not wanted: a chart, column= or mark=")
        question = self.asked()
        question = question.without(without_of(question.table, parts, question.made))
        ranked = question.designs(self._k, self._before)
        return self._answer(question, ranked, self._before, whole=True)

    def retyped(self, types: Mapping[str, str | None]) -> Gallery:
        """Return a new gallery with other types of columns, starting from its first page.

        Parameters
        ----------
        types
            Column -> nominal, ordinal, quantitative or temporal; None returns to the guess.

        Returns
        -------
        Gallery
            Recommended anew; `columns` shows the new types.

        Raises
        ------
        InputError
            The values of a column cannot be read as its type; the message says how to fix it.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"zip": [10115, 20095] * 9, "sales": range(18)})
        >>> gallery.retyped({"zip": "nominal"}).columns[0].evidence.startswith("you said nominal")
        True
        """
        question = self.asked().retyped(types)
        return self._answer(question, question.designs(self._k), (), whole=True)

    def about(self, columns: Sequence[str] | str | None) -> Gallery:
        """Return a new gallery about other columns, starting from its first page.

        Parameters
        ----------
        columns
            The column that the table is asked about, or several, the most important first; ``[]``
            for none in particular, None for the guess.

        Returns
        -------
        Gallery
            Charts of these columns first, then others.

        Raises
        ------
        InputError
            A name is unknown, or no chart can be about a column; the message says how to fix it.

        Examples
        --------
        >>> import erp_widget as erp
        >>> gallery = erp.recommend({"city": ["Rome", "Oslo"] * 9, "sales": range(18)})
        >>> "city" in gallery.about("city")[0].fields
        True
        """
        question = self.asked().asked_about(columns)
        return self._answer(question, question.designs(self._k), (), whole=True)

    def chart_of(self, design: Design) -> Chart:
        """Draw a design of the gallery's table, such as one of its charts turned or sorted.

        Parameters
        ----------
        design
            The chart without data; `vizmodel.form.edits.edits` lists those that a chart can become.

        Returns
        -------
        Chart
            The design with its rows.

        Raises
        ------
        InputError
            The grammar forbids the design; the message says which rule it breaks.
        """
        return self.asked().chart(design)

    def showing(self, chart: Chart | int, values: Mapping[str, str | int | None]) -> Chart:
        """Draw a chart with other values of the columns that it holds at one value.

        A chart of a long table shows one indicator, one year, or a total; this shows another one.

        Parameters
        ----------
        chart
            A chart of the gallery, or its position here.
        values
            Held column -> the value to show; None for rows without one.

        Returns
        -------
        Chart
            The same design with the new values.

        Raises
        ------
        InputError
            The chart holds no such column, or no row has the value; the message names values that
            exist.

        Examples
        --------
        >>> import erp_widget as erp
        >>> years = [*range(2000, 2020)]
        >>> table = {"year": years * 2, "indicator": ["GDP"] * 20 + ["Debt"] * 20}
        >>> gallery = erp.recommend(table | {"value": [n * 7 % 31 for n in range(40)]}, mark="line")
        >>> chart = next(c for c in gallery if "where" in c.title)
        >>> chart.title, gallery.showing(chart, {"indicator": "Debt"}).title
        ('value by year, where indicator is GDP', 'value by year, where indicator is Debt')
        """
        from erp_widget.levels import showing

        question = self.asked()
        return question.chart(showing(question.table, self._design(chart), values))

    def _picked(self, chart: Chart | int) -> Chart:
        return cast("Gallery", self)[chart] if isinstance(chart, int) else chart

    def _design(self, chart: Chart | int) -> Design:
        found = self._picked(chart)
        if not hasattr(found, "design"):
            raise InputError(f"pass a chart of the gallery or its position, not {chart!r}")
        return found.design

    def _seen(self) -> tuple[Design, ...]:
        return (*self._before, *(ranked.design for ranked in self.designs))

    def _answer(
        self,
        question: Question,
        ranked: Answer,
        before: Sequence[Design],
        whole: bool = False,
    ) -> Gallery:
        """Return a gallery that draws its charts as they are asked for."""
        from erp_widget.gallery.gallery import Gallery
        from erp_widget.gallery.kept import DrawnAndKept
        from erp_widget.telling.notes import ALL_SHOWN, no_chart, notes

        shown = {name for one in ranked for name in one.design.fields}
        said = notes(question.table, question.profile, shown) if whole else []
        if not ranked:
            said.append(ALL_SHOWN if before else no_chart(question.table))
        said += ranked.notes
        return Gallery(
            DrawnAndKept(question, ranked),
            title=self.title,
            notes=said,
            dataset_id=self.dataset_id,
            question=question,
            designs=ranked,
            before=before,
            k=self._k,
        )
