"""Exchange with partners on this node: who it is and whom it knows, what it sends and takes in, and how it delivers.

In: disclosures that the gate let through, envelopes from the partner's door. Out: envelopes, receipts, alarms. What is
signed and sealed is :mod:`pratique.partners.exchange`, what permits it :mod:`pratique.partners.agreements`; both meet
here and in the handlers. Nothing reaches the outbox but through ``Disclose``.
"""
