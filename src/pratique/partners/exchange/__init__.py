"""Envelopes between nodes: typed messages signed, sealed for one partner, in order, with receipts."""
