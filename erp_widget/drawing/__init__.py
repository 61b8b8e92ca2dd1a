"""The Vega-Lite of a chart: as it is drawn, and as a person would write it."""
