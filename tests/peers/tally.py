"""The checks of a script: what holds is counted, and what does not is told."""

import os
import sys

passed, failed = 0, 0


def check(what, holds, seen=""):
    """Counts a check; of one that fails, it tells what was checked and what was seen."""
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}\n{seen}".rstrip())


def skip(what, missing):
    """Tells that something is not checked, for the machine lacks something. In CI, where everything has to be there, it fails:
    the variable CI is set there to anything but 0 and false."""
    if os.environ.get("CI", "") in ("", "0", "false"):
        print(f"SKIPPED: {what}, for there is no {missing}")
    else:
        check(f"{what}, for there is no {missing}", False)


def finish():
    """Tells how many there were, and ends the script."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
