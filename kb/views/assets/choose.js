// Choosing by typing: suggestions under a search field (answered by the kernel) and a picker made from a select.
// Both follow the ARIA combobox pattern: the focus stays in the field, arrows move, Enter takes, Escape closes.
(() => {
  "use strict";
  const kb = window.kb;
  let counter = 0;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

  // How well `name` (with its other words) answers what was typed, 0 the best; Infinity when it does not. A short word
  // must begin a word: the C of "vitamin c" is not any c.
  const starts = (text, word) => text.startsWith(word) || text.includes(` ${word}`) || text.includes(`(${word}`) || text.includes(`-${word}`);
  function rankOf(typed, name, others) {
    const words = typed.split(/\s+/).filter(Boolean);
    if (!words.length) return 0;
    const all = `${name} ${others}`;
    if (!words.every((word) => (word.length < 3 ? starts(all, word) : all.includes(word)))) return Infinity;
    const phrase = words.join(" ");
    if (name === phrase) return 0;
    if (name.startsWith(phrase)) return 1;
    if (` ${others} `.includes(` ${phrase} `)) return 2;
    if (starts(name, phrase)) return 3;
    if (starts(others, phrase)) return 4;
    return words.every((word) => starts(all, word)) ? 5 : 6;
  }
  // Typing errors: the fewest letters to change, add, drop or swap so that a word begins as typed.
  function slips(typed, word) {
    const width = typed.length + 1;
    let before = null;
    let last = Array.from({ length: width }, (_, j) => j);
    let least = last[width - 1];
    for (let i = 1; i <= Math.min(word.length, typed.length + 2); i += 1) {
      const row = [i];
      for (let j = 1; j < width; j += 1) {
        const same = typed[j - 1] === word[i - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (before && j > 1 && typed[j - 1] === word[i - 2] && typed[j - 2] === word[i - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      before = last;
      last = row;
      least = Math.min(least, row[width - 1]);
    }
    return least;
  }
  function slipsOf(typed, all) {
    if (typed.length < 4 || typed.includes(" ")) return Infinity;
    const most = typed.length < 8 ? 1 : 2;
    const least = Math.min(...all.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2 && word[0] === typed[0]).map((word) => slips(typed, word)));
    return least <= most ? least : Infinity;
  }

  // Attach a listbox to `input`. `find(text)` gives (a promise of) items {label, kind, note}; `take(item)` uses one.
  // With `firm`, Enter takes the first item when it is what was typed, and otherwise marks it, to be looked at first.
  function combobox(input, { find, take, label, firm = false }) {
    const list = document.createElement("ul");
    list.className = "options";
    list.id = `kb-options-${++counter}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    list.hidden = true;
    input.closest(".search-field, .picker").append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
      input.setAttribute(name, value);
    }
    let items = [];
    let active = -1;
    let asked = 0;
    let answered = 0; // the latest question whose answer was shown, or that needs none any more
    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      active = index;
      [...list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === index)));
      if (index < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    };
    const show = (found) => {
      items = found;
      list.replaceChildren(...items.map((item, i) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${i}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        const name = document.createElement("span");
        name.append(item.label);
        if (item.note) name.append(Object.assign(document.createElement("span"), { className: "note", textContent: item.note }));
        row.append(name);
        if (item.kind) row.append(Object.assign(document.createElement("span"), { className: "kind", textContent: item.kind }));
        row.addEventListener("mousedown", (event) => { event.preventDefault(); use(i); });
        return row;
      }));
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", String(items.length > 0));
      mark(-1);
    };
    const use = (index) => {
      const item = items[index];
      forget();
      close();
      take(item);
    };
    const forget = () => { answered = ++asked; }; // an answer still on its way must not open the list again
    const update = async () => {
      const mine = ++asked;
      const found = await find(input.value.trim());
      if (mine !== asked) return false;
      answered = mine;
      if (document.activeElement !== input) return false;
      show(found);
      if (input.value.trim()) kb.announce(found.length ? `${found.length} suggestions` : "No suggestions");
      return true;
    };
    const settle = () => { if (items.length) items[0].rank <= 4 ? use(0) : mark(0); };
    // A list that answers what stood there before is no longer what Enter means.
    input.addEventListener("input", () => { if (!list.hidden) mark(-1); update(); });
    input.addEventListener("click", () => { if (input.closest(".picker") && list.hidden) update(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) return update();
        const step = event.key === "ArrowDown" ? 1 : -1;
        mark((active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length);
      } else if (event.key === "Enter" && open && active >= 0) {
        event.preventDefault();
        use(active);
      } else if (event.key === "Enter" && firm && input.value.trim()) {
        event.preventDefault(); // a word half typed is never sent off as if nothing had been said
        // Typed faster than the answer comes: Enter waits for it, and is neither lost nor given to the older list.
        if (answered !== asked) update().then((shown) => { if (shown) settle(); });
        else if (open) settle();
        else update();
      } else if (event.key === "Enter") {
        forget(); // the form is sent: suggestions on their way would open over its answer
        close();
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        forget();
        close();
      }
    });
    return { close };
  }

  function suggestField(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "yes";
    const kinds = (input.dataset.suggest || "").split(",").filter(Boolean);
    combobox(input, {
      label: "Suggestions",
      find: (text) => (text && kb.suggest ? kb.suggest(text, kinds) : Promise.resolve([])),
      take: (item) => { input.value = item.label; kb.go ? kb.go(item.href) : location.assign(item.href); },
    });
  }

  const searches = new WeakMap(); // select -> {search, name}, for the lists beside it
  const unsaid = new Map(); // name of a list -> what was typed there and not picked
  function pickerField(select) {
    if (select.dataset.ready) return;
    select.dataset.ready = "yes";
    const most = Number(select.dataset.max || Infinity);
    const options = [...select.options].filter((option) => option.value);
    const names = options.map((option) => fold(option.text));
    let others = options.map((option) => fold(option.dataset.words || ""));
    let complete = others.some(Boolean);
    const ready = async () => {
      if (complete || !kb.words) return;
      const words = await kb.words();
      others = options.map((option) => fold(words[option.value] || ""));
      complete = others.some(Boolean);
    };
    const picker = Object.assign(document.createElement("div"), { className: "picker" });
    const box = Object.assign(document.createElement("div"), { className: "picker-box" });
    const input = Object.assign(document.createElement("input"), {
      type: "text", placeholder: select.dataset.placeholder || "Type a name…", autocomplete: "off", id: `kb-pick-${++counter}`,
    });
    const label = select.labels[0];
    const name = label?.textContent.trim() || "Choice";
    if (label) label.htmlFor = input.id; else input.setAttribute("aria-label", name);
    const hint = Object.assign(document.createElement("p"), { className: "hint picker-hint", id: `${input.id}-hint`, hidden: true });
    input.setAttribute("aria-describedby", hint.id);
    picker.append(box, hint);
    box.append(input);
    select.after(picker);
    select.hidden = true;
    // What is chosen stands first in the list, in the order in which it was chosen; so it is sent, too.
    const picked = () => [...select.selectedOptions];
    const pick = (option) => {
      const last = picked().pop();
      last ? last.after(option) : select.prepend(option);
      option.selected = true;
    };
    const changed = () => {
      draw();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    function draw() {
      for (const token of box.querySelectorAll(".token")) token.remove();
      const chosen = picked();
      for (const option of chosen) {
        const token = Object.assign(document.createElement("span"), { className: "token", textContent: option.text });
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
        button.setAttribute("aria-label", `Remove ${option.text}`);
        button.addEventListener("click", () => { option.selected = false; changed(); input.focus(); kb.announce(`${option.text} removed`); });
        token.append(button);
        input.before(token);
      }
      input.disabled = chosen.length >= most;
      input.placeholder = input.disabled ? `At most ${most}` : chosen.length ? "" : select.dataset.placeholder || "Type a name…";
    }
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Backspace" || input.value) return;
      const last = picked().pop();
      if (last) { last.selected = false; changed(); input.focus(); }
    });
    const tell = (text) => { hint.textContent = text; hint.hidden = !text; };
    // Items of this list for what was typed; `slack` allows typing errors.
    const search = (typed, slack) => {
      const found = [];
      options.forEach((option, i) => {
        if (option.selected) return;
        const rank = slack ? 6 + slipsOf(typed, `${names[i]} ${others[i]}`) : rankOf(typed, names[i], others[i]);
        if (rank < Infinity) found.push({ label: option.text, kind: option.dataset.kind || "", note: "", option, rank, add: () => { pick(option); changed(); } });
      });
      return found.sort((a, b) => a.rank - b.rank);
    };
    // A medicine looked for among the conditions, or the other way round, is offered from the list it stands in.
    const lists = () => [...(select.form?.querySelectorAll("select[data-picker][data-beside]") ?? [])];
    const beside = (typed, slack) => lists()
      .filter((other) => other !== select && select.hasAttribute("data-beside") && searches.has(other))
      .flatMap((other) => searches.get(other).search(typed, slack).map((item) => ({ ...item, note: searches.get(other).name })));
    searches.set(select, { search, name, ready });
    input.addEventListener("focus", ready, { once: true });
    combobox(input, {
      label: name,
      firm: true,
      find: async (text) => {
        const typed = fold(text);
        if (typed) await Promise.all([ready(), ...lists().map((other) => searches.get(other)?.ready())]);
        let found = search(typed, false);
        if (typed && found.every((item) => item.rank > 4)) {
          found = [...found, ...beside(typed, false)];
          if (!found.length) found = [...search(typed, true), ...beside(typed, true)];
          found.sort((a, b) => a.rank - b.rank);
        }
        tell(typed && !found.length ? `Nothing here is called “${text}”. What is not in the list cannot be checked.` : "");
        return found.slice(0, 40);
      },
      take: (item) => { input.value = ""; unsaid.delete(select.name); tell(""); input.focus(); item.add(); kb.announce(`${item.label} added`); },
    });
    // Half a word is no choice: only the list itself may send the form.
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("blur", () => {
      const text = input.value.trim();
      text ? unsaid.set(select.name, text) : unsaid.delete(select.name);
      if (text && hint.hidden) tell(`“${text}” is not chosen yet: pick it from the list.`);
    });
    // A word that was typed and not picked stays in sight when the page answers another choice.
    if (![...(select.form?.querySelectorAll("select") ?? [])].some((other) => other.value)) unsaid.delete(select.name);
    const left = unsaid.get(select.name);
    if (left) {
      input.value = left;
      tell(`“${left}” is not chosen yet: pick it from the list.`);
    }
    draw();
  }

  kb.rankOf = rankOf;
  kb.slipsOf = slipsOf;
  kb.onEnhance((scope) => {
    for (const input of scope.querySelectorAll("input[data-suggest]")) suggestField(input);
    for (const select of scope.querySelectorAll("select[multiple][data-picker]")) pickerField(select);
  });
})();
