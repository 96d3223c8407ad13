// The page's line to its kernel: one comm over Jupyter's kernel websocket. With it, links and forms are answered in place;
// without it (not yet open, or closed) they are ordinary links and forms.
(() => {
  "use strict";
  const kb = window.kb;
  const holder = document.getElementById("jupyter-config-data");
  if (!holder) return;
  const page = JSON.parse(holder.textContent); // {kernelId, baseUrl, views: [...], home, site}
  const main = document.getElementById("main");
  const base = new URL(page.baseUrl, location.origin);
  const ANSWER_MS = 8000;

  // --- the comm ---------------------------------------------------------------------------------------------------
  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join(""));
  const commId = uuid();
  const client = uuid();
  const waiting = new Map();
  let socket = null;
  let ready = false;
  let asked = 0;

  function send(type, content) {
    socket.send(JSON.stringify({
      channel: "shell",
      header: { msg_id: uuid(), msg_type: type, session: client, username: "", version: "5.3", date: new Date().toISOString() },
      parent_header: {}, metadata: {}, content: { comm_id: commId, ...content }, buffers: [],
    }));
  }
  async function connect() {
    if (!page.kernelId) { // sent while no kernel was free, or lost after a long rest: ask for one
      try {
        const response = await fetch(new URL("session/start", base), { method: "POST" });
        if (!response.ok) return arrive();
        page.kernelId = (await response.json()).kernelId;
      } catch { return; }
    }
    const url = new URL(`api/kernels/${page.kernelId}/channels?session_id=${client}`, base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.onopen = () => send("comm_open", { target_name: "kb", data: {} });
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.header?.msg_type !== "comm_msg" || message.content.comm_id !== commId) return;
      const answer = message.content.data;
      if (answer.ready) {
        ready = true;
        history.scrollRestoration = "manual";
        document.documentElement.dataset.session = "open";
        arrive();
        return;
      }
      const pending = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (pending) answer.error ? pending.reject(new Error(answer.error)) : pending.resolve(answer);
    };
    socket.onclose = () => {
      ready = false;
      page.kernelId = null;
      document.documentElement.dataset.session = "closed";
      for (const { reject } of waiting.values()) reject(new Error("closed"));
      waiting.clear();
    };
  }
  function ask(request) {
    if (!ready) return Promise.reject(new Error("not connected"));
    const id = ++asked;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { waiting.delete(id); reject(new Error("no answer")); }, ANSWER_MS);
      const done = (settle) => (value) => { clearTimeout(timer); settle(value); };
      waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      send("comm_msg", { data: { id, ...request } });
    });
  }
  kb.ask = ask; // for scripts with requests of their own (revise.js)
  kb.suggest = (text, kinds) => ask({ op: "suggest", text, kinds }).then((answer) => answer.items, () => []);

  // --- addresses --------------------------------------------------------------------------------------------------
  // A view's address is <base><view>?<params>; what concerns a patient stands behind # and never leaves the machine.
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
  async function show(place, { push = false, replace = false, keep = null, scroll = null } = {}) {
    const mine = ++latest;
    const left = scrollY;
    main.setAttribute("aria-busy", "true");
    document.documentElement.classList.add("is-waiting");
    try {
      const answer = await ask({ op: "page", view: place.view, params: place.params });
      if (mine !== latest) return;
      performance.mark?.("kb-answer");
      shown = place.url;
      if (push || replace) {
        history.replaceState({ ...history.state, scroll: left }, "");
        history[push ? "pushState" : "replaceState"]({ scroll: 0 }, "", place.url);
      }
      swap(answer, place, keep, scroll);
    } catch (error) {
      if (mine !== latest) return;
      leave(place, error);
    } finally {
      if (mine === latest) {
        main.removeAttribute("aria-busy");
        document.documentElement.classList.remove("is-waiting");
      }
    }
  }
  // Without an answer the browser goes there itself; what concerns a patient goes in the body of a POST, never in an address.
  function leave(place) {
    if (!place.hidden) return location.assign(place.url);
    const form = Object.assign(document.createElement("form"), { method: "post", action: place.url.pathname, hidden: true });
    for (const [name, values] of Object.entries(place.params)) {
      for (const value of values) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  }
  function swap(answer, place, keep, scroll) {
    const focused = keep && remember(document.activeElement);
    main.innerHTML = answer.html;
    document.title = answer.title ? `${answer.title} · ${page.site}` : page.site;
    for (const link of document.querySelectorAll(".site-nav a")) {
      link.dataset.view === place.view ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
    kb.closeMenu();
    kb.enhance(main);
    const target = !place.hidden && place.url.hash.length > 1 && document.getElementById(decodeURIComponent(place.url.hash.slice(1)));
    if (focused && recall(focused)) {
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
    kb.announce(main.querySelector("[data-announce]")?.textContent.trim() || answer.title || "");
    document.dispatchEvent(new CustomEvent("kb:shown", { detail: { view: place.view } }));
  }
  function remember(node) {
    if (!node?.closest || !main.contains(node)) return null;
    const label = node.closest(".field")?.querySelector("select[data-picker]")?.name;
    return { id: node.id.startsWith("kb-") ? "" : node.id, name: node.name, value: node.value, type: node.type, picker: label };
  }
  function recall({ id, name, value, type, picker }) {
    let node = id && document.getElementById(id);
    if (!node && picker) node = main.querySelector(`select[name="${CSS.escape(picker)}"][data-picker] + .picker input`);
    if (!node && name) {
      const same = [...main.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      node = type === "checkbox" || type === "radio" ? same.find((other) => other.value === value) : same[0];
    }
    if (!node) return false;
    node.focus({ preventScroll: true });
    if (type === "search" || type === "text") node.setSelectionRange?.(node.value.length, node.value.length);
    return true;
  }
  kb.go = (href) => {
    const place = locate(href);
    if (place && ready) show(place, { push: true });
    else location.assign(href);
  };

  // --- links, forms, back and forward -----------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || link.hasAttribute("download") || link.hasAttribute("data-plain") || (link.target && link.target !== "_self")) return;
    const href = link.href.baseVal === undefined ? link.href : link.href.baseVal; // an SVG link keeps it elsewhere
    const place = locate(href);
    if (!place || !ready) return;
    if (!place.hidden && place.url.hash && samePage(place.url, location)) return; // a jump within the page
    event.preventDefault();
    show(place, { push: true });
  });

  function placeOf(form) {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") params.append(name, value);
    const url = new URL(form.getAttribute("action") || location.pathname, location.href);
    url.search = "";
    url.hash = "";
    if (form.hasAttribute("data-private")) url.hash = params.toString() || "none=";
    else url.search = params.toString();
    return locate(url);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-kb")) return;
    const place = placeOf(form);
    if (!place) return;
    if (!ready) return; // the browser submits it
    event.preventDefault();
    const automatic = event.submitter === null && form.hasAttribute("data-auto");
    show(place, { push: !automatic, replace: automatic, keep: automatic });
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-auto") && form.hasAttribute("data-kb")) form.requestSubmit();
  });
  addEventListener("popstate", (event) => {
    const place = locate(location.href);
    if (!place) return;
    if (!place.hidden && !shown.hash.includes("=") && samePage(place.url, shown)) return; // a jump within the page
    if (ready) show(place, { scroll: event.state?.scroll ?? 0 });
    else location.reload();
  });
  // A page opened with something behind # asks for it as soon as the line is open.
  function arrive() {
    const place = locate(location.href);
    if (place?.hidden) ready ? show(place) : leave(place);
  }
  // Tell the server at once that this kernel is free; it would find out by itself a minute later.
  addEventListener("pagehide", () => {
    if (page.kernelId) navigator.sendBeacon?.(new URL(`session/${page.kernelId}/end`, base));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && document.documentElement.dataset.session === "closed") {
      document.documentElement.dataset.session = "opening";
      connect();
    }
  });
  connect();
})();
