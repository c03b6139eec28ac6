"""Copies the licences of the crates that are linked into the program into a folder: python3 .ci/licences.py FOLDER."""
import json
import pathlib
import shutil
import subprocess
import sys

NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT")


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments, "--locked"], check=True, capture_output=True, text=True).stdout


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    paths = {f"{package['name']} v{package['version']}": pathlib.Path(package["manifest_path"]).parent
             for package in json.loads(cargo("metadata", "--format-version", "1"))["packages"]}
    tree = cargo("tree", "--edges", "normal,no-proc-macro", "--no-dedupe", "--prefix", "none", "--format", "{p}\t{l}")
    lines = []
    for line in sorted(set(tree.splitlines())):
        crate, _, licence = line.partition("\t")
        crate = " ".join(crate.split(" ")[:2])
        if crate.startswith("dossier v"):
            continue
        # Some packages of a larger repository have no text of their own; the name of the licence says it.
        texts = [path for path in sorted(paths[crate].iterdir()) if path.is_file() and path.name.upper().startswith(NAMES)]
        for path in texts:
            shutil.copyfile(path, folder / f"{crate.replace(' v', '-')}-{path.name}")
        lines.append(f"{crate}: {licence}" + ("" if texts else " (no text in its package)"))
    (folder / "README.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


main(pathlib.Path(sys.argv[1]))
