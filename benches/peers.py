"""How fast dossier is beside other engines: 20 shapes of queries on generated data, loading, and memory.

    cargo build --profile dist && python3 benches/peers.py [TRIPLES]

Each engine that is installed gets the same data, in a server on loopback or in a process of its own, and is asked the
same queries, those of `benches/queries.rs`. They take turns, so that a slow moment of the machine is everyone's. Times
are medians. Each is also asked for nothing, a query with an empty group, and that time is taken off its others: what
stands between this script and a server, and what an engine does for any query. An engine without a server (dossier, and
the libraries of Python) parses the query, evaluates it and writes the answer as SPARQL JSON to memory or to nowhere. The
numbers of rows are compared, and told where they differ.

With `--disk` dossier is asked in memory and on disk: build it with `--features disk` then. Its loading merges the files
of a store; Oxigraph's store is optimised by the command for that before it is asked, which is told beside its loading;
with `--as-loaded` it is not. `--queries` names the benchmark if it is built already, with the same features as dossier.
"""

import argparse
import contextlib
import gzip
import http.client
import json
import math
import os
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "peers"))

import virtuoso  # noqa: E402

SHAPES = [f"{kind}{i}" for kind, last in (("L", 5), ("S", 7), ("F", 5), ("C", 3)) for i in range(1, last + 1)]
# The name of a query that asks for nothing, and the query.
NOTHING, EMPTY = "nothing", "SELECT * { }"
JSON = "application/sparql-results+json"

# How often a shape is asked in one turn, and for how many seconds.
MOST, TURN = 25, 0.2

# How many turns are there to warm up: statistics, caches, pages that are read for the first time, code that is compiled
# once it has run often.
WARM = 2

# Less milliseconds than this are not told apart from the noise of a server's floor.
LEAST = 0.01

# Loading that takes more seconds than this is timed once.
LONG = 60

# A process of Python that answers as `cargo bench --bench queries -- --ask` does, but with null for what takes too long.
ASKED = """
import json, signal, time
def stop(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, stop)
print("{}", flush=True)
for file in sys.stdin:
    text = open(file.strip()).read()
    start = time.perf_counter()
    try:
        signal.alarm(int(sys.argv[2]))
        written = write(store.query(text))
        ms = (time.perf_counter() - start) * 1000
        signal.alarm(0)
        answer = {"rows": len(json.loads(written)["results"]["bindings"]), "ms": ms}
    except TimeoutError:
        answer = {"rows": None, "ms": None}
    print(json.dumps(answer), flush=True)
"""

# What pyoxigraph does; oxilite has the same interface.
OXIGRAPH_FOR_PYTHON = """
import gzip, sys
import {module} as library
store = library.Store(*sys.argv[3:])
if sys.argv[1]:
    opened = gzip.open(sys.argv[1]) if sys.argv[1].endswith(".gz") else open(sys.argv[1], "rb")
    store.bulk_load(opened, format=library.RdfFormat.N_TRIPLES)
def write(answer):
    return answer.serialize(format=library.QueryResultsFormat.JSON)
"""

RDFLIB = """
import gzip, sys, rdflib
store = rdflib.Graph()
opened = gzip.open(sys.argv[1]) if sys.argv[1].endswith(".gz") else open(sys.argv[1], "rb")
store.parse(opened, format="nt")
def write(answer):
    return answer.serialize(format="json")
"""

GRAPH = "https://example.com/shop/"


class Failed(Exception):
    """Why there is no figure."""


class Settings:
    """What all engines are started with: the data, the queries, where programs are, how long to wait."""

    def __init__(self, arguments, folder):
        self.folder, self.programs = folder, vars(arguments)
        self.patience, self.loads, self.has_disk = arguments.patience, arguments.loads, arguments.disk
        self.as_loaded = arguments.as_loaded
        run([*self.bench(), "--into", folder, arguments.triples])
        self.query(NOTHING).write_text(EMPTY)
        self.plain, self.compressed = folder / "data.nt", folder / "data.nt.gz"
        with open(self.plain, "rb") as data, gzip.open(self.compressed, "wb", 6) as out:
            shutil.copyfileobj(data, out)
        with open(self.plain, "rb") as data:
            self.triples = sum(1 for _ in data)

    def bench(self):
        if self.programs["queries"]:
            return [self.programs["queries"]]
        features = ["--features", "disk"] if self.has_disk else []
        return ["cargo", "bench", "--quiet", *features, "--bench", "queries", "--"]

    def query(self, shape):
        return self.folder / f"{shape}.rq"

    def files(self):
        return ("plain", self.plain), (".gz", self.compressed)

    def program(self, name):
        """Where a program is: where an option says, or in PATH."""
        found = shutil.which(self.programs.get(name.replace("-", "_")) or name)
        if not found:
            raise Failed(f"`{name}` is not installed (`--{name} PATH` says where it is)")
        return found

    def python(self, module):
        """A Python that has a library."""
        python = self.program("python")
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
            raise Failed(f"Python's library `{module}` is not installed (`--python PATH` says which Python has it)")
        return python


def run(command):
    """Seconds and mebibytes of a process from its start to its end."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(word) for word in command], stdout=said, stderr=said, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise Failed(last_line(said.read(), f"exit code {process.returncode}"))
    return seconds, usage.ru_maxrss / 1024


def last_line(said, otherwise):
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else otherwise


def peak(pid):
    """The most mebibytes that a running process had; NaN where the system does not tell, as only Linux does."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return math.nan


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Engine:
    """An engine that loads, starts, is asked and stops; and what came of it."""

    # The kinds of files that it loads.
    reads = ("plain", ".gz")

    def __init__(self, name, settings):
        self.name, self.settings = name, settings
        self.folder = settings.folder / name.replace(" ", "-")
        self.process = None
        self.loads, self.times, self.rows, self.too_slow = {}, {}, {}, set()
        self.seconds_to_optimise = None

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def time_loads(self, load):
        """Times loading each file into nothing; `load` gives the seconds and the mebibytes."""
        for kind, path in self.settings.files():
            if kind not in self.reads:
                continue
            figures = self.loads.setdefault(kind, [])
            while len(figures) < self.settings.loads and not (figures and figures[0][0] > LONG):
                self.stop()
                self.clear()
                figures.append(load(path))

    def take_turn(self, shape):
        """Asks a shape again and again, for a while."""
        start, count = time.perf_counter(), 0
        while shape not in self.too_slow and count < MOST and (not count or time.perf_counter() - start < TURN):
            count += 1
            try:
                rows, ms = self.ask(shape)
            except (OSError, http.client.HTTPException, Failed) as reason:
                print(f"{self.name}, {shape}: {reason or type(reason).__name__}", file=sys.stderr)
                self.stop()
                self.start()
                rows = ms = None
            if ms is None or ms > self.settings.patience * 1000:
                self.too_slow.add(shape)
            else:
                self.rows[shape] = rows
                self.times.setdefault(shape, []).append(ms)

    def median(self, shape):
        """The milliseconds of a shape; of one that took too long, as many as it took at least."""
        if shape in self.too_slow:
            return self.settings.patience * 1000
        return max(statistics.median(self.times[shape]) - self.floor(), LEAST)

    def floor(self):
        return statistics.median(self.times.get(NOTHING, [0]))

    def mean(self):
        return math.exp(sum(math.log(self.median(shape)) for shape in SHAPES) / len(SHAPES))

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class InProcess(Engine):
    """An engine in a process that is told the file of a query and says how long its answer took."""

    def serve(self, command):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, cwd=ROOT,
        )
        self.line(3600)

    def line(self, patience):
        if not select.select([self.process.stdout], [], [], patience)[0]:
            raise Failed(f"no answer in {patience} s")
        line = self.process.stdout.readline()
        if not line:
            raise Failed("ended")
        return json.loads(line)

    def ask(self, shape):
        self.process.stdin.write(f"{self.settings.query(shape)}\n")
        self.process.stdin.flush()
        # (What is not stopped in time by itself is waited for a little longer, for starting again takes longer still.)
        answer = self.line(10 * self.settings.patience)
        return answer["rows"], answer["ms"]


class Dossier(InProcess):
    def __init__(self, name, settings, is_on_disk):
        super().__init__(name, settings)
        self.program, self.is_on_disk = settings.program("dossier"), is_on_disk

    def load(self):
        def load(path):
            if self.is_on_disk:
                return run([self.program, "load", path, "--store", self.folder / "store"])
            return run([self.program, "query", "ASK { }", "--data", path])
        self.time_loads(load)

    def start(self):
        data = self.folder / "store" if self.is_on_disk else self.settings.plain
        self.serve([*self.settings.bench(), "--ask", data])


class Python(InProcess):
    """A library of Python."""

    def __init__(self, name, settings, module, code, is_on_disk=False):
        super().__init__(name, settings)
        self.python, self.code = settings.python(module), code.replace("{module}", module)
        self.kept = [self.folder / "store"] if is_on_disk else []

    def load(self):
        self.time_loads(lambda path: run([self.python, "-c", self.code, path, "", *self.kept]))

    def start(self):
        path = "" if self.kept else self.settings.plain
        self.serve([self.python, "-c", self.code + ASKED, path, int(self.settings.patience), *self.kept])


class Server(Engine):
    """An engine that is asked over HTTP."""

    query_path = "/query"

    def __init__(self, name, settings, program):
        super().__init__(name, settings)
        self.program, self.port, self.connection = settings.program(program), free_port(), None

    def serve(self, command):
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=self.folder)
        while self.process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise Failed(last_line((self.folder / "log").read_bytes(), "it ended at once"))

    def stop(self):
        self.connection = None
        super().stop()

    def send(self, path, body, headers, patience):
        if not self.connection:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        self.connection.request("POST", path, body, headers)
        if hasattr(socket, "TCP_QUICKACK"):
            # Else a server that writes an answer in two parts waits 40 ms for the first one to be acknowledged.
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise Failed(f"{response.status} {last_line(text, '')}")
        return text

    def timed(self, text):
        # (A form, for not all take a query as the body.)
        body = urllib.parse.urlencode({"query": text}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}
        start = time.perf_counter()
        answer = self.send(self.query_path, body, headers, self.settings.patience)
        return answer, (time.perf_counter() - start) * 1000

    def ask(self, shape):
        answer, ms = self.timed(self.settings.query(shape).read_bytes())
        if shape not in self.rows:
            return len(json.loads(answer)["results"]["bindings"]), ms
        return self.rows[shape], ms


class OxigraphServer(Server):
    """The server of the Oxigraph CLI, or one with the same commands."""

    def __init__(self, name, settings, program, is_on_disk):
        super().__init__(name, settings, program)
        if program == "oxilite":
            self.reads = ("plain",)
        self.kept = ["--location", self.folder / "store"] if is_on_disk else []

    def load(self):
        if self.kept:
            self.time_loads(lambda path: run([self.program, "load", *self.kept, "--file", path]))
            if not self.settings.as_loaded:
                with contextlib.suppress(Failed):
                    self.seconds_to_optimise, _ = run([self.program, "optimize", *self.kept])
        else:
            self.clear()

    def start(self):
        self.serve([self.program, "serve", *self.kept, "--bind", f"127.0.0.1:{self.port}"])
        if not self.kept:
            start, headers = time.perf_counter(), {"Content-Type": "application/n-triples"}
            self.send("/store?default", self.settings.plain.read_bytes(), headers, 3600)
            self.loads.setdefault("plain", []).append((time.perf_counter() - start, peak(self.process.pid)))
            self.connection = None


class Virtuoso(Server):
    query_path = "/sparql"

    def __init__(self, name, settings):
        super().__init__(name, settings, "virtuoso-t")
        self.isql, self.sql = settings.program("isql-vt"), free_port()

    def load(self):
        def load(path):
            self.start()
            start = time.perf_counter()
            self.run_sql(f"ld_dir('{path.parent}', '{path.name}', '{GRAPH}'); rdf_loader_run(); checkpoint;")
            seconds = time.perf_counter() - start
            if "\n0 Rows" not in self.run_sql("SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;"):
                raise Failed("its loader failed")
            return seconds, peak(self.process.pid)
        self.time_loads(load)

    def run_sql(self, statements):
        done = subprocess.run(
            [self.isql, f"127.0.0.1:{self.sql}", "dba", "dba", f"exec={statements}"], capture_output=True, check=False
        )
        if done.returncode:
            raise Failed(last_line(done.stderr or done.stdout, "it cannot be asked by SQL"))
        return done.stdout.decode(errors="replace")

    def start(self):
        if self.process:
            return
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)
        # Its buffers are those that its own file recommends for 4 GB; it has no queries without a limit on rows and time.
        self.serve(virtuoso.command(
            self.program, self.folder, self.sql, self.port,
            Parameters={
                "DirsAllowed": f"., {self.settings.folder}",
                "NumberOfBuffers": 340_000,
                "MaxDirtyBuffers": 250_000,
                "MaxClientConnections": 10,
                "MaxQueryMem": "2G",
                "ThreadsPerQuery": 4,
            },
            HTTPServer={"MaxKeepAlives": 10, "KeepAliveTimeout": 3600},
            SPARQL={
                "DefaultGraph": GRAPH,
                "ResultSetMaxRows": 100_000_000,
                "MaxQueryExecutionTime": int(self.settings.patience),
            },
        ))


class Fuseki(Server):
    """The server of Apache Jena, with its data in memory."""

    query_path = "/shop/query"

    def __init__(self, name, settings):
        super().__init__(name, settings, "fuseki-server")

    def load(self):
        def load(path):
            start = time.perf_counter()
            self.start(path)
            return time.perf_counter() - start, peak(self.process.pid)
        self.time_loads(load)

    def start(self, path=None):
        if not self.process or path:
            self.serve([
                self.program, "--localhost", f"--port={self.port}", f"--file={path or self.settings.plain}", "/shop",
            ])


# The engines by their names.
ENGINES = {
    "dossier": lambda name, settings: Dossier(name, settings, False),
    "dossier on disk": lambda name, settings: Dossier(name, settings, True) if settings.has_disk else None,
    "Oxigraph": lambda name, settings: OxigraphServer(name, settings, "oxigraph", False),
    "Oxigraph on disk": lambda name, settings: OxigraphServer(name, settings, "oxigraph", True),
    "oxilite on disk": lambda name, settings: OxigraphServer(name, settings, "oxilite", True),
    "Virtuoso": Virtuoso,
    "Jena": Fuseki,
    "pyoxigraph": lambda name, settings: Python(name, settings, "pyoxigraph", OXIGRAPH_FOR_PYTHON),
    "pyoxigraph on disk": lambda name, settings: Python(name, settings, "pyoxigraph", OXIGRAPH_FOR_PYTHON, True),
    "oxilite for Python": lambda name, settings: Python(name, settings, "oxilite", OXIGRAPH_FOR_PYTHON),
    "rdflib": lambda name, settings: Python(name, settings, "rdflib", RDFLIB),
}


def ready(settings, names, stack):
    """The engines that are there and have loaded, started; they are stopped when the stack is left."""
    engines = []
    for name, make in ENGINES.items():
        if names and name not in names:
            continue
        engine = None
        try:
            engine = make(name, settings)
            if engine:
                stack.callback(engine.stop)
                engine.clear()
                engine.load()
                engine.start()
                engines.append(engine)
        except (OSError, Failed) as reason:
            print(f"skipped: {name}: {reason}")
            if engine:
                engine.stop()
    return engines


def short(number):
    """A number in at least three digits."""
    return f"{number:,.{max(0, min(3, 2 - math.floor(math.log10(number)))) if number > 0 else 0}f}"


def print_queries(engines):
    ours = engines[0]
    widths = [max(20, len(engine.name) + 3) for engine in engines]

    def line(name, rows, cells):
        print(f"{name:16}{rows:>8}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths)))

    def cell(ms, theirs, sign=""):
        return f"{sign}{short(ms)}  {short(ms / theirs):>7} x"

    print(f"\nmilliseconds, and how many times those of {ours.name}")
    line("", "rows", [engine.name for engine in engines])
    for shape in SHAPES:
        theirs = ours.median(shape)
        cells = [cell(e.median(shape), theirs, ">" if shape in e.too_slow else "") for e in engines]
        line(shape, ours.rows.get(shape, "?"), cells)
    line("geometric mean", "", [cell(engine.mean(), ours.mean()) for engine in engines])
    line("taken off", "", [short(engine.floor()) + " " * 11 for engine in engines])
    for engine in engines[1:]:
        faster = [shape for shape in SHAPES if engine.median(shape) * 1.1 < ours.median(shape)]
        if faster:
            print(f"{engine.name} is faster than {ours.name} by more than a tenth in {', '.join(faster)}")
        for shape in engine.rows.keys() & ours.rows.keys():
            if engine.rows[shape] != ours.rows[shape]:
                print(f"{shape}: {engine.name} has {engine.rows[shape]} rows, {ours.name} has {ours.rows[shape]}")


def print_loads(engines, triples):
    print("\nloading: triples a second, and the peak of memory")
    print(f"{'':22}{'plain':>12}{'.gz':>12}{'memory':>14}{'bytes a triple':>18}")
    for engine in engines:
        cells = []
        for kind in ("plain", ".gz"):
            figures = engine.loads.get(kind)
            rate = triples / statistics.median(seconds for seconds, _ in figures) if figures else None
            cells.append(f"{rate:12,.0f}" if rate else f"{'-':>12}")
        memory = statistics.median(mebibytes for _, mebibytes in engine.loads["plain"])
        print(f"{engine.name:22}{''.join(cells)}{memory:10.0f} MiB{memory * 2**20 / triples:18.0f}")
        if engine.seconds_to_optimise:
            seconds = statistics.median(seconds for seconds, _ in engine.loads["plain"]) + engine.seconds_to_optimise
            print(f"{'  and optimised':22}{triples / seconds:12,.0f}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("triples", nargs="?", type=int, default=100_000, help="about how many triples [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3, help="how often each engine has its turn [%(default)s]")
    parser.add_argument("--loads", type=int, default=3, help="how often loading is timed [%(default)s]")
    parser.add_argument("--patience", type=float, default=10, help="seconds after which a query is too slow [%(default)s]")
    parser.add_argument("--only", help="the engines to compare, with commas: " + ", ".join(ENGINES))
    parser.add_argument("--disk", action="store_true", help="dossier is also asked on disk")
    parser.add_argument("--as-loaded", action="store_true", help="Oxigraph's store on disk is asked without `optimize`")
    parser.add_argument("--dossier", default=ROOT / "target/dist/dossier", help="where dossier is")
    parser.add_argument("--queries", help="where the benchmark of the queries is, if not cargo is to build it")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the libraries")
    for program in ("oxigraph", "oxilite", "virtuoso-t", "isql-vt", "fuseki-server"):
        parser.add_argument(f"--{program}", help=f"where {program} is, if it is not in PATH")
    return parser.parse_args()


def main():
    given = arguments()
    names = given.only and [name.strip() for name in given.only.split(",")]
    for name in names or []:
        if name not in ENGINES:
            sys.exit(f"there is no engine `{name}`: there are {', '.join(ENGINES)}")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        try:
            settings = Settings(given, Path(folder))
        except (OSError, Failed) as reason:
            sys.exit(f"`cargo bench` cannot write the data: {reason}")
        engines = ready(settings, names, stack)
        if not engines:
            sys.exit("there is nothing to compare")
        for turn in range(WARM + given.rounds):
            if turn == WARM:
                for engine in engines:
                    engine.times.clear()
                    engine.too_slow.clear()
            for shape in (*SHAPES, NOTHING):
                for engine in engines:
                    engine.take_turn(shape)
        print(f"{settings.triples:,} triples; load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
        print_queries(engines)
        print_loads(engines, settings.triples)


main()
