"""What all widgets share: browser files, replies to requests, the notebook they are in."""
