"""Charts that are among the candidates of a table whatever the network finds."""
