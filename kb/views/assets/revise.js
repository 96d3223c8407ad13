// Questions judged in place, and revision by spaced repetition. Progress stays in this browser's storage; the server is asked
// for the next state of one card at a time and keeps nothing. Without a server (plain files) questions work, revision says so.
(() => {
  "use strict";
  const kb = window.kb;
  const KEY = "kb-revision";
  const DAY = 86_400_000;
  const KNOWN_DAYS = 21;

  // --- answering a question ---------------------------------------------------------------------------------------
  function judge(form) {
    const card = form.closest(".question");
    const chosen = new FormData(form).get("answer");
    if (!card || !chosen) return;
    const right = chosen === card.dataset.right;
    for (const option of card.querySelectorAll(".option")) {
      const value = option.querySelector("input").value;
      delete option.dataset.state;
      if (value === card.dataset.right) option.dataset.state = "right";
      else if (value === chosen) option.dataset.state = "wrong";
    }
    const said = card.querySelector(".question-said");
    said.textContent = right ? "Right." : `Not this one. The right answer is: ${said.dataset.rightText}.`;
    const answer = card.querySelector("details.answer");
    answer.open = true;
    for (const next of document.querySelectorAll("[data-next]")) next.classList.add("button-primary");
    tally(card, right);
    document.dispatchEvent(new CustomEvent("kb:answered", { detail: { question: card.dataset.question, right } }));
  }
  // Before session.js, which would send the form: the page holds the answer already.
  document.addEventListener("submit", (event) => {
    if (!event.target.classList.contains("question-form")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    judge(event.target);
  }, true);

  // How many of a set were right, for its last page; forgotten with the tab.
  function tally(card, right) {
    const round = card.closest("[data-round]");
    if (!round) return;
    try {
      const key = `kb-set ${round.dataset.round}`;
      const held = JSON.parse(sessionStorage.getItem(key) || "{}");
      if (!(round.dataset.at in held)) held[round.dataset.at] = right; // the first answer counts
      sessionStorage.setItem(key, JSON.stringify(held));
    } catch { /* no storage, no tally */ }
  }
  kb.onEnhance((scope) => {
    const end = scope.querySelector("[data-tally]");
    if (!end) return;
    try {
      const held = Object.values(JSON.parse(sessionStorage.getItem(`kb-set ${end.dataset.tally}`) || "{}"));
      if (held.length) end.textContent = `You had ${held.filter(Boolean).length} of ${held.length} right at the first try${held.length < Number(end.dataset.of) ? `, and left ${Number(end.dataset.of) - held.length} out` : ""}.`;
      sessionStorage.removeItem(`kb-set ${end.dataset.tally}`);
    } catch { /* the page says the rest */ }
  });

  // --- progress ---------------------------------------------------------------------------------------------------
  const empty = () => ({ format: 1, cards: {}, days: {}, deck: { kind: "", field: "", perDay: 10 } });
  const isTime = (text) => typeof text === "string" && text.length < 40 && Number.isFinite(Date.parse(text));
  const isBetween = (value, low, high) => typeof value === "number" && value >= low && value <= high;
  function isCard(card) {
    if (typeof card !== "object" || card === null || Array.isArray(card)) return false;
    if (Object.keys(card).sort().join() !== "card_id,difficulty,due,last_review,stability,state,step") return false;
    if (!Number.isInteger(card.card_id) || ![1, 2, 3].includes(card.state)) return false;
    if (card.state === 2 ? card.step !== null : ![0, 1].includes(card.step)) return false;
    return isTime(card.due) && isTime(card.last_review) && isBetween(card.stability, 0, 100_000) && isBetween(card.difficulty, 1, 10);
  }
  // Whatever a file or the storage holds, only what we would have written ourselves is taken over.
  function cleaned(raw) {
    if (typeof raw !== "object" || raw === null || raw.format !== 1 || typeof raw.cards !== "object" || raw.cards === null) return null;
    const state = empty();
    let refused = 0;
    for (const [id, card] of Object.entries(raw.cards)) {
      if (/^[a-z0-9-]{1,200}$/.test(id) && isCard(card)) state.cards[id] = card;
      else refused += 1;
    }
    for (const [day, n] of Object.entries(raw.days ?? {})) if (/^\d{4}-\d\d-\d\d$/.test(day) && Number.isInteger(n) && n > 0) state.days[day] = n;
    const deck = raw.deck ?? {};
    for (const name of ["kind", "field"]) if (typeof deck[name] === "string" && /^[a-z-]{0,40}$/.test(deck[name])) state.deck[name] = deck[name];
    if (Number.isInteger(deck.perDay) && deck.perDay > 0 && deck.perDay <= 100) state.deck.perDay = deck.perDay;
    return { state, refused };
  }
  let memory = null; // when the browser refuses to store
  function load() {
    if (memory) return memory;
    try { return cleaned(JSON.parse(localStorage.getItem(KEY)))?.state ?? empty(); } catch { return empty(); }
  }
  function save(state) {
    try { localStorage.setItem(KEY, JSON.stringify(state)); memory = null; } catch { memory = state; }
  }
  const today = () => {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  };

  // How many cards wait, on the first page.
  kb.onEnhance((scope) => {
    const place = scope.querySelector("[data-revise-due]");
    if (!place) return;
    const cards = Object.values(load().cards);
    const due = cards.filter((card) => Date.parse(card.due) <= Date.now()).length;
    place.hidden = !cards.length;
    place.textContent = due ? `${due} ${due === 1 ? "card is" : "cards are"} due now.` : "Nothing is due now.";
  });

  // --- what comes next --------------------------------------------------------------------------------------------
  const bank = () => JSON.parse(document.getElementById("revise-bank")?.dataset.bank || "[]");
  function plan(state, rows) {
    const deck = rows.filter(([, kind, field]) => (!state.deck.kind || kind === state.deck.kind) && (!state.deck.field || field === state.deck.field));
    const now = Date.now();
    const seen = deck.filter(([id]) => state.cards[id]);
    const dueAt = (id) => Date.parse(state.cards[id].due);
    const due = seen.map(([id]) => id).filter((id) => dueAt(id) <= now).sort((a, b) => dueAt(a) - dueAt(b));
    const room = Math.max(0, state.deck.perDay - (state.days[today()] ?? 0));
    const fresh = deck.filter(([id]) => !state.cards[id]).slice(0, room).map(([id]) => id);
    const apart = (id) => dueAt(id) - Date.parse(state.cards[id].last_review);
    const known = seen.filter(([id]) => state.cards[id].state === 2 && apart(id) >= KNOWN_DAYS * DAY);
    const later = seen.map(([id]) => Date.parse(state.cards[id].due)).filter((time) => time > now).sort((a, b) => a - b)[0];
    return { due, fresh, known: known.length, learning: seen.length - known.length, later };
  }
  function distance(time) {
    const minutes = Math.max(1, Math.round((time - Date.now()) / 60_000));
    const say = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
    if (minutes < 60) return say(minutes, "minute");
    if (minutes < 60 * 24) return say(Math.round(minutes / 60), "hour");
    const days = Math.round(minutes / 60 / 24);
    return days < 60 ? say(days, "day") : days < 730 ? say(Math.round(days / 30.4), "month") : say(Math.round(days / 365.25), "year");
  }
  const nextOf = (state, rows) => { const { due, fresh } = plan(state, rows); return due[0] ?? fresh[0]; };
  const open = (id) => kb.go(`revise?question=${encodeURIComponent(id)}`);
  const connected = () => typeof kb.ask === "function";

  // --- the first page ---------------------------------------------------------------------------------------------
  function showHome(scope) {
    const home = scope.querySelector("#revise-home");
    if (!home) return;
    const rows = bank();
    const form = home.querySelector("[data-revise-deck]");
    const state = load();
    for (const name of ["kind", "field", "perDay"]) {
      form.elements[name].value = String(state.deck[name]);
      if (form.elements[name].selectedIndex < 0) form.elements[name].selectedIndex = 0;
    }
    const draw = () => {
      const now = load();
      const { due, fresh, known, learning, later } = plan(now, rows);
      for (const [name, n] of Object.entries({ due: due.length, fresh: fresh.length, known, learning })) home.querySelector(`[data-count="${name}"]`).textContent = String(n);
      const start = home.querySelector("[data-revise-start]");
      start.disabled = !due.length && !fresh.length;
      home.querySelector("[data-revise-said]").textContent = start.disabled ? `Done for now.${later ? ` The next one comes in ${distance(later)}.` : ""}` : memory ? "This browser keeps nothing; save a file before you leave." : "";
    };
    form.addEventListener("change", () => {
      const now = load();
      now.deck = { kind: form.elements.kind.value, field: form.elements.field.value, perDay: Number(form.elements.perDay.value) };
      save(now);
      draw();
    });
    home.querySelector("[data-revise-start]").addEventListener("click", () => {
      const id = nextOf(load(), rows);
      if (id) open(id);
    });
    const told = home.querySelector("[data-revise-file]");
    home.querySelector("[data-revise-save]").addEventListener("click", () => {
      const link = Object.assign(document.createElement("a"), {
        href: URL.createObjectURL(new Blob([JSON.stringify(load(), null, 1)], { type: "application/json" })),
        download: `revision-${today()}.json`,
      });
      link.setAttribute("data-plain", "");
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      told.textContent = "Saved.";
    });
    home.querySelector("[data-revise-load]").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      event.target.value = "";
      if (!file) return;
      let found = null;
      try { found = file.size < 5_000_000 ? cleaned(JSON.parse(await file.text())) : null; } catch { /* told below */ }
      if (!found) { told.textContent = "This file holds no progress that was saved here. Nothing was changed."; return; }
      const held = load();
      for (const [id, card] of Object.entries(found.state.cards)) { // the later review of the two wins
        if (!held.cards[id] || Date.parse(held.cards[id].last_review) < Date.parse(card.last_review)) held.cards[id] = card;
      }
      save(held);
      const n = Object.keys(found.state.cards).length;
      told.textContent = `${n} card${n === 1 ? "" : "s"} read${found.refused ? `, ${found.refused} not understood and left out` : ""}.`;
      draw();
    });
    let sure = false;
    const forget = home.querySelector("[data-revise-forget]");
    forget.addEventListener("click", () => {
      if (!sure) { sure = true; forget.textContent = "Really forget all of it?"; return; }
      sure = false;
      forget.textContent = "Forget everything";
      memory = null;
      try { localStorage.removeItem(KEY); } catch { /* nothing was kept */ }
      told.textContent = "Everything is forgotten.";
      draw();
    });
    draw();
  }
  kb.onEnhance(showHome);

  // --- one card ---------------------------------------------------------------------------------------------------
  kb.onEnhance((scope) => {
    const one = scope.querySelector("#revise-one");
    if (!one) return;
    const rows = bank();
    const { due, fresh } = plan(load(), rows);
    const left = new Set([...due, ...fresh, one.dataset.revise]).size;
    scope.querySelector("[data-revise-left]").textContent = left === 1 ? "The last one for now" : `${left} to go`;
  });
  document.addEventListener("kb:answered", async (event) => {
    const one = document.getElementById("revise-one");
    if (!one || one.dataset.revise !== event.detail.question) return;
    const bar = one.querySelector("[data-ratings]");
    const said = bar.querySelector("[data-revise-said]");
    bar.hidden = false;
    // What was answered wrongly was not known, whatever one feels about it afterwards.
    for (const button of bar.querySelectorAll("[data-rating]")) button.hidden = (button.dataset.rating === "again") === event.detail.right;
    if (!connected()) { said.textContent = "Answers are scheduled by the server, and this page has none."; return; }
    try {
      const { due } = await kb.ask({ op: "review", card: load().cards[event.detail.question] ?? null, rating: null });
      for (const button of bar.querySelectorAll("[data-rating]")) button.querySelector("[data-when]").textContent = `in ${distance(Date.parse(due[button.dataset.rating]))}`;
    } catch { /* the buttons work without their dates */ }
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-rating]");
    const one = document.getElementById("revise-one");
    if (!button || !one) return;
    const id = one.dataset.revise;
    const bar = one.querySelector("[data-ratings]");
    if (bar.hasAttribute("aria-busy")) return; // one answer, one rating: the first press counts, however slow the line
    const said = bar.querySelector("[data-revise-said]");
    const held = load().cards[id] ?? null;
    const turn = kb.turn?.();
    bar.setAttribute("aria-busy", "true");
    said.textContent = "";
    let card;
    try {
      ({ card } = await kb.ask({ op: "review", card: held, rating: button.dataset.rating }));
    } catch (error) {
      // A card that is refused begins anew; one that nobody has answered about keeps its history.
      if (error.name !== "Silent") try { ({ card } = await kb.ask({ op: "review", card: null, rating: button.dataset.rating })); } catch { /* told below */ }
    }
    bar.removeAttribute("aria-busy");
    if (!card || !isCard(card)) { said.textContent = "This answer could not be scheduled. Load the page again and try once more."; return; }
    const state = load();
    if (!state.cards[id]) state.days = { [today()]: (state.days[today()] ?? 0) + 1 };
    state.cards[id] = card;
    save(state);
    if (!one.isConnected || kb.turn?.() !== turn) return; // the reader has gone elsewhere meanwhile
    const rows = bank();
    const next = nextOf(state, rows.filter(([other]) => other !== id));
    next ? open(next) : kb.go("revise");
  });
})();
