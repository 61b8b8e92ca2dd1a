"""Which charts are legal for a table, as rules, and which token may follow a prefix of one."""

from vizmodel.grammar.automaton import Grammar, State
from vizmodel.grammar.intent import IntentError
from vizmodel.grammar.legality import violations
from vizmodel.grammar.rules import CHART_RULES, ENCODING_RULES, ChartRule, EncodingRule

__all__ = [
    "CHART_RULES",
    "ENCODING_RULES",
    "ChartRule",
    "EncodingRule",
    "Grammar",
    "IntentError",
    "State",
    "violations",
]
