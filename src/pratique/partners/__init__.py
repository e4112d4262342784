"""What is shared with partner administrations: which article permits it, how it travels, and how it is proved.

Slices: agreements (the gate), exchange (envelopes), assistance (requests), evidence (custody), ledger (the log partners
witness). Pure like the flow: no clock, no database, no network. They do not import one another; the node composes them.
"""
