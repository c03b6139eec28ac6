"""Other programs read what dossier exports, and answer its saved queries alike.

    check.py PATH-OF-DOSSIER

rdflib and pyoxigraph read every part of the dossier and of those in tests/cmd in every format and arrangement, also
compressed, and graphs of what is hard to write; what they read is the same data (graphs by isomorphism, datasets graph by
graph). pyld and jsonld.js expand every shape of JSON-LD to the same data, and frame it alike. Each saved query, written
out with --show-query, and each check gives the same rows in both. Cited answers read as the plain ones: citations are
nothing that a reader of SPARQL results or of RDF stumbles over. Claims in other vocabularies are the same claims, their
positions select their quotes, and nanopublications have their parts. What a difference says, applied by rdflib, makes
the one dataset the other.

What a reader that is missing would check is skipped, and it is said so; in CI that is a failure.
"""

import csv
import gzip
import importlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from tally import check, finish, skip

DOSSIER = sys.argv[1]


def reader(name):
    """A module, if it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


pyld = reader("pyld") and reader("pyld.jsonld") and sys.modules["pyld"]
pyoxigraph = reader("pyoxigraph")
rdflib = reader("rdflib")
zstandard = reader("zstandard")
if rdflib:
    # A literal is compared as it is written.
    rdflib.NORMALIZE_LITERALS = False
    isomorphic = importlib.import_module("rdflib.compare").isomorphic

# The dossiers: the folder that this is run in, and those of the case files that are whole.
DOSSIERS = [".", *(f"tests/cmd/{name}" for name in ("diff.in/before", "diff.in/after", "evidence.in", "footnotes.in", "read.in", "check.in/right"))]
TRIPLES = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml"}
QUADS = {"trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
SYNTAXES = TRIPLES | QUADS
ARRANGEMENTS = {
    "turtle": ["", "--unsorted"],
    "trig": ["", "--unsorted"],
    "ntriples": ["", "--sorted", "--canonical"],
    "nquads": ["", "--sorted", "--canonical"],
    "rdfxml": ["", "--unsorted"],
    "jsonld": [""],
}

DEFAULT = "urn:x-rdflib:default"
CLAIM = "https://w3id.org/dossier/ontology#Claim"

# What rdflib gets wrong, with what was seen. One that is listed here and agrees is an error, too.
RDFLIB_DIFFERS = {
    "contradictions": "a FILTER does not see ?members, which the sub-query beside it binds",
    "stated-and-derived": "the same, with ?derived",
}


def dossier(*arguments):
    return subprocess.run([DOSSIER, *arguments], check=True, capture_output=True).stdout.decode()


def oxigraph_format(name):
    formats = {
        "turtle": pyoxigraph.RdfFormat.TURTLE,
        "trig": pyoxigraph.RdfFormat.TRIG,
        "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
        "nquads": pyoxigraph.RdfFormat.N_QUADS,
        "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    }
    return formats[name]


def dataset(text, syntax):
    data = rdflib.Dataset()
    data.parse(data=text, format=syntax)
    return {str(graph.identifier): graph for graph in data.graphs() if len(graph)}


def reads_as(read, text, syntax, reference):
    """Whether a program reads a text, and the same data from it."""
    try:
        return read(text, syntax) == reference if read is canonical else same_dataset(read(text, syntax), reference)
    except Exception as error:
        print(type(error).__name__, str(error)[:400])
        return False


def numbers_read(graphs):
    """As rdflib reads Turtle: it makes a number of what is written as one, and forgets how it was written."""
    numbers = {rdflib.XSD.integer, rdflib.XSD.decimal, rdflib.XSD.double}
    read = lambda term: term.normalize() if isinstance(term, rdflib.Literal) and term.datatype in numbers else term
    changed = {}
    for name, graph in graphs.items():
        changed[name] = rdflib.Graph()
        for subject, predicate, value in graph:
            changed[name].add((subject, predicate, read(value)))
    return changed


def same_dataset(graphs, reference):
    return graphs.keys() == reference.keys() and all(isomorphic(graphs[graph], reference[graph]) for graph in reference)


def canonical(text, name):
    """The quads, with blank nodes that are called alike wherever they are the same."""
    quads = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), format=oxigraph_format(name)))
    quads.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return quads


def exports():
    for folder in DOSSIERS:
        for part in ("facts", "claims", "ontology", "all"):
            export = lambda *options: dossier("--dossier", folder, "export", "--quiet", "--graph", part, "-F", *options)
            text = export("nquads")
            check(f"{folder}: {part} has triples", text.count("\n") > 1)
            reference, quads = dataset(text, "nquads"), canonical(text, "nquads")
            for name in SYNTAXES if part in ("facts", "ontology") else QUADS:
                for arrangement in ARRANGEMENTS[name]:
                    text = export(name, *filter(None, [arrangement]))
                    what = f"{folder}: {part} as {name} {arrangement}"
                    check(f"rdflib: {what}", reads_as(dataset, text, SYNTAXES[name], reference))
                    check(f"pyoxigraph: {what}", reads_as(canonical, text, name, quads))


def compressed():
    decompress = {"gz": gzip.decompress}
    if zstandard:
        decompress["zst"] = lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)
    else:
        skip("files ending in .zst", "zstandard")
    with tempfile.TemporaryDirectory() as folder:
        for name, extension in (("turtle", "ttl"), ("trig", "trig"), ("nquads", "nq"), ("jsonld", "jsonld")):
            plain = dossier("export", "-F", name)
            for ending, read in decompress.items():
                path = Path(folder, f"facts.{extension}.{ending}")
                dossier("export", "-o", path)
                check(f"{path.name} holds what is exported", read(path.read_bytes()).decode() == plain)


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
# What RFC 3987 allows: each delimiter, and the ends of each range of characters. Without U+00A0, which rdflib takes for a
# space, and below without blank nodes that are called `é`, for whose labels it knows ASCII alone.
LEGAL = (
    "http://user:@example.com:80/A-Za-z0-9-._~!$&'()*+,;=:@%C3%A9/"
    "\u00a1\ud7ff\uf900\ufdcf\ufdf0\uffef\U00010000\U0001fffd\U000e1000\U000efffd//"
    "?/?\ue000\uf8ff\U000f0000\U0010fffd#/?é"
)
IRIS = [
    LEGAL, "http://example.com/a", "http://example.com/a.b", "http://example.com/a/", "http://example.com/ns#", "urn:x:-1",
    "http://example.com/%20a", "http://example.com/été", "http://example.com/ns#a%2Db", "http://example.com/(a)", "x:y",
    "https://w3id.org/dossier/ontology#Claim", "https://w3id.org/dossier/ontology#a.", f"{RDF}nil", f"{RDF}List",
]
PREDICATES = [
    "http://example.com/p", "http://example.com/ns#q-1", "urn:x:p", "http://example.com/été", f"{RDF}type", f"{RDF}value",
    f"{RDF}first", "https://w3id.org/dossier/ontology#quote", "http://www.w3.org/2000/01/rdf-schema#label",
]
NAMELESS = ["http://example.com/p/", "http://example.com/5", "http://example.com/p?a=", LEGAL]
PIECES = [
    "a", " ", "\"", "'", '"""', "'''", "\\", "\\n", "\\u0041", "\n", "\r", "\r\n", "\t", "<", "&amp;", ">", "]]>", "@en",
    "^^", ".", "{", "\u00a0", "\u0085", "\u2028", "\ufeff", "é", "e\u0301", "\U0001f375", "\U0010ffff", "\ud7ff", "\ufffd",
]
CONTROLS = [*map(chr, range(0x20)), "\x7f", "\ufffe", "\uffff"]
TYPED = [
    ("01", "integer"), ("+1", "integer"), ("-0", "integer"), ("9007199254740993", "integer"), ("TRUE", "boolean"), ("true", "boolean"),
    ("1.", "decimal"), ("1.0", "decimal"), (".5", "decimal"), ("1e0", "double"), ("1.0E0", "double"), ("INF", "double"), ("-0.0E0", "double"),
    ("NaN", "float"), ("5", "double"), ("2001", "gYear"), ("no year", "gYear"), ("", "string"), (" 1 ", "integer"),
]


def escaped(text):
    return "".join(c if " " <= c < "\x7f" and c not in '"\\<>^`{|}' else f"\\U{ord(c):08X}" for c in text)


def random_quads(random, named, for_xml):
    """Lines of N-Quads: lists, chains of blank nodes and literals of everything that has to be escaped somewhere."""
    pieces = PIECES if for_xml else PIECES + CONTROLS
    predicates = PREDICATES if for_xml else PREDICATES + NAMELESS
    iri = lambda iris: f"<{escaped(random.choice(iris))}>"
    blank = lambda: "_:" + random.choice(["b0", "b1", "c14n0", "1", "x.y", "_1", "n-"])
    text = lambda: escaped("".join(random.choices(pieces, k=random.randrange(6))))

    def literal():
        kind = random.randrange(4)
        if kind == 0:
            value, datatype = random.choice(TYPED)
            return f'"{escaped(value)}"^^<{XSD}{datatype}>'
        if kind == 1:
            return f'"{text()}"@{random.choice(["en", "de-at", "zh-hant-tw", "x-tea"])}'
        if kind == 2:
            return f'"{text()}"^^{iri(["http://example.com/type", "urn:x:t", LEGAL])}'
        return f'"{text()}"'

    graphs = [""]
    if named:
        graphs += ["<http://example.com/g>", "<urn:x:g>", f"<{escaped(LEGAL)}>"]
    lines = []
    for _ in range(random.randrange(1, 12)):
        subject = blank() if random.random() < 0.4 else iri(IRIS)
        value = random.choice([blank, literal, literal, lambda: iri(IRIS)])()
        lines.append(f"{subject} {iri(predicates)} {value} {random.choice(graphs)} .")
    for number in range(random.randrange(3)):
        graph, length = random.choice(graphs), random.randrange(1, 4)
        cells = [f"_:list{number}.{i}" for i in range(length)] + [f"<{RDF}nil>"]
        lines.append(f"{iri(IRIS)} <http://example.com/list> {cells[0]} {graph} .")
        for cell, rest in zip(cells, cells[1:]):
            value = random.choice([blank, literal, lambda: iri(IRIS)])()
            lines += [f"{cell} <{RDF}first> {value} {graph} .", f"{cell} <{RDF}rest> {rest} {graph} ."]
    return "\n".join(lines) + "\n"


def terms(text):
    """The graphs of N-Quads by pyoxigraph's reading, for rdflib's escapes differently."""

    def literal(literal):
        datatype = literal.datatype.value
        is_plain = literal.language or datatype == f"{XSD}string"
        return rdflib.Literal(literal.value, lang=literal.language, datatype=None if is_plain else rdflib.URIRef(datatype))

    term = {
        pyoxigraph.NamedNode: lambda iri: rdflib.URIRef(iri.value),
        pyoxigraph.BlankNode: lambda node: rdflib.BNode(node.value),
        pyoxigraph.Literal: literal,
    }
    graphs = {}
    for quad in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS):
        name = DEFAULT if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value
        graph = graphs.setdefault(name, rdflib.Graph())
        graph.add(tuple(term[type(part)](part) for part in (quad.subject, quad.predicate, quad.object)))
    return graphs


def hard_graphs():
    """Random graphs, and what each format makes of them."""
    with tempfile.TemporaryDirectory() as folder:
        processors = json_ld_processors(folder)
        for seed in range(60):
            random = Random(seed)
            named, for_xml = seed % 3 == 1, seed % 3 == 2
            path = Path(folder, "hard.nq")
            path.write_text(random_quads(random, named, for_xml), encoding="utf-8")
            reference, quads = terms(path.read_text()), canonical(path.read_text(), "nquads")
            for name, syntax in SYNTAXES.items():
                if (name in TRIPLES and named) or (name == "rdfxml" and not for_xml):
                    continue
                for arrangement in ARRANGEMENTS[name]:
                    text = dossier("convert", "--quiet", path, "-F", name, *filter(None, [arrangement]))
                    what = f"hard graph {seed} as {name} {arrangement}"
                    check(f"pyoxigraph: {what}", reads_as(canonical, text, name, quads))
                    if name in ("turtle", "trig"):
                        read = lambda text, syntax: numbers_read(dataset(text, syntax))
                        check(f"rdflib: {what}", reads_as(read, text, syntax, numbers_read(reference)))
                    else:
                        check(f"rdflib: {what}", reads_as(dataset, text, syntax, reference))
            if f"{XSD}double" in path.read_text():
                continue  # Both respell doubles, which the specification does for numbers of JSON alone.
            text = dossier("convert", "--quiet", path, "-F", "jsonld")
            for program, (to_rdf, _) in processors.items():
                check(f"{program}: hard graph {seed}", reads_as(canonical, to_rdf(text), "nquads", quads))


def row(binding):
    """A row as SPARQL's JSON has it, in a form that compares."""
    return tuple(
        sorted((name, value["type"], value["value"], value.get("xml:lang"), value.get("datatype")) for name, value in binding.items())
    )


def rows(text):
    return [row(binding) for binding in json.loads(text)["results"]["bindings"]]


def queries():
    quads = dossier("export", "--graph", "all", "-F", "nquads")
    # As in dossier's store, the triples of the named graphs stand in the default graph, too.
    merged = pyoxigraph.Store()
    merged.load(quads.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    for quad in list(merged):
        merged.add(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object))
    data = rdflib.Dataset(default_union=True)
    data.parse(data=quads, format="nquads")

    # Below an empty line stand the patterns, which are for claims.
    for usage in dossier("list").split("\n\n")[0].splitlines():
        name, rest = usage.split(maxsplit=1)
        arguments = {"state": "Russia", "topic": "information security", "entity": "OEWG"}
        given = [f"{key}={value}" for key, value in arguments.items() if f"{key}=" in usage.split("  ")[0]]
        if name == "left-out":
            continue  # It asks for passages, which are computed and in no export.
        text = dossier("run", name, *given, "--show-query")
        ours = rows(dossier("run", name, *given, "-F", "json"))
        check(f"dossier: {name} has rows", bool(ours))
        again = rows(dossier("query", text, "-F", "json"))
        check(f"dossier: {name} asked by its text", again == ours)
        compare(name, text, ours, merged, data)
    for path in sorted(Path("queries/checks").glob("*.rq")):
        text = path.read_text()
        compare(path.stem, text, rows(dossier("query", text, "-F", "json")), merged, data)


def compare(name, text, ours, merged, data):
    theirs = merged.query(text).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
    check(f"pyoxigraph: {name}", rows(theirs) == ours)
    # rdflib fails to order rows without a value; the order is compared with the other program.
    unordered = "\n".join(line for line in text.splitlines() if not line.startswith("ORDER BY"))
    answer = data.query(unordered).serialize(format="json").decode()
    same = sorted(map(str, rows(answer))) == sorted(map(str, ours))
    differs = name in RDFLIB_DIFFERS
    check(f"rdflib: {name}" + (" differs no more" if differs else ""), same != differs)


def rdflib_rows(text):
    result = rdflib.query.Result.parse(io.BytesIO(text.encode()), format="json")
    return [[(str(name), found.get(name)) for name in result.vars] for found in result.bindings]


def oxigraph_rows(text):
    solutions = pyoxigraph.parse_query_results(text.encode(), format=pyoxigraph.QueryResultsFormat.JSON)
    return [[(name.value, str(found[name])) for name in solutions.variables] for found in solutions]


def csv_rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def cited_rows():
    """Rows: two of one term, an OPTIONAL, a group, what no claim quotes, and what cites many claims."""
    for query in (["members"], ["code-history"], ["sponsors-total"], ["deeds", "state=China"], ["timeline"], ["profile"]):
        name, ask = query[0], lambda *options: dossier("run", *query, *options)
        plain, cited = ask("-F", "json"), ask("-F", "json", "--cite")
        check(f"cited json: {name} is cited", json.loads(cited)["citations"] and json.loads(cited)["claims"])
        for program, read in (("rdflib", rdflib_rows), ("pyoxigraph", oxigraph_rows)):
            check(f"{program}: {name}, cited json", read(plain) and read(cited) == read(plain))
        plain, cited = csv_rows(ask("-F", "csv")), csv_rows(ask("-F", "csv", "--cite"))
        check(f"csv: {name}, cited", len(plain) > 1 and [row[:-1] for row in cited] == plain)
        check(f"csv: {name} is cited", cited[0][-1] == "citations" and all(row[-1] for row in cited[1:]))
    for state, is_founder in (("country:CN", True), ("country:IN", False)):
        cited = dossier("query", f"ASK {{ sco:SCO dos:founder {state} }}", "-F", "json", "--cite")
        theirs = rdflib.query.Result.parse(io.BytesIO(cited.encode()), format="json").askAnswer
        check(f"rdflib: founder {state}, cited json", theirs is is_founder)
        theirs = pyoxigraph.parse_query_results(cited.encode(), format=pyoxigraph.QueryResultsFormat.JSON)
        check(f"pyoxigraph: founder {state}, cited json", bool(theirs) is is_founder)


def cited_graphs():
    """What is constructed stands in the default graph, and who states what it rests on in graphs of their own."""
    query = "CONSTRUCT { ?state dos:memberSince ?year } { ?m org:member ?state ; dos:since ?year }"
    constructed = rdflib.Graph().parse(data=dossier("query", query, "-F", "ntriples"), format="nt")
    texts = {name: dossier("query", query, "--cite", "-F", name) for name in QUADS}
    reference = dataset(texts["nquads"], "nquads")
    default = reference[DEFAULT]
    check("cited nquads: what is constructed", len(constructed) > 1 and all(triple in default for triple in constructed))
    claims = {str(claim) for claim in default.subjects(rdflib.RDF.type, rdflib.URIRef(CLAIM))}
    check("cited nquads: the claims", len(claims) > 1 and claims == reference.keys() - {DEFAULT})
    for name, syntax in QUADS.items():
        check(f"rdflib: cited {name}", same_dataset(dataset(texts[name], syntax), reference))
        check(f"pyoxigraph: cited {name}", canonical(texts[name], name) == canonical(texts["nquads"], "nquads"))


if rdflib:
    OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
    NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
    PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")


def only(values):
    values = list(values)
    return values[0] if len(values) == 1 else None


def evidence():
    """Each vocabulary keeps the claims' graphs, in each format with named graphs."""
    reference = dataset(dossier("export", "--graph", "claims", "-F", "nquads"), "nquads")
    claims = {name: graph for name, graph in reference.items() if name != DEFAULT}
    read = {}
    for vocabulary in ("prov", "oa", "nanopub"):
        ask = ("export", "--graph", "claims", "--evidence", vocabulary, "-F")
        read[vocabulary] = dataset(dossier(*ask, "nquads"), "nquads")
        for name, syntax in QUADS.items():
            check(f"rdflib: {vocabulary} as {name}", same_dataset(dataset(dossier(*ask, name), syntax), read[vocabulary]))
        kept = {name: graph for name, graph in read[vocabulary].items() if name in claims}
        check(f"{vocabulary}: the claims are unchanged", len(claims) > 1 and same_dataset(kept, claims))
    annotations(read["oa"][DEFAULT], claims)
    nanopublications(read["nanopub"], claims)
    prov = read["prov"][DEFAULT]
    for claim in map(rdflib.URIRef, claims):
        quote = only(prov.objects(claim, PROV.wasDerivedFrom))
        source = only(prov.objects(claim, PROV.hadPrimarySource))
        check(f"prov: {claim}", source is not None and source == only(prov.objects(quote, PROV.wasQuotedFrom)))


def annotations(graph, claims):
    """A position, in characters, of the document's text is where the quote stands."""
    for claim in map(rdflib.URIRef, claims):
        annotation = only(graph.subjects(OA.hasBody, claim))
        target = only(graph.objects(annotation, OA.hasTarget))
        source = only(graph.objects(target, OA.hasSource))
        text = Path("data/documents", f"{str(source).rsplit('/', 1)[-1]}.txt").read_bytes().decode()
        selectors = {only(graph.objects(selector, rdflib.RDF.type)): selector for selector in graph.objects(target, OA.hasSelector)}
        quote, position = selectors[OA.TextQuoteSelector], selectors[OA.TextPositionSelector]
        start, end = (int(only(graph.objects(position, side))) for side in (OA.start, OA.end))
        exact, prefix, suffix = (str(only(graph.objects(quote, words))) for words in (OA.exact, OA.prefix, OA.suffix))
        check(f"oa: {claim}", text[start:end] == exact and text[:start].endswith(prefix) and text[end:].startswith(suffix))


def nanopublications(graphs, claims):
    """The guidelines' conditions: one head with one of each part, which are different graphs and refer to each other."""
    heads = {name: graph for name, graph in graphs.items() if (None, rdflib.RDF.type, NP.Nanopublication) in graph}
    check("nanopub: one for each claim", len(heads) == len(claims))
    seen = set(heads)
    for name, head in heads.items():
        nanopub = only(head.subjects(rdflib.RDF.type, NP.Nanopublication))
        parts = [only(head.objects(nanopub, part)) for part in (NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo)]
        assertion, provenance, info = parts
        check(f"nanopub: {nanopub} has its parts", len({nanopub, rdflib.URIRef(name), *parts}) == 5 and str(assertion) in claims)
        check(f"nanopub: {nanopub} provenance", (assertion, None, None) in graphs[str(provenance)])
        check(f"nanopub: {nanopub} publication info", (nanopub, None, None) in graphs[str(info)])
        seen |= set(map(str, parts))
    check("nanopub: no triple elsewhere", seen == graphs.keys())


def differences():
    """A patch, read by its own rules and applied by rdflib."""
    data = Path("tests/cmd/diff.in")
    for one, other in (("one.ttl", "other.jsonld"), ("other.jsonld", "one.ttl")):
        # Blank nodes are called as dossier calls them: it says so in what it exports.
        text = dossier("query", "CONSTRUCT WHERE { ?s ?p ?o }", "--quiet", "-F", "ntriples", "--data", str(data / one))
        rows = subprocess.run([DOSSIER, "diff", str(data / one), str(data / other), "-F", "patch"], capture_output=True, text=True)
        lines = set(filter(None, text.splitlines()))
        changes = [re.sub(r"<(_:[^>]*)>", r"\1", row).split(" ", 1) for row in rows.stdout.splitlines() if row[:2] in ("A ", "D ")]
        removed = {line for code, line in changes if code == "D"}
        check(f"diff: {one} has what is removed", rows.returncode == 1 and removed and removed <= lines)
        lines = (lines - removed) | {line for code, line in changes if code == "A"}
        patched = rdflib.Graph().parse(data="\n".join(lines), format="nt")
        syntax = {"ttl": "turtle", "jsonld": "json-ld"}[other.rsplit(".", 1)[1]]
        check(f"diff: {one} becomes {other}", isomorphic(patched, rdflib.Graph().parse(data / other, format=syntax)))


def flat(node):
    """A tree without its order: arrays sorted, so that two programs' trees compare."""
    if isinstance(node, list):
        return sorted((flat(item) for item in node), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(node, dict):
        return {key: value if key == "@context" else flat(value) for key, value in node.items()}
    return node


def npm_jsonld(folder):
    """A function that runs jsonld.js, if node and npm are there."""
    if not shutil.which("node") or not shutil.which("npm"):
        skip("expanding and framing by jsonld.js", "node or npm")
        return None
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "jsonld@9"], cwd=folder, check=True)
    script = Path(folder, "run.js")
    script.write_text(
        "const jsonld = require('jsonld'), fs = require('fs');"
        "const [what, ...files] = process.argv.slice(2);"
        "const [data, frame] = files.map(file => JSON.parse(fs.readFileSync(file)));"
        "(what === 'nquads' ? jsonld.toRDF(data, {format: 'application/n-quads'})"
        " : jsonld.frame(data, frame).then(framed => JSON.stringify(framed)))"
        ".then(text => process.stdout.write(text));"
    )

    def run(what, *texts):
        files = []
        for i, text in enumerate(texts):
            files.append(Path(folder, f"{i}.json"))
            files[-1].write_text(text)
        return subprocess.run(["node", script, what, *files], check=True, capture_output=True, text=True).stdout

    return run


def json_ld_processors(folder):
    """Those that there are: each with what makes N-Quads of JSON-LD, and what frames it."""
    processors = {}
    if pyld:
        processors["pyld"] = (
            lambda text: pyld.jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"}),
            lambda text, frame: pyld.jsonld.frame(json.loads(text), json.loads(frame)),
        )
    else:
        skip("expanding and framing by pyld", "pyld")
    node = npm_jsonld(folder)
    if node:
        processors["jsonld.js"] = (lambda text: node("nquads", text), lambda text, frame: json.loads(node("frame", text, frame)))
    return processors


FRAMES = {
    "the organisation": {"@type": "dos:IntergovernmentalOrganisation"},
    "names alone": {"@type": "dos:State", "@embed": "@never", "@explicit": True, "rdfs:label": {}},
    "embedded always": {"@type": "dos:Submission", "@embed": "@always", "dos:actor": {"@explicit": True, "rdfs:label": {}}},
    "defaults": {"@type": "dos:Body", "@explicit": True, "dos:acronym": {"@default": "none"}, "dos:since": {}},
    "by property": {"dos:acronym": {}, "@requireAll": True, "rdfs:label": {}, "@omitDefault": True},
}


def json_ld():
    with tempfile.TemporaryDirectory() as folder:
        processors = json_ld_processors(folder)
        for part in ("facts", "claims", "ontology", "all"):
            reference = canonical(dossier("export", "--graph", part, "-F", "nquads"), "nquads")
            for options in ([], ["--flattened"], ["--expanded"], ["--expanded", "--flattened"]):
                text = dossier("export", "--graph", part, "-F", "jsonld", *options)
                what = " ".join([part, *options])
                for program, (to_rdf, _) in processors.items():
                    check(f"{program}: {what}", canonical(to_rdf(text), "nquads") == reference)
        flattened = dossier("export", "-F", "jsonld", "--flattened")
        names = json.loads(dossier("export", "-F", "jsonld"))["@context"]
        names = {key: value for key, value in names.items() if key in ("dos", "rdfs", "sco", "country", "skos", "xsd")}
        for name, frame in FRAMES.items():
            frame = json.dumps({"@context": names, **frame})
            path = Path(folder, "frame.json")
            path.write_text(frame)
            ours = flat(json.loads(dossier("export", "-F", "jsonld", "--frame", path)))
            check(f"a frame matches: {name}", len(json.dumps(ours)) > 300)
            for program, (_, framed) in processors.items():
                check(f"{program}: framed by {name}", flat(framed(flattened, frame)) == ours)


NEEDED = {
    exports: ["rdflib", "pyoxigraph"],
    compressed: [],
    hard_graphs: ["rdflib", "pyoxigraph"],
    evidence: ["rdflib"],
    differences: ["rdflib"],
    json_ld: ["pyoxigraph"],
    queries: ["rdflib", "pyoxigraph"],
    cited_rows: ["rdflib", "pyoxigraph"],
    cited_graphs: ["rdflib", "pyoxigraph"],
}
for part, needed in NEEDED.items():
    missing = [name for name in needed if not globals()[name]]
    if missing:
        skip(part.__name__, " and no ".join(missing))
    else:
        part()
finish()
