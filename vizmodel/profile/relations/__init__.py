"""What columns say about each other: statistics, copies, parts, ranges, keys."""
