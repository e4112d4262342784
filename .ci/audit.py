"""Asks the vulnerability service of PyPI about every pinned dependency; fails where one is known to be vulnerable.

Where the service cannot be reached, or knows nothing of a package, that is said and is no failure: what was not asked
was not answered.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
AUDIT = Path(sys.executable).with_name("pip-audit")


def main() -> int:
    """The exit code: 1 where a vulnerability is known."""
    command = [AUDIT, "-r", LOCK, "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 every word is our own
    try:
        found = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"Dependencies were NOT audited, the service did not answer: {run.stderr.strip().splitlines()[-1:]}")
        return 0
    audited = [each for each in found if "vulns" in each]
    print(f"{len(audited)} of {len(found)} pinned dependencies audited against known vulnerabilities.")
    if len(audited) < len(found):
        print(f"{len(found) - len(audited)} were NOT audited: the service knows nothing of them here.")
    bad = [(each["name"], each["version"], vuln) for each in audited for vuln in each["vulns"]]
    for name, version, vuln in bad:
        print(f"  {name} {version}: {vuln['id']}, repaired in {', '.join(vuln['fix_versions']) or 'no release yet'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
