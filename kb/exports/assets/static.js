// Search on the static site: the index is a script (a page opened from a file may fetch nothing) that is loaded with the search
// itself (search.js) when somebody begins to search.
(() => {
  "use strict";
  const kb = (window.kb ||= {});
  const own = document.currentScript.getAttribute("src");
  const up = own.replace(/static\/site\.js$/, "");
  const page = `${up}search.html`;
  const WISHES = [
    [/\b(side effects?|adverse (?:effects?|events?)|harms?|risks?|safety|effets secondaires|nebenwirkungen|efectos secundarios|effetti collaterali)\b/, "#harms"],
    [/\b(doses?|dosage|dosing|how much|sessions|protocols?|maximum(?: dose)?)\b/, "#dosing"],
    [/\b(approved|approval|legal|status|licen[cs]ed?|banned)\b/, "#regulatory"],
    [/\b(cautions?|contraindications?)\b/, "#cautions"],
    [/\b(mix(?:ing|ed)?|compatib(?:le|ility)|same syringe)\b/, "#mixing"],
  ];
  const MOST = 60; // hits on the page of results, as on a server's
  let search = null;
  let index = null;
  let loading = null;
  kb.text = (value) => String(value).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  // A script of the folder static/, once; one that did not come may come when it is asked for again.
  const loads = new Map();
  kb.load = (file) => {
    if (!loads.has(file)) {
      loads.set(file, new Promise((resolve, reject) => {
        const failed = () => { loads.delete(file); reject(new Error(`${file} was not loaded`)); };
        document.head.append(Object.assign(document.createElement("script"), { src: own.replace("site.js", file), onload: resolve, onerror: failed }));
      }));
    }
    return loads.get(file);
  };
  kb.ready = () => (loading ||= Promise.all(["search.js", "search-index.js"].map(kb.load)).then(() => {
    index = window.kbIndex;
    search = new window.kbSearch(index.rows);
  }).catch((error) => {
    loading = null; // a line that was gone may be back
    throw error;
  }));
  const anchored = (file, at) => (file.includes("#") ? file : file + at);
  // What answers above the hits: an emergency card, the paper of an author and year or of a number, the place on a page that a
  // question after harms, doses or status is after.
  function answers(text) {
    const fold = window.kbFold;
    const query = fold(text.slice(0, 200));
    if (!query) return [];
    const said = query.split(" ");
    const found = [];
    for (const [name, file, id] of index.cards) {
      const titles = [fold(name), fold(id)];
      const called = titles.some((title) => ` ${query} `.includes(` ${title} `));
      if (called || titles.some((title) => query.length > 3 && said.every((word) => ` ${title}`.includes(` ${word}`)))) found.push({ name, kind: "Card", file });
    }
    const number = text.trim().replace(/^(?:pmid:?\s*|https?:\/\/(?:dx\.)?doi\.org\/)/i, "").toLowerCase();
    const year = /^(\D{2,60}?)\s+(?:et\s+al\.?,?\s*)?\(?((?:19|20)\d{2})\)?$/i.exec(text.trim());
    for (const [, kind, name, file, , hint, words] of index.rows) {
      if (kind !== "reference") continue;
      const numbered = /^(?:10\.\d{4,9}\/\S+|\d{6,8}|pmc\d+)$/.test(number) && words.toLowerCase().split(" ").includes(number);
      if (numbered || (year && hint.endsWith(` ${year[2]}`) && fold(hint).startsWith(`${fold(year[1])} `))) found.push({ name, kind: "Paper", file, note: hint });
    }
    const wish = WISHES.find(([asks]) => asks.test(query));
    const asked = wish && query.replace(wish[0], " ").trim();
    const hit = asked && search.find(asked, 1)[0];
    if (hit && ["ingredient", "technique"].includes(hit.row[1])) found.push({ name: `${hit.row[2]}: ${wish[0].exec(query)[0]}`, kind: index.one[hit.row[1]], file: anchored(hit.row[3], wish[1]) });
    return found.slice(0, 4);
  }
  // Papers are numbered as they come; the list below names them and leads to their pages. For parts that are put together here.
  kb.references = (place) => {
    const numbers = new Map();
    for (const mark of place.querySelectorAll("a.cite")) {
      const key = mark.hash.replace("#ref-", "");
      if (!numbers.has(key)) numbers.set(key, [numbers.size + 1, mark.title]);
      mark.textContent = `[${numbers.get(key)[0]}]`;
    }
    if (!numbers.size) return;
    const rows = [...numbers].map(([key, [n, name]]) => `<li id="ref-${kb.text(key)}"><span class="n">${n}</span><div><p class="small"><a href="paper/${kb.text(key)}.html">${kb.text(name)}</a></p></div></li>`);
    place.insertAdjacentHTML("beforeend", `<section id="references" aria-labelledby="references-h"><h2 id="references-h">References</h2><ol class="refs">${rows.join("")}</ol></section>`);
  };
  const noteOf = ({ row: [, kind, name, , , hint], word }) => {
    if (kind === "claim") return index.verdicts[hint] ?? hint;
    return kind === "reference" ? hint : word.toLowerCase() === name.toLowerCase() ? "" : `matched: ${word}`;
  };
  kb.words = () => { // on the page of the check: from the names that it is answered by
    const words = {};
    for (const [text, id] of window.kbCheckData?.rules.lexicon ?? []) words[id] = id in words ? `${words[id]} ${text}` : text;
    return Promise.resolve(words);
  };
  kb.suggest = (text) => kb.ready().then(() => [
    ...answers(text).map(({ name, kind, file, note = "" }) => ({ label: name, kind, note, href: up + file, value: file })),
    ...search.find(text, 10).map((hit) => ({ label: hit.row[2], kind: index.one[hit.row[1]], note: noteOf(hit), href: up + hit.row[3], value: hit.row[3] })),
  ].slice(0, 10), () => []);

  // Forms that need a kernel to answer: a search leads to the search page, a filter to the nearest page there is.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form");
    const q = form?.querySelector('[name="q"]');
    if (!form || (!q && !form.hasAttribute("data-kb"))) return;
    event.preventDefault();
    if (q && form.getAttribute("role") === "search") location.href = `${page}?q=${encodeURIComponent(q.value)}`;
  });
  document.addEventListener("focusin", (event) => { if (event.target.matches?.("[data-suggest]")) kb.ready().catch(() => {}); });
  for (const form of document.querySelectorAll("form[data-kb]:not([role=search]):not(.question-form):not(.check-form):not(.compare-form):not([data-revise-deck])")) form.hidden = true;

  // Served over http(s) the site can be installed and works without a connection (sw.js); from files it needs neither.
  if (location.protocol.startsWith("http")) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: `${up}app.webmanifest` }));
    navigator.serviceWorker?.register(`${up}sw.js`).then(() => navigator.serviceWorker.ready).then(offerToKeep, () => {});
  }
  function offerToKeep() {
    const foot = document.querySelector(".site-foot > div");
    const line = Object.assign(document.createElement("p"), { className: "no-print" });
    const button = Object.assign(document.createElement("button"), { className: "button button-small", type: "button", textContent: "Keep the whole site on this device" });
    const said = Object.assign(document.createElement("span"), { className: "small muted" });
    said.setAttribute("role", "status");
    said.textContent = " Pages you have opened, the check and the emergency cards are kept already.";
    if (!navigator.connection?.saveData) navigator.serviceWorker.ready.then(({ active }) => active.postMessage("keep-tools"));
    button.addEventListener("click", () => { button.disabled = true; navigator.serviceWorker.ready.then(({ active }) => active.postMessage("keep-all")); });
    navigator.serviceWorker.addEventListener("message", ({ data: { done, of, failed, tools } }) => {
      if (tools) {
        if (!button.disabled) said.textContent = " Pages you have opened, the check, the comparison, revision and the emergency cards are kept already.";
        return;
      }
      if (failed) button.disabled = false;
      said.textContent = failed ? " That stopped halfway. Try again with a connection." : done < of ? ` ${done} of ${of} files kept …` : " Everything is kept; the site works without a connection.";
    });
    line.append(button, said);
    foot?.append(line);
  }
  const away = Object.assign(document.createElement("p"), { className: "notice no-print", hidden: true, textContent: "No connection. Pages kept on this device still open." });
  away.setAttribute("role", "status");
  if (location.protocol.startsWith("http")) {
    document.getElementById("main").before(away);
    const connected = () => { away.hidden = navigator.onLine; };
    addEventListener("online", connected);
    addEventListener("offline", connected);
    connected();
  }

  const results = document.getElementById("kb-results");
  if (!results) return;
  const box = document.getElementById("kb-q");
  const count = document.getElementById("kb-count");
  const kinds = document.getElementById("kb-kinds");
  let chosen = new URLSearchParams(location.search).get("kind") || "";
  const made = (tag, properties, ...within) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...within);
    return node;
  };
  const entry = (name, file, note) => made("li", {}, made("a", { href: file, textContent: name }), ...(note ? [" ", made("span", { className: "small muted", textContent: note })] : []));
  const list = (hits) => made("ol", { className: "results" }, ...hits.map((hit) => entry(hit.row[2], hit.row[3], noteOf(hit))));
  const address = (kind) => `?${new URLSearchParams({ q: box.value, ...(kind ? { kind } : {}) })}`;
  function section(kind, hits) {
    const title = made("h2", { id: `${kind}-h`, textContent: index.titles[kind] });
    const node = made("section", { id: kind }, title, list(chosen ? hits : hits.slice(0, 6)));
    node.setAttribute("aria-labelledby", title.id);
    if (hits.length > 6 && !chosen) node.append(made("details", {}, made("summary", { textContent: `${hits.length - 6} more` }), list(hits.slice(6))));
    return node;
  }
  function show() {
    const groups = new Map();
    const found = search.find(box.value, MOST);
    for (const hit of found) groups.set(hit.row[1], [...(groups.get(hit.row[1]) ?? []), hit]);
    if (!groups.has(chosen)) chosen = "";
    const told = chosen ? [] : answers(box.value);
    answer();
    document.getElementById("kb-answers").replaceChildren(...told.map(({ name, kind, file, note }) => entry(name, file, note || kind)));
    const filters = [["", "Everything", found.length], ...[...groups].map(([kind, hits]) => [kind, index.titles[kind], hits.length])];
    kinds.hidden = filters.length <= 2;
    kinds.firstElementChild.replaceChildren(...filters.map(([kind, title, n]) => {
      const link = made("a", { className: "chip chip-plain", href: address(kind), textContent: `${title} (${n})` });
      link.dataset.kind = kind;
      if (kind === chosen) link.setAttribute("aria-current", "true");
      return made("li", {}, link);
    }));
    results.replaceChildren(...[...groups].filter(([kind]) => !chosen || kind === chosen).map(([kind, hits]) => section(kind, hits)));
    const only = chosen ? `, ${index.titles[chosen].toLowerCase()} only` : "";
    const alike = found.length && !told.length && found.every((hit) => hit.alike);
    count.textContent = !box.value.trim() ? "" : alike ? index.alike : found.length ? `${found.length} ${found.length === 1 ? "page" : "pages"} for “${box.value.trim()}”${only}` : told.length ? "" : `Nothing found for “${box.value.trim()}”. Try another word, a brand name, or part of a title.`;
  }
  let latest = 0; // what was asked for before and comes late is not shown any more
  async function answer() {
    const mine = ++latest;
    const place = document.getElementById("kb-cards");
    const question = box.value.trim();
    let html = "";
    if (question && !chosen) {
      try {
        await kb.load("answer.js");
        html = await kb.answer(question, index);
      } catch { /* the pages that fit stand below */ }
    }
    if (mine !== latest) return;
    place.innerHTML = html;
    place.dataset.asked = question;
    kb.references(place);
    document.getElementById("kb-answers").hidden = Boolean(html);
  }
  kinds.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-kind]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    chosen = link.dataset.kind;
    history.replaceState(null, "", address(chosen));
    show();
    kinds.querySelector("[aria-current]").focus();
  });
  function look() {
    if (!search) count.textContent = "Loading the list of pages …";
    kb.ready().then(show, () => { count.textContent = "The list of pages could not be loaded. Type again when there is a connection."; });
  }
  box.addEventListener("input", () => { chosen = ""; history.replaceState(null, "", address("")); look(); });
  const asked = new URLSearchParams(location.search).get("q") || "";
  if (!box.value) box.value = asked; // a quick reader types before this script has come
  else if (box.value !== asked) {
    chosen = "";
    history.replaceState(null, "", address(""));
  }
  box.focus();
  look();
})();
