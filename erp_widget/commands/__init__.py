"""The command `erp`."""
