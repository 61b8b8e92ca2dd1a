"""From a table to ranked chart designs: profile, grammar, network, search and rank."""
