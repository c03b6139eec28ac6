"""The checks of a script: what holds is counted, and what does not is told."""

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


def finish():
    """Tells how many there were, and ends the script."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
