// Comparison on the static site: puts the drawn rows of two to four items side by side, as `kb.views.compare_rows` does.
// tests/agreement holds both to the same tables.
((root) => {
  "use strict";
  const NOTHING = '<span class="muted">—</span>';
  const NO_FINDING = '<span class="muted">No finding</span>';

  // Terms each right after the broader term they stand under; siblings by name.
  function inHierarchy(objects, wanted) {
    const name = (slug) => objects[slug][0].toLowerCase();
    const children = new Map();
    const order = [...wanted].sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
    for (const slug of order) {
      const parent = objects[slug][1].find((p) => wanted.has(p) && p !== slug) ?? null;
      children.set(parent, [...(children.get(parent) ?? []), slug]);
    }
    const placed = new Set();
    const place = (parent) => {
      for (const slug of children.get(parent) ?? []) {
        if (placed.has(slug)) continue;
        placed.add(slug);
        place(slug);
      }
    };
    place(null);
    for (const slug of order) placed.add(slug);
    return [...placed];
  }

  // `data`: kb.exports.site_compare.data; `chosen`: slugs; `items`: slug to its rows. Gives `sections` and `apart`, rows with a cell for each item.
  root.kbCompareRows = (data, chosen, items) => {
    const shown = chosen.map((slug) => items[slug]);

    // Rows are known by their label; those of an indication (the fifth value) by its id.
    function merged(group, order, none = NOTHING) {
      const held = shown.map((item) => new Map((item.rows[group] ?? []).map((row) => [row[4] ?? row[0], row])));
      return order.filter((key) => held.some((rows) => rows.has(key))).map((key) => {
        const [label, href, title] = held.find((rows) => rows.has(key)).get(key);
        return { label, href, title, cells: held.map((rows) => rows.get(key)?.[3] ?? none) };
      });
    }
    function whatFor(shared) {
      const counts = new Map();
      for (const item of shown) for (const row of item.rows["what-for"] ?? []) counts.set(row[4], (counts.get(row[4]) ?? 0) + 1);
      const wanted = new Set([...counts].filter(([, n]) => n > 1 === shared).map(([slug]) => slug));
      return merged("what-for", inHierarchy(data.objects, wanted), NO_FINDING);
    }
    function direct() {
      const found = new Map();
      for (const item of shown) for (const row of item.direct) if (chosen.includes(row[1]) && chosen.includes(row[2])) found.set(row[0], row);
      return [...found.values()].sort((a, b) => b[3] - a[3]).map(([, , , , label, title, cell]) => ({ label, href: "", title, cells: [cell] }));
    }
    const places = () => [...new Set(shown.flatMap((item) => (item.rows.regulation ?? []).map(([label]) => label)))].sort((a, b) => (a < b ? -1 : 1));
    const rowsOf = { direct, "what-for": () => whatFor(true), regulation: () => merged("regulation", places()) };
    const sections = Object.entries(data.titles)
      .map(([id, title]) => ({ id, title, rows: rowsOf[id] ? rowsOf[id]() : merged(id, data.order[id]) }))
      .filter(({ rows }) => rows.length);
    return { sections, apart: whatFor(false) };
  };
})(typeof window === "undefined" ? globalThis : window);
