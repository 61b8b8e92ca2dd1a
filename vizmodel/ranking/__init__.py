"""The order of the charts, and the list that is made of it."""
