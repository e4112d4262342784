"""Requests for assistance: what each instrument wants in them, their states, clocks and grounds."""
