"""What holds for every test: no test fails because a machine is slow, and a run of CI can be repeated.

A property is tried on thirty examples where a test does not say how many, since that is asked for many times a day;
`make soak` tries three hundred.
"""

import os

from hypothesis import settings

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "30"))

settings.register_profile("pratique", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=EXAMPLES)
settings.load_profile("pratique")
