"""Owns what leaves the notebook: pictures, one-file pages, notebooks, PDF."""
