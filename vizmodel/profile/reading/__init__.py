"""How columns are read: which texts are numbers or dates, and what cannot be read."""
