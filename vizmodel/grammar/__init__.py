"""Which charts are legal for a table, as rules, and which token may follow a prefix of one."""

from vizmodel.grammar.automaton import Grammar, State
from vizmodel.grammar.chart_rules import CHART_RULES
from vizmodel.grammar.encoding_rules import ENCODING_RULES
from vizmodel.grammar.intent import IntentError
from vizmodel.grammar.legality import violations
from vizmodel.grammar.rule import ChartRule, EncodingRule

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
