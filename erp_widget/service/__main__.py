"""Owns `python -m erp_widget.service`, which is `erp serve`."""

import sys

from erp_widget.commands.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
