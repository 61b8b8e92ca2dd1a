"""The form of a design: as it is drawn, as a person would write it, and its other forms."""
