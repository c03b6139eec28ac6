"""The shell on a real terminal: typing, completion, history, queries of several lines, Ctrl-C and Ctrl-D.

    shell.py PATH-OF-DOSSIER
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

from tally import check, finish

DOSSIER = os.path.abspath(sys.argv[1])
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, state, *arguments, **environment):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        env |= {"TERM": "xterm-256color", "XDG_STATE_HOME": state} | environment
        self.process = subprocess.Popen(
            [DOSSIER, *arguments, "shell"], stdin=slave, stdout=slave, stderr=slave, env=env,
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)), cwd=state,
        )
        os.close(slave)
        self.master, self.raw, self.seen = master, "", 0
        self.wait("dossier> ")

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.raw += os.read(self.master, 65536).decode(errors="replace")
                return True
            except OSError:
                pass
        return False

    def plain(self):
        """What came since the last look, without colours and movements of the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.raw[self.seen:])

    def wait(self, text, seconds=15):
        """Whether a text comes. What came until then is not looked at again."""
        end = time.time() + seconds
        while time.time() < end:
            found = text in self.plain()
            if found:
                # What belongs to it is here at once.
                while self.read(0.15):
                    pass
                self.last = self.plain()
                self.seen = len(self.raw)
                return True
            if not self.read(0.1) and self.process.poll() is not None:
                break
        self.last = self.plain()
        return text in self.last

    def send(self, text):
        os.write(self.master, text.encode())

    def says(self, what, typed, *texts, not_said=()):
        """Types something, and checks what is said then."""
        self.send(typed)
        came = all([self.wait(text) for text in texts[:1]])
        holds = came and all(text in self.last for text in texts) and not any(text in self.last for text in not_said)
        check(what, holds, self.last)

    def leave(self):
        self.send("\x04")
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return None
        finally:
            os.close(self.master)


with tempfile.TemporaryDirectory() as state:
    shell = Terminal(state)
    check("it says how to leave", "Ctrl-D" in shell.raw, shell.raw)
    shell.says("a command", "run members year=2016\r", "Uzbekistan", "dossier> ", not_said=["India"])
    shell.says("a query", "ASK { sco:SCO dos:acronym ?x }\r", "yes", "dossier> ")

    # Queries of several lines.
    shell.send("SELECT ?s {\r")
    time.sleep(0.5)
    shell.send("?s a dos:State\r")
    time.sleep(0.5)
    shell.says("a query goes on until its brackets are closed", "} ORDER BY ?s LIMIT 1\r", "China", "dossier> ")
    shell.send("SELECT ?s {\r")
    time.sleep(0.5)
    shell.says("an empty line ends the query", "\r", "unclosed", "dossier> ")

    # Completion.
    shell.says("Tab completes a command", "conv\t", "convert", not_said=["error"])
    shell.says("Ctrl-C leaves the line and keeps the shell", "\x03", "dossier> ")
    shell.says("Tab completes a saved query", "run raised\t", "raised-in")
    shell.says("and its parameter", " to\t", "topic=")
    shell.send("\x15")
    shell.says("a value by its name", "run status state=Kaz\t", "state=Kazakhstan")
    shell.says("and the line is done", "\r", "founder", "dossier> ")
    shell.says("Tab lists properties of the subject's class", "SELECT * { ?s a dos:State ; \t\t", "skos:notation",
               not_said=["dos:acronym"])
    shell.send("\x15\x0b")
    shell.says("a class", "SELECT * { ?s a dos:Stat\t", "dos:State")
    shell.send("\x15")
    shell.says("a thing by its name", "SELECT * { Kazakh\t", "country:KZ")
    shell.send("\x15")
    shell.says("a prefix", "SELECT * { ?s sko\t", "skos:")
    shell.send("\x15")
    shell.says("a command of the shell", ".he\t\r", "The shell's own commands", ".timer on|off", "dossier> ")

    # Colours.
    shell.send("SELECT ?s { }")
    shell.wait("SELECT ?s { }")
    time.sleep(0.3)
    shell.read(0.2)
    check("words are in colour", "\x1b[1m\x1b[34mSELECT\x1b[0m" in shell.raw, repr(shell.raw[-300:]))
    shell.send("\x15")

    # The last answer.
    shell.says("a long answer fits the terminal", "run left-out\r", "reason", "dossier> ")
    widest = max(len(line) for line in shell.last.splitlines() if line.startswith("│"))
    check("so that it is not wider", widest <= 100, shell.last)
    shell.says(".last shows it whole", ".last\r", "reason", "dossier> ")
    widest = max(len(line) for line in shell.last.splitlines() if line.startswith("│"))
    check("so that it is wider than the terminal", widest > 100, shell.last)
    shell.send("run founders --limit 1\r")
    shell.wait("more than 1 row")
    shell.says(".cite cites it", ".cite\r", "claim:founding-members", "dossier> ")
    shell.says(".timer on", ".timer on\r", "\n", "dossier> ")
    shell.says("tells how long a line takes", "ASK {}\r", "took", "ms")
    shell.says(".timer off", ".timer off\r", "\n", "dossier> ")
    shell.says("no longer does", "ASK {}\r", "yes", not_said=["took"])
    shell.says(".format", ".format csv\r", "dossier> ")
    shell.says("holds from then on", "run founders --limit 1\r", "founder,founded,memberSince", "dossier> ")
    shell.says(".prefix", ".prefix my: <https://w3id.org/dossier/sco/>\r", "dossier> ")
    shell.says("is known then", "ASK { my:SCO a ?class }\r", "true", "dossier> ")

    # Ctrl-C.
    shell.says("an error ends nothing", "run membres\r", "did you mean `members`?", "dossier> ")
    shell.send(RUNAWAY)
    shell.wait("?p ?q ?r }")
    shell.send("\r")
    time.sleep(1)
    start = time.time()
    shell.says("Ctrl-C stops the running command", "\x03", "interrupted", "dossier> ")
    check("soon", time.time() - start < 5, str(time.time() - start))
    shell.send(RUNAWAY + " LIMIT 1")
    shell.wait("LIMIT 1")
    shell.send("\r")
    time.sleep(1)
    start = time.time()
    shell.says("pressed twice it does at once", "\x03\x03", "interrupted", "dossier> ")
    check("really at once", time.time() - start < 2, str(time.time() - start))
    shell.says("a limit of time does it too", "query '" + RUNAWAY + "' --timeout 300ms\r",
               "stopped at the limit of 300ms", "dossier> ")
    shell.says("the session is still there", "ASK { my:SCO a ?class }\r", "true", "dossier> ")
    shell.says("Ctrl-C on an empty line tells how to leave", "\x03", "to quit, press Ctrl-D", "dossier> ")

    # History.
    shell.says("the last line comes back", "\x1b[A", "ASK { my:SCO a ?class }")
    shell.send("\x15")
    shell.says("a line that begins with a space", "   ASK { sco:secret ?p ?o }\r", "false", "dossier> ")
    shell.says("another one", "ASK { sco:SCO ?p ?o }\r", "true", "dossier> ")
    check("Ctrl-D quits", shell.leave() == 0, shell.raw[-300:])
    history = open(f"{state}/dossier/history").read()
    check("history is kept", "run members year=2016" in history and "ASK { sco:SCO ?p ?o }" in history, history)
    check("but no line that begins with a space", "secret" not in history, history)

    shell = Terminal(state)
    shell.says("history goes on in the next session", "\x1b[A", "ASK { sco:SCO ?p ?o }")
    shell.says("and is found by its words", "\x15\x12year=20", "run members year=2016")
    shell.says("and asked again", "\r", "Uzbekistan", "dossier> ")
    shell.says(".quit leaves", ".quit\r", "")
    check("with nothing wrong", shell.process.wait(timeout=10) == 0, shell.raw[-300:])

    shell = Terminal(state, "--quiet", NO_COLOR="1")
    check("--quiet says nothing", "Ctrl-D" not in shell.raw, shell.raw)
    shell.send("SELECT ?s { }")
    shell.wait("SELECT ?s { }")
    check("NO_COLOR is respected", not re.search(r"\x1b\[[0-9;]*[1-9][0-9;]*m", shell.raw), repr(shell.raw))
    shell.send("\x15")
    check("Ctrl-D quits", shell.leave() == 0, shell.raw[-300:])

finish()
