"""What holds for every test: no test fails because a machine is slow, and a run of CI can be repeated."""

import os

from hypothesis import settings

settings.register_profile("pratique", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("pratique")
