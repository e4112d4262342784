"""Controls become results: what is ordered, how it goes on, what it came to, and whether nothing was left open.

In: the steps that were answered, the findings that an officer records, the orders of a run. Out: the state of an order,
what contradicts itself in a result, a reconciliation in which every selected consignment stands once, how often two
officers disagree, the slots of a shift, and the frame that a model learns from. It never looks at points or parties.
"""
