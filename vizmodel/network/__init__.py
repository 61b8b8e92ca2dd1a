"""The network: what it sees of a profile, its layers, and its sizes."""
