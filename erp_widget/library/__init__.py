"""What is kept for a user: history, saved charts, uploads, and all of it together."""
