"""``pratique-verify FILE_OR_FOLDER...``: says what proof files and bundles show, and what does not hold."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from pratique_verify.bundles import Checked, check_bundle, keys_of
from pratique_verify.faults import Fault
from pratique_verify.notes import Policy, parse_policy
from pratique_verify.proofs import Proved, check_proof

HOLDS, DOES_NOT_HOLD, UNUSABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0: everything holds; 1: something does not; 2: it could not be checked."""
    options = _options(arguments)
    try:
        policy = parse_policy(options.policy.read_text(encoding="utf-8")) if options.policy else None
        keys = keys_of(json.loads(options.keys.read_bytes())) if options.keys else None
    except (Fault, OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"The policy or the keys cannot be used: {error}\n")
        return UNUSABLE
    worst = HOLDS
    for place in options.places:
        worst = max(worst, _check(place, policy, keys, show=options.record))
    return worst


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="pratique-verify", description="Checks proof files and evidence bundles, offline."
    )
    parser.add_argument("places", nargs="+", type=Path, metavar="FILE_OR_FOLDER", help="A .tlog-proof, or a bundle.")
    parser.add_argument("--policy", type=Path, help="Logs, witnesses and quorum that you trust (C2SP tlog-policy).")
    parser.add_argument("--keys", type=Path, help="Keys of officers and agencies that you trust (JSON list).")
    parser.add_argument("--record", action="store_true", help="Show what was logged, too.")
    return parser.parse_args(arguments)


def _check(place: Path, policy: Policy | None, keys: dict[str, bytes] | None, *, show: bool) -> int:
    try:
        if place.is_dir():
            return _tell_bundle(place, check_bundle(place, policy, keys))
        _tell_proof(place, check_proof(place.read_bytes(), policy), show=show)
    except Fault as fault:
        _say(f"DOES NOT HOLD  {place}: {fault}.")
        return DOES_NOT_HOLD
    except OSError as error:
        _say(f"NOT CHECKED    {place}: {error.strerror}.")
        return UNUSABLE
    return HOLDS


def _tell_proof(place: Path, proved: Proved, *, show: bool) -> None:
    _say(f"HOLDS          {place}: {_shown(proved)}")
    if not proved.trusted:
        _say("               Whose log that is was not checked: give --policy with the keys that were exchanged.")
    if show and proved.record is not None:
        _say("               " + proved.record.decode(errors="backslashreplace"))


def _tell_bundle(place: Path, checked: Checked) -> int:
    state = "DOES NOT HOLD " if checked.faults else "HOLDS         "
    _say(f"{state} {place}: {checked.title} ({checked.files} files, {len(checked.custody)} custody events)")
    for line in (*checked.custody, *map(_shown, checked.proofs), *(f"FAULT: {fault}" for fault in checked.faults)):
        _say(f"               {line}")
    if not checked.trusted:
        _say("               Keys and policy are those of the bundle: give --policy and --keys with those exchanged.")
    return DOES_NOT_HOLD if checked.faults else HOLDS


def _shown(proved: Proved) -> str:
    what = "its record was erased" if proved.record is None else f"{len(proved.record)} bytes, as logged"
    seen = ", ".join(
        f"{name} {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" for name, at in proved.witnesses.items()
    )
    told = f"; seen by {seen}" if seen else ""
    return f"entry {proved.index} of {proved.size} in {proved.origin} ({what}){told}"


def _say(line: str) -> None:
    """Nothing from outside can begin another line or move the cursor."""
    sys.stdout.write("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
