"""The door remembers what was asked: a request that was signed once is not taken twice, also after a restart."""

from __future__ import annotations

from pathlib import Path

from pratique.door.callers import Callers


def test_nonce_is_not_fresh_after_a_restart_until_it_is_past(tmp_path: Path) -> None:
    kept, moment = tmp_path / "nonces", [1000.0]
    callers = Callers(kept=kept, now=lambda: moment[0])
    assert callers.fresh("once", until=1300.5)
    assert callers.fresh("soon over", until=1100)
    with kept.open("a") as torn:
        torn.write("13")  # what a crash leaves of a line
    again = Callers(kept=kept, now=lambda: moment[0])
    assert not again.fresh("once", until=1300.5)
    moment[0] = 1200
    assert "soon over" not in Callers(kept=kept, now=lambda: moment[0])._nonces
    assert "soon over" not in kept.read_text(), "what is past goes"
    moment[0] = 1302
    assert Callers(kept=kept, now=lambda: moment[0]).fresh("once", until=1600)
