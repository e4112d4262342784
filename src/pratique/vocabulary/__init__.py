"""What things are called: frame schemas, code types, reasons and findings.

In: nothing. Out: names, types and checks that every other package shares.
It does no input or output, and it imports nothing of the product but itself.
"""
