"""Checks the dependencies by deny.toml: their licences, versions and sources.

`cargo deny check` does so, too, and knows advisories; it runs here where it is installed. This script is for machines
where it is not: building it takes longer than building the program.

Usage: dependencies.py
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict

from license_expression import get_spdx_licensing

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def is_allowed(expression, allowed):
    """Whether one of the choices that a licence expression leaves has allowed licences only."""
    # Some crates still write "MIT/Apache-2.0", which Cargo accepts.
    parsed = get_spdx_licensing().parse(expression.replace("/", " OR "))
    if parsed is None:
        return False
    operator, parts = getattr(parsed, "operator", "").strip(), getattr(parsed, "args", ())
    if operator in ("AND", "OR"):
        return (all if operator == "AND" else any)(is_allowed(part.render(), allowed) for part in parts)
    return parsed.render() in allowed


def is_skipped(name, version, skipped):
    for entry in skipped:
        crate, _, prefix = entry["crate"].partition("@")
        if crate == name and f"{version}.".startswith(f"{prefix}." if prefix else ""):
            return True
    return False


def problems(packages, rules):
    allowed, skipped = set(rules["licenses"]["allow"]), rules["bans"]["skip"]
    versions = defaultdict(set)
    for package in packages:
        name, version = package["name"], package["version"]
        versions[name].add(version)
        if not is_allowed(package["license"] or "", allowed):
            yield f"{name} {version} has the licence {package['license']}"
        if package["source"] not in (None, CRATES_IO):
            yield f"{name} {version} is from {package['source']}"
    for name, several in versions.items():
        if len(left := [version for version in several if not is_skipped(name, version, skipped)]) > 1:
            yield f"{name} is there {len(several)} times: {', '.join(sorted(left))}"
    for entry in skipped:
        name = entry["crate"].partition("@")[0]
        found = [version for version in versions[name] if is_skipped(name, version, [entry])]
        if not found or len(versions[name]) < 2:
            yield f"{entry['crate']} need not be skipped any more"


def main():
    assert not is_allowed("MIT AND GPL-3.0-only", {"MIT"}) and is_allowed("GPL-3.0-only OR (MIT)", {"MIT"})
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["packages"]
    found = sorted(problems(packages, rules))
    print("\n".join(found) or f"{len(packages)} packages: licences, versions and sources are as deny.toml has them")
    if shutil.which("cargo-deny"):
        subprocess.run(["cargo", "deny", "--all-features", "check"], check=True)
    else:
        print("cargo-deny is not installed: advisories are not checked")
    sys.exit(bool(found))


main()
