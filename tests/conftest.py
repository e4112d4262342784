"""What holds for every test: no test fails because a machine is slow, and a run of CI can be repeated.

A property is tried on thirty examples where a test does not say how many, and each time on the same ones: what fails
was changed since. `make soak` tries three hundred, and new ones each time.

What was loaded to collect the tests stays until the process ends. The collection of garbage does not look through it
again and again: that would take a quarter of the whole time.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

EXAMPLES = os.environ.get("PROPERTY_EXAMPLES")

settings.register_profile("pratique", deadline=None, derandomize=EXAMPLES is None, max_examples=int(EXAMPLES or 30))
settings.load_profile("pratique")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Loads what the tests need; what is there then is not looked through any more."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
