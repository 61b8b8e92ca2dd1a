"""Reports: what is in them, the cell that shows them, and changes of which none is lost."""
