"""The protocol's own conformance suites and its inspector against the server of tools for language models.

    mcp.py PATH-OF-DOSSIER [FOLDER]

The packages come from npm, with a Node.js that the suites can run on. With FOLDER they are kept there.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

from tally import check, finish

DOSSIER = str(pathlib.Path(sys.argv[1]).resolve())
NODE = "node@22"
SUITES = {
    "2025-11-25": ("@modelcontextprotocol/conformance@0.1.16", ["--suite", "all", "--spec-version", "2025-11-25"]),
    "2026-07-28": ("@modelcontextprotocol/conformance@0.2.0-alpha.12", ["--requirements", "2026-07-28"]),
}
INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"

EXAMPLE_TOOL = "calls a tool of the SDKs' example servers, which no other server has"
EXAMPLE_RESOURCE = "reads a resource of the SDKs' example servers"
EXAMPLE_PROMPT = "gets a prompt of the SDKs' example servers"
NOT_OFFERED = "is of a capability that the server does not offer, and need not"

# The scenarios that do not apply, with the reason. Each must still fail, so that the list stays true.
NOT_APPLICABLE = {
    **dict.fromkeys(
        (
            "tools-call-simple-text",
            "tools-call-image",
            "tools-call-audio",
            "tools-call-embedded-resource",
            "tools-call-mixed-content",
            "tools-call-with-logging",
            "tools-call-error",
            "tools-call-with-progress",
            "tools-call-sampling",
            "tools-call-elicitation",
            "json-schema-2020-12",
            "elicitation-sep1034-defaults",
            "elicitation-sep1330-enums",
            "input-required-result-basic-elicitation",
            "input-required-result-basic-sampling",
            "input-required-result-basic-list-roots",
            "input-required-result-request-state",
            "input-required-result-multiple-input-requests",
            "input-required-result-multi-round",
            "input-required-result-result-type",
            "input-required-result-tampered-state",
            "input-required-result-capability-check",
            "http-custom-header-server-validation",
        ),
        EXAMPLE_TOOL,
    ),
    **dict.fromkeys(("resources-read-text", "resources-read-binary", "resources-templates-read"), EXAMPLE_RESOURCE),
    **dict.fromkeys(
        (
            "prompts-get-simple",
            "prompts-get-with-args",
            "prompts-get-embedded-resource",
            "prompts-get-with-image",
            "input-required-result-non-tool-request",
        ),
        EXAMPLE_PROMPT,
    ),
    **dict.fromkeys(
        (
            "logging-set-level",
            "resources-subscribe",
            "resources-unsubscribe",
            "tasks-lifecycle",
            "tasks-capability-negotiation",
            "tasks-wire-fields",
            "tasks-request-state-removal",
            "tasks-mrtr-input",
            "tasks-request-headers",
            "tasks-dispatch-and-envelope",
            "tasks-required-task-error",
            "tasks-mrtr-composition",
        ),
        NOT_OFFERED,
    ),
}

# Checks of an applicable scenario that need a tool of the example servers.
NOT_TESTABLE = {
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
}


def install(folder, package):
    """Installs a package of npm, and returns where its packages are."""
    place = folder / package.replace("/", "_")
    if not place.exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", str(place), package], check=True)
    return place / "node_modules"


def serve(*arguments):
    """A server on a free port, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [DOSSIER, "--quiet", "serve", "--port", str(port), *arguments], stdout=subprocess.PIPE, text=True
    )
    # (It prints its address when it listens.)
    server.stdout.readline()
    return server, f"http://localhost:{port}/mcp"


def conformance(node, folder, revision):
    """Runs a suite."""
    package, options = SUITES[revision]
    program = install(folder, package) / "@modelcontextprotocol/conformance/dist/index.js"
    server, url = serve()
    with tempfile.TemporaryDirectory() as reports:
        command = [node, str(program), "server", "--url", url, "--output-dir", reports, *options]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
        passed = set()
        for report in sorted(pathlib.Path(reports).glob("*/checks.json")):
            # The name of a report is `server-`, the scenario and the time.
            scenario = re.sub(r"-\d{4}-\d\d-\d\dT.*", "", report.parent.name.removeprefix("server-"))
            checks = json.loads(report.read_text())
            failed = [one for one in checks if one["status"] == "FAILURE" and one["id"] not in NOT_TESTABLE]
            if scenario in NOT_APPLICABLE:
                check(f"{revision}: {scenario} fails, since it {NOT_APPLICABLE[scenario]}", failed)
                continue
            passed.add(scenario)
            seen = "\n".join(f"{one['id']}: {one.get('errorMessage')}" for one in failed)
            check(f"{revision}: {scenario}", not failed, seen)
    server.terminate()
    server.wait()
    print(f"{revision}: {len(passed)} scenarios apply: {', '.join(sorted(passed))}")
    check(f"{revision}: the suite ran", len(passed) >= 6, f"{len(passed)} scenarios")


def inspect(node, folder):
    """Asks with the inspector, over pipes and over HTTP."""
    program = install(folder, INSPECTOR) / ".bin/mcp-inspector"
    server, url = serve()

    def ask(place, *arguments):
        command = [node, str(program), "--cli", *place, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        check(f"the inspector: {command[3:]}", done.returncode == 0, done.stderr[-500:])
        return json.loads(done.stdout or "{}")

    for place in ([DOSSIER, "mcp"], [url, "--transport", "http"]):
        tools = [tool["name"] for tool in ask(place, "--method", "tools/list").get("tools", [])]
        check("the inspector lists tools", {"members", "find", "sparql"} <= set(tools), tools)
        call = ["--method", "tools/call", "--tool-name", "members", "--tool-arg", "year=2016"]
        answer = ask(place, *call)
        text = answer.get("content", [{}])[0].get("text", "")
        check("the inspector calls a tool", text.startswith("6 rows.") and "“China" in text, answer)
        resources = ask(place, "--method", "resources/list").get("resources", [])
        check("the inspector lists resources", any(one["uri"] == "dossier://ontology" for one in resources))
        prompts = ask(place, "--method", "prompts/list").get("prompts", [])
        check("the inspector lists prompts", [one["name"] for one in prompts] == ["answer", "check-statement"])
    server.terminate()
    server.wait()


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else scratch)
        node = str(install(folder, NODE) / ".bin/node")
        for revision in SUITES:
            conformance(node, folder, revision)
        inspect(node, folder)
    finish()


main()
