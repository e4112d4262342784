"""What is found wrong."""


class Fault(Exception):
    """Something does not hold; the message says what, in one sentence."""
