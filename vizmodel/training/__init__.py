"""How the network is made: corpus, teacher, synthetic tables, examples, fit, evaluation; never imported at run time."""
