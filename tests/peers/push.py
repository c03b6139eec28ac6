"""A dossier is pushed to servers of others, and answers with citations come back.

    push.py PATH-OF-DOSSIER JAR-OF-FUSEKI FOLDER-OF-RDF4J [CLAIMS]

Apache Jena Fuseki gets it by quads and by updates, in memory and on disk (TDB2), with a default graph of its own and with
the union of the named graphs; a push that is killed goes on. Virtuoso gets it by updates. Two data sets of Fuseki, each with
half of the claims, are asked as one by RDF4J's FedX.

At the end it prints how many claims each second are pushed to TDB2, beside the rates at which Fuseki itself takes the same
N-Quads in one request, and in requests of the size that dossier sends. CLAIMS says how many there are (20,000 if nothing is said).

What a server that is missing would check is skipped, and it is said so; in CI that is a failure.
"""

import http.client
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from servers import PATIENCE, free_port, fuseki, in_memory, on_disk, serving
from tally import check, finish, skip
from virtuoso import command as virtuoso_command

DOSSIER = Path(sys.argv[1]).resolve()
JAR = Path(sys.argv[2]).resolve()
RDF4J = Path(sys.argv[3]).resolve()
CLAIMS = int(sys.argv[4]) if len(sys.argv) > 4 else 20_000
# The quads of a request of dossier, unless `--batch` says otherwise.
OF_REQUEST = 400_000
FEDERATION = Path(__file__).parent / "Federation.java"

CLAIM = re.compile(r"https://w3id\.org/dossier/sco/claim/[\w-]+")
ALL = ("query", "update", "data")


def dossier(*arguments, patience=PATIENCE):
    """The exit code, the output and the messages of a command."""
    done = subprocess.run([DOSSIER, *arguments], capture_output=True, text=True, check=False, timeout=patience)
    return done.returncode, done.stdout, done.stderr


def saved_queries():
    """The words that run each saved query."""
    arguments = {"state": "Russia", "topic": "information security", "entity": "OEWG"}
    # Below an empty line stand the patterns, which are for claims.
    for usage in dossier("list")[1].split("\n\n")[0].splitlines():
        given = [f"{key}={value}" for key, value in arguments.items() if f"{key}=" in usage.split("  ")[0]]
        yield ["run", usage.split()[0], *given]


def push(endpoint, *options):
    code, _, err = dossier("push", "--endpoint", endpoint, *options)
    check(f"a push to {endpoint} {' '.join(options)} says {err}", code == 0 and "note: checked on the server" in err)


def to_fuseki(folder):
    port = free_port()
    datasets = {
        "memory": (in_memory(), ALL),
        "disk": (on_disk("disk"), ALL),
        "union": (on_disk("union", is_union=True), ALL),
        "updates": (in_memory(), ("query", "update")),
        "reading": (in_memory(), ("query",)),
    }
    with serving(fuseki(JAR, folder, port, datasets), folder, port):
        url = f"http://127.0.0.1:{port}"
        for name, options in (
            ("memory", ["--batch", "100"]),
            ("disk", []),
            ("union", ["--batch", "300"]),
            ("updates", ["--batch", "500"]),
        ):
            endpoint = f"{url}/{name}/query"
            push(endpoint, *options)
            for words in [["run", "members"], ["run", "bodies"], ["run", "left-out"], ["run", "several-claims"]]:
                ours, theirs = dossier(*words, "--cite"), dossier(*words, "--cite", "--endpoint", endpoint)
                check(f"{' '.join(words)} on {name} gives {theirs[1]}{theirs[2]}", ours == theirs)
            code, _, err = dossier("push", "--endpoint", endpoint)
            check(f"a second push to {name} says {err}", code == 4 and "already has 30 of the 30 named graphs" in err)
            push(endpoint, "--replace", *options)
        for words in saved_queries():
            ours, theirs = dossier(*words, "--cite"), dossier(*words, "--cite", "--endpoint", f"{url}/disk/query")
            check(f"{' '.join(words)} gives {theirs[1]}{theirs[2]}", ours == theirs)
        code, _, err = dossier("push", "--endpoint", f"{url}/reading/query")
        check(f"a server that is only read says {err}", code == 4 and "no known address that accepts data" in err)


def federated(folder):
    """Two halves of the claims, the background with one of them, asked as one."""
    lines = dossier("export", "--graph", "all", "-F", "nquads")[1].splitlines(keepends=True)
    claims = sorted({found.group() for found in map(CLAIM.search, lines) if found})
    others = {f"<{claim}>" for claim in claims[::2]}
    halves = {"a": [], "b": []}
    for line in lines:
        words = line.removesuffix(" .\n").split(" ")
        halves["b" if others & {words[0], words[-1]} else "a"].append(line)
    port, front = free_port(), free_port()
    with serving(fuseki(JAR, folder, port, dict.fromkeys(halves, (in_memory(), ALL))), folder, port):
        endpoints = [f"http://127.0.0.1:{port}/{name}/query" for name in halves]
        for (name, half), endpoint in zip(halves.items(), endpoints, strict=True):
            (folder / f"{name}.nq").write_text("".join(half))
            push(endpoint, "--data", str(folder / f"{name}.nq"))
        with serving(["java", "-cp", f"{RDF4J}/*", FEDERATION, front, *endpoints], folder, front):
            federation = f"http://127.0.0.1:{front}/sparql"
            several = 0
            for words in (
                ["run", "members"],
                ["run", "founders"],
                ["run", "committee-origin"],
                ["run", "code-history"],
                ["query", "SELECT ?name { sco:SCO dos:acronym ?name }"],
                ["query", "SELECT ?p ?o { sco:SCO ?p ?o FILTER(isIRI(?o)) }"],
                ["query", "SELECT ?claim ?quote { ?claim dos:document doc:sco ; dos:quote ?quote }"],
                ["query", "SELECT ?state { ?state a dos:State FILTER NOT EXISTS { ?m org:member ?state } }"],
            ):
                words = [*words, "--cite", "-F", "json"]
                ours, (code, theirs, err) = dossier(*words)[1], dossier(*words, "--endpoint", federation)
                check(f"{words[1]} is answered by the federation: {err}", code == 0)
                check(f"{words[1]} has the same rows and claims", code == 0 and cited_rows(ours) == cited_rows(theirs))
                cited = set(CLAIM.findall(theirs))
                several += bool(cited - others) and bool({f"<{claim}>" for claim in cited} & others)
            check("answers rest on claims of both halves", several > 1)


def to_virtuoso(folder):
    port, sql = free_port(), free_port()
    # (It listens for SQL before it does for HTTP.)
    with serving(virtuoso_command("virtuoso-t", folder, sql, port), folder, port):
        endpoint = f"http://127.0.0.1:{port}/sparql"
        code, _, err = dossier("push", "--endpoint", endpoint)
        check(f"without permission it says {err}", code == 4 and "SECURITY: No permission to execute" in err)
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL";'
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"], check=True, capture_output=True)
        push(endpoint, "--batch", "400")
        push(endpoint, "--replace")
        for words in (
            ["run", "members"],
            ["query", "SELECT ?what ?for { ?what a dos:Signature ; dos:instrument/dos:accessionTo ?for }"],
            ["query", "SELECT ?state { ?state a dos:State FILTER NOT EXISTS { ?m org:member ?state } }"],
        ):
            words = [*words, "--cite", "-F", "json"]
            ours, (code, theirs, err) = dossier(*words)[1], dossier(*words, "--endpoint", endpoint)
            check(f"{words[1]} is answered by Virtuoso: {err}", code == 0)
            check(f"{words[1]} has the same rows and claims", code == 0 and cited_rows(ours) == cited_rows(theirs))


def cited_rows(text):
    """Each row with the claims that it rests on, in no order and once."""
    answer = json.loads(text)
    rows = [json.dumps(row, sort_keys=True) for row in answer["results"]["bindings"]]
    claims = [set(CLAIM.findall(json.dumps(citation))) for citation in answer["citations"]]
    return {(row, *sorted(cited)) for row, cited in zip(rows, claims, strict=True)}


def rate(folder):
    """How fast claims are pushed to TDB2, and how fast Fuseki takes the same quads in one request and in as many."""
    claims = folder / "claims.trig"
    with claims.open("w") as out:
        for prefix in ("", "claim", "document"):
            out.write(f"PREFIX {prefix}: <http://example.com/{prefix}/>\n")
        out.write("PREFIX dos: <https://w3id.org/dossier/ontology#>\n")
        for i in range(CLAIMS):
            person, values = i // 4, (f":place{i % 977}", 18 + i % 70, f":person{i * 7919 % 200003}", f'"Person {i}"')
            name, value = ("city", "age", "knows", "name")[i % 4], values[i % 4]
            out.write(
                f"claim:c{i} a dos:Claim ; dos:document document:d{i // 1000} ; dos:quote \"Line {i} says it of {person}.\" .\n"
                f"claim:c{i} {{ :person{person} :{name} {value} }}\n"
            )
    exported, quads, count = folder / "exported.nq", folder / "claims.nq", 0
    code, _, err = dossier("export", "--graph", "all", "-o", str(exported), "--data", str(claims), patience=3600)
    check(f"the claims are exported: {err}", code == 0)
    with exported.open() as lines, quads.open("w") as out:
        for line in lines:
            out.write(line)
            count += 1
            triple, _, graph = line.removesuffix(" .\n").rpartition(" ")
            if graph.startswith("<http://example.com/claim/"):
                out.write(f"{triple} .\n")
                count += 1
    port = free_port()
    datasets = {name: (on_disk(name), ALL) for name in ("warm", "bulk", "parts", "pushed")}
    seconds = {}
    with serving(fuseki(JAR, folder, port, datasets, memory="4G"), folder, port):
        # (The first requests to a server in Java are slow.)
        push(f"http://127.0.0.1:{port}/warm/query")

        def bulk():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
            with quads.open("rb") as body:
                connection.request("POST", "/bulk/data", body, {"Content-Type": "application/n-quads"})
                response = connection.getresponse()
                response.read()
            check(f"Fuseki takes the quads: {response.status}", response.status == 200)

        def parts():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
            with quads.open("rb") as lines:
                while part := b"".join(itertools.islice(lines, OF_REQUEST)):
                    connection.request("POST", "/parts/data", part, {"Content-Type": "application/n-quads"})
                    response = connection.getresponse()
                    response.read()
                    check(f"Fuseki takes a part: {response.status}", response.status == 200)

        def pushed():
            words = ["push", "--data", str(claims), "--endpoint", f"http://127.0.0.1:{port}/pushed/query"]
            code, _, err = dossier(*words, patience=3600)
            times = dict(re.findall(r"note: (pushed|checked) .*? in ([\d.]+) s", err))
            check(f"the claims are pushed: {err}", code == 0 and len(times) == 2)
            seconds.update({f"{name} alone": float(time) for name, time in times.items()})

        for name, work in (("bulk", bulk), ("parts", parts), ("pushed", pushed)):
            start = time.monotonic()
            work()
            seconds[name] = time.monotonic() - start
    for name, words in (
        ("bulk", "Fuseki itself, one request with the same N-Quads"),
        ("parts", f"Fuseki itself, requests of {OF_REQUEST:,} quads, as dossier sends them"),
        ("pushed alone", "dossier push, sending"),
        ("checked alone", "dossier push, comparing the server"),
        ("pushed", "dossier push, with reading the files"),
    ):
        took = max(seconds.get(name, 0), 0.05)
        print(f"  {words}: {took:.1f} s, {CLAIMS / took:,.0f} claims/s, {count / took:,.0f} quads/s")


JAVA = {"java": shutil.which("java"), "the jar of Fuseki": JAR.exists()}
PARTS = {
    to_fuseki: JAVA,
    federated: {**JAVA, "javac": shutil.which("javac"), "RDF4J": RDF4J.exists()},
    to_virtuoso: {"virtuoso-t": shutil.which("virtuoso-t"), "isql-vt": shutil.which("isql-vt")},
    rate: JAVA,
}
for part, needed in PARTS.items():
    missing = [name for name, is_there in needed.items() if not is_there]
    if missing:
        skip(part.__name__, " and no ".join(missing))
        continue
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        part(Path(name))
    print(f"{part.__name__} took {time.monotonic() - started:.0f} s")
finish()
