"""Envelopes between nodes: typed messages signed, sealed for one partner, in order, with receipts.

In come the terms and fields of a message that the gate permitted, the sender's key and the recipient's descriptor; out
comes an envelope, and on the other side the same terms and fields once every check held. Beside it: how the keys of
partners begin, change and end (``partner``), what keeps the order (``stream``), what proves delivery (``receipt``), the
signature on each request (``http_signature``), bundles carried by hand (``carry``), blind queries (``blind``), the
messages themselves (``messages``) and what other systems make of them (``adapters``). It never decides what may be
sent, keeps nothing and calls nobody; moments, ids, salts and secrets come in as arguments (``docs/exchange.md``).
"""
