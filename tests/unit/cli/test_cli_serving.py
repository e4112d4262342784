"""Where a node may be served."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodes import ANNA
from pratique.cli.serve import _require_secure
from pratique.node import Node
from pratique.server.running import Address, run
from pratique.vocabulary.errors import PratiqueError


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "desk.customs.example"])
def test_nothing_is_served_in_the_clear_to_other_machines(host: str) -> None:
    with pytest.raises(PratiqueError) as refused:
        _require_secure(host, None, None)
    assert refused.value.code == "serve.not_secure"
    _require_secure(host, Path("chain.pem"), None)


def test_a_demonstration_is_served_on_this_computer_only(tmp_path: Path) -> None:
    with Node.create(tmp_path / "node", actor=ANNA, demonstration=True) as node:
        with pytest.raises(PratiqueError) as refused:
            run(node, address=Address("0.0.0.0", 0), zone="UTC", actor=ANNA, tell=print)
        assert refused.value.code == "serve.demonstration"
