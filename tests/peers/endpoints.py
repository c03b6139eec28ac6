"""Servers of others are asked as endpoints, and their answers are those of the same data that is loaded.

    endpoints.py PATH-OF-DOSSIER [JAR-OF-FUSEKI]

Apache Jena Fuseki has the triples of the named graphs in its default graph as well, once, as dossier's own store has: every
saved query gives the same answer, cited or not, and so do `show`, a diagnosis, and a CONSTRUCT. Virtuoso, whose default graph
is the union of the named ones and in which a triple counts as often as graphs state it, gives the same rows to the queries
that do not count, and the same claims.

What a server that is missing would check is skipped, and it is said so; in CI that is a failure.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from servers import PATIENCE, free_port, serving
from tally import check, finish, skip
from virtuoso import command as virtuoso_command

DOSSIER = Path(sys.argv[1]).resolve()
JAR = sys.argv[2] if len(sys.argv) > 2 else None

# Where Virtuoso keeps what stands in no named graph.
BACKGROUND = "urn:background"

CLAIM = re.compile(r"https://w3id\.org/dossier/sco/claim/[\w-]+")


def dossier(*arguments):
    """The exit code, the output and the messages of a command."""
    done = subprocess.run([DOSSIER, *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def quads():
    """Each quad as its triple and its graph, both as they stand in N-Quads; without a graph, an empty one."""
    code, text, _ = dossier("export", "--graph", "all", "-F", "nquads")
    assert code == 0
    for line in text.splitlines():
        statement = line.removesuffix(" .")
        triple, _, graph = statement.rpartition(" ")
        # The graph is the fourth term, and an object may have spaces in it.
        if re.fullmatch(r'\S+ \S+ (<\S+>|_:\S+|".*"(@\S+|\^\^<\S+>)?)', triple):
            yield triple, graph
        else:
            yield statement, ""


def saved_queries():
    """The words that run each saved query."""
    arguments = {"state": "Russia", "topic": "information security", "entity": "OEWG"}
    # Below an empty line stand the patterns, which are for claims.
    for usage in dossier("list")[1].split("\n\n")[0].splitlines():
        name = usage.split()[0]
        if name != "left-out":  # It asks for passages, which are computed and in no export.
            given = [f"{key}={value}" for key, value in arguments.items() if f"{key}=" in usage.split("  ")[0]]
            yield ["run", name, *given]


def same(words, endpoint):
    ours, theirs = dossier(*words), dossier(*words, "--endpoint", endpoint)
    check(f"{' '.join(words)} gives {theirs[1]}{theirs[2]}", ours == theirs)


def fuseki(folder):
    triples = dict.fromkeys(triple for triple, _ in quads())
    data = folder / "data.nq"
    named = [f"{triple} {graph} .\n" for triple, graph in quads() if graph]
    data.write_text("".join([f"{triple} .\n" for triple in triples] + named))
    port = free_port()
    with serving(["java", "-Xmx1G", "-jar", JAR, "--localhost", f"--port={port}", f"--file={data}", "/sco"], folder, port):
        endpoint = f"http://127.0.0.1:{port}/sco/query"
        for words in saved_queries():
            same([*words, "-F", "json"], endpoint)
            same([*words, "--cite"], endpoint)
        for words in (
            ["show", "China"],
            ["query", "CONSTRUCT { ?c rdfs:subClassOf ?d } WHERE { ?c rdfs:subClassOf ?d }", "--cite"],
            ["query", "SELECT ?c ?d { ?c rdfs:subClassOf+ ?d } ORDER BY ?c ?d", "--cite", "-F", "csv"],
            ["query", "SELECT * { ?m a org:Membership ; dos:since \"1999\"^^xsd:gYear }"],
            ["query", "ASK { ?s a org:Membership }"],
        ):
            same(words, endpoint)
        code, _, err = dossier("query", "ASK {}", "--endpoint", f"http://127.0.0.1:{port}/none")
        check(f"another address: {err}", code == 4 and "does not accept queries by POST" in err)


def virtuoso(folder):
    data = folder / "data.nq"
    data.write_text("".join(f"{triple} {graph or f'<{BACKGROUND}>'} .\n" for triple, graph in quads()))
    port, sql = free_port(), free_port()
    with serving(virtuoso_command("virtuoso-t", folder, sql, port), folder, sql):
        load = f"DB.DBA.TTLP(file_to_string_output('data.nq'), '', '{BACKGROUND}', 512); checkpoint;"
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, capture_output=True)
        endpoint = f"http://127.0.0.1:{port}/sparql"
        for query in (
            "SELECT ?state ?year { ?m org:organization sco:SCO ; org:member ?state ; dos:since ?year }",
            "SELECT ?what ?for { ?what a dos:Signature ; dos:instrument/dos:accessionTo ?for }",
            "SELECT ?body ?parent { ?body org:subOrganizationOf ?parent }",
            "SELECT ?claim ?quote { ?claim dos:document doc:sco ; dos:quote ?quote }",
            "SELECT ?prefix { ?ontology sh:declare ?declared . ?declared sh:prefix ?prefix }",
            "SELECT ?state { ?state a dos:State FILTER NOT EXISTS { ?m org:member ?state } }",
        ):
            words = ["query", query, "--cite", "-F", "json"]
            (code, ours, _), (other_code, theirs, err) = dossier(*words), dossier(*words, "--endpoint", endpoint)
            check(f"{query} is answered: {err}", code == other_code == 0)
            check(f"{query} has the same rows", cited_rows(ours) == cited_rows(theirs))
        code, blank, err = dossier("query", "SELECT ?x { ?x sh:prefix ?y }", "-F", "csv", "--endpoint", endpoint)
        check(f"blank nodes are read: {err}", code == 0 and len(set(blank.split())) == 21)
        for query in ("ASK { country:CN ?p ?o }", "ASK { country:CN ?p country:CN }"):
            same(["query", query, "--quiet"], endpoint)
        code, triples, err = dossier("query", "CONSTRUCT WHERE { ?m a org:Membership }", "-F", "ntriples", "--endpoint", endpoint)
        check(f"a CONSTRUCT is read: {err}", code == 0 and triples.count("\n") == 8)
        code, _, err = dossier("query", "SELECT * { ?a (^<x:p>|!<x:q>)* ?b } LIMIT 1", "--endpoint", endpoint)
        check(f"what it cannot do is told: {err}", code == 0 or (code == 4 and "the server says: Virtuoso" in err))


def cited_rows(text):
    """Each row with the claims that it rests on, in no order; what is background has a graph in Virtuoso."""
    answer = json.loads(text)
    rows = [json.dumps(row, sort_keys=True) for row in answer["results"]["bindings"]]
    claims = [set(CLAIM.findall(json.dumps(citation))) for citation in answer["citations"]]
    return {(row, *sorted(cited)) for row, cited in zip(rows, claims, strict=True)}


PARTS = {
    fuseki: {"java": shutil.which("java"), "the jar of Fuseki": JAR and Path(JAR).exists()},
    virtuoso: {"virtuoso-t": shutil.which("virtuoso-t"), "isql-vt": shutil.which("isql-vt")},
}
for part, needed in PARTS.items():
    missing = [name for name, is_there in needed.items() if not is_there]
    if missing:
        skip(part.__name__, " and no ".join(missing))
        continue
    with tempfile.TemporaryDirectory() as name:
        part(Path(name))
finish()
