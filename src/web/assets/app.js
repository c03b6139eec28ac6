"use strict";
// Everything works without this file. It lights up what belongs together, and searches where no server does.
(() => {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // A document: the words of a claim, and the claim beside them.
  const marks = [...document.querySelectorAll("mark[data-claims]")];
  const claims = new Map([...document.querySelectorAll("[data-claim]")].map((c) => [c.dataset.claim, c]));
  const numbersOf = (mark) => mark.dataset.claims.split(" ").filter(Boolean);
  const light = (numbers, on) => {
    for (const mark of marks) {
      if (numbersOf(mark).some((n) => numbers.includes(n))) mark.classList.toggle("lit", on);
    }
    for (const n of numbers) claims.get(n)?.classList.toggle("lit", on);
  };
  const both = (element, numbers) => {
    for (const [begin, end] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
      element.addEventListener(begin, () => light(numbers, true));
      element.addEventListener(end, () => { light(numbers, false); target(); });
    }
  };
  for (const mark of marks) both(mark, numbersOf(mark));
  for (const [n, claim] of claims) both(claim, [n]);

  // A link to a claim's words leads to the first of them; all are lit.
  const target = () => {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const anchor = id && document.getElementById(id);
    if (!anchor || !anchor.classList.contains("anchor")) return;
    const link = [...document.querySelectorAll("a.number")].find((a) => a.getAttribute("href") === location.hash);
    const number = link?.closest("[data-claim]")?.dataset.claim;
    if (number) light([number], true);
  };
  addEventListener("hashchange", () => { for (const n of claims.keys()) light([n], false); target(); });
  if (claims.size) target();

  // A form without what was left empty.
  for (const form of document.querySelectorAll("form.parameters")) {
    form.addEventListener("submit", () => {
      for (const input of form.querySelectorAll("input, select")) if (!input.value) input.disabled = true;
    });
    addEventListener("pageshow", () => {
      for (const input of form.querySelectorAll("input, select")) input.disabled = false;
    });
  }

  // Ctrl+Enter asks.
  const query = document.querySelector("textarea#query");
  query?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) query.form.requestSubmit();
  });

  // Proposals below the query: what can be typed next.
  const make = (name, text, parent) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  if (query?.dataset.complete) {
    const bar = document.createElement("div");
    bar.className = "proposals";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Proposals");
    query.after(bar);
    let timer, latest = 0;
    const insert = (word, text) => {
      const at = query.selectionStart;
      const start = query.value.slice(0, at).endsWith(word) ? at - word.length : at;
      query.focus();
      query.setRangeText(text, start, at, "end");
      bar.replaceChildren();
    };
    const propose = async (focus) => {
      const number = ++latest;
      const at = query.selectionStart;
      const address = new URL(query.dataset.complete, location.href);
      address.searchParams.set("before", query.value.slice(Math.max(0, at - 4000), at));
      address.searchParams.set("after", query.value.slice(at, at + 1000));
      let found;
      try {
        const response = await fetch(address, { headers: { accept: "application/json" } });
        found = await response.json();
      } catch { return; }
      if (number !== latest) return;
      bar.replaceChildren();
      for (const { text, meaning } of found.candidates) {
        const button = make("button", text, bar);
        button.type = "button";
        if (meaning) make("span", " " + meaning, button).className = "quiet";
        button.addEventListener("click", () => insert(found.word, text));
      }
      if (focus) bar.firstElementChild?.focus();
    };
    query.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => propose(false), 200); });
    query.addEventListener("keydown", (event) => {
      if (event.key === " " && event.ctrlKey) { event.preventDefault(); propose(true); }
    });
    bar.addEventListener("keydown", (event) => {
      const here = document.activeElement;
      if (event.key === "Escape") query.focus();
      else if (event.key === "ArrowRight" || event.key === "ArrowDown") here.nextElementSibling?.focus();
      else if (event.key === "ArrowLeft" || event.key === "ArrowUp") (here.previousElementSibling ?? query).focus();
      else return;
      event.preventDefault();
    });
  }

  // `/` begins to search.
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.querySelector("input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  // The search of a site of files: the index is a script, which also works from a disk.
  const hits = document.querySelector("#hits[data-search]");
  const index = globalThis.dossierSearch;
  if (!hits || !index) return;
  const box = document.querySelector("input[type=search]");
  const entries = index.entries.map(([kind, title, detail, path]) =>
    ({ kind, title, detail, path, t: fold(title), d: fold(detail) }));
  const fit = (entry, typed) => {
    if (entry.t === typed) return 0;
    if (entry.d.split(" · ").includes(typed)) return 1;
    if (entry.t.startsWith(typed)) return 2;
    const at = entry.t.indexOf(typed);
    if (at >= 0) return /[\p{L}\p{N}]/u.test(entry.t[at - 1] ?? "") ? 4 : 3;
    return 5;
  };
  const show = () => {
    const typed = fold(box.value.trim());
    const words = typed.split(/\s+/).filter(Boolean);
    const found = words.length === 0 ? [] : entries
      .filter((e) => words.every((w) => e.t.includes(w) || e.d.includes(w)))
      .map((entry) => ({ entry, fit: fit(entry, typed) }))
      .sort((a, b) => a.entry.kind - b.entry.kind || a.fit - b.fit || a.entry.title.length - b.entry.title.length);
    hits.replaceChildren();
    if (words.length === 0) return;
    make("p", `${found.length} ${found.length === 1 ? "hit" : "hits"}`, hits).className = "count";
    index.kinds.forEach((heading, kind) => {
      const these = found.filter((hit) => hit.entry.kind === kind);
      if (these.length === 0) return;
      const section = make("section", "", hits);
      make("h2", heading, section);
      const list = make("ul", "", section);
      list.className = "hits";
      for (const { entry } of these.slice(0, 30)) {
        const item = make("li", "", list);
        make("a", entry.title, item).href = index.up + entry.path;
        item.append(" ");
        make("span", entry.detail, item).className = "quiet";
      }
      if (these.length > 30) make("p", `and ${these.length - 30} more`, section).className = "quiet";
    });
  };
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  box.addEventListener("input", show);
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", "?q=" + encodeURIComponent(box.value));
    show();
  });
  show();
})();
