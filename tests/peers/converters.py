"""Documents that other programs turn into text: a PDF through pdftotext, a DOCX and an EPUB through pandoc.

    converters.py PATH-OF-DOSSIER
"""

import os
import subprocess
import sys
import tempfile

from fpdf import FPDF

from tally import check, finish

DOSSIER = os.path.abspath(sys.argv[1])

MARKDOWN = """# The Kite Guild

The Kite Guild was founded in 1902 by Ottilie Brandt, who built its first kite from a tablecloth. It has flown over the
harbour every spring since.

Its aims are:

1. to teach children to build kites;
2. to keep the log of the winds.

| Year | Kites |
|------|-------|
| 1902 | 1     |
| 1950 | 212   |
"""

PAGES = [
    ["The Kite Guild", "The Kite Guild was founded in 1902 by Ottilie Brandt. It flies every spring."],
    ["Later years", "The guild moved to the lighthouse in 1950 - its log has 212 pages."],
]


def dossier(folder, *arguments, **options):
    return subprocess.run([DOSSIER, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, **options)


def add(folder, *arguments, **options):
    """Adds a document and returns what the program says."""
    done = dossier(folder, "--dossier", "guild", "add", *arguments, **options)
    check(f"add {' '.join(arguments)}", done.returncode == 0 and done.stderr == "", done.stderr)
    return done.stdout


def claims(folder, document, words, place):
    """Claims words of a document, which have to stand at a place."""
    done = dossier(folder, "--dossier", "guild", "claim", document, words, "--omit", "Only tried.")
    check(f"{document}: {words}", done.stdout.startswith(f"{place}  “"), done.stdout + done.stderr)


def write_pdf(path, pages):
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for blocks in pages:
        pdf.add_page()
        for block in blocks:
            pdf.multi_cell(0, 8, block, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(8)
    pdf.output(path)


with tempfile.TemporaryDirectory() as folder:
    check("new", dossier(folder, "new", "guild", "--about", "The Kite Guild").returncode == 0)

    write_pdf(os.path.join(folder, "guild.pdf"), PAGES)
    said = add(folder, "guild.pdf", "--via", "pdftotext - -")
    check("the PDF is kept beside its text", "data/documents/originals/guild.pdf" in said, said)
    claims(folder, "guild", "founded in 1902 by Ottilie Brandt", "p. 1, ¶1 s1")
    claims(folder, "guild", "moved to the lighthouse … 212 pages", "p. 2, ¶2 s1")

    with open(os.path.join(folder, "text.md"), "w", encoding="utf-8") as file:
        file.write(MARKDOWN)
    for kind in ["docx", "epub", "odt"]:
        name = f"{kind}-guild.{kind}"
        subprocess.run(["pandoc", "text.md", "-o", name, "--metadata", "title=Kites"], cwd=folder, check=True)
        said = add(folder, name, "--via", f"pandoc -f {kind} -t plain --wrap=none")
        check(f"the {kind} is kept", f"data/documents/originals/{kind}-guild.{kind}" in said, said)
        done = dossier(folder, "--dossier", "guild", "claim", f"{kind}-guild", "ottilie brandt … a tablecloth", "--omit", "Only tried.")
        check(f"{kind}: a quote", "“Ottilie Brandt, who built its first kite from a tablecloth”" in done.stdout, done.stdout + done.stderr)

    # The same file is told, and a converter that is not for it changes nothing.
    again = dossier(folder, "--dossier", "guild", "add", "guild.pdf", "--as", "again", "--via", "pdftotext - -")
    check("the same PDF again", again.returncode == 2 and "is already in the dossier" in again.stderr, again.stderr)
    broken = os.path.join(folder, "broken.pdf")
    with open(broken, "wb") as file:
        file.write(b"%PDF-1.4 nothing")
    failed = dossier(folder, "--dossier", "guild", "add", "broken.pdf", "--via", "pdftotext - -")
    check("a broken PDF", failed.returncode != 0 and "pdftotext" in failed.stderr, failed.stderr)
    write_pdf(os.path.join(folder, "other.pdf"), PAGES[:1])
    without = dossier(folder, "--dossier", "guild", "add", "other.pdf")
    check("a PDF without a converter", without.returncode == 3 and "--via" in without.stderr, without.stderr)
    found = dossier(folder, "--dossier", "guild", "check", "--format", "lines")
    check("no error", found.returncode == 0, found.stdout)

finish()
