// Answers to a question typed into the search of the static site, as `kb.questions.asked` gives them on a server: cards drawn ahead
// (site_answers.py), comparisons, and what the check says of two things together. tests/agreement holds the reading to Python's.
((root) => {
  "use strict";
  const LEAST = 4; // letters of a word that names nothing here, before it is looked for as a fact about a patient
  const SUBJECTS = ["ingredient", "technique"];
  const TARGETS = ["indication", "adverse-effect", "topic"];
  const RANK = [...SUBJECTS, "product", ...TARGETS, "condition", "substance", "jurisdiction"];

  // Names of everything that can be found, folded, to the rows that have them; the kind that answers best comes first.
  root.kbNames = (rows, fold) => {
    const names = new Map();
    for (const row of rows) {
      if (!RANK.includes(row[1])) continue;
      for (const name of [row[2], row[0].replaceAll("-", " "), ...row[4]]) {
        const plain = fold(name);
        if (!plain) continue;
        if (names.has(plain)) names.get(plain).push(row);
        else names.set(plain, [row]);
      }
    }
    for (const found of names.values()) found.sort((a, b) => RANK.indexOf(a[1]) - RANK.indexOf(b[1]));
    return names;
  };

  // What a question names and wants: the longest names first, a name only in full, nothing by likeness.
  root.kbRead = (question, names, grammar, fold) => {
    const words = question.replace(/[?,]/g, " ").split(/\s+/).filter(Boolean).slice(0, 24);
    const found = { subjects: [], objects: [], facts: [], wants: [], meaning: false, rest: [] };
    const small = new Set(grammar.small);
    const add = (into, row, said) => { if (!into.some((held) => held.id === row[0])) into.push({ id: row[0], kind: row[1], name: row[2], said }); };
    function take(said) {
      const plain = fold(said);
      const want = Object.hasOwn(grammar.wants, plain) ? grammar.wants[plain] : "";
      if (want) {
        if (!found.wants.includes(want)) found.wants.push(want);
        return true;
      }
      if (grammar.meaning.includes(plain)) return (found.meaning = true);
      if (grammar.routes.includes(plain)) return true;
      const row = (names.get(plain) ?? names.get(plain.replace(/s$/, "")))?.[0];
      if (!row) return false;
      add(SUBJECTS.includes(row[1]) || row[1] === "product" ? found.subjects : TARGETS.includes(row[1]) ? found.objects : found.facts, row, said);
      return true;
    }
    for (let place = 0; place < words.length;) {
      let length = Math.min(grammar.longest, words.length - place);
      while (length && !take(words.slice(place, place + length).join(" "))) length -= 1;
      if (!length && !small.has(fold(words[place]))) found.rest.push(words[place]);
      place += length || 1;
    }
    return found;
  };

  if (!root.document) return;
  const { kb } = root;
  const text = (value) => String(value).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const own = (file) => root.document.querySelector('script[src$="site.js"]').getAttribute("src").replace("site.js", file);
  const loads = new Map();
  const load = (file) => {
    if (!loads.has(file)) {
      loads.set(file, new Promise((resolve, reject) => {
        root.document.head.append(Object.assign(root.document.createElement("script"), { src: own(file), onload: resolve, onerror: () => { loads.delete(file); reject(new Error(file)); } }));
      }));
    }
    return loads.get(file);
  };
  const kept = async (slug) => {
    if (!root.kbAsked.held.includes(slug)) return {};
    await load(`answers/${slug}.js`);
    return root.kbAnswers[slug] ?? {};
  };
  const compared = async (slug) => {
    root.kbCompared ??= {};
    await load(`compare/${slug}.js`);
    return root.kbCompared[slug];
  };
  let checks = null;
  const checked = () => (checks ??= (async () => {
    for (const file of ["check-data.js", "check.js", "check-answer.js"]) await load(file);
    return new root.kbPrecheck(root.kbCheckData);
  })().catch((error) => {
    checks = null;
    throw error;
  }));

  const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
  const page = (row) => (row ? `<a href="${text(row[3])}">${text(row[2])}</a>` : "");
  const card = (kind, title, body, links) => `<section class="answer answer-${kind}" aria-label="${text(title)}"><h2>${text(title)}</h2>${body}<p class="answer-links small">${links.filter(Boolean).join(" · ")}</p></section>`;
  const cites = (keys) => [...new Set(keys)].slice(0, 3).filter((key) => root.kbCheckData.papers[key]?.[1]).map((key) => ` <a class="cite" href="#ref-${text(key)}" title="${text(root.kbCheckData.papers[key][0])}">[]</a>`).join("");
  const chip = (tone, words) => `<span class="chip" data-tone="${text(tone)}">${text(words)}</span>`;

  function cautions(answer, title, links) {
    const rows = answer.alerts.map((a) => `<li class="answer-row">${chip(a.severity, root.kbCheckData.words.severities[a.severity])} <strong>${text(a.subject_name)}: ${text(a.trigger_name)}</strong><p>${text(a.action)}</p><p class="small muted">${text(a.why)}${cites(a.references)}</p></li>`);
    const grave = answer.alerts.filter((a) => ["contraindicated", "avoid"].includes(a.severity)).length;
    const open = Math.max(6, grave);
    const rest = rows.length > open ? `<details><summary>${rows.length - open} more</summary><ul class="plain">${rows.slice(open).join("")}</ul></details>` : "";
    return card("caution", title, `<ul class="plain">${rows.slice(0, open).join("")}</ul>${rest}`, links);
  }
  function mixed(answer, title, links) {
    const rows = answer.mixing.map((p) => `<li class="answer-row"><strong>${text(p.a_name)} with ${text(p.b_name)}</strong>: ${chip(p.compatibility, root.kbCheckData.words.compatibilities[p.compatibility])}<p>${text(p.summary)}${cites(p.references)}</p></li>`);
    return rows.length ? card("mixing", title, `<ul class="plain">${rows.join("")}</ul>`, links) : "";
  }
  function trials(items, slugs, title, links) {
    const found = new Map();
    for (const item of items) for (const row of item.direct) if (slugs.includes(row[1]) && slugs.includes(row[2])) found.set(row[0], row);
    const rows = [...found.values()].sort((a, b) => b[3] - a[3]).map(([, , , , label, , cell]) => `<li class="answer-row"><strong>${text(label)}</strong>${cell}</li>`);
    const most = rows.length > 6 ? `<details><summary>${rows.length - 6} more</summary><ul class="plain">${rows.slice(6).join("")}</ul></details>` : "";
    const body = rows.length ? `<ul class="plain">${rows.slice(0, 6).join("")}</ul>${most}` : "<p>No trial that compared them is recorded.</p>";
    return card("compared", title, body, links);
  }
  // Whether something works for what was named: the bottom lines of that indication and of narrower ones.
  function works(item, target, title, links) {
    const { objects } = root.kbCompare;
    const under = (id) => id === target || (objects[id]?.[1] ?? []).some(under);
    const rows = (item.rows["what-for"] ?? []).filter((row) => under(row[4])).map(([label, , , cell]) => `<li class="answer-row"><strong>${text(label)}</strong>${cell}</li>`);
    return rows.length ? card("evidence", title, `<ul class="plain">${rows.join("")}</ul>`, links) : "";
  }

  async function ofSubjects(read, rowOf) {
    const html = [];
    const things = read.subjects.filter(({ kind }) => SUBJECTS.includes(kind));
    const slugs = things.map(({ id }) => id);
    const pages = things.map(({ id }) => page(rowOf.get(id)));
    const names = listed(things.map(({ name }) => name));
    const side = slugs.length > 1 ? `<a href="compare.html?${new URLSearchParams(slugs.slice(0, 4).map((slug) => ["item", slug]))}">Compare side by side</a>` : "";
    const links = [...pages, side, '<a href="precheck.html">Check a whole plan</a>'];
    const unknown = read.rest.filter((word) => word.length >= LEAST);
    if (slugs.length > 1 || read.facts.length || read.objects.length || unknown.length) {
      const check = await checked();
      // A word that the search has no page for may still be one the check knows: a phase of life, a habit, a result.
      const known = (said) => check.resolver.find(said, "condition", false).length > 0;
      const facts = [...[...read.facts, ...read.objects].map(({ said }) => said).filter(known), ...unknown.filter(known)];
      const answer = check.check({
        ingredients: things.filter(({ kind }) => kind === "ingredient").map(({ id }) => id),
        technique: things.filter(({ kind }) => kind === "technique").map(({ id }) => id),
        conditions: facts,
      });
      if (slugs.length > 1) {
        const pair = [trials(await Promise.all(slugs.map(compared)), slugs, `Trials that compared them: ${names}`, links), mixed(answer, `In one syringe: ${names}`, links)];
        html.push(...(read.wants.includes("mix") ? pair.reverse() : pair));
      }
      if (answer.alerts.length && (facts.length || slugs.length > 1)) html.push(cautions(answer, `Before you treat: ${listed([...things.map(({ name }) => name), ...facts])}`, links));
      await load("compare-data.js");
      for (const object of read.objects) {
        for (const [i, slug] of slugs.entries()) html.push(works(await compared(slug), object.id, `Does it work? ${things[i].name}, ${object.name}`, [pages[i]]));
      }
    }
    const asked = read.wants.filter((want) => ["harms", "dose", "status"].includes(want));
    const alone = !asked.length && slugs.length === 1 && !html.join("") ? [""] : asked;
    for (const slug of slugs) {
      const held = await kept(slug);
      for (const want of alone) html.push(...(held[want] ?? []));
    }
    if (!html.join("") && (read.facts.length || read.objects.length) && slugs.length) {
      const both = listed([...things, ...read.facts, ...read.objects].map(({ name }) => name));
      html.push(card("nothing", `Nothing is recorded on ${both} together`, "<p>No caution, study or report that names both is recorded here. That does not mean that it is safe.</p>", links));
    }
    return html;
  }

  // The cards for a question, as HTML; "" when only a list of pages can help. `index`: search-index.js.
  kb.answer = async (question, index, cards) => {
    const fold = root.kbFold;
    await load("asked-data.js");
    kb.names ??= root.kbNames(index.rows, fold);
    kb.rowOf ??= new Map(index.rows.map((row) => [row[0], row]));
    const read = root.kbRead(question, kb.names, root.kbAsked, fold);
    const html = [];
    for (const id of cards) html.push(...((await kept(`care-${id}`))[""] ?? []));
    if (read.subjects.length) html.push(...(await ofSubjects(read, kb.rowOf)));
    else for (const object of read.objects) html.push(...((await kept(object.id))[read.wants.includes("dose") ? "dose" : ""] ?? []));
    return html.filter(Boolean).slice(0, 4).join("");
  };
})(typeof window === "undefined" ? globalThis : window);
