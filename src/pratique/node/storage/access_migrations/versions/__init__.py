"""Migrations of the store, one file a step, from the first table on."""
