"""Measures what the product promises: `python -m benchmarks` prints the table of figures."""
