"""Owns what a person types to find something kept: a name, a column, a mark, dates."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from erp_widget.errors import InputError
from erp_widget.store import Search

When = str | date | datetime | None


def search_of(
    search: str | None, column: str | None, mark: str | None, since: When, until: When
) -> Search | None:
    """Return what to search for, or None for everything.

    Raises
    ------
    InputError
        If a mark does not exist or a date cannot be read; the message names the fix.

    Examples
    --------
    >>> search_of(None, "price", None, "2026-01-31", None).column
    'price'
    """
    from erp_widget.intent import known_mark

    mark = None if mark is None else known_mark(mark)
    if search is None and column is None and mark is None and since is None and until is None:
        return None
    return Search(
        search or "", column, mark, _moment("since", since), _moment("until", until, whole_day=True)
    )


def nothing_matches(search: Search) -> str:
    """Return what to say of a list in which nothing fits a search.

    Examples
    --------
    >>> nothing_matches(Search("sales", mark="line"))
    'Nothing matches: text "sales", mark line.'
    """
    texts = [text for text in (search.text, *search.also) if text]
    said = [f'text "{text}"' for text in texts]
    said += [f'column "{search.column}"'] if search.column is not None else []
    said += [f"mark {search.mark}"] if search.mark is not None else []
    said += [f"since {_told(search.since)}"] if search.since is not None else []
    said += [f"until {_told(search.until, is_end=True)}"] if search.until is not None else []
    return f"Nothing matches: {', '.join(said)}." if said else "Nothing matches."


def _told(when: datetime, is_end: bool = False) -> str:
    """Return a time as it was asked for: what ends as a day begins is until the day before."""
    local = when.astimezone()
    if local.time() != time():
        return local.strftime("%Y-%m-%d %H:%M")
    return (local.date() - timedelta(days=is_end)).isoformat()


def _moment(what: str, when: When, whole_day: bool = False) -> datetime | None:
    """Return a time in the user's zone; a day stands for its start, or for the start of the next.

    So ``until="2026-01-31"`` includes that day.
    """
    if when is None or isinstance(when, datetime):
        return when
    if isinstance(when, str):
        try:
            moment = datetime.fromisoformat(when.strip())
        except ValueError:
            raise InputError(
                f'{what} must be a date such as "2026-01-31" or a time such as '
                f'"2026-01-31 14:00", not {when!r}'
            ) from None
        if len(when.strip()) > len("2026-01-31"):
            return moment
        when = moment.date()
    if not isinstance(when, date):
        raise InputError(f'{what} must be a date such as "2026-01-31", not {when!r}')
    try:
        day = when + timedelta(days=1) if whole_day else when
        return datetime.combine(day, time()).astimezone()
    except (OverflowError, ValueError):  # beside the first and the last day that there is
        raise InputError(f"{what} must be a date that a clock can show, not {when}") from None
