// Small helpers that work on any page, with or without a kernel, and from plain files too.
// Everything is delegated from the document or set up in enhance(root), which runs again after a view is swapped in.
(() => {
  "use strict";
  const kb = (window.kb = window.kb || {});
  const enhancers = [];
  kb.onEnhance = (fn) => { enhancers.push(fn); };
  kb.enhance = (root) => { for (const fn of enhancers) fn(root); };
  kb.announce = (text) => {
    const live = document.getElementById("kb-live");
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 30);
  };

  // Colours and menu
  const root = document.documentElement;
  const themeButton = document.querySelector(".theme-button");
  const showTheme = () => themeButton?.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
  themeButton?.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("kb-theme", root.dataset.theme); } catch { /* not kept, still shown */ }
    showTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    try { if (localStorage.getItem("kb-theme")) return; } catch { /* no stored choice to respect */ }
    root.dataset.theme = event.matches ? "dark" : "light";
    showTheme();
  });
  showTheme();
  const menuButton = document.querySelector(".menu-button");
  const nav = document.querySelector(".site-nav");
  // What stands under "More" closes like a menu where it opens over the page; in the narrow menu it stands open among the others.
  const more = nav?.querySelector(".nav-more details");
  const narrow = matchMedia("(max-width: 70rem)");
  const foldMore = () => { if (more) more.open = narrow.matches; };
  narrow.addEventListener("change", foldMore);
  foldMore();
  const isOver = () => more?.open && !narrow.matches;
  document.addEventListener("click", (event) => { if (isOver() && !more.contains(event.target)) foldMore(); });
  more?.addEventListener("focusout", (event) => { if (isOver() && event.relatedTarget && !more.contains(event.relatedTarget)) foldMore(); });
  more?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOver()) return;
    foldMore();
    more.querySelector("summary").focus();
  });
  kb.closeMenu = () => {
    foldMore();
    nav?.classList.remove("is-open");
    menuButton?.setAttribute("aria-expanded", "false");
  };
  menuButton?.addEventListener("click", () => {
    menuButton.setAttribute("aria-expanded", String(nav.classList.toggle("is-open")));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav?.classList.contains("is-open")) { kb.closeMenu(); menuButton.focus(); }
  });

  // "/" and Ctrl-K lead to the search from anywhere but a field.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const wanted = (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey)
      || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey);
    const field = document.querySelector("[data-site-search]") || document.querySelector('[role="search"] input');
    if (!wanted || !field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // Copy and print
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no permission, or a page that is not a secure context
      const box = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
      document.body.append(box);
      box.select();
      document.execCommand("copy");
      box.remove();
      button.focus();
    }
    const before = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = "Copied";
    kb.announce("Copied");
    setTimeout(() => { button.textContent = before; }, 1600);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy], [data-copy-link], [data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) window.print();
    else if (button.hasAttribute("data-copy-link")) copy(location.href, button);
    else copy(button.dataset.copy || button.closest("li, article")?.querySelector(".citation")?.textContent || "", button);
  });
  // Places of a long page that can be copied: a mark beside each heading that the contents lead to.
  kb.onEnhance((scope) => {
    for (const link of scope.querySelectorAll('.toc a[href^="#"]')) {
      const heading = document.getElementById(link.hash.slice(1))?.querySelector(":scope > h2, :scope > .section-head > h2");
      if (!heading || heading.nextElementSibling?.matches(".anchor")) continue;
      const label = `Copy the address of “${link.textContent.trim()}”`;
      const mark = Object.assign(document.createElement("a"), { className: "anchor no-print", href: link.hash, textContent: "#", title: label });
      mark.setAttribute("aria-label", label);
      heading.after(mark);
    }
  });
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("a.anchor");
    if (mark) copy(new URL(mark.hash, location.href).href, mark);
  });
  // On paper: folds marked data-print open, and of the references only those that the printed part cites.
  const printed = (node) => !node.closest(".no-print") && !node.closest("details:not([open])");
  addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll("details[data-print]:not([open])")) {
      box.open = true;
      box.dataset.wasClosed = "";
    }
    const cited = new Set([...document.querySelectorAll("main a[href^='#ref-']")].filter(printed).map((link) => link.hash.slice(1)));
    for (const item of document.querySelectorAll(".refs > li")) item.classList.toggle("no-print", cited.size > 0 && !cited.has(item.id));
  });
  addEventListener("afterprint", () => {
    for (const box of document.querySelectorAll("details[data-was-closed]")) {
      box.open = false;
      delete box.dataset.wasClosed;
    }
  });

  // Tables: sort by a column, filter by words
  const keyOf = (row, column, numeric) => {
    const cell = row.cells[column];
    const raw = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
    return numeric ? (raw === "" ? NaN : Number.parseFloat(raw)) : raw.toLocaleLowerCase();
  };
  function sortBy(table, header) {
    const numeric = header.dataset.sort === "number";
    const down = header.getAttribute("aria-sort") === "ascending";
    const column = header.cellIndex;
    for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    for (const body of table.tBodies) {
      const rows = [...body.rows].filter((row) => !row.classList.contains("group"));
      const keyed = rows.map((row) => [keyOf(row, column, numeric), row]);
      keyed.sort(([a], [b]) => {
        if (numeric) return (Number.isNaN(a) - Number.isNaN(b)) || sign * (a - b); // what is unknown stays last
        return (a === "") - (b === "") || sign * a.localeCompare(b);
      });
      body.append(...keyed.map(([, row]) => row));
    }
    kb.announce(`Sorted by ${header.textContent.trim()}, ${down ? "descending" : "ascending"}`);
  }
  kb.onEnhance((scope) => {
    for (const table of scope.querySelectorAll("table[data-sortable]")) {
      for (const header of table.tHead?.querySelectorAll("th[data-sort]") ?? []) {
        if (header.querySelector(".sort")) continue;
        const button = Object.assign(document.createElement("button"), { type: "button", className: "sort" });
        button.append(...header.childNodes);
        header.append(button);
        button.addEventListener("click", () => sortBy(table, header));
      }
    }
  });
  function filterTable(id) {
    const table = document.getElementById(id);
    if (!table) return;
    const controls = [...document.querySelectorAll(`[data-filter-table="${CSS.escape(id)}"]`)];
    const words = [];
    const tags = [];
    for (const control of controls) {
      const value = control.value.trim().toLocaleLowerCase();
      if (value) (control.tagName === "SELECT" ? tags : words).push(...(control.tagName === "SELECT" ? [value] : value.split(/\s+/)));
    }
    const rows = table.querySelectorAll("tbody tr:not(.group)");
    let shown = 0;
    let all = 0;
    for (const row of rows) {
      all += 1;
      if (!words.length && !tags.length) {
        row.hidden = false;
        shown += 1;
        continue;
      }
      const text = row.textContent.toLocaleLowerCase();
      const own = (row.dataset.filter || "").toLocaleLowerCase().split(/\s+/);
      const fits = words.every((word) => text.includes(word)) && tags.every((tag) => own.includes(tag));
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const body of table.tBodies) { // a heading with nothing under it goes as well
      const heads = body.querySelectorAll("tr.group");
      if (heads.length === 1) heads[0].hidden = !body.querySelector("tr:not(.group):not([hidden])");
    }
    for (const output of document.querySelectorAll(`[data-filter-count="${CSS.escape(id)}"]`)) {
      output.textContent = shown === all ? `${all} shown` : `${shown} of ${all} shown`;
    }
  }
  document.addEventListener("input", (event) => {
    const id = event.target.dataset?.filterTable;
    if (id) filterTable(id);
  });
  kb.onEnhance((scope) => {
    const ids = new Set([...scope.querySelectorAll("[data-filter-table]")].map((node) => node.dataset.filterTable));
    for (const id of ids) filterTable(id);
  });

  // The section in view is marked in the contents
  let watcher = null;
  kb.onEnhance((scope) => {
    const links = [...scope.querySelectorAll(".toc a[href^='#']")];
    watcher?.disconnect();
    if (!links.length || !("IntersectionObserver" in window)) return;
    const byId = new Map(links.map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const seen = new Set();
    watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) entry.isIntersecting ? seen.add(entry.target.id) : seen.delete(entry.target.id);
      const current = [...byId.keys()].find((id) => seen.has(id));
      if (!current) return;
      for (const [id, link] of byId) id === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    }, { rootMargin: "-15% 0px -60% 0px" });
    for (const id of byId.keys()) {
      const section = document.getElementById(id);
      if (section) watcher.observe(section);
    }
  });

  // Recently viewed: names and addresses of reading pages, kept in this browser only. Nothing about a patient is among them.
  const RECENT = "kb-recent";
  const MOST_RECENT = 8;
  function recents() {
    try {
      const held = JSON.parse(localStorage.getItem(RECENT) || "[]");
      return Array.isArray(held) ? held.filter(([name, at]) => typeof name === "string" && /^\/[^/\\]/.test(at)).slice(0, MOST_RECENT) : [];
    } catch { return []; }
  }
  function keep(held) {
    try {
      held.length ? localStorage.setItem(RECENT, JSON.stringify(held)) : localStorage.removeItem(RECENT);
    } catch {
      /* not kept */
    }
  }
  kb.onEnhance((scope) => {
    const name = scope.querySelector("[data-recent]")?.dataset.recent;
    const at = location.pathname + location.search;
    if (name) keep([[name, at], ...recents().filter(([, other]) => other !== at)].slice(0, MOST_RECENT));
    const shelf = scope.querySelector("[data-recents]");
    if (!shelf) return;
    const held = recents();
    shelf.hidden = !held.length;
    shelf.querySelector("ul").replaceChildren(...held.map(([label, href]) => {
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { className: "chip chip-plain", href, textContent: label }));
      return item;
    }));
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-recents-clear]")) return;
    keep([]);
    event.target.closest("[data-recents]").hidden = true;
    document.querySelector('[role="search"] input')?.focus();
  });

  // Who comes from a print is told when the page is of another release.
  kb.onEnhance((scope) => {
    const notice = scope.querySelector("[data-printed-release]");
    const held = notice && new URLSearchParams(location.search).get("release");
    if (!held || held === notice.dataset.printedRelease) return;
    notice.textContent = `Your print is of release ${held.slice(0, 40)}, this page is of release ${notice.dataset.printedRelease}: it may say something else now.`;
    notice.hidden = false;
  });

  // A citation or a contents link opens the fold its target lies in, and a section that is one fold opens with its link.
  const unfold = () => {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && document.getElementById(id);
    if (!target) return;
    const folds = target.tagName === "SECTION" ? [...target.querySelectorAll(":scope > details")].slice(0, 1) : [];
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") folds.push(node);
    const closed = folds.filter((fold) => !fold.open);
    for (const fold of closed) fold.open = true;
    if (closed.length) target.scrollIntoView({ behavior: "instant" });
  };
  // What arrives late (typefaces, pictures) moves the place an address names: it is found again, unless the reader has moved on.
  const settle = () => {
    let moved = false;
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, () => { moved = true; }, { once: true, passive: true, capture: true });
    const again = () => {
      const target = !moved && document.querySelector(":target");
      if (target && Math.abs(target.getBoundingClientRect().top - parseFloat(getComputedStyle(target).scrollMarginTop)) > 4) target.scrollIntoView({ behavior: "instant" });
    };
    addEventListener("load", () => { again(); document.fonts?.ready.then(() => requestAnimationFrame(again)); });
  };
  addEventListener("hashchange", unfold);
  document.addEventListener("DOMContentLoaded", () => { kb.enhance(document); unfold(); });
  if (location.hash) settle();
})();
