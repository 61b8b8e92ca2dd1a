"""How a table is laid out: wide, long, a panel, a survey, records, an experiment."""
