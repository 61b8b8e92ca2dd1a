"""What is said of a chart: its title, its alt text, why it is worth a look, and notes."""
