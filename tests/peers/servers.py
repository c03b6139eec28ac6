"""Servers of others, as long as a test needs them."""

import contextlib
import socket
import subprocess
import sys
import time

PATIENCE = 60


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def serving(command, folder, port):
    """A server that is there as long as it is needed."""
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, cwd=folder)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"{command[0]} does not serve: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait()


PREFIXES = """PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX ja: <http://jena.hpl.hp.com/2005/11/Assembler#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
"""

ENDPOINTS = {
    "query": ("query", "query"),
    "update": ("update", "update"),
    "data": ("gsp-rw", "data"),
}


def fuseki(jar, folder, port, datasets, memory="1G"):
    """What starts Fuseki with some data sets: their names with what they are, and the operations that they allow."""
    text = PREFIXES
    for name, (dataset, operations) in datasets.items():
        endpoints = [
            f'[ fuseki:operation fuseki:{operation} ; fuseki:name "{path}" ]'
            for operation, path in (ENDPOINTS[key] for key in operations)
        ]
        text += f'<#{name}> a fuseki:Service ; fuseki:name "{name}" ; fuseki:dataset [ {dataset} ] ;\n'
        text += f"  fuseki:endpoint {', '.join(endpoints)} .\n"
    (folder / "config.ttl").write_text(text)
    return ["java", f"-Xmx{memory}", "-jar", jar, "--localhost", f"--port={port}", "--config=config.ttl"]


def in_memory():
    return "a ja:MemoryDataset"


def on_disk(location, is_union=False):
    union = "; tdb2:unionDefaultGraph true" if is_union else ""
    return f'a tdb2:DatasetTDB2 ; tdb2:location "{location}" {union}'
