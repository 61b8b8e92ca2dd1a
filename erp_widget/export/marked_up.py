"""Owns documents as Markdown in which all text is text, and as plain text beside it."""

from __future__ import annotations

import re

from erp_widget.data_summary import HEADINGS, DataSummary
from erp_widget.export.document import Figure, Part, Passage, Section
from erp_widget.export.passage import BREAK, Block, Run, blocks

#: Punctuation that Markdown never obeys where it is put here.
_PLAIN = frozenset(" ,;?'\"()%/")
#: Between two of these notebooks see a formula, unless each has an element of its own.
_FORMULA = frozenset("$\\")
#: Of what stands within an item of a list.
_INDENT = "    "
#: Figures in a table of a summary stand at the right.
_ALIGNED = ("---", "---", "--:", "--:", "---")


def part_markdown(part: Part) -> str:
    """Return a part as Markdown; of a figure what is said of it, without the chart."""
    if isinstance(part, Figure):
        return figure_markdown(part)
    if isinstance(part, Section):
        return f"## {markdown(part.heading)}"
    if isinstance(part, Passage):
        return passage_markdown(part.markdown)
    return summary_markdown(part.summary)


def part_text(part: Part) -> str:
    """Return a part for viewers without Markdown."""
    if isinstance(part, Figure):
        lines = (part.chart.title, part.caption, *part.remarks)
        return "\n".join(line for line in lines if line.strip())
    if isinstance(part, Section):
        return part.heading
    if isinstance(part, Passage):
        return part.markdown
    return summary_text(part.summary)


def figure_markdown(figure: Figure) -> str:
    """Return title, caption and remarks of a chart as Markdown that shows them as text."""
    parts = [f"### {markdown(figure.chart.title)}"]
    parts += [_paragraph(text) for text in _paragraphs(figure.caption)]
    small = [f"*{markdown(text)}*" for text in (figure.reason, figure.note) if text]
    small += [f"**⚠ {markdown(figure.outdated)}**"] if figure.outdated else []
    return "\n\n".join([*parts, "  \n".join(small)]).strip()


def passage_markdown(text: str) -> str:
    """Return a passage as Markdown of headings, lists, quotes, emphasis and code only.

    A cell that is trusted shows tags as they are, so none of the author's may be left. Links are
    written out.

    Examples
    --------
    >>> print(passage_markdown("- *up* <b>"))
    - *up* &#60;b&#62;
    """
    written: list[str] = []
    before: Block | None = None
    for block in blocks(text):
        together = before and before.kind == block.kind == "item" and block.marker
        written.append(("\n" if together else "\n\n") if before else "")
        written.append(_block(block))
        before = block
    return "".join(written)


def summary_markdown(summary: DataSummary) -> str:
    """Return the summary of a table as a table in Markdown."""
    rows = [HEADINGS, *summary.cells()]
    lines = ["| " + " | ".join(markdown(cell) for cell in row) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join(_ALIGNED) + " |")
    head = f"**{_whole(summary.name)}**: {markdown(summary.size)}"
    return "\n".join([head, "", *lines])


def summary_text(summary: DataSummary) -> str:
    """Return the summary of a table as aligned text."""
    rows = [HEADINGS, *(tuple(" ".join(c.split()) for c in row) for row in summary.cells())]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    return "\n".join([f"{summary.name}: {summary.size}", *lines])


def markdown(text: str) -> str:
    r"""Return one line of Markdown that shows text as it is, whatever it holds.

    Examples
    --------
    >>> markdown("a_b <script>")
    'a&#95;b &#60;script&#62;'
    >>> markdown("- city-mpg: -0.81."), markdown("1. www.a.org")
    ('&#45; city-mpg: -0.81.', '1&#46; www&#46;a&#46;org')
    """
    return _escaped(" ".join(text.split()))


def _escaped(line: str) -> str:
    return "".join(c if _is_prose(line, at) else _character(c) for at, c in enumerate(line))


def _is_prose(line: str, at: int) -> bool:
    """Whether a point, a hyphen or a colon stands where Markdown sees no list and no address."""
    before, after = line[max(at - 1, 0) : at], line[at + 1 : at + 2]
    if line[at] == ".":
        decimal = before.isdecimal() and after.isdecimal()
        ends = before not in ("", ".") and after in ("", " ") and not line[:at].isdecimal()
        return decimal or ends
    if line[at] == "-":
        return after.isalnum() and (before.isalnum() or before == " ")
    return line[at] == ":" and after in ("", " ")


def _character(c: str) -> str:
    if c.isascii() and not c.isalnum() and c not in _PLAIN:
        return f"<span>&#{ord(c)};</span>" if c in _FORMULA else f"&#{ord(c)};"
    return c


def _whole(text: str) -> str:
    """Return text for between two marks, which must not be empty."""
    return markdown(text) or "&#8203;"


def _block(block: Block) -> str:
    if block.kind == "code":
        return _code(block)
    lines = [line.strip() for line in "".join(map(_run, block.runs)).split(BREAK)]
    if block.kind == "heading":
        return f"{'#' * block.level} {' '.join(lines)}"
    if block.kind == "quote":
        return "> " + "  \n> ".join(lines)
    if block.kind == "item":
        return _begun(block) + f"  \n{_INDENT * block.level}".join(lines)
    return "  \n".join(lines)


def _begun(block: Block) -> str:
    """Return what stands before a block of a list: its marker, or room where its item goes on."""
    if not block.marker:
        return _INDENT * block.level
    # Where a list begins anew its numbers go on from the one that is written.
    return f"{_INDENT * (block.level - 1)}{'-' if block.marker == '•' else block.marker} "


def _code(block: Block) -> str:
    """Return lines of code as they are, with each of their characters written out."""
    lines = "".join(run.text for run in block.runs).expandtabs(4).split("\n")
    # In a list the lines are one, or the list's own indentation would be part of them.
    inner = ("&#10;" if block.level else "\n").join(map(_escaped, lines))
    return f"{_begun(block)}<pre><code>{inner}</code></pre>"


def _run(run: Run) -> str:
    """Return text in its style; spaces stand outside of the marks, which else are none."""
    core = run.text.strip()
    if run.text == BREAK:
        return BREAK
    if not core:
        return " " if run.text else ""
    marks = "*" * (2 * run.strong + run.emphasis)
    before = " " if run.text[0].isspace() else ""
    after = " " if run.text[-1].isspace() else ""
    address = f" ({markdown(run.address)})" if run.address not in ("", core) else ""
    said = f"<code>{markdown(core)}</code>" if run.code else markdown(core)
    return f"{before}{marks}{said}{marks}{address}{after}"


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def _paragraph(text: str) -> str:
    """Return a paragraph whose lines break where its author broke them."""
    return "  \n".join(markdown(line) for line in text.splitlines() if line.strip())
