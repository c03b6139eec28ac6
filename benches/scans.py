"""How long the queries of `scans` take in this program and in Virtuoso, on the same data, one after the other.

    cargo bench --bench scans -- --into FOLDER [TRIPLES]
    cargo bench --bench scans -- [TRIPLES] > FIGURES
    python3 benches/scans.py FOLDER FIGURES

This program answers in its own process, and Virtuoso over HTTP, with TSV on a connection that stays open. So the time of
the query `ASK {}` is taken from each of Virtuoso's. Printed are medians, ratios and their geometric mean. Virtuoso has the
memory that it recommends for a machine with 8 GB.
"""

import http.client
import math
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests/peers"))
from servers import free_port, serving
from virtuoso import command

FOLDER, FIGURES = Path(sys.argv[1]), Path(sys.argv[2])
PATIENCE = 0.5
LEAST = 0.01
GRAPH = "https://example.com/library"


def figures():
    """The milliseconds of this program, by the names of the queries."""
    for line in FIGURES.read_text().splitlines():
        if found := re.match(r"(\S+) +\d+ +[\d.]+ ms +([\d.]+) ms", line):
            yield found[1], float(found[2])


def sql(port, *statements):
    words = [f"127.0.0.1:{port}", "dba", "dba", *(f"exec={statement};" for statement in statements)]
    done = subprocess.run(["isql-vt", *words], capture_output=True, text=True, check=False)
    if done.returncode or "*** Error" in done.stdout + done.stderr:
        sys.exit(done.stdout + done.stderr)


class Endpoint:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def ask(self, query):
        """The milliseconds of an answer, and its rows."""
        parameters = {"query": query, "default-graph-uri": GRAPH, "format": "text/tab-separated-values"}
        start = time.perf_counter()
        self.connection.request("GET", "/sparql?" + urllib.parse.urlencode(parameters))
        response = self.connection.getresponse()
        body = response.read()
        took = 1000 * (time.perf_counter() - start)
        return took, response.status, body

    def median(self, query):
        """The median of the milliseconds, or `None` if it is no answer, and why."""
        times, start = [], time.monotonic()
        while not times or time.monotonic() < start + PATIENCE and len(times) < 101:
            took, status, body = self.ask(query)
            if status != 200:
                return None, body.decode(errors="replace").splitlines()[0]
            times.append(took)
        return statistics.median(times), None


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(FOLDER / "data.nt", folder)
        sql_port, port = free_port(), free_port()
        memory = {"NumberOfBuffers": 680_000, "MaxDirtyBuffers": 500_000, "ThreadsPerQuery": 2}
        rows = {"ResultSetMaxRows": 10_000_000, "MaxQueryExecutionTime": 600}
        start = command("virtuoso-t", folder, sql_port, port, Parameters=memory, SPARQL=rows)
        with serving(start, folder, port):
            sql(sql_port, f"ld_dir('{folder}', 'data.nt', '{GRAPH}')", "rdf_loader_run()", "checkpoint")
            endpoint = Endpoint(port)
            _, _, body = endpoint.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
            print(f"{body.split()[-1].decode()} triples in Virtuoso")
            floor, _ = endpoint.median("ASK {}")
            print(f"{'':28}{'this':>12}{'Virtuoso':>12}   (the floor of HTTP: {floor:.2f} ms)")
            ratios, slower = [], []
            for query, own in figures():
                took, why = endpoint.median((FOLDER / f"{query}.rq").read_text())
                if took is None:
                    print(f"{query:28}{own:9.3f} ms   Virtuoso: {why[:80]}")
                    continue
                took = max(took - floor, LEAST)
                ratios.append(own / took)
                if own > 2 * took and own > took + 1:
                    slower.append(query)
                print(f"{query:28}{own:9.3f} ms{took:9.3f} ms   {own / took:6.2f}")
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            print(f"geometric mean of {len(ratios)} ratios: {mean:.2f}")
            print(f"slower by more than 2 times and 1 ms: {', '.join(slower) or 'none'}")


main()
