"""Evidence: items by hash, custody signed by both hands, bundles that are checked offline.

In: what was collected (``items``) and who does what with it (``custody``). Out: the exact text of each event, to be
signed and chained, the faults of a chain (``checking``), and the folder that leaves (``bundle``), in the form of
``docs/ledger.md#bundle``. It holds no key, signs nothing itself and never changes what was recorded.
"""
