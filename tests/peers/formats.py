"""Citations are the same in every format, and let another engine give the row.

    formats.py PATH-OF-DOSSIER [QUERIES [SEED]]

Random queries on small random data are cited. What JSON has of each row (claims, absences, whether there are more ways, the
status) is what table, Markdown, CSV, TSV and JSON lines have; each footnote is used, and each claim has one. TriG, N-Quads
and JSON-LD have the same quads and the same notes. Where pyoxigraph gives the same answer on all data, it gives each
verified row on what is cited alone, and of CONSTRUCT without negation all triples.
"""

import csv
import html
import io
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, product
from pathlib import Path
from random import Random

import pyoxigraph as ox
from tally import check, finish
from terms import term

DOSSIER = sys.argv[1]
QUERIES = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1

PREFIXES = {"": "x:", "c": "x:c/"}
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
NODES = [":a", ":b", ":c", ":d"]
PROPERTIES = [":p", ":q", ":n"]
VARIABLES = ["?x", "?y", "?z"]
FINE = ("verified", "background")
MOST_SHOWN = 3


# --- Data and queries ---


def random_data(random):
    triple = lambda: f"{random.choice(NODES)} {random.choice(PROPERTIES)} {random.choice([*NODES, '1', '2'])} ."
    claims = [f"c:{n} {{ {' '.join(triple() for _ in range(random.randint(1, 3)))} }}" for n in range(1, 6)]
    background = [triple() for _ in range(random.randint(0, 2))]
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return prefixes + "\n".join(claims + background) + "\n"


def random_triple(random, objects=("1",)):
    end = lambda: random.choice(VARIABLES) if random.random() < 0.75 else random.choice(NODES)
    predicate = random.choice([*PROPERTIES, *PROPERTIES, "?z", ":none"])
    return f"{end()} {predicate} {random.choice(objects) if random.random() < 0.1 else end()} ."


def random_path(random):
    end = lambda: random.choice(VARIABLES) if random.random() < 0.75 else random.choice(NODES)
    path = random.choice([":p/:q", ":p|:q", "^:p", ":p+", ":p*", ":q?", "(:p|:q)+", "!:p", ":p/:q*", "^:p/:n"])
    return f"{end()} {path} {end()} ."


def random_group(random, depth=2):
    parts = [random_path(random) if random.random() < 0.25 else random_triple(random) for _ in range(random.randint(1, 2))]
    inner = lambda: random_group(random, depth - 1)
    if depth:
        for _ in range(random.randint(0, 2)):
            more = [
                lambda: f"OPTIONAL {{ {inner()} }}",
                lambda: f"{{ {inner()} }} UNION {{ {inner()} }}",
                lambda: f"MINUS {{ {inner()} }}",
                lambda: f"FILTER NOT EXISTS {{ {inner()} }}",
                lambda: f"FILTER EXISTS {{ {inner()} }}",
                lambda: f"GRAPH ?g {{ {random_triple(random)} }}",
                lambda: f"FILTER({random.choice(VARIABLES)} {random.choice(['=', '!=', '<'])} {random.choice([*VARIABLES, ':a', '1'])})",
                lambda: f"VALUES {random.choice(VARIABLES)} {{ :a :b 1 }}",
                lambda: f"{{ SELECT {random.choice(VARIABLES)} {{ {inner()} }} }}",
            ]
            parts.append(random.choice(more)())
    return " ".join(parts)


def random_query(random):
    """A query and the name of its form."""
    group = random_group(random)
    form = random.choices(["rows", "groups", "ASK", "CONSTRUCT"], [45, 20, 8, 27])[0]
    # (Rows come in one order, so that those of all formats can be compared.)
    if form == "rows":
        selected = random.choice(["*", "?x", "?x ?y", "DISTINCT ?x", "DISTINCT ?x ?y", "?g ?x"])
        return f"SELECT {selected} {{ {group} }} ORDER BY ?x ?y ?z ?g", form
    if form == "groups":
        over = random.choice(VARIABLES)
        aggregate = random.choice(
            ["COUNT(*)", f"COUNT({over})", f"COUNT(DISTINCT {over})", f"SUM({over})", f"MIN({over})", f"MAX({over})", f"GROUP_CONCAT({over})"]
        )
        if random.random() < 0.5:
            return f"SELECT ({aggregate} AS ?value) {{ {group} }}", form
        return f"SELECT ?x ({aggregate} AS ?value) {{ {group} }} GROUP BY ?x ORDER BY ?x", form
    if form == "ASK":
        return f"ASK {{ {group} }}", form
    end = lambda: random.choice([*VARIABLES, *VARIABLES, ":new", "[]"])
    template = " ".join(f"{end()} {random.choice([':rel', ':p', ':q'])} {end()} ." for _ in range(random.randint(1, 3)))
    return f"CONSTRUCT {{ {template} }} {{ {group} }}", form


# --- What an answer says ---


def ways_of(citation):
    """The smallest sets of claims, each with what is absent."""
    ways = set()
    for derivation in citation.get("derivations", []):
        choices = [triple["claims"] for triple in derivation["triples"] if triple["claims"]]
        absent = frozenset(derivation.get("absent", []))
        ways |= {(frozenset(claims), absent) for claims in product(*choices)}
    return smallest(ways)


def smallest(ways):
    return {way for way in ways if not any(other[0] < way[0] and other[1] == way[1] for other in ways)}


def split(text, separator):
    """Parts of a text between separators that stand in no brackets, IRI or string."""
    parts, depth, quoted, start = [], 0, False, 0
    for i, c in enumerate(text):
        if c == '"' and text[i - 1] != "\\":
            quoted = not quoted
        if not quoted:
            depth += (c in "({[") - (c in ")}]")
            if depth == 0 and text.startswith(separator, i) and i >= start:
                parts.append(text[start:i])
                start = i + len(separator)
    return [*parts, text[start:]]


def read_words(text, separator, absence, claim, absent):
    """The ways that a citation in words has, and whether there are more. `claim` and `absent` tell what names stand for."""
    ways, has_more = set(), False
    for way in split(text, separator):
        if way == "…":
            has_more = True
            continue
        first, *absences = split(way.strip(), absence)
        choices = []
        for factor in split(first.strip(), "+"):
            names = split(factor.strip().removeprefix("(").removesuffix(")"), separator)
            run = re.fullmatch(r"(\d+)–(\d+)", factor)
            if run:
                choices += [[claim(str(n))] for n in range(int(run[1]), int(run[2]) + 1)]
            elif names not in ([""], ["background"]):
                choices.append([claim(name.strip()) for name in names])
        missing = frozenset(absent(name.strip()) for name in absences)
        ways |= smallest({(frozenset(claims), missing) for claims in product(*choices)})
    return ways, has_more


def expand(name):
    prefix, local = name.split(":", 1)
    return PREFIXES[prefix] + local


def shown(value):
    """A term as the words of an absence have it."""
    term_of = term(value)
    if isinstance(term_of, ox.NamedNode):
        for prefix, iri in sorted(PREFIXES.items(), key=lambda pair: -len(pair[1])):
            if term_of.value.startswith(iri):
                return f"{prefix}:{term_of.value[len(iri):]}"
    if value.get("datatype", "").endswith("integer"):
        return value["value"]
    return str(term_of)


def notes_of(text, markdown):
    """The footnotes by their names, and the words below them."""
    pattern = r"\[\^([0-9a-z]+)\]: (.*)" if markdown else r" *\[([0-9a-z]+)\] (.*)"
    unescaped = html.unescape(re.sub(r"\\(.)", r"\1", text)) if markdown else text
    return dict(re.fullmatch(pattern, line).groups() for line in unescaped.splitlines() if re.fullmatch(pattern, line))


def filled(note, row):
    """What is absent, with the values of the row in it. `None`: some of them are not in the answer, so that one note stands
    for whatever they are."""
    words, _, names = note.removeprefix("nothing matches ").partition(" with the row's ")
    words = without_values(words)
    for name in re.findall(r"\?(\w+)", names):
        if name not in row:
            return None
        words = re.sub(rf"\?{name}\b(?!·)", lambda _: shown(row[name]), words)
    return tidy(words)


def tidy(absent):
    """What is absent without what its text may have in more than one way: names that are numbered, what a sub-query selects,
    and braces."""
    absent = re.sub(r"·\d+", "", without_values(absent))
    return re.sub(r"SELECT .*? WHERE", "SELECT WHERE", absent).replace("{", "").replace("}", "").split()


def without_values(absent):
    """What is absent, with values in the places of variables to which a VALUES gives one."""
    values, clause = {}, r"VALUES \(((?:\?\w+ ?)+)\) \{ \(([^()]*)\) \} "
    while found := re.search(clause, absent):
        before, after = absent[: found.start()], absent[found.end() :]
        # (The VALUES stands before a group of what else there is.)
        depths = accumulate((c == "{") - (c == "}") for c in after)
        end = next(i for i, depth in enumerate(depths) if depth <= 0)
        if before.endswith("{ ") and after.startswith("{ ") and after[end + 1 :].startswith(" }"):
            after = after[2 : end - 1] + after[end + 1 :]
        absent = before + after
        values |= zip(found[1].split(), found[2].split())
    for name, value in values.items():
        absent = re.sub(re.escape(name) + r"\b(?!·)", lambda _: value, absent)
    return absent


def matches(way, other, fits):
    """Whether each absence of one way fits one of the other, and its claims are those of the other or more: of an
    alternative in a mark some choices may be more than another alternative needs."""
    (claims, letters), (others, missing) = way, other
    return (
        claims >= others
        and all(any(fits(letter, absent) for absent in missing) for letter in letters)
        and all(any(fits(letter, absent) for letter in letters) for absent in missing)
    )


def check_marks(what, text, marks, rows, citations, markdown):
    """The marks of a table, and its footnotes, are those of JSON."""
    notes = notes_of(text, markdown)
    claims, used = {}, set()
    for name, words in notes.items():
        if name.isdigit():
            claims[name] = expand(re.match(r"the graph (\S+) \(no quote\)", words)[1])
    right = len(set(claims.values())) == len(claims)
    right &= len(marks) == len(citations)
    for mark, row, citation in zip(marks, rows, citations):
        status = citation["status"]
        mark = re.sub(r"\[\^(\w+)\]", r"\1", mark) if markdown else mark
        if status not in FINE:
            right &= mark.endswith(status)
            mark = mark.removesuffix(status).strip()
            right &= f"{status}: {citation['reason']}" in re.sub(r"\\(.)", r"\1", text)
        used |= set(re.findall(r"(?<=−)[a-z]+|\d+", mark)) | {
            str(n) for a, b in re.findall(r"(\d+)–(\d+)", mark) for n in range(int(a), int(b) + 1)
        }
        if not mark:
            right &= not ways_of(citation) or ways_of(citation) == {(frozenset(), frozenset())}
            continue
        expected = ways_of(citation)
        ways, has_more = read_words(mark, " or ", "−", claims.__getitem__, str)
        absences = {name: filled(words, row) for name, words in notes.items() if not name.isdigit()}
        fits = lambda letter, absent: None in (absences[letter], filled(absent, row)) or absences[letter] == filled(absent, row)
        is_cut = len(citation["derivations"]) > MOST_SHOWN
        right &= has_more == (citation["more"] or is_cut)
        right &= all(any(matches(way, other, fits) for other in expected) for way in ways)
        right &= is_cut or all(any(way[0] == other[0] and matches(way, other, fits) for way in ways) for other in expected)
        if not right:
            print(mark, ways, expected)
            break
    right &= used == set(notes)
    check(what, right, text)


# --- The checks ---


def ask(query, data, form, *options):
    return subprocess.run(
        [DOSSIER, "query", "--cite", "--no-diagnose", "--whole", "-F", form, *options, query, "--data", data],
        capture_output=True,
        timeout=60,
    )


def same_as_json(query, data):
    """Every format of rows has what JSON has."""
    texts = {}
    for form in ("json", "jsonl", "csv", "tsv", "table", "markdown"):
        done = ask(HEAD + query, data, form)
        if done.returncode:
            return check(f"{query}: {form}", False, done.stderr.decode())
        texts[form] = done.stdout.decode()
    answer = json.loads(texts["json"])
    citations = answer["citations"]
    lines = [json.loads(line) for line in texts["jsonl"].splitlines()]
    check(f"{query}: jsonl", [line["citation"] for line in lines] == citations, texts["jsonl"])
    stated = {claim for c in citations for d in c.get("derivations", []) for t in d["triples"] for claim in t["claims"]}
    check(f"{query}: claims of JSON", set(answer["claims"]) == stated, texts["json"])
    of_lines = {claim for line in lines for claim in line["claims"]}
    check(f"{query}: claims of JSON lines", of_lines == stated, texts["jsonl"])
    if "boolean" in answer:
        rows = [{}]
        marks = {
            "table": re.findall(r"^(?:yes|no)  \[(.*)\]$", texts["table"], re.M),
            "markdown": re.findall(r"^\*\*(?:yes|no)\*\* (.*)$", texts["markdown"], re.M),
        }
    else:
        rows = answer["results"]["bindings"]
        cells = lambda line, edge, between: line.strip().strip(edge).split(between)[-1].strip()
        table = [line for line in texts["table"].splitlines() if line.startswith("│")]
        markdown = [line for line in texts["markdown"].splitlines() if line.startswith("|")]
        marks = {
            "table": [cells(line, "│", "┆") for line in table[1:]],
            "markdown": [cells(line, "|", "|") for line in markdown[2:]],
        }
    for form, found in marks.items():
        check_marks(f"{query}: {form}", texts[form], found, rows, citations, form == "markdown")
    for form, separator in (("csv", ","), ("tsv", "\t")):
        check_words(f"{query}: {form}", texts[form], form, citations)
    return answer


def check_words(what, text, form, citations):
    """The words of CSV and TSV are those of JSON."""
    if form == "csv":
        words = [line[-1] for line in list(csv.reader(io.StringIO(text)))[1:]]
    else:
        unescape = lambda word: re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n", "r": "\r"}.get(m[1], m[1]), word)
        words = [unescape(line.split("\t")[-1].strip('"')) for line in text.splitlines()[1:]]
    right = len(words) == len(citations)
    for word, citation in zip(words, citations):
        if not word:
            right &= not ways_of(citation) or ways_of(citation) == {(frozenset(), frozenset())}
            continue
        ways, has_more = read_words(word, "|", "-{", expand, lambda name: "{ " + name)
        right &= smallest(ways) == ways_of(citation) and has_more == citation["more"]
    check(what, right, text)


def store_of(quads):
    store = ox.Store()
    store.extend(quads)
    store.extend([ox.Quad(q.subject, q.predicate, q.object) for q in quads])
    return store


def plain_rows(solutions, names):
    return Counter(frozenset((n, s[n]) for n in names if s[n] is not None) for s in solutions)


def enough_for_rows(query, quads, answer):
    """The cited triples alone have another engine give each verified row."""
    if "boolean" in answer:
        whole = bool(store_of(quads).query(HEAD + query))
        rows = [(None, answer["citations"][0])] if whole == answer["boolean"] else []
    else:
        names = answer["head"]["vars"]
        given = [frozenset((n, term(t)) for n, t in row.items()) for row in answer["results"]["bindings"]]
        if plain_rows(store_of(quads).query(HEAD + query), names) != Counter(given):
            return 0
        rows = zip(given, answer["citations"])
    if re.search(r"[?*] ", query.partition("{")[2]):
        # pyoxigraph gives no zero-length path from a constant that the data lacks.
        return 0
    judged = 0
    for row, citation in rows:
        if citation["status"] not in FINE:
            continue
        for derivation in citation["derivations"]:
            cited = [
                ox.Quad(*(term(triple[part]) for part in ("subject", "predicate", "object")), graph)
                for triple in derivation["triples"]
                for graph in [*map(ox.NamedNode, triple["claims"]), ox.DefaultGraph()]
            ]
            results = store_of(cited).query(HEAD + query)
            gives = bool(results) == answer["boolean"] if row is None else row in plain_rows(results, names)
            check(f"{query}: pyoxigraph on the cited triples", gives, f"{row} {cited}")
            judged += 1
    return judged


def same_graphs(query, data, quads):
    """Every format of graphs has the same quads and notes; another engine constructs the triples of what is cited."""
    found, notes = {}, {}
    for form, syntax in (
        ("trig", ox.RdfFormat.TRIG),
        ("nquads", ox.RdfFormat.N_QUADS),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ):
        done = ask(HEAD + query, data, form)
        if done.returncode:
            return check(f"{query}: {form}", False, done.stderr.decode())
        dataset = ox.Dataset(ox.parse(done.stdout, format=syntax))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        found[form] = dataset
        notes[form] = [line for line in done.stderr.decode().splitlines() if line.startswith("note:")]
    check(f"{query}: graphs", found["trig"] == found["nquads"] == found["jsonld"], str(found))
    check(f"{query}: notes", notes["trig"] == notes["nquads"] == notes["jsonld"], str(notes))
    given = [quad for quad in found["nquads"] if quad.graph_name == ox.DefaultGraph()]
    if canonical(store_of(quads).query(HEAD + query)) != canonical(given):
        return 0
    known = set(quads)
    cited = [quad for quad in found["nquads"] if quad.graph_name != ox.DefaultGraph()]
    check(f"{query}: cited quads are in the data", all(quad in known for quad in cited), str(cited))
    if re.search(r"EXISTS|MINUS|OPTIONAL|\[\]|[?*] ", query.removeprefix("CONSTRUCT")):
        # What a triple rests on need not give it beside what other triples rest on, nor as often.
        return 0
    background = [quad for quad in quads if quad.graph_name == ox.DefaultGraph()]
    constructed = canonical(store_of(cited + background).query(HEAD + query))
    check(f"{query}: pyoxigraph on the cited triples", constructed == canonical(given), f"{constructed} {given}")
    return 1


def canonical(triples):
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def one(number):
    random = Random(f"{SEED} {number}")
    text = random_data(random)
    query, form = random_query(random)
    quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TRIG))
    with tempfile.NamedTemporaryFile("w", suffix=".trig") as file:
        file.write(text)
        file.flush()
        if form == "CONSTRUCT":
            return same_graphs(query, file.name, quads) or 0
        answer = same_as_json(query, file.name)
        return enough_for_rows(query, quads, answer) if answer else 0


with ThreadPoolExecutor(2) as pool:
    judged = sum(pool.map(one, range(QUERIES)))
print(f"{QUERIES} random queries; pyoxigraph was asked on the cited triples {judged} times")
finish()
