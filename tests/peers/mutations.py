"""Input that is broken in any way is refused with words, and in time.

    mutations.py PATH-OF-DOSSIER [RUNS [SEED]]

Files of RDF in all syntaxes, queries, frames, lines for the shell and whole dossiers are changed at random: bytes and slices
of them are left out, put elsewhere, repeated or replaced by what is hard to read. The program ends by itself within 20 s,
with an exit code of its own, no more than 1.5 GB and no panic; no control character reaches the terminal in a message; and
JSON that it gives with exit code 0 is whole.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from tally import check, finish

DOSSIER = sys.argv[1]
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1

SECONDS = 20
MEMORY = 1_500_000_000
CODES = {0, 1, 2, 3, 4, 5}

RDF = {".ttl": "turtle", ".trig": "trig", ".nt": "ntriples", ".nq": "nquads", ".rdf": "rdfxml", ".jsonld": "jsonld"}
CASES = sorted(path for path in Path("tests/cmd").rglob("*") if path.is_file())
DATA = [path for path in [*CASES, *sorted(Path("ontology").glob("*.ttl")), Path("data/sco.trig")] if path.suffix in RDF]
QUERIES = sorted(path for folder in ("queries", "tests/cmd") for path in Path(folder).rglob("*.rq"))
FRAMES = [path for path in CASES if path.name.endswith(".jsonld") or "frame" in path.name]
DOSSIERS = [Path(f"tests/cmd/{name}") for name in ("check.in/right", "read.in", "evidence.in", "footnotes.in")]
SHELL = "prefix ex: <x:>\nSELECT * { ?s ?p ?o } LIMIT 3\n.help\nrun members\nshow sco:SCO\nexport -F jsonld --graph facts\nlist\n.quit\n"

# What is hard to read.
PIECES = [
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\x1b[2J", b"\xc2\x9b31m", b"\xe2\x80\xae", b"\xc2\xa0",
    b"<", b">", b'"', b'"""', b"'", b"\\", b"\\u", b"\\uD800", b"{", b"}", b"[", b"]", b"(", b")", b"@", b"^^", b"&", b"%", b"#",
    b"&a;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<![CDATA[", b"]]>", b"<!--", b"<?xml", b"xmlns:", b"rdf:", b"@base <", b"BASE <x:>",
    b"99999999999999999999999999", b"-0", b"1e999", b"NaN", b"0001-13-45", b"@context", b'"@id":', b'"@type":', b'"@graph":', b"null",
    b"OPTIONAL {", b"} UNION {", b"GRAPH ?g {", b"FILTER(", b"NOT EXISTS {", b"MINUS {", b"VALUES ?x {", b"SELECT (COUNT(*) AS ?n) {",
    b"?x :p+/:q* ?y .", b"GROUP BY ?x", b"ORDER BY DESC(?x)", b"LIMIT 99999999999", b"# summary:", b"---\n", b"dos:quote", b"a dos:Claim",
]  # fmt: skip


def changed(random, bytes, most=5000):
    """Bytes with some changes, in which nothing is repeated more often than so many times."""
    bytes = bytearray(bytes)
    for _ in range(random.choice([1, 1, 1, 2, 3, 8])):
        at, end = sorted(random.randrange(len(bytes) + 1) for _ in range(2))
        end = min(end, at + random.choice([1, 4, 30, 300]))
        match random.randrange(8):
            case 0:
                del bytes[at:end]
            case 1:
                bytes[at:at] = bytes[at:end] * min(most, random.choice([1, 2, 50, 1000]))
            case 2 | 3 | 4:
                bytes[at:at] = random.choice(PIECES) * min(most, random.choice([1, 1, 1, 2, 100, 5000]))
            case 5:
                bytes[at:end] = random.choice(PIECES)
            case 6:
                if at < len(bytes):
                    bytes[at] = random.randrange(256)
            case 7:
                slice = bytes[at:end]
                del bytes[at:end]
                to = random.randrange(len(bytes) + 1)
                bytes[to:to] = slice
        if random.random() < 0.03:
            del bytes[at:]
    return bytes


def written(random, path, folder):
    file = folder / path.name
    file.write_bytes(changed(random, path.read_bytes()))
    return file


def of_data(random, folder):
    path = random.choice(DATA)
    file = written(random, path, folder)
    form = random.choice(list(RDF.values()))
    rows = random.choice(["json", "csv", "table", "xml"])
    return random.choice(
        [
            ["convert", file, "-F", form],
            ["convert", "--lenient", "--unsorted", file, "-F", "nquads"],
            ["export", "-F", form, "--data", file],
            ["query", "SELECT * { ?s ?p ?o } LIMIT 20", "--cite", "-F", "json", "--data", file],
            ["query", "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o ORDER BY ?o", "-F", rows, "--data", file],
            ["stats", "--data", file],
            ["diff", path, file],
            ["format", "--check", file],
        ]
    ), b""


def of_queries(random, folder):
    file = written(random, random.choice(QUERIES), folder)
    how = random.choice([["--cite", "-F", "json"], ["-F", "json"], ["-F", "table"], ["--show-query"], ["--explain"], ["--cite", "-F", "markdown"]])
    return ["query", "--timeout", "15s", "--file", file, *how], b""


def of_frames(random, folder):
    file = written(random, random.choice(FRAMES), folder)
    return ["export", "-F", "jsonld", "--graph", random.choice(["facts", "claims"]), "--frame", file], b""


def of_shell(random, folder):
    # (A thousand commands are work, and no fault.)
    return ["shell", "--timeout", "5s"], bytes(changed(random, SHELL.encode(), most=50))


def of_dossiers(random, folder):
    whole = folder / "dossier"
    shutil.copytree(random.choice(DOSSIERS), whole)
    file = random.choice(sorted(path for path in whole.rglob("*") if path.is_file()))
    file.write_bytes(changed(random, file.read_bytes()))
    how = random.choice([["check"], ["check", "-F", "json"], ["list"], [], ["export", "-F", "trig"], ["show", "sco:SCO"], ["read"]])
    return ["--dossier", whole, *how], b""


def run(arguments, given):
    """What a command says, its exit code, its seconds and its memory."""
    files = [tempfile.TemporaryFile() for _ in range(3)]
    files[0].write(given)
    files[0].seek(0)
    start = time.monotonic()
    actions = [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number, file in enumerate(files)]
    child = os.posix_spawn(DOSSIER, [DOSSIER, *map(str, arguments)], {**os.environ, "COLUMNS": "100"}, file_actions=actions)
    is_over = False
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        seconds = time.monotonic() - start
        if pid:
            break
        if seconds > SECONDS and not is_over:
            is_over = True
            os.kill(child, 9)
        time.sleep(0.002)
    texts = []
    for file in files[1:]:
        file.seek(0)
        texts.append(file.read())
        file.close()
    files[0].close()
    return *texts, os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss * 1024


def one(number):
    random = Random(f"{SEED} {number}")
    kind = random.choices([of_data, of_queries, of_frames, of_shell, of_dossiers], [50, 25, 8, 5, 12])[0]
    with tempfile.TemporaryDirectory() as folder:
        arguments, given = kind(random, Path(folder))
        out, told, code, seconds, memory = run(arguments, given)
    what = f"run {number}: {' '.join(map(str, arguments))}"
    text = told.decode(errors="replace")
    control = re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    is_json = "json" in arguments and code == 0 and kind is not of_shell
    check(what, code in CODES and "panicked" not in text, f"exit code {code}\n{text[-600:]}")
    check(f"{what}: time", seconds < SECONDS, f"{seconds:.1f} s")
    check(f"{what}: memory", memory < MEMORY, f"{memory:,} bytes")
    check(f"{what}: messages are printable", control is None, repr(text[-600:]))
    check(f"{what}: JSON is whole", not is_json or is_whole(out), repr(out[-300:]))
    return seconds, memory, code


def is_whole(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


with ThreadPoolExecutor(2) as pool:
    figures = list(pool.map(one, range(RUNS)))
codes = ", ".join(f"{code}: {count}" for code, count in sorted(Counter(f[2] for f in figures).items()))
print(f"{RUNS} runs (exit codes {codes}); the longest took {max(f[0] for f in figures):.1f} s, the largest {max(f[1] for f in figures) / 1e6:.0f} MB")
finish()
