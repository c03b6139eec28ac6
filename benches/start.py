"""How long one answer takes, from the start of the process to its end, beside an empty process and other tools.

    cargo build --profile dist && python3 benches/start.py [ROUNDS]

Each tool that is installed loads the data of the SCO dossier and answers who the members are; the tools take turns, so
that a slow moment of the machine is everyone's. `dossier` loads its own data, named graphs included; the others load
the default graph of it as one Turtle file. Printed are medians, ratios and the memory of the process.
"""

import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
DOSSIER = Path(__file__).parent.parent / "target/dist/dossier"

QUERY = """PREFIX dos: <https://w3id.org/dossier/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX sco: <https://w3id.org/dossier/sco/>
SELECT ?member ?since WHERE {
  ?membership org:organization sco:SCO ; org:member ?member ; dos:since ?since .
}
ORDER BY ?since ?member
"""

PYOXIGRAPH = """
import pyoxigraph, sys
store = pyoxigraph.Store()
store.load(path=sys.argv[1], format=pyoxigraph.RdfFormat.TURTLE)
print(len(list(store.query(open(sys.argv[2]).read()))))
"""

RDFLIB = """
import rdflib, sys
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
print(len(list(graph.query(open(sys.argv[2]).read()))))
"""


def has_module(name):
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0


def tools(data, query):
    """The commands to time, by the names that are shown."""
    yield "empty process", [shutil.which("true")]
    yield "dossier run members", [str(DOSSIER), "run", "members"]
    if shutil.which("roqet"):
        yield "roqet", ["roqet", "-q", "-r", "csv", query, "-D", data]
    if shutil.which("arq"):
        yield "Jena arq", ["arq", "--data", data, "--query", query]
    if has_module("pyoxigraph"):
        yield "pyoxigraph", [sys.executable, "-c", PYOXIGRAPH, data, query]
    if has_module("rdflib"):
        yield "rdflib", [sys.executable, "-c", RDFLIB, data, query]
    for name in ("roqet", "arq"):
        if not shutil.which(name):
            print(f"not installed, so not timed: {name}")
    for name in ("pyoxigraph", "rdflib"):
        if not has_module(name):
            print(f"not installed, so not timed: {name}")


def run(command, folder):
    """Seconds and mebibytes of one process."""
    start = time.perf_counter()
    with open(os.devnull, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    return seconds, usage.ru_maxrss / 1024


def prompt(folder):
    """Seconds from the start of the shell on a terminal to its prompt."""
    master, slave = pty.openpty()
    start = time.perf_counter()
    process = subprocess.Popen([DOSSIER, "shell"], stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=os.environ | {"XDG_STATE_HOME": folder})
    os.close(slave)
    said = b""
    while b"dossier> " not in said and select.select([master], [], [], 10)[0]:
        said += os.read(master, 65536)
    seconds = time.perf_counter() - start
    os.write(master, b"\x04")
    process.wait()
    os.close(master)
    return seconds


def main():
    if not DOSSIER.exists():
        sys.exit("there is no build to measure: run `cargo build --profile dist` first")
    with tempfile.TemporaryDirectory() as folder:
        data, query = f"{folder}/data.ttl", f"{folder}/members.rq"
        parts = [subprocess.run([DOSSIER, "export", "--graph", part], capture_output=True, check=True, cwd=folder).stdout for part in ("facts", "ontology")]
        Path(data).write_bytes(b"\n".join(parts))
        Path(query).write_text(QUERY)
        commands = dict(tools(data, query))
        figures = {name: [] for name in commands}
        for turn in range(ROUNDS + 2):
            for name, command in commands.items():
                slow = name == "rdflib" and turn > 8
                figure = None if slow else run(command, folder)
                if turn >= 2 and figure:
                    figures[name].append(figure)
        prompts = sorted(prompt(folder) for _ in range(ROUNDS))
    median = {name: sorted(seconds for seconds, _ in runs)[len(runs) // 2] for name, runs in figures.items()}
    memory = {name: max(mebibytes for _, mebibytes in runs) for name, runs in figures.items()}
    ours, empty = median["dossier run members"], median["empty process"]
    print(f"{'':22}{'median':>10}{'x empty':>10}{'x dossier':>11}{'memory':>11}")
    for name, seconds in median.items():
        print(f"{name:22}{seconds * 1000:7.2f} ms{seconds / empty:10.1f}{seconds / ours:11.2f}{memory[name]:7.1f} MiB")
    seconds = prompts[len(prompts) // 2]
    print(f"{'prompt of the shell':22}{seconds * 1000:7.2f} ms{seconds / empty:10.1f}{seconds / ours:11.2f}")


main()
