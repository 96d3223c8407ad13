// Search on the static site: the index is a script (a page opened from a file may fetch nothing) that is loaded when somebody
// begins to search, matching is done here.
(() => {
  "use strict";
  const kb = (window.kb ||= {});
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const own = document.currentScript.getAttribute("src");
  const up = own.replace(/static\/site\.js$/, "");
  const search = `${up}search.html`;
  const WEIGHT = { ingredient: 12, technique: 11, indication: 10, condition: 6, "adverse-effect": 6, substance: 6, topic: 3, care: 8 };
  const SAID = { "adverse-effect": "Harm", reference: "Paper", care: "Card" };
  const WISHES = [
    [/\b(side effects?|adverse (?:effects?|events?)|harms?|risks?|safety|effets secondaires|nebenwirkungen|efectos secundarios|effetti collaterali)\b/, "#harms"],
    [/\b(doses?|dosage|dosing|how much|sessions|protocols?|maximum(?: dose)?)\b/, "#dosing"],
    [/\b(approved|approval|legal|status|licen[cs]ed?|banned)\b/, "#regulatory"],
    [/\b(cautions?|contraindications?)\b/, "#cautions"],
    [/\b(mix(?:ing|ed)?|compatib(?:le|ility)|same syringe)\b/, "#mixing"],
  ];
  let rows = null;

  let loading = null;
  kb.ready = () => (loading ||= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: own.replace("site.js", "search-index.js"), onload: resolve, onerror: reject });
    document.head.append(script);
  }));
  function prepare() {
    rows = (window.kbIndex || []).map(([name, kind, file, words]) => {
      const names = [name, ...words.split(" ; ")].filter(Boolean);
      return { name, kind, file, names, folded: names.map(fold), pairs: kind === "reference" || kind === "claim" ? null : names.map((n) => pairs(fold(n))) };
    });
  }
  // Pairs of letters: how alike two spellings are (Dice), so that a slip of the keyboard still finds its word.
  function pairs(text) {
    const found = new Set();
    for (let i = 0; i < text.length - 1; i += 1) found.add(text.slice(i, i + 2));
    return found;
  }
  function alike(a, b) {
    let common = 0;
    for (const pair of a) if (b.has(pair)) common += 1;
    return (2 * common) / (a.size + b.size || 1);
  }
  function score(row, query, words, queryPairs) {
    let best = 0;
    let by = "";
    row.folded.forEach((text, i) => {
      let points = 0;
      if (text === query) points = 120;
      else if (text.startsWith(query)) points = 100 + (10 * query.length) / text.length;
      else if (` ${text} `.includes(` ${query} `)) points = 90;
      else if (words.every((word) => ` ${text}`.includes(` ${word}`))) points = 75;
      else if (row.pairs && queryPairs && query.length > 3) {
        const like = alike(queryPairs, row.pairs[i]);
        if (like > 0.6) points = 85 * like;
      }
      if (points > best) [best, by] = [points, row.names[i]];
    });
    return best ? { row, by, points: best + (WEIGHT[row.kind] || 0) } : null;
  }
  function find(text, most) {
    if (!rows) prepare();
    const query = fold(text.slice(0, 200));
    if (!query) return [];
    // A question after harms, doses or status is one after the thing, answered at that place of its page.
    const wish = WISHES.find(([said]) => said.test(query));
    const asked = (wish && query.replace(wish[0], " ").replace(/\s+/g, " ").trim()) || query;
    const words = asked.split(" ");
    // Under a name that was typed exactly, names that only look like it are noise; among medicines they are a hazard.
    const exact = rows.some((row) => row.pairs && row.folded.includes(asked));
    const queryPairs = exact ? null : pairs(asked);
    const found = rows.map((row) => score(row, asked, words, queryPairs)).filter(Boolean);
    if (wish && asked !== query) for (const hit of found) if (["ingredient", "technique"].includes(hit.row.kind)) hit.at = wish[1];
    return found.sort((a, b) => b.points - a.points || a.row.name.length - b.row.name.length).slice(0, most);
  }
  const say = (kind) => SAID[kind] || kind[0].toUpperCase() + kind.slice(1).replace("-", " ");
  kb.find = find;
  kb.words = () => { // on the page of the check: from the names that it is answered by
    const words = {};
    for (const [text, id] of window.kbCheckData?.rules.lexicon ?? []) words[id] = id in words ? `${words[id]} ${text}` : text;
    return Promise.resolve(words);
  };
  kb.suggest = (text) => kb.ready().then(() => find(text, 10).map(({ row, by, at = "" }) => (
    { label: row.name, kind: say(row.kind), note: by === row.name ? "" : `matched: ${by}`, href: up + row.file + at, value: row.file })));

  // Forms that need a kernel to answer: a search leads to the search page, a filter to the nearest page there is.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form");
    const q = form?.querySelector('[name="q"]');
    if (!form || (!q && !form.hasAttribute("data-kb"))) return;
    event.preventDefault();
    if (q && form.getAttribute("role") === "search") location.href = `${search}?q=${encodeURIComponent(q.value)}`;
  });
  document.addEventListener("focusin", (event) => { if (event.target.matches?.("[data-suggest]")) kb.ready(); });
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
    button.addEventListener("click", () => { button.disabled = true; navigator.serviceWorker.controller?.postMessage("keep-all"); });
    navigator.serviceWorker.addEventListener("message", ({ data: { done, of, failed } }) => {
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
  function show() {
    const found = find(box.value, 60);
    results.replaceChildren(...found.map(({ row, by, at = "" }) => {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: row.file + at, textContent: row.name });
      const note = Object.assign(document.createElement("span"), { className: "note", textContent: ` ${say(row.kind)}${by === row.name ? "" : ` · ${by}`}` });
      item.append(link, note);
      return item;
    }));
    count.textContent = box.value.trim() ? `${found.length} found` : "";
  }
  box.addEventListener("input", () => { kb.ready().then(show); history.replaceState(null, "", `?q=${encodeURIComponent(box.value)}`); });
  box.value = new URLSearchParams(location.search).get("q") || "";
  box.focus();
  kb.ready().then(show);
})();
