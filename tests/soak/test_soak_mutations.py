"""Many mutated messages through every format: a reading or a clear refusal, nothing else."""

import pytest
from test_formats_contract import SAMPLES, hold, mutated, read_as

from pratique.vocabulary.errors import PratiqueError

MUTATIONS = 5_000


@pytest.mark.soak
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_mutated_message_is_read_or_refused(sample: str) -> None:
    whole, refused = SAMPLES[sample](), 0
    for seed in range(MUTATIONS):
        try:
            hold(read_as(sample, mutated(whole, 1_000_000 + seed)).manifest)
        except PratiqueError:
            refused += 1
    assert 0 < refused < MUTATIONS
