"""What dossier does on a real terminal: tables fit it, and colours are those that are wanted.

    terminal.py PATH-OF-DOSSIER
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import unicodedata

from tally import check, finish

DOSSIER = sys.argv[1]


def on_terminal(arguments, columns, **environment):
    """The text that a terminal of so many columns gets, standard error included."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm-256color"} | environment
    process = subprocess.Popen([DOSSIER, *arguments], stdin=slave, stdout=slave, stderr=slave, env=env)
    os.close(slave)
    text = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    process.wait()
    os.close(master)
    return text.decode()


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


for columns in (40, 60, 80, 120):
    for query in ("members", "code-history", "left-out"):
        text = on_terminal(["run", query], columns)
        lines = text.splitlines()
        check(f"{query} fits {columns} columns", lines and all(width(line) <= columns for line in lines), text)
    # A word that is broken over lines is still there in whole.
    check("nothing is cut", "…" not in on_terminal(["run", "left-out"], columns), "")
    text = on_terminal(["list"], columns)
    check(f"list names everything at {columns} columns", "members-not-named-as-sponsors" in text, text)

for columns in (40, 60, 80, 120):
    text = on_terminal(["read"], columns, NO_COLOR="1")
    lines = text.splitlines()
    check(f"read fits {columns} columns", lines and all(width(line) <= columns for line in lines), text)
    check("read names every claim", "claim:founding-members" in text and "[30]" in text, text)
text = on_terminal(["read"], 80)
check("what nothing covers is underlined on a terminal", "\x1b[4mand\x1b[0m" in text and "⟨" not in text, text)
text = on_terminal(["read"], 80, NO_COLOR="1")
check("and in brackets where colours are not wanted", "\x1b" not in text and "⟨not covered: and⟩" in text, text)
for columns in (60, 80, 120):
    lines = on_terminal(["check"], columns, NO_COLOR="1").splitlines()
    check(f"check fits {columns} columns", lines and all(width(line) <= columns for line in lines), "\n".join(lines))

piped = subprocess.run([DOSSIER, "run", "left-out"], capture_output=True, text=True).stdout
check("a pipe gets the table whole", max(map(width, piped.splitlines())) > 150, piped)
check("a pipe gets no colours", "\x1b" not in piped, piped)

text = on_terminal(["run", "membres"], 80)
check("errors are in colour on a terminal", "\x1b[" in text and "membres" in text, text)
text = on_terminal(["run", "membres"], 80, NO_COLOR="1")
check("NO_COLOR is respected", "\x1b" not in text and "membres" in text, text)
text = on_terminal(["query"], 80)
check("a query that is missing is not waited for", "missing query" in text, text)

hostile = '<x:a> <x:b> "\\u001b]0;owned\\u0007\\u001b[2J" .'
shown = subprocess.run(
    [DOSSIER, "query", "SELECT ?o { ?s ?p ?o }", "--data", "-", "--from", "ntriples"],
    input=hostile, capture_output=True, text=True,
).stdout
check("a terminal obeys nothing that the data says", "\x1b" not in shown and "owned" in shown, shown)

reader = subprocess.run(["sh", "-c", f"{DOSSIER} export -F nquads --graph all | head -n 1; exit 0"], capture_output=True, text=True)
check("a pipe that closes early is no error", reader.stderr == "", reader.stderr)

finish()
