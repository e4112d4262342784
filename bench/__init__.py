"""Benchmarks: one module each, run by ``make bench-NAME``; each prints ratios against a peer or bound of its run."""
