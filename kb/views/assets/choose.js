// Choosing by typing: suggestions under a search field (answered by the kernel) and a picker made from a select.
// Both follow the ARIA combobox pattern: the focus stays in the field, arrows move, Enter takes, Escape closes.
(() => {
  "use strict";
  const kb = window.kb;
  let counter = 0;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

  // Attach a listbox to `input`. `find(text)` gives (a promise of) items {label, kind, note}; `take(item)` uses one.
  function combobox(input, { find, take, label }) {
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
      asked += 1; // an answer still on its way must not open the list again
      close();
      take(item);
    };
    const update = async () => {
      const mine = ++asked;
      const found = await find(input.value.trim());
      if (mine !== asked || document.activeElement !== input) return;
      show(found);
      if (input.value.trim()) kb.announce(found.length ? `${found.length} suggestions` : "No suggestions");
    };
    input.addEventListener("input", update);
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
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        asked += 1;
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

  function pickerField(select) {
    if (select.dataset.ready) return;
    select.dataset.ready = "yes";
    const most = Number(select.dataset.max || Infinity);
    const options = [...select.options].filter((option) => option.value);
    const searchable = options.map((option) => fold(`${option.text} ${option.dataset.words || ""}`));
    const picker = Object.assign(document.createElement("div"), { className: "picker" });
    const box = Object.assign(document.createElement("div"), { className: "picker-box" });
    const input = Object.assign(document.createElement("input"), {
      type: "text", placeholder: select.dataset.placeholder || "Type a name…", autocomplete: "off", id: `kb-pick-${++counter}`,
    });
    const label = select.labels[0];
    const name = label?.textContent.trim() || "Choice";
    if (label) label.htmlFor = input.id; else input.setAttribute("aria-label", name);
    picker.append(box);
    box.append(input);
    select.after(picker);
    select.hidden = true;
    const changed = () => {
      draw();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    function draw() {
      for (const token of box.querySelectorAll(".token")) token.remove();
      const chosen = options.filter((option) => option.selected);
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
      const last = options.filter((option) => option.selected).pop();
      if (last) { last.selected = false; changed(); input.focus(); }
    });
    combobox(input, {
      label: name,
      find: async (text) => {
        const words = fold(text).split(/\s+/).filter(Boolean);
        const found = [];
        options.forEach((option, i) => {
          if (option.selected || !words.every((word) => searchable[i].includes(word))) return;
          const own = fold(option.text);
          found.push({ label: option.text, kind: option.dataset.kind || "", note: "", option, rank: own.startsWith(words[0] || "") ? 0 : own.includes(words[0]) ? 1 : 2 });
        });
        return found.sort((a, b) => a.rank - b.rank).slice(0, 40);
      },
      take: (item) => { item.option.selected = true; input.value = ""; changed(); input.focus(); kb.announce(`${item.label} added`); },
    });
    draw();
  }

  kb.onEnhance((scope) => {
    for (const input of scope.querySelectorAll("input[data-suggest]")) suggestField(input);
    for (const select of scope.querySelectorAll("select[multiple][data-picker]")) pickerField(select);
  });
})();
