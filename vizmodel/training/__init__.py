"""How the network is made, from the corpus to its figures; never imported at run time."""
