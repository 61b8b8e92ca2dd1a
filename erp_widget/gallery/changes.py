"""Owns what a gallery in the browser shows beyond its first charts, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.errors import InputError
from erp_widget.gallery.view import Change, View
from erp_widget.levels import Level, label, levels, showing
from erp_widget.question import MAX_CHARTS, Answer, Question
from erp_widget.telling.edit_words import edit_groups, edit_of
from erp_widget.telling.notes import notes
from vizmodel.design import Design, Without
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.gallery.gallery import Gallery

#: Charts that "more like this" brings, those that "next" brings, and those of a list anew.
N_LIKE, N_NEXT, N_ANEW = 3, 15, 15
#: Changes that can be taken back.
MAX_UNDO = 30

CHANGED = "the table has changed since: run the cell again for charts of its rows as they are now"
NO_TABLE = "the table of this gallery is not at hand: run erp.recommend(...) on it again"


class GalleryChanges(Struct):
    """Changes of one gallery, each of which can be taken back.

    Parameters
    ----------
    view
        What is shown now.
    """

    view: View
    _past: list[View] = field(default_factory=list)
    #: Held where the view becomes another: whoever cancels is in another thread than who draws.
    _lock: RLock = field(default_factory=RLock)

    @classmethod
    def of(cls, gallery: Gallery, sketches: Sequence[Chart] | None = None) -> GalleryChanges:
        """Begin with a gallery as it was recommended.

        Parameters
        ----------
        gallery
            It is shown as far as it is drawn.
        sketches
            Approximate charts that are shown until the exact ones of all its designs have come;
            None where nothing is to come.
        """
        charts, question = tuple(sketches or gallery.drawn), gallery.question
        order = [chart.id for chart in charts]
        if sketches is not None and question is not None:
            order = [question.id_of(one.design) for one in gallery.designs]
        return cls(View(charts, question, gallery.notes, order=tuple(order)))

    @property
    def undoable(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    @property
    def question(self) -> Question:
        """What is asked of the table.

        Raises
        ------
        InputError
            The table is not at hand.
        """
        if self.view.question is None:
            raise InputError(NO_TABLE)
        return self.view.question

    @property
    def reachable(self) -> set[str]:
        """Ids of the charts that are shown, or would be after any number of undos."""
        return {id for view in (*self._past, self.view) for id in view.order}

    def chart(self, id: object) -> Chart:
        """Return a chart that is shown, or raise `InputError`."""
        for chart in self.view.charts:
            if chart.id == id:
                return chart
        raise InputError("this chart is not shown any more: undo, or choose another")

    # --- what a person asks

    def more_like(self, id: object) -> Change:
        """Return charts like one, to stand right after it."""
        chart = self.chart(id)
        question, charts = self.question, self.view.charts
        at = charts.index(chart) + 1
        return Change(
            f"More like “{chart.title}”",
            f"Like “{chart.title}”",
            question,
            question.like(chart.design, N_LIKE, self._shown()),
            lambda new: [*charts[:at], *new, *charts[at:]],
            f"There is no other chart like “{chart.title}”.",
        )

    def without(self, id: object) -> Change:
        """Return what takes the places of a chart and of all that tell the same."""
        chart = self.chart(id)
        story, charts = chart.design.story(), self.view.charts
        question, shown = self.question.without(Without(stories=(story,))), self._shown()
        gone = [c.id for c in charts if c is chart or c.design.story() == story]
        found = question.designs(min(len(gone), MAX_CHARTS), shown)
        return Change(
            f"Not “{chart.title}”",
            f"In place of “{chart.title}”",
            question,
            question.at_levels_of(chart.design, found, shown),
            lambda new: _replaced(charts, gone, new),
            f"“{chart.title}” is out; nothing else is left to take its place.",
            empties=True,
        )

    def next(self) -> Change:
        """Return charts that were not shown yet, to stand after those that were."""
        question, charts = self.question, self.view.charts
        return Change(
            "Next charts",
            "New",
            question,
            question.designs(N_NEXT, self._shown()),
            lambda new: [*charts, *new],
            "Every chart that fits this table is shown.",
        )

    def retype(self, column: str, type: str | None) -> Change:
        """Return the list anew, with a column read as another type; None goes back to the guess."""
        question = self.question.retyped({column: type})
        said = f"{column} as it was guessed" if type is None else f"{column} as {type}"
        return self._anew(said, question, f"No chart fits with {said}.")

    def about(self, columns: Sequence[str] | None) -> Change:
        """Return the list anew, of what is asked about some columns, none, or as it is guessed."""
        question = self.question.asked_about(columns)
        named = " and ".join(columns or ()) or "no column in particular"
        said = "About what was guessed" if columns is None else f"About {named}"
        return self._anew(said, question, f"No chart fits: {said[0].lower()}{said[1:]}.")

    def edits(self, id: object) -> list[dict[str, Any]]:
        """Return what may be changed of a chart, in groups with their choices."""
        design = self.chart(id).design
        return edit_groups(design, self.question.profile_of(design))

    def edit(self, id: object, key: object) -> Change:
        """Return a chart with one thing changed, to stand in its place."""
        chart, question = self.chart(id), self.question
        charts = self.view.charts
        edited = edit_of(chart.design, question.profile_of(chart.design), key)
        return Change(
            f"Edit of “{chart.title}”",
            f"Edited from “{chart.title}”",
            question.anew(),
            Answer([RankedDesign(edited.design, chart.score)]),
            lambda new: _replaced(charts, [chart.id], new),
            f"“{chart.title}” could not be drawn so; it stays as it is.",
        )

    def levels(self, id: object, column: object) -> list[Level]:
        """Return the values at which a chart could hold a column; see `levels.levels`."""
        return levels(self.question.table, self.chart(id).design, str(column))

    def level(self, id: object, column: object, level: object) -> Change:
        """Return a chart with another value of a column that it holds, to stand in its place."""
        chart, question = self.chart(id), self.question
        charts, named = self.view.charts, str(column)
        shown = showing(question.table, chart.design, {named: level})
        (held,) = (one for one in shown.style.where if one.column == named)
        return Change(
            f"Showing {label(held)}",
            f"Showing {label(held)}",
            question.anew(),
            Answer([RankedDesign(shown, chart.score)]),
            lambda new: _replaced(charts, [chart.id], new),
            f"“{chart.title}” could not be drawn so; it stays as it is.",
        )

    # --- what becomes of it

    def take(
        self,
        change: Change,
        drawn: Sequence[Chart],
        failures: Sequence[str],
        are_coming: bool = False,
    ) -> str:
        """Make a change the view, with the charts that came of it; return what to say.

        Parameters
        ----------
        change, drawn, failures
            What was asked, the charts that came, and what is to be said of others.
        are_coming
            Whether exact charts of all its designs are still to come.
        """
        if not drawn and not change.empties:
            return " ".join((*failures, change.nothing))
        ids = change.ids if are_coming else [chart.id for chart in drawn]
        order = self.view.changed(change, ids)
        known = {chart.id: chart for chart in (*self.view.charts, *drawn)}
        charts = tuple(known[id] for id in order if id in known)
        shown = {name for chart in charts for name in chart.fields}
        said = notes(change.question.table, change.question.profile, shown)
        found = (*said, *change.ranked.notes, *failures)
        with self._lock:
            self._past = [*self._past, self.view][-MAX_UNDO:]
            self.view = View(
                charts, change.question, found, change.act, change.said, tuple(ids), tuple(order)
            )
        return f"{change.act}: {_counted(len(drawn))}." if drawn else change.nothing

    def undo(self) -> str:
        """Go back to the view before; return what to say."""
        if not self._past:
            raise InputError("there is nothing to undo")
        act = self.view.act
        with self._lock:
            self.view = self._past.pop()
        return f"Undone: {act}."

    def exchange(self, chart: Chart) -> None:
        """Put an exact chart in the place of the approximate one, or in its own where none is.

        Parameters
        ----------
        chart
            It has the id of the approximate one, in this view and in those before.
        """
        with self._lock:
            self.view = self.view.with_exact(chart)
            self._past = [view.with_exact(chart) for view in self._past]

    def end(self) -> None:
        """Expect no more exact charts."""
        with self._lock:
            self.view = self.view.as_drawn()
            self._past = [view.as_drawn() for view in self._past]

    def note(self, said: str) -> None:
        """Say one thing more beside the charts."""
        with self._lock:
            if said not in self.view.notes:
                self.view = replace(self.view, notes=(*self.view.notes, said))

    def _anew(self, said: str, question: Question, nothing: str) -> Change:
        """Return a list of other charts in the place of all that are there."""
        ranked = question.designs(min(max(N_ANEW, len(self.view.charts)), MAX_CHARTS))
        return Change(said, said, question, ranked, list, nothing)

    def _shown(self) -> list[Design]:
        """Return all designs that a person has seen, also those that were taken back."""
        views = (*self._past, self.view)
        return list({c.id: c.design for view in views for c in view.charts}.values())


def asked_change(changes: GalleryChanges, content: dict[str, Any]) -> Change:
    """Return the change that a request asks for.

    Raises
    ------
    InputError
        The request is incomplete, or the change is impossible.
    """
    command, chart = content["command"], content.get("chart")
    if changes.question.table.has_changed:
        raise InputError(CHANGED)
    if command == "retype":
        column, type = content.get("column"), content.get("type")
        if not isinstance(column, str) or not isinstance(type, str | None):
            raise InputError("say which column is of which type")
        return changes.retype(column, type)
    if command == "about":
        columns = content.get("columns")
        named = isinstance(columns, list) and all(isinstance(name, str) for name in columns)
        if columns is not None and not named:
            raise InputError("say which columns are asked about")
        return changes.about(columns)
    if command == "level":
        return changes.level(chart, content.get("column"), content.get("level"))
    if command == "edit":
        return changes.edit(chart, content.get("key"))
    if command == "next":
        return changes.next()
    return changes.more_like(chart) if command == "more_like" else changes.without(chart)


def _replaced(
    charts: Sequence[Chart], gone: Collection[str], new: Sequence[str]
) -> list[Chart | str]:
    """Put new charts into the places of those that go, in order; places left over close."""
    coming = list(new)
    found: list[Chart | str] = []
    for chart in charts:
        if chart.id not in gone:
            found.append(chart)
        elif coming:
            found.append(coming.pop(0))
    return found


def _counted(n: int) -> str:
    return "1 new chart" if n == 1 else f"{n} new charts"
