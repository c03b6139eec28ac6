"""The pages in a real browser: a form, a footnote, formats, search, the way back; no overflow, no errors, no barriers; the
same pages as files.

    browser.py PATH-OF-DOSSIER PATH-OF-AXE.MIN.JS [PATH-OF-CHROMIUM]

axe-core is on npm: `npm install axe-core` puts it into `node_modules/axe-core/axe.min.js`.
"""

import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright
from tally import check, finish

DOSSIER, AXE = sys.argv[1], pathlib.Path(sys.argv[2]).read_text()
CHROMIUM = sys.argv[3] if len(sys.argv) > 3 else shutil.which("chromium")
WIDTHS = (360, 800, 1600)
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TARGETS = {
    "overview": "/",
    "question": "/ask/members/year=2017",
    "wrong value": "/ask/status/state=Chna",
    "form": "/ask/status",
    "document": "/read/doc:sco",
    "thing": "/thing/sco:SCO",
    "class": "/thing/dos:State",
    "claim": "/claim/claim:founding-members",
    "picture": "/draw/overview",
    "timeline": "/draw/timeline",
    "search": "/search?q=iran",
    "query": "/query",
    "answer": "/query?query=SELECT+*+%7B+%3Fs+a+dos%3AState+.+%3Fs+%3Fp+%3Fo+%7D",
    "triples": "/query?query=DESCRIBE+sco%3ASCO",
    "wrong query": "/query?query=SELEC+*",
    "laid out": "/query?query=select+*+%7B%3Fs+a+dos%3AState%7D&layout=1",
    "empty": "/query?query=SELECT+*+%7B+%3Fs+a+sco%3ANothing+%7D",
    "nothing": "/thing/Chnia",
}


def serve():
    """A server on a free port, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [DOSSIER, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return server, f"http://127.0.0.1:{port}"


def with_policy(route):
    """Sends the policy of the pages with every response, whoever answers."""
    response = route.fetch(max_redirects=0)
    route.fulfill(response=response, headers={**response.headers, "content-security-policy": POLICY})


class Reader:
    """A page of a browser, and what goes wrong on it."""

    def __init__(self, browser, width=1200, scheme="light", script=True, guarded=True):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        if guarded:
            self.page.route("**/*", with_policy)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.note(message))

    def note(self, message):
        # The browser reports the status of a page that explains an error.
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.errors.append(message.text)

    def close(self):
        self.context.close()


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def barriers(page):
    """What axe finds: the rules and the elements."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found["violations"]]


def look_at(browser, base):
    """Every kind of page at each width, in light and dark."""
    for name, target in TARGETS.items():
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                reader = Reader(browser, width, scheme)
                reader.page.goto(base + target)
                check(f"{name} fits {width}", overflow(reader.page) == 0, overflow(reader.page))
                check(f"{name} has no errors", reader.errors == [], reader.errors)
                if width != 800:
                    found = barriers(reader.page)
                    check(f"{name} has no barriers ({width}, {scheme})", found == [], found)
                reader.close()


def ask(browser, base, script):
    """From a form to an answer, to the quoted words, and back."""
    reader = Reader(browser, script=script)
    page = reader.page
    page.goto(base + "/")
    page.click("text=What is a state to the organisation?")
    page.select_option("select[name=state]", label="India")
    page.click("main button")
    page.wait_for_url("**/ask/status/state=country:IN")
    check("the form leads to its answer", page.locator("tbody tr").count() >= 1, page.content())
    note = page.locator("td a[role=doc-noteref]").first
    mark = note.get_attribute("href")
    note.click()
    check("a mark leads to its footnote", page.url.endswith(mark), page.url)
    page.locator(f"li{mark} blockquote a").click()
    page.wait_for_url("**/read/doc:sco#claim:*")
    lit = page.locator("mark:has(> .anchor:target)")
    check("the footnote leads to the words", "India and Pakistan became members in 2017" in lit.inner_text(), lit.inner_text())
    check("the words are in view", lit.evaluate("e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight }"), "")
    page.go_back()
    page.go_back()
    check("the way back leads to the answer", "/ask/status/state=country:IN" in page.url, page.url)
    chosen = page.locator("select[name=state]").evaluate("s => s.selectedOptions[0].textContent") if script else "India"
    check("the form is still filled", chosen == "India", chosen)
    json = page.locator(".formats a", has_text="JSON").get_attribute("href")
    answer = page.request.get(base + json)
    check("the answer is there as JSON", "bindings" in answer.text(), answer.text()[:300])
    page.fill("header input[type=search]", "Kazakh")
    page.press("header input[type=search]", "Enter")
    page.wait_for_url("**/search?q=Kazakh")
    page.click("#hits a >> nth=0")
    check("the search leads to a thing", page.locator("h1").inner_text() == "Kazakhstan", page.locator("h1").inner_text())
    page.goto(base + "/ask/status/state=Chna")
    page.click(".meant a")
    check("what was meant is a link", "China" in page.url, page.url)
    page.goto(base + "/ask/timeline")
    page.click("text=Edit this query")
    page.click("main .query button")
    check("a saved query can be edited", page.locator("tbody tr").count() > 5, page.locator("main").inner_text()[:500])
    page.goto(base + "/query")
    page.fill("textarea", "select * {?s a dos:State} limit 3")
    page.click("text=Lay out")
    laid_out = "SELECT * {\n  ?s a dos:State .\n}\nLIMIT 3\n"
    check("a query is laid out", page.input_value("textarea") == laid_out, page.input_value("textarea"))
    check("its text is not run", page.locator(".answer").count() == 0, page.url)
    if script:
        page.goto(base + "/query")
        page.fill("textarea", "")
        page.locator("textarea").press_sequentially("SELECT * { Kazakh")
        page.click(".proposals button >> text=country:KZ")
        check("a proposal replaces the word", page.input_value("textarea") == "SELECT * { country:KZ", page.input_value("textarea"))
    check("no errors on the way", reader.errors == [], reader.errors)
    reader.close()


def by_keyboard(browser, base):
    """Without a mouse."""
    reader = Reader(browser)
    page = reader.page
    page.goto(base + "/read/doc:sco")
    page.keyboard.press("Tab")
    check("the first stop skips to the content", page.evaluate("document.activeElement.className") == "skip", "")
    page.keyboard.press("Enter")
    check("it leads to the content", page.evaluate("document.activeElement.id") == "content", page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    page.keyboard.press("/")
    check("a slash begins to search", page.evaluate("document.activeElement.type") == "search", "")
    number = page.locator(".claims > li >> nth=3").locator("a.number")
    number.focus()
    lit = page.locator("mark.lit")
    check("focus on a claim lights its words", lit.count() >= 1 and "Established: 2001" in lit.first.inner_text(), lit.count())
    page.locator("mark[data-claims='3']").first.hover()
    check("words light their claim", page.locator(".claims > li.lit").count() >= 1, "")
    check("no errors by keyboard", reader.errors == [], reader.errors)
    reader.close()


def as_files(browser):
    """The published folder, from a disk and below a path."""
    with tempfile.TemporaryDirectory() as folder:
        site = pathlib.Path(folder) / "a site"
        subprocess.run([DOSSIER, "publish", str(site), "--quiet"], check=True)
        reader = Reader(browser, guarded=False)
        page = reader.page
        page.goto(site.as_uri() + "/index.html")
        page.click("text=What is a state to the organisation?")
        page.click("nav.choices >> text=India")
        check("an answer is a file", page.locator("tbody tr").count() >= 1, page.url)
        mark = page.locator("td a[role=doc-noteref]").first.get_attribute("href")
        page.locator(f"li{mark} blockquote a").click()
        lit = page.locator("mark:has(> .anchor:target)")
        check("a footnote of a file leads to the words", "India and Pakistan" in lit.inner_text(), page.url)
        page.fill("header input[type=search]", "kazakh")
        page.press("header input[type=search]", "Enter")
        page.click("#hits a >> nth=0")
        check("files are searched", page.locator("h1").inner_text() == "Kazakhstan", page.url)
        page.goto(site.as_uri() + "/search/index.html?q=IRÁN")
        check("the search ignores case and accents", page.locator("#hits a").count() == 2, page.locator("#hits").inner_text())
        check("no errors in files", reader.errors == [], reader.errors)
        for name in ("index.html", "read/doc,sco/index.html", "ask/status/index.html", "search/index.html", "draw/overview/index.html"):
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(site.as_uri() + "/" + name)
                check(f"the file {name} fits {width}", overflow(page) == 0, overflow(page))
            found = barriers(page)
            check(f"the file {name} has no barriers", found == [], found)
        reader.close()


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    server, base = serve()
    try:
        look_at(browser, base)
        for script in (True, False):
            ask(browser, base, script)
        by_keyboard(browser, base)
        as_files(browser)
    finally:
        server.terminate()
        server.wait()
        browser.close()
finish()
