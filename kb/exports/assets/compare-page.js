// The page of comparison on the static site: what is chosen stands in the address, each item's rows come from a file of their own
// (a page opened from a file may fetch nothing, but load a script), compare.js puts them side by side.
(() => {
  "use strict";
  const { kb, kbCompare: data } = window;
  const form = document.querySelector("form.compare-form");
  const place = document.querySelector("[data-compare]");
  if (!data || !form || !place) return;
  const select = form.querySelector('select[name="item"]');
  const techniques = document.getElementById("techniques");
  const heading = document.querySelector("h1");
  const [title, first] = [document.title, heading.textContent];
  const MOST = Number(select.dataset.max);
  const items = (window.kbCompared = {});

  const { text } = kb;
  const known = (slugs) => [...new Set(slugs)].filter((slug) => [...select.options].some((option) => option.value === slug)).slice(0, MOST);
  const inAddress = () => known(new URLSearchParams(location.search).getAll("item"));
  const address = (slugs) => `?${new URLSearchParams(slugs.map((slug) => ["item", slug]))}`;
  const load = (slug) => kb.load(`compare/${slug}.js`);

  function table(rows, chosen, caption, body) {
    const heads = chosen.map((slug) => {
      const rest = chosen.filter((other) => other !== slug);
      const out = rest.length > 1 ? ` <a class="small no-print drop" href="${text(address(rest))}" aria-label="Leave out ${text(items[slug].name)}">×</a>` : "";
      return `<th scope="col"><a href="${text(items[slug].href)}">${text(items[slug].name)}</a>${out}</th>`;
    });
    return `<div class="table-wrap" tabindex="0" role="region" aria-label="${text(caption)}"><table class="compare compare-${chosen.length}">
      <thead><tr><th scope="col"><span class="visually-hidden">Question</span></th>${heads.join("")}</tr></thead>${body}</table></div>`;
  }
  function row({ label, href, title: hover, cells }, chosen) {
    const head = `<tr><th scope="row"${hover ? ` title="${text(hover)}"` : ""}>${href ? `<a href="${text(href)}">${text(label)}</a>` : text(label)}</th>`;
    if (cells.length === 1 && chosen.length > 1) return `${head}<td colspan="${chosen.length}" data-label="What it found">${cells[0]}</td></tr>`;
    return head + cells.map((cell, i) => `<td data-label="${text(items[chosen[i]].name)}">${cell}</td>`).join("") + "</tr>";
  }
  const group = (label, chosen, rows) => `<tbody><tr class="group"><th scope="rowgroup" colspan="${chosen.length + 1}">${text(label)}</th></tr>${rows}</tbody>`;

  let latest = 0; // what was asked for before and comes late is not shown any more
  async function show(chosen) {
    const mine = ++latest;
    const enough = chosen.length > 1;
    techniques?.toggleAttribute("hidden", enough);
    document.querySelector(".page-head .lede")?.toggleAttribute("hidden", enough);
    heading.textContent = first;
    document.title = title;
    if (!enough) {
      place.removeAttribute("aria-busy");
      place.innerHTML = chosen.length ? `<p class="notice" role="status">Add a second item to compare ${text(select.querySelector(`option[value="${CSS.escape(chosen[0])}"]`).text)} with.</p>` : "";
      return;
    }
    place.setAttribute("aria-busy", "true");
    try { await Promise.all(chosen.map(load)); } catch {
      if (mine !== latest) return;
      place.innerHTML = '<p class="notice" role="status">This comparison could not be loaded. Its files are missing beside this page, or the connection is gone.</p>';
      place.removeAttribute("aria-busy");
      return;
    }
    if (mine !== latest) return;
    const names = chosen.map((slug) => items[slug].name);
    const { sections, apart } = window.kbCompareRows(data, chosen, items);
    const blank = (label, said) => `<tr><th scope="row">${label}</th><td colspan="${chosen.length}"><span class="muted">${said}</span></td></tr>`;
    const bodies = sections.map((s) => group(s.title, chosen, s.rows.map((r) => row(r, chosen)).join("")));
    if (!sections.some((s) => s.id === "what-for")) bodies.unshift(group("What for", chosen, blank("Shared indication", "None was studied for more than one of them")));
    if (sections[0]?.id !== "direct") bodies.unshift(group(data.titles.direct, chosen, blank("Head to head", "No trial that compared them is recorded")));
    const alone = apart.length ? `<details class="box"><summary>Studied for only one of these (${apart.length})</summary>${table(apart, chosen, "Indications only one of them was studied for", `<tbody>${apart.map((r) => row(r, chosen)).join("")}</tbody>`)}</details>` : "";
    heading.textContent = names.join(" · ");
    document.title = `Compare: ${names.join(", ")} · ${title.split(" · ").pop()}`;
    place.innerHTML = table(sections, chosen, `${names.join(", ")} side by side`, bodies.join("")) + alone;
    kb.references(place);
    place.removeAttribute("aria-busy");
    kb.announce(`${names.join(", ")} side by side`);
  }

  const chosenNow = () => known([...select.selectedOptions].map((option) => option.value));
  form.addEventListener("change", () => { history.replaceState(null, "", address(chosenNow()) || "?"); show(chosenNow()); });
  // Before the list to choose from is made of it (DOMContentLoaded), so that it shows what the address asks for.
  const asked = inAddress().map((slug) => select.querySelector(`option[value="${CSS.escape(slug)}"]`));
  select.prepend(...asked); // in the order of the address, as the columns are
  for (const option of asked) option.selected = true;
  show(inAddress());
})();
