// Links and forms answered in place: the page asks the server for the next view, search as typed, or the next state of a
// card, and puts the answer where the old one stood. Without this script they are ordinary links and forms. A page that was
// run as a notebook asks its own kernel first (kernel.js); when that does not answer, the server does.
(() => {
  "use strict";
  const kb = window.kb;
  const holder = document.getElementById("jupyter-config-data");
  if (!holder) return;
  const page = JSON.parse(holder.textContent); // {baseUrl, pages, views: [...], home, site, release, kernelId}
  const main = document.getElementById("main");
  const root = document.documentElement;
  const server = new URL(page.baseUrl, location.origin);
  const base = new URL(page.pages, location.origin); // addresses of views begin here
  const ANSWER_MS = 15_000;
  const TRIES = 3;
  const RELEASE_MS = 60_000;

  // --- asking the server ------------------------------------------------------------------------------------------
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  class Elsewhere extends Error {} // the browser has to go there itself: a new release, or a sign-in that ran out
  class Silent extends Error { name = "Silent"; } // nobody answers

  async function call(path, options = {}) {
    for (let attempt = 1; ; attempt += 1) {
      let response = null;
      try {
        response = await fetch(new URL(path, server), { ...options, signal: AbortSignal.timeout(ANSWER_MS) });
      } catch { /* told below */ }
      if (response && ![429, 502, 503, 504].includes(response.status)) {
        mark(true);
        if ([401, 403, 410, 421].includes(response.status)) throw new Elsewhere(String(response.status));
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      }
      if (attempt === TRIES) {
        mark(false);
        throw new Silent(response ? String(response.status) : "no answer");
      }
      await pause(1000 * Math.min(5, Number(response?.headers.get("Retry-After")) || attempt / 2));
    }
  }
  const form = (params) => {
    const said = new URLSearchParams();
    for (const [name, values] of Object.entries(params)) for (const value of values) said.append(name, value);
    return said;
  };
  const asking = {
    page({ view, params, hidden }) {
      const path = `fragment/${page.release}/${view}`;
      const said = form(params);
      if (hidden) return call(path, { method: "POST", body: said }); // about a patient: in the body, never in an address
      return call(said.size ? `${path}?${said}` : path);
    },
    suggest: ({ text, kinds }) => call(`suggest?${new URLSearchParams({ text, kinds: kinds.join(",") })}`),
    review: ({ card, rating }) => call("review", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ card, rating }),
    }),
  };
  async function ask(request) {
    if (kb.kernel?.ready()) {
      try { return await kb.kernel.ask(request); } catch { /* the server answers as well */ }
    }
    return asking[request.op](request);
  }
  kb.ask = ask; // for scripts with requests of their own (revise.js)
  let words = null; // synonyms and brands of what can be chosen: fetched when a list is first used, and kept by the browser
  kb.words = () => (words ??= call(`words/${page.release}`).then((answer) => answer.words, () => { words = null; return {}; }));
  kb.suggest = (text, kinds) => ask({ op: "suggest", text, kinds }).then((answer) => answer.items, () => []);

  // --- what the reader should know about the line ------------------------------------------------------------------
  let noted = null;
  function note(text, label, action) {
    noted?.remove();
    noted = Object.assign(document.createElement("div"), { className: "line-note no-print" });
    noted.setAttribute("role", "status");
    noted.append(Object.assign(document.createElement("span"), { textContent: text }));
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", action);
    noted.append(button);
    main.before(noted);
  }
  let again = null; // what was asked for when the line was lost
  function mark(answered) {
    const now = answered ? "open" : "closed";
    if (root.dataset.session === now) return;
    const before = root.dataset.session;
    root.dataset.session = now;
    if (!answered) {
      note("The server does not answer. What is shown here stays.", "Try again", () => (again ? again() : checkRelease(true)));
    } else if (before === "closed") {
      noted?.remove();
      noted = null;
      kb.announce("The server answers again.");
      checkRelease(true);
    }
  }
  let lookedAt = Date.now();
  async function checkRelease(now = false) {
    if (document.hidden || (!now && Date.now() - lookedAt < RELEASE_MS)) return;
    lookedAt = Date.now();
    try {
      const { id } = await call("release");
      if (id !== page.release) note("A new release of the knowledge base is available.", "Load it", () => location.reload());
    } catch { /* marked already */ }
  }
  document.addEventListener("visibilitychange", () => checkRelease());
  setInterval(checkRelease, RELEASE_MS);

  // --- addresses --------------------------------------------------------------------------------------------------
  // A view's address is <base><view>?<params>; what concerns a patient stands behind # and never leaves in an address.
  function locate(href) {
    const url = new URL(href, location.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(base.pathname)) return null;
    const view = url.pathname.slice(base.pathname.length).replace(/\/$/, "") || page.home;
    if (!page.views.includes(view)) return null;
    const hidden = url.hash.includes("=") ? url.hash.slice(1) : "";
    const params = {};
    for (const [name, value] of new URLSearchParams(hidden || url.search)) (params[name] ||= []).push(value);
    return { url, view, params, hidden: Boolean(hidden) };
  }
  const samePage = (a, b) => a.pathname === b.pathname && a.search === b.search;

  // --- showing a view ---------------------------------------------------------------------------------------------
  let latest = 0;
  let shown = new URL(location.href);
  kb.turn = () => latest; // changes when the reader asks for another view: an answer to what was asked before must not lead away from it
  async function show(place, how = {}) {
    const { push = false, replace = false, keep = null, scroll = null, before = standing() } = how;
    const mine = ++latest;
    const left = scrollY;
    again = null; // who asks for something else does not want the older answer any more
    main.setAttribute("aria-busy", "true");
    root.classList.add("is-waiting");
    try {
      const answer = await ask({ op: "page", view: place.view, params: place.params, hidden: place.hidden });
      if (mine !== latest) return;
      performance.mark?.("kb-answer");
      const same = locate(shown)?.view === place.view;
      shown = place.url;
      if (push || replace) {
        history.replaceState({ ...history.state, scroll: left }, "");
        history[push ? "pushState" : "replaceState"]({ scroll: 0 }, "", place.url);
      }
      swap(answer, place, { keep, scroll, same, before });
      checkRelease();
    } catch (error) {
      if (mine !== latest) return;
      // When nobody answers, going there would only lose what is being read.
      if (error instanceof Silent) again = () => show(place, { ...how, before });
      else leave(place);
    } finally {
      if (mine === latest) {
        main.removeAttribute("aria-busy");
        root.classList.remove("is-waiting");
      }
    }
  }
  // Without an answer the browser goes there itself; what concerns a patient goes in the body of a POST, never in an address.
  function leave(place) {
    if (!place.hidden) return samePage(place.url, location) ? location.reload() : location.assign(place.url);
    const sent = Object.assign(document.createElement("form"), { method: "post", action: place.url.pathname, hidden: true });
    for (const [name, values] of Object.entries(place.params)) {
      for (const value of values) sent.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(sent);
    sent.submit();
  }
  // The view is shown when it comes, whatever the reader has begun meanwhile: what is being typed is never taken away. In a view
  // that holds the same fields it stays with its field; a field outside the view keeps the focus.
  const TEXTS = 'input:not([type="checkbox"], [type="radio"], [type="file"], [type="hidden"]), textarea';
  const texts = () => [...document.querySelectorAll(TEXTS)];
  const standing = () => ({ focus: document.activeElement, texts: new Map(texts().map((field) => [field, field.value])) });
  function typedSince({ texts: held }) {
    return [...main.querySelectorAll(TEXTS)].filter((field) => held.has(field) && held.get(field) !== field.value).map((field) => remember(field));
  }
  function putBack(typed) {
    const fields = typed.map((one) => [counterpart(one), one.text]).filter(([field]) => field);
    for (const [field, text] of fields) field.value = text;
    return fields.map(([field]) => field);
  }
  // What was put back has not been sent yet; a browser only tells of what is typed after that.
  function sendWhenLeft(field) {
    let told = false;
    field.addEventListener("change", () => { told = true; }, { once: true });
    field.addEventListener("blur", () => { if (!told) field.dispatchEvent(new Event("change", { bubbles: true })); }, { once: true });
    // Suggestions, and filters of what is shown, follow it.
    if (field === document.activeElement || field.dataset.filterTable) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  let swapping = false;
  function swap(answer, place, { keep, scroll, same, before }) {
    const at = document.activeElement;
    const busy = at?.matches(TEXTS) && (at !== before.focus || at.value !== before.texts.get(at));
    const elsewhere = busy && !main.contains(at);
    const typed = same ? typedSince(before) : [];
    const focused = (keep || (busy && same)) && remember(at);
    const open = keep && same ? [...main.querySelectorAll("form details")].map((fold) => fold.open) : [];
    swapping = true; // a field that is taken away was not left by its reader: what is in it is put back, and sent when it is left
    main.innerHTML = answer.html;
    swapping = false;
    document.title = answer.title ? `${answer.title} · ${page.site}` : page.site;
    for (const link of document.querySelectorAll(".site-nav a")) {
      link.dataset.view === place.view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
    if (!elsewhere) kb.closeMenu();
    kb.enhance(main);
    main.querySelectorAll("form details").forEach((fold, i) => { if (open[i]) fold.open = true; });
    const back = putBack(typed);
    const target = !place.hidden && place.url.hash.length > 1 && document.getElementById(decodeURIComponent(place.url.hash.slice(1)));
    root.classList.toggle("whole", Boolean(target) || scroll > 0); // heights above a place have to be true (components.css)
    if (elsewhere) {
      scrollTo({ top: scroll ?? 0, behavior: "instant" });
    } else if (focused && recall(focused)) {
      // a filter keeps its place and its focus
    } else {
      const answered = scroll === null && place.hidden && main.querySelector("[data-announce]");
      const heading = target || answered || main.querySelector("h1") || main;
      if (!heading.hasAttribute("tabindex")) heading.setAttribute("tabindex", "-1");
      heading.focus({ preventScroll: true });
      if (scroll !== null) scrollTo({ top: scroll, behavior: "instant" });
      else if (target) target.scrollIntoView({ behavior: "instant" });
      else {
        scrollTo({ top: 0, behavior: "instant" });
        // On a phone the form fills the screen: what was asked for is below it.
        if (answered && answered.getBoundingClientRect().top > innerHeight / 2) answered.scrollIntoView({ behavior: "instant" });
      }
    }
    back.forEach(sendWhenLeft);
    kb.announce(main.querySelector("[data-announce]")?.textContent.trim() || answer.title || "");
    document.dispatchEvent(new CustomEvent("kb:shown", { detail: { view: place.view } }));
  }
  function remember(node) {
    if (!node?.closest || !main.contains(node)) return null;
    const label = node.closest(".field")?.querySelector("select[data-picker]")?.name;
    const text = node.matches(TEXTS) ? node.value : "";
    return { id: node.id.startsWith("kb-") ? "" : node.id, name: node.name, value: node.value, type: node.type, picker: label, text, caret: text && [node.selectionStart, node.selectionEnd] };
  }
  // The field of the new view that stands where the remembered one stood.
  function counterpart({ id, name, value, type, picker }) {
    let node = id && document.getElementById(id);
    if (!node && picker) node = main.querySelector(`select[name="${CSS.escape(picker)}"][data-picker] + .picker input`);
    if (!node && name) {
      const same = [...main.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      node = type === "checkbox" || type === "radio" ? same.find((other) => other.value === value) : same[0];
    }
    return node || null;
  }
  function recall(one) {
    const node = counterpart(one);
    if (!node) return false;
    node.focus({ preventScroll: true });
    const caret = one.caret && node.value === one.text ? one.caret : [node.value?.length, node.value?.length];
    if (one.type === "search" || one.type === "text") node.setSelectionRange?.(...caret);
    return true;
  }
  kb.go = (href) => {
    const place = locate(href);
    if (place) show(place, { push: true });
    else location.assign(href);
  };

  function jump(target) {
    if (!target) return;
    root.classList.add("whole");
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  }

  // --- links, forms, back and forward -----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || link.hasAttribute("download") || link.hasAttribute("data-plain") || (link.target && link.target !== "_self")) return;
    const href = link.href.baseVal === undefined ? link.href : link.href.baseVal; // an SVG link keeps it elsewhere
    const place = locate(href);
    if (!place) return;
    if (!place.hidden && place.url.hash && samePage(place.url, location)) { // a jump within the page
      if (location.hash.includes("=")) { // the address holds a plan, and keeps it
        event.preventDefault();
        jump(document.getElementById(decodeURIComponent(place.url.hash.slice(1))));
      }
      return;
    }
    event.preventDefault();
    show(place, { push: true });
  });

  function placeOf(sent) {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(sent)) if (typeof value === "string" && value !== "") params.append(name, value);
    const url = new URL(sent.getAttribute("action") || location.pathname, location.href);
    url.search = "";
    url.hash = "";
    if (sent.hasAttribute("data-private")) url.hash = params.toString() || "none=";
    else url.search = params.toString();
    return locate(url);
  }
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (!sent.hasAttribute("data-kb")) return;
    const place = placeOf(sent);
    if (!place) return;
    event.preventDefault();
    const automatic = event.submitter === null && sent.hasAttribute("data-auto");
    show(place, { push: !automatic, replace: automatic, keep: automatic });
  });
  document.addEventListener("change", (event) => {
    const sent = event.target.form;
    if (swapping) return;
    if (sent?.hasAttribute("data-auto") && sent.hasAttribute("data-kb")) sent.requestSubmit();
  });
  addEventListener("popstate", (event) => {
    const place = locate(location.href);
    if (!place) return;
    if (!place.hidden && !shown.hash.includes("=") && samePage(place.url, shown)) return; // a jump within the page
    show(place, { scroll: event.state?.scroll ?? 0 });
  });
  // A page opened with something behind # asks for it at once.
  document.addEventListener("DOMContentLoaded", () => {
    history.scrollRestoration = "manual";
    mark(true);
    const place = locate(location.href);
    if (!place?.hidden) return;
    const waiting = main.querySelector(".check-result .empty");
    if (waiting) waiting.replaceChildren(Object.assign(document.createElement("h2"), { textContent: "Checking…" }));
    root.classList.remove("has-plan"); // said by now
    show(place);
  });
})();
