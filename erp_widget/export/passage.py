"""Owns Markdown that people write between charts: read once, written safely for each format."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from erp_widget.export.html_text import text as html_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BlockKind = Literal["paragraph", "heading", "item", "quote", "code"]
#: Headings of a passage begin below those of the report and of its sections.
TOP_HEADING = 3
LOWEST_HEADING = 6
#: The text of a run that ends a line.
BREAK = "\n"


class Run(Struct, frozen=True):
    """Text in one style; `address` is where a link leads, and `BREAK` a line that ends here."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    address: str = ""


class Block(Struct, frozen=True):
    """A paragraph, or what stands for one.

    Parameters
    ----------
    kind
        What it is.
    runs
        Its text.
    level
        Of a heading, 3 to 6; of an item and of code, how many lists it is in.
    marker
        Before an item: "•", or its number with a full stop; empty where the item goes on.
    """

    kind: BlockKind
    runs: tuple[Run, ...]
    level: int = 0
    marker: str = ""


@cache
def _reader() -> MarkdownIt:
    """Return a reader of CommonMark that takes tags as text and loads no pictures.

    Addresses that could run something, such as javascript:, are no links for it.
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).disable("image")
    reader.add_render_rule("text", lambda _, tokens, at, *__: html_text(tokens[at].content))
    return reader


def passage_html(text: str, top: int = TOP_HEADING) -> str:
    """Return Markdown as HTML, in which every tag that was in the text is text.

    Parameters
    ----------
    text
        Markdown.
    top
        The level of its highest headings.

    Examples
    --------
    >>> print(passage_html("*Up* <b>"), end="")
    <p dir="auto"><em>Up</em> &lt;b&gt;</p>
    """
    tokens = _reader().parse(text)
    levels = _heading_levels(tokens, top)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{levels[token.tag]}"
        if token.type in ("paragraph_open", "heading_open"):
            token.attrSet("dir", "auto")
    html: str = _reader().renderer.render(tokens, _reader().options, {})
    return html


def blocks(text: str) -> list[Block]:
    r"""Return Markdown as a flat list of blocks.

    Examples
    --------
    >>> [block.kind for block in blocks("# Why\n\n- *one*\n- two")]
    ['heading', 'item', 'item']
    """
    found: list[Block] = []
    lists: list[int | None] = []  # the next number of each open list, None without numbers
    markers: list[str] = []  # of each open item, empty once it is written
    quotes = 0
    heading = 0
    tokens = _reader().parse(text)
    levels = _heading_levels(tokens, TOP_HEADING)
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            markers.append(_marker(lists))
        elif token.type == "list_item_close":
            markers.pop()
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "heading_open":
            heading = levels[token.tag]
        elif token.type in ("fence", "code_block"):
            code = Run(token.content.rstrip("\n"), code=True)
            found.append(Block("code", (code,), len(lists), _taken(markers)))
        elif token.type == "inline":
            found.append(_block(token, len(lists), markers, quotes, heading))
            heading = 0
    return found


def _block(token: Token, depth: int, markers: list[str], quotes: int, heading: int) -> Block:
    runs = tuple(_runs(token.children or []))
    if heading:
        return Block("heading", runs, heading)
    if depth:
        return Block("item", runs, depth, _taken(markers))
    return Block("quote" if quotes else "paragraph", runs)


def _taken(markers: list[str]) -> str:
    """Return the marker of the open item once: its second paragraph has none of its own."""
    if not markers:
        return ""
    marker, markers[-1] = markers[-1], ""
    return marker


def _marker(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "•"
    lists[-1] = number + 1
    return f"{number}."


def _heading_levels(tokens: list[Token], top: int) -> dict[str, int]:
    """Return the level of each kind of heading: the highest is `top`, and none is left out."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    return {tag: min(top + below, LOWEST_HEADING) for below, tag in enumerate(used)}


def _runs(tokens: list[Token]) -> Iterator[Run]:
    """Return the text of a paragraph in its styles."""
    style = Run("")
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            style = replace(style, strong=token.nesting > 0)
        elif token.type in ("em_open", "em_close"):
            style = replace(style, emphasis=token.nesting > 0)
        elif token.type == "link_open":
            style = replace(style, address=str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            style = replace(style, address="")
        elif token.type in ("softbreak", "hardbreak"):
            yield replace(style, text=" " if token.type == "softbreak" else BREAK)
        elif token.content:
            yield replace(style, text=token.content, code=token.type == "code_inline")
