"""Owns what is asked of one table, and the charts that answer it, one by one."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from erp_widget.aggregate import SharedRows
from erp_widget.aggregate.sketches import scaled
from erp_widget.chart import Chart
from erp_widget.drawable import check_fields, check_legal, without_unwanted
from erp_widget.drawing.spec import drawn
from erp_widget.drawing.written import declared
from erp_widget.drawing.written_looks import with_colors, with_own_scales
from erp_widget.drawing.written_rows import with_rows
from erp_widget.errors import InputError
from erp_widget.intent import about_of, intent_of, types_of
from erp_widget.levels import at_levels
from erp_widget.sources import Table, open_table
from erp_widget.sources.answers import was_cancelled
from erp_widget.telling import titles
from erp_widget.telling.alt_text import description
from erp_widget.telling.reasons import reason
from vizmodel.design import Design, Intent, Without
from vizmodel.profile import Profile, profile_table
from vizmodel.ranking.ranked import RankedDesign

if TYPE_CHECKING:
    from erp_widget.store import Location
    from vizmodel.search.decoder import Decoder

MAX_CHARTS = 100
#: Rows from which charts take so long that a person wants to see some of them first.
SKETCHED_ROWS = 200_000
ANYTHING = Intent()

_log = logging.getLogger("erp_widget")


def columns_of(design: Design) -> set[str]:
    """Return the names of all columns of the table that a chart is drawn from."""
    fold, where = design.style.fold, design.style.where
    gathered = () if fold is None else fold.columns
    return {*design.fields, *gathered, *design.implied, *(held.column for held in where)}


def kinds_of(design: Design, profile: Profile) -> dict[str, str]:
    """Return what each column shown holds, but for text that a chart's code reads by itself."""
    known = {column.name: column for column in profile.columns}
    shown = [known[name] for name in sorted(columns_of(design)) if name in known]
    computed = [column for column in shown if column.between is not None]
    times = {name for column in computed for name in column.between or ()} & known.keys()
    shown += [known[name] for name in sorted(times - columns_of(design))]
    return {column.name: column.kind for column in shown if column.written is None}


class Answer(list[RankedDesign]):
    """Designs, best first.

    Parameters
    ----------
    designs
        What was chosen.
    note
        What a person should know of who chose; None where nothing is to be said.
    """

    def __init__(self, designs: Iterable[RankedDesign] = (), note: str | None = None) -> None:
        super().__init__(designs)
        self.notes = () if note is None else (note,)


class Question(Struct, frozen=True, eq=False, dict=True):
    """A table and what every chart of it must and must not show.

    Parameters
    ----------
    table
        From `open_table`, with the types that the user gave.
    intent
        From `intent_of`.
    store
        Where charts are kept; the configured store if None.
    dataset_id
        The table in the store; None if it is not there.
    whole
        The table of which `table` holds a sample; None if it is no sample.
    about
        Columns that a person asks about, the most first; None where they are guessed.
    key
        Of it and of a design comes the id of a chart, so one chart drawn twice has one id.

    Examples
    --------
    >>> from erp_widget.sources import open_table
    >>> question = Question(open_table({"city": ["Rome", "Oslo"] * 9, "sales": range(18)}))
    >>> len(question.designs(3))
    3
    """

    table: Table
    intent: Intent = ANYTHING
    store: Location = None
    dataset_id: str | None = None
    whole: Table | None = None
    about: tuple[str, ...] | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_large(self) -> bool:
        """Whether its charts take so long that a sample of the rows should be drawn first."""
        return self.table.n_rows >= SKETCHED_ROWS

    @cached_property
    def sketch(self) -> Question:
        """The same question of a sample of the rows: its charts are there at once, approximate."""
        return self._with(table=self.table.sampled(), whole=self.table)

    @cached_property
    def profile(self) -> Profile:
        """What the model knows of the table."""
        crossed = self.table.own.crossed
        found = profile_table(self.table.sample(), self.table.n_rows, self.table.casts, crossed)
        return found if self.about is None else found.asking(self.about)

    def profile_of(self, design: Design) -> Profile:
        """Return what the model knows of the rows that a chart keeps to."""
        return self.profile.of(design.style.where)

    @property
    def made(self) -> tuple[str, ...]:
        """Names of the columns that gathering like columns makes; charts can show them."""
        return tuple(name for fold in self.profile.folds for name in fold.pair)

    def asking(
        self,
        columns: Sequence[str] | str | None = None,
        mark: str | None = None,
        encoding: Mapping[str, str] | None = None,
        without: Any = None,
        about: Sequence[str] | str | None = None,
    ) -> Question:
        """Return the question of charts that fit what the user asks for, as `recommend` takes it.

        Raises
        ------
        InputError
            A name is unknown, or no chart can show a column.
        """
        wanted = intent_of(self.table, columns, mark, encoding, without, self.made)
        return self._with(intent=wanted).asked_about(about)

    def asked_about(self, about: Sequence[str] | str | None) -> Question:
        """Return the question about other columns; none in particular, or the guess for None.

        Raises
        ------
        InputError
            A name is unknown, or no chart can be about a column.
        """
        told = about_of(self.table, about, self.profile, self.made)
        if told == self.about:
            return self
        changed = replace(self, about=told, key=uuid.uuid4())
        changed.__dict__["profile"] = self.profile.asking(told)
        return changed

    def designs(self, k: int = 15, shown: Sequence[Design] = ()) -> Answer:
        """Return designs, best first; none of them is among those shown.

        Raises
        ------
        InputError
            `k` is no number of charts, or no chart can show what is asked for.
        """
        from vizmodel.recommend import recommend

        k = checked_k(k)
        return self._plain(
            _answer(lambda decoder: recommend(self.profile, k, self.intent, decoder, shown))
        )

    def like(self, design: Design, k: int = 15, shown: Sequence[Design] = ()) -> Answer:
        """Return designs like one, nearest first; none of them is among those shown.

        What it holds at a value that a person chose, they hold at the same.

        Raises
        ------
        InputError
            `k` is no number of charts, or the design shows what the table does not have.
        """
        from vizmodel.neighbours import neighbours

        k = checked_k(k)
        check_fields(design, self.profile)
        ranked = _answer(
            lambda decoder: neighbours(
                design, self.profile_of(design), k, self.intent, decoder, shown
            )
        )
        return self.at_levels_of(design, self._plain(ranked), shown)

    def at_levels_of(
        self, design: Design, ranked: Answer, shown: Collection[Design] = ()
    ) -> Answer:
        """Return designs that hold columns at the values that a person chose for a chart."""
        found = at_levels(self.table, design, ranked, shown)
        return Answer(found, next(iter(ranked.notes), None))

    def without(self, more: Without) -> Question:
        """Return the question that rules out more."""
        return self._with(intent=replace(self.intent, without=self.intent.without | more))

    def kept_as(self, dataset_id: str | None) -> Question:
        """Return the question about a table that the store knows."""
        return self._with(dataset_id=dataset_id)

    def anew(self) -> Question:
        """Return the same question, whose charts are others than those that were drawn before."""
        return self._with(key=uuid.uuid4())

    def _with(self, **changes: Any) -> Question:
        """Return a changed question about the same table as it is read now."""
        changed = replace(self, **changes)
        changed.__dict__["profile"] = self.profile
        return changed

    def retyped(self, types: Mapping[str, str | None]) -> Question:
        """Return the question about the same rows with other types given; None takes one back.

        Raises
        ------
        InputError
            The values of a column cannot be read as its type; the message names the fix.
        """
        kept = {name: told for name, told in self.table.types.items() if name not in types}
        told = types_of(self.table, {n: t for n, t in types.items() if t is not None})
        types_of(self.table, dict.fromkeys(types, "nominal"))  # names that do not exist
        return replace(self, table=self.table.with_types(kept | told), key=uuid.uuid4())

    def chart(
        self,
        design: Design | RankedDesign,
        shared: SharedRows | None = None,
        title: str | None = None,
    ) -> Chart:
        """Draw one chart: its rows are summarised where the data is.

        Parameters
        ----------
        design
            From `designs`, or one that a person made of it; its style stays.
        shared
            What its rows share with those of other charts; they are asked for alone if None.
        title
            What it is called in a list; its own title if None.

        Raises
        ------
        InputError
            The grammar forbids the design; the message says which rule it breaks.
        """
        if isinstance(design, Design):
            check_legal(design, self.profile_of(design))
            design = RankedDesign(design, 0.0)
        shown = self._plainly(design.design)
        table, found = self.table, (shared or SharedRows(self.table, ())).rows(shown)
        if self.whole is not None:
            table, found = self.whole, scaled(found, shown, self.table.n_rows, self.whole.n_rows)
        profile = self.profile_of(shown)
        picture = drawn(shown, profile, found, title)
        written = with_rows(declared(shown, profile), found, shown, profile)
        written = with_own_scales(written, picture)
        return Chart(
            title=title or titles.title(shown, profile),
            description=description(shown, profile, found),
            reason=reason(shown, profile, design.terms, found),
            score=round(float(design.score), 4),
            design=shown,
            drawn=picture,
            declared=with_colors(written, picture, shown, profile),
            note=found.note,
            dataset_id=self.dataset_id,
            dataset_name=table.name,
            n_rows=table.n_rows,
            terms=design.terms,
            id=self.id_of(design.design),
            store=self.store,
            approximate=self.whole is not None,
            about=self.about,
            source=table.own.source(columns_of(shown)),
            needs=table.own.needs(kinds_of(shown, profile)),
        )

    def kept_chart(self, chart: Chart) -> Chart:
        """Draw a chart that a person keeps again, whether it would be recommended today or not.

        Raises
        ------
        InputError
            Columns are missing or hold something else now; the message says which or what.
        """
        check_legal(chart.design, self.profile_of(chart.design), kept=True)
        return self.chart(RankedDesign(chart.design, chart.score, chart.terms))

    def _plain(self, answer: Answer) -> Answer:
        """Return designs without what nobody wants to see beside their marks."""
        plain = [replace(one, design=self._plainly(one.design)) for one in answer]
        return Answer(plain, next(iter(answer.notes), None))

    def _plainly(self, design: Design) -> Design:
        return without_unwanted(design, self.profile_of(design), self.intent.without)

    def id_of(self, design: Design) -> str:
        """Return the id of the chart of a design, whether it is drawn yet or not."""
        return str(uuid.uuid5(self.key, repr(design)))

    def drawing(
        self, ranked: Sequence[RankedDesign], beside: Collection[str] = ()
    ) -> Iterator[Chart | str]:
        """Draw charts in their order; for one that fails comes a sentence, and the others come.

        A query that was cancelled is no failure: its error ends them. Charts beside have titles.
        """
        shared = SharedRows(self.table, [one.design for one in ranked])
        profiled = ((one.design, self.profile_of(one.design)) for one in ranked)
        names = titles.told_apart(profiled, beside)
        for one, shown in zip(ranked, names, strict=True):
            try:
                yield self.chart(one, shared, shown)
            except Exception as error:
                if was_cancelled(error):
                    raise
                _log.warning("a chart failed", exc_info=True)
                yield f"The chart “{shown}” could not be drawn ({first_line(error)})."


def _answer(choose: Callable[[Decoder | None], list[RankedDesign]]) -> Answer:
    """Choose designs by whoever decodes here, and keep what is to be said of it."""
    from erp_widget import service
    from vizmodel.grammar import IntentError

    decoder = service.decoder()
    try:
        chosen = choose(decoder)
    except IntentError as error:
        raise InputError(str(error)) from error
    return Answer(chosen, None if decoder is None else decoder.note)


def reopened(
    dataset_id: str | None, store: Location, about: Sequence[str] | None = None
) -> Question:
    """Return the question about a table that the store keeps, and what was asked about.

    Raises
    ------
    InputError
        The store knows the table, but does not keep its rows.
    """
    from erp_widget.config import settings
    from erp_widget.errors import NotInStoreError
    from erp_widget.store import open_store

    try:
        found = (
            None if dataset_id is None else open_store(store).dataset(settings().user, dataset_id)
        )
    except NotInStoreError:
        found = None
    if found is None or found.format is None:
        raise InputError(
            "the table of this gallery is not at hand: call recommend on it again, or upload it "
            "with erp.upload, so that the store keeps its rows"
        )
    question = Question(open_table(found, store=store), store=store, dataset_id=dataset_id)
    return question.asked_about(about)


def checked_k(k: object) -> int:
    """Return a number of charts, or raise `InputError`."""
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MAX_CHARTS:
        raise InputError(f"k is a number of charts from 1 to {MAX_CHARTS}, not {k!r}")
    return k


def first_line(error: Exception) -> str:
    """Return an error in one line without its full stop, or its kind where it says nothing."""
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__
