// Answers to a question typed into the search of the static site: the cards that `kb.questions.asked` gives on a server, or none.
// What one thing answers is drawn ahead (site_answers.py); what two say of each other is put together here and by the check.
// tests/agreement holds the reading to Python's and the cards to the server's.
((root) => {
  "use strict";
  const SUBJECTS = ["ingredient", "technique"];
  const ROLES = [["ingredient", "subjects"], ["technique", "subjects"], ["condition", "facts"]];

  // ---- kb/questions/asked_reading.py. `check`: kbPrecheck, for its names and products; `grammar`: site_answers.words.

  root.kbRead = (question, check, grammar, fold) => {
    const aged = new RegExp(grammar.age, "gi");
    const words = question.replace(aged, " ").replace(new RegExp(grammar.amount, "gi"), " ").replace(/[?,]/g, " ").split(/\s+/).filter(Boolean).slice(0, grammar.most_words);
    const found = { subjects: [], objects: [], facts: [], products: [], places: [], wants: [], routes: [], meaning: false, rest: [] };
    const [small, routes] = [new Set(grammar.small), new Map(Object.entries(grammar.routes))];
    const kinds = new Map(Object.entries(grammar.kinds).flatMap(([of, ids]) => ids.map((id) => [id, of.split(" ")])));
    const look = (said, role) => check.resolver.find(said, role, false);
    const once = (list, value) => { if (!list.includes(value)) list.push(value); };
    const by = (word) => { for (const route of routes.get(fold(word)) ?? []) once(found.routes, route); };
    const add = (named, into) => { if (into.every(({ id }) => id !== named.id)) into.push(named); };
    const isIngredient = (said) => look(said, "ingredient").some(({ kind }) => kind === "ingredient");
    const onlySubstances = (said) => {
      const named = look(said, "ingredient");
      return named.length > 0 && named.every(({ kind }) => kind === "substance");
    };
    function product({ id }, said) {
      once(found.products, id);
      for (const part of check.products[id]?.parts ?? []) {
        if (kinds.has(part.id) && part.role !== "excipient") add({ id: part.id, kind: "ingredient", said }, found.subjects);
      }
      return found.subjects.some((named) => named.said === said);
    }
    function target(id, said) { // a word may be both what a patient brings along and what is treated or caused: keloid
      const own = fold(said).replaceAll(" ", "-");
      for (const slug of [id, own, own.replace(/s$/, ""), ...look(said, "target").map((match) => match.id)]) {
        for (const kind of grammar.targets_of) if (kinds.get(slug)?.includes(kind)) add({ id: slug, kind, said }, found.objects);
      }
    }
    function take(said) {
      const plain = fold(said);
      if (Object.hasOwn(grammar.wants, plain)) {
        once(found.wants, grammar.wants[plain]);
        return true;
      }
      if (grammar.meaning.includes(plain)) return (found.meaning = true);
      if (routes.has(plain)) {
        by(said);
        return true;
      }
      const bare = said.split(" ").filter((word) => !routes.has(fold(word))).join(" ");
      if (bare !== said && onlySubstances(said) && isIngredient(bare)) {
        said.split(" ").forEach(by);
        return take(bare);
      }
      for (const [role, into] of ROLES) {
        const named = look(said, role);
        for (const match of named) if (match.kind === "product" && product(match, said)) return true;
        const matches = named.filter(({ id }) => kinds.has(id));
        if (!matches.length) continue;
        // of the medicines that one brand holds that which is an ingredient, too: dutasteride of `Jalyn`
        const own = role === "ingredient" && matches.every(({ kind }) => kind === "substance") && matches.find(({ id }) => kinds.get(id)[0] === "ingredient");
        const match = own || matches[0];
        const fact = match.kind === "substance" && role === "ingredient";
        add({ id: match.id, kind: match.kind, said }, grammar.targets_of.includes(match.kind) && !fact ? found.objects : fact ? found.facts : found[into]);
        if (role === "condition") target(match.id, said);
        return true;
      }
      const places = look(said, "jurisdiction");
      for (const { id } of places) once(found.places, id);
      if (places.length || said.includes(" ")) return places.length > 0;
      return grammar.short_of.map((word) => `${said} ${word}`).some((whole) => isIngredient(whole) && take(whole));
    }
    function harmsOf() { // `infection after` is about a harm of what follows, and not about somebody who brings an infection along
      const harms = found.objects.filter(({ kind }) => kind === "adverse-effect").map((named) => named.said);
      if (!harms.length) return;
      found.facts = found.facts.filter((named) => !harms.includes(named.said));
      once(found.wants, "harms");
    }
    for (const [said, years] of question.matchAll(aged)) {
      const term = check.ofAge(Number(years));
      if (kinds.has(term)) add({ id: term, kind: "condition", said }, found.facts);
    }
    for (let place = 0; place < words.length;) {
      let length = Math.min(grammar.longest, words.length - place);
      while (length && !take(words.slice(place, place + length).join(" "))) length -= 1;
      if (!length && fold(words[place]) === grammar.after) harmsOf();
      if (!length && !small.has(fold(words[place]))) found.rest.push(words[place]);
      place += length || 1;
    }
    // a medicine that is an ingredient, too, is what the question is about where nothing else is: `Kenalog-40 dose`
    const own = found.subjects.length ? null : found.facts.find(({ id, kind }) => kind === "substance" && kinds.get(id)?.[0] === "ingredient");
    if (own) {
      found.subjects.push({ ...own, kind: "ingredient" });
      found.facts = found.facts.filter((named) => named !== own);
    }
    return found;
  };

  // Ids of the cards on first aid and aftercare that a question asks for: kb/questions/care.py.
  root.kbFirstAid = (question, read, aid, fold) => {
    const said = ` ${fold(question)} `;
    const named = [...read.objects, ...read.facts, ...read.subjects].map(({ id }) => id);
    const wished = read.wants.includes("care") ? [...aid.general, ...named.flatMap((id) => aid.wished[id] ?? [])] : [];
    const signs = Object.entries(aid.signs).filter(([, lists]) => lists.every((ids) => ids.some((id) => named.includes(id)))).map(([id]) => id);
    const called = new Set([...named.flatMap((id) => aid.named[id] ?? []), ...wished, ...signs]);
    const harmed = read.wants.includes(aid.harms) && !read.wants.includes("care"); // `infection after mesotherapy` is about the infection
    const byName = (id) => aid.names[id].some((name) => said.includes(` ${name} `)) && !(harmed && aid.aftercare.includes(id));
    return aid.order.filter((id) => called.has(id) || byName(id)).slice(0, aid.most);
  };

  // Which kind of number or name of a paper a question is, or "": kb/questions/asked.py, `_paper`.
  const KINDS_OF_NUMBERS = ["doi", "pmcid", "pmid", "year"];
  const matched = (asked, kind, grammar) => new RegExp(grammar.paper[kind], kind === "doi" ? "" : "i").exec(asked);
  root.kbPaperBy = (question, grammar) => KINDS_OF_NUMBERS.find((kind) => matched(question.trim(), kind, grammar)) ?? "";
  root.kbPapersOf = (question, by, papers, grammar, fold) => {
    const found = matched(question.trim(), by, grammar);
    if (by === "year") {
      const who = fold(found[1].replace(" et al", ""));
      return papers.filter(([, , family, year]) => year === Number(found[2]) && family
        && (who === family || family.startsWith(`${who} `) || family.endsWith(` ${who}`) || who.endsWith(` ${family}`)));
    }
    const place = { doi: 4, pmid: 5, pmcid: 6 }[by];
    const wanted = (by === "doi" ? found[0].replace(/[.,;)]+$/, "") : found.at(-1)).toLowerCase();
    return papers.filter((paper) => String(paper[place] ?? "").toLowerCase() === wanted);
  };

  if (!root.document) return;
  const { kb } = root;
  const { load, text } = kb;
  const UNHELD = new Error("An answer that a server has and the site does not");
  let held = null;
  let check = null;
  let kinds = null;
  let cautionOf = null;
  let rowOf = null;

  async function ready(index) {
    for (const file of ["asked-data.js", "check-data.js", "check.js", "check-answer.js"]) await load(file);
    if (held) return;
    check = new root.kbPrecheck(root.kbCheckData);
    kinds = new Map(Object.entries(root.kbAsked.kinds).flatMap(([of, ids]) => ids.map((id) => [id, of.split(" ")])));
    rowOf = new Map(index.rows.map((row) => [row[0], row]));
    const named = (subject, row) => ({ ...row, subject_name: name(subject), trigger_name: name(row.trigger) });
    cautionOf = new Map(Object.entries(check.cautions).flatMap(([subject, rows]) => rows.map((row) => [row.id, named(subject, row)])));
    held = new Set(root.kbAsked.held);
  }

  // ---- Cards: what is drawn ahead, and kb/views/answered.py with answers.html.j2 for what is not.

  const kindOf = (html) => /^<section class="answer answer-([a-z]+)"/.exec(html)[1];
  const isA = (id, kind) => kinds.get(id)?.includes(kind) ?? false;
  const name = (id) => rowOf.get(id)?.[2] ?? check.name(id);
  const listed = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
  const MOST_CITED = 3; // of one line
  function cites(keys) {
    const found = [...new Set(keys)].filter((key) => root.kbCheckData.papers[key]?.[1]);
    const marks = found.slice(0, MOST_CITED).map((key) => ` <a class="cite" href="#ref-${text(key)}" title="${text(root.kbCheckData.papers[key][0])}">[]</a>`);
    return marks.join("") + (found.length > MOST_CITED ? ` <span class="small muted nowrap">and ${found.length - MOST_CITED} more</span>` : "");
  }
  const chip = (tone, words) => `<span class="chip" data-tone="${text(tone)}">${text(words)}</span>`;
  const section = (kind, title, body, links = []) => `<section class="answer answer-${kind}" aria-label="${text(title)}"><h2>${text(title)}</h2>${body}<p class="answer-links small">${links.join(" · ")}</p></section>`;
  function card(kind, about, body, title = "") {
    const { titles, anchors } = root.kbAsked;
    const at = anchors[kind] ? `#${anchors[kind]}` : "";
    const pages = about.filter((id) => rowOf.has(id));
    const links = pages.map((id) => `<a href="${text(rowOf.get(id)[3].includes("#") ? rowOf.get(id)[3] : rowOf.get(id)[3] + at)}">${text(name(id))}</a>`);
    const things = pages.filter((id) => SUBJECTS.some((of) => isA(id, of)));
    if (things.length > 1) links.push(`<a href="compare.html?${new URLSearchParams(things.slice(0, 4).map((id) => ["item", id]))}">Compare side by side</a>`);
    if (["caution", "mixing", "compared"].includes(kind)) links.push('<a href="precheck.html">Check a whole plan</a>');
    const together = kind === "nothing" && about.length > 1 ? " together" : "";
    const colon = kind === "nothing" || titles[kind].endsWith("?") ? "" : ":";
    return section(kind, title || `${titles[kind]}${colon} ${listed(about.map(name))}${together}`, body, links);
  }
  const rowsOf = (html) => `<ul class="plain">${html.join("")}</ul>`;
  function cautions(of) {
    const { severities } = root.kbCheckData.words;
    const rows = of.map((a) => `<li class="answer-row">${chip(a.severity, severities[a.severity])} <strong>${text(a.subject_name)}: ${text(a.trigger_name)}</strong><p>${text(a.action)}</p><p class="small muted">${text(a.why)}${cites(a.references)}</p></li>`);
    const open = Math.max(root.kbAsked.open, of.filter((a) => check.grave.has(a.severity)).length);
    return rowsOf(rows.slice(0, open)) + (rows.length > open ? `<details><summary>${rows.length - open} more</summary>${rowsOf(rows.slice(open))}</details>` : "");
  }
  function mixed(slugs, askedFor) {
    const { compatibilities } = root.kbCheckData.words;
    const of = check.check({ ingredients: slugs }).mixing.filter((p) => askedFor || p.references.length || p.compatibility !== root.kbAsked.no_data);
    const rows = of.map((p) => `<li class="answer-row"><strong>${text(p.a_name)} with ${text(p.b_name)}</strong>: ${chip(p.compatibility, compatibilities[p.compatibility])}<p>${text(p.summary)}${cites(p.references)}</p></li>`);
    return rows.length ? [card("mixing", slugs, rowsOf(rows))] : [];
  }

  async function kept(id) {
    if (!held.has(id)) return {};
    await load(`answers/${id}.js`);
    return root.kbAnswers[id];
  }
  // The rows of a card in the order of the routes and places that are asked for.
  function sorted([before, after, most, rows], shared, read) {
    const wanted = new Set([...read.routes, ...check.around(read.places)]);
    const asked = new Set(rows.map(([, tag]) => tag).filter((tag) => wanted.has(tag)));
    const known = asked.size < 2 || [...wanted].every((tag) => root.kbAsked.injected.includes(tag));
    if (!known && rows.length > most) throw UNHELD; // only the rows that one of them calls for are here
    const order = (rank, tag) => 2 * rank + (wanted.size && !wanted.has(tag) ? 1 : 0);
    return before + [...rows].sort((a, b) => order(...a) - order(...b)).slice(0, most).map(([, , place]) => shared[place]).join("") + after;
  }
  // The cards of a thing under a key of kb/questions/asked_ahead.py. Of cautions the rows are the check's.
  async function keptCards(id, key) {
    const all = await kept(id);
    const under = typeof all[key] === "string" ? all[key] : key; // the same under another key
    return [all[under] ?? [], all.rows];
  }
  async function drawn(id, key, read) {
    const [cards, shared] = await keptCards(id, key);
    return cards.map((made) => {
      if (typeof made === "string") return made;
      const [kind, about, ...body] = made;
      if (made.length > 2) return card(kind, about, body.length > 1 ? sorted(body, shared, read) : body[0]);
      const rows = made[1].map((of) => cautionOf.get(of));
      if (!rows.every(Boolean)) throw UNHELD;
      return card("caution", made[0], cautions(rows));
    });
  }
  // A card that says so when no regulator's word on a thing counts for the places that were asked for.
  async function unheardOf(slug, places) {
    const around = check.around(places);
    const tags = (await keptCards(slug, "status"))[0].flatMap((of) => of[5].map(([, tag]) => tag));
    if (!places.length || !tags.length || tags.some((tag) => around.has(tag))) return [];
    const about = [slug, ...places];
    return [card("nothing", about, `<p>${text(root.kbAsked.nothing.place)}</p>`, `${root.kbAsked.titles.status}: ${about.map(name).join(", ")}`)];
  }
  async function compared(slugs) {
    const found = new Map();
    const between = (row) => row[1] !== row[2] && slugs.includes(row[1]) && slugs.includes(row[2]);
    for (const slug of slugs) for (const row of (await kept(slug)).compared ?? []) if (between(row)) found.set(row[0], row);
    const rows = [...found.values()].sort((a, b) => b[3] - a[3]).map((row) => row[4]);
    const most = root.kbAsked.rows.compared;
    const more = rows.length > most ? `<p class="small"><a href="${text(rowOf.get(slugs[0])[3])}">${rows.length - most} more comparisons on its page</a></p>` : "";
    return rows.length ? [card("compared", slugs, rowsOf(rows.slice(0, most)) + more)] : [];
  }
  // Whether a finding on the page of one thing may name another, by what was typed; only a server can read it.
  async function mayName(id, { id: other, said }) {
    const names = check.resolver.names.some((row) => row.id === other && root.kbFold(row.text) === root.kbFold(said));
    return !names || ((await kept(id)).named ?? []).includes(other);
  }

  // ---- kb/questions/asked.py: the cards of what was read; UNHELD is thrown where the site does not hold what a server would say.

  const ids = (named) => named.map(({ id }) => id);
  const saids = (named) => new Set(named.map(({ said }) => said)).size;
  function alertsOf(subjects, conditions) {
    const [technique, ingredients] = [subjects.filter(isTechnique), subjects.filter((id) => !isTechnique(id))];
    return check.check({ ingredients, technique, conditions }).alerts;
  }
  const isTechnique = (id) => rowOf.get(id)?.[1] === "technique";

  async function ofReading(read) {
    const { subjects, facts, objects, wants, products, places, rest } = read;
    const slugs = ids(subjects);
    const asked = wants.length + facts.length + objects.length + places.length > 0;
    const named = [...subjects, ...objects, ...facts];
    const cards = [];
    const show = async (id, key) => { cards.push(...(await drawn(id, key, read))); };
    const contents = async () => { for (const id of products) await show(`product-${id}`, ""); };
    const pairs = async () => { cards.push(...(await ofPairs(slugs, read))); };

    if (read.meaning && !wants.length && !places.length && !rest.length && saids(named) === 1) await show(named[0].id, "meaning");
    if (!asked) await contents();
    if (!slugs.length) cards.push(...(await ofNoSubject(read)));
    const pairsFirst = !wants.length || wants.includes("mix") || wants.includes("compare");
    if (pairsFirst) await pairs();
    if (slugs.length && (facts.length || slugs.length > 1)) {
      let [against, alerts] = [slugs, alertsOf(slugs, ids(facts))];
      if (facts.length && !alerts.length) {
        against = [...new Set([...slugs, ...waysOf(subjects)])];
        if (against.length > slugs.length) alerts = alertsOf(against, ids(facts));
      }
      if (alerts.length) cards.push(card("caution", [...against, ...ids(facts)], cautions(alerts)));
      else if (facts.length && wants.includes("harms")) cards.push(card("nothing", [...ids(facts), ...slugs], `<p>${text(root.kbAsked.nothing.caution)}</p>`));
      if (!facts.length) cards.push(...brought(subjects));
    }
    for (const slug of slugs) cards.push(...(await ofSubject(slug, read)));
    if (!pairsFirst) await pairs();
    if (slugs.length === 1 && !asked) {
      if (rest.some((word) => [...word].length >= root.kbAsked.shortest)) throw UNHELD; // it may stand in what was found
      await show(slugs[0], "");
    }
    if (asked) await contents();
    return cards.length ? cards : without(read);
  }

  // The technique that the name of an ingredient holds, all of it or its last words: kb/questions/plan.py, `way_in`.
  function waysOf(subjects) {
    const named = (words) => words.map((_, start) => check.resolver.find(words.slice(start).join(" "), "technique", false).filter(({ kind }) => kind === "technique"));
    const ways = subjects.filter(({ kind }) => kind === "ingredient").flatMap(({ said }) => named(said.split(" ")).find((found) => found.length) ?? []);
    return ids(ways).filter((id) => rowOf.has(id));
  }

  // What speaks against a technique in somebody who has the other thing on or in the skin: `retinol microneedling`.
  function brought(subjects) {
    const techniques = ids(subjects.filter(({ id }) => isTechnique(id)));
    const worn = subjects.filter(({ id }) => !isTechnique(id)).flatMap(({ id, said }) => check.resolver.find(said, "condition", false).map((match) => match.id).filter((other) => other !== id));
    const about = (a) => [a.trigger, ...a.also].some((fact) => worn.some((id) => check.climb(id).includes(fact)));
    const alerts = techniques.length && worn.length ? alertsOf(techniques, worn).filter(about) : [];
    return alerts.length ? [card("caution", [...techniques, ...worn], cautions(alerts))] : [];
  }

  async function ofPairs(slugs, read) {
    if (slugs.length < 2) return [];
    const mix = read.wants.includes("mix");
    const both = [await compared(slugs), mixed(slugs, mix)];
    const found = (mix ? both.reverse() : both).flat();
    if (read.wants.length || read.facts.length || read.objects.length) return found;
    for (const slug of slugs) for (const other of slugs) if (other !== slug) found.push(...(await drawn(slug, `by ${other}`, read)));
    return found;
  }

  async function ofSubject(slug, read) {
    const { wants, objects, places } = read;
    const said = [...new Set(objects.map((object) => object.said))].map((of) => ids(objects.filter((object) => object.said === of)).join("+"));
    if (!said.every((key) => root.kbAsked.targets.includes(key))) throw UNHELD;
    const hurts = objects.some(({ id }) => isA(id, "adverse-effect"));
    if (said.length > 1 && (hurts || wants.includes("dose"))) throw UNHELD; // what is said of several of them at once
    const about = [];
    for (const key of said) about.push(...(await drawn(slug, `for ${key}`, read)));
    const harms = hurts ? about.filter((html) => kindOf(html) === "harms") : await drawn(slug, "harms", read);
    const wished = [...wants, ...(places.length && !wants.length ? ["status"] : [])];
    const found = [];
    if (wants.includes("harms") || (hurts && !objects.some(({ id }) => isA(id, "indication")))) found.push(...harms);
    for (const wish of root.kbAsked.standing) {
      if (wish === "harms" || !wished.includes(wish) || (wish === "interactions" && wants.includes("contraindications"))) continue;
      const cards = await drawn(slug, wish, read);
      if (wish === "status") found.push(...(await unheardOf(slug, places)));
      const doses = wish === "dose" ? await drawn(slug, `doses for ${said[0]}`, read) : [];
      found.push(...(doses.length ? [...cards.filter((html) => kindOf(html) !== "doses"), ...doses] : cards));
    }
    found.push(...about.filter((html) => !found.includes(html) && (kindOf(html) !== "harms")));
    if (hurts && !found.includes(harms[0])) found.push(...harms);
    return found;
  }

  async function ofNoSubject(read) {
    const { objects, facts, wants } = read;
    const found = [];
    const others = (target) => [...facts, ...objects].filter(({ said }) => said !== target.said);
    if (wants.includes("dose") && objects.length > 1) throw UNHELD;
    for (const target of objects) {
      if (wants.includes("dose")) found.push(...(await drawn(target.id, "tried dose", read)));
      else if (!wants.length) found.push(...(await tried(target, others(target), facts, read)));
    }
    if (!wants.length) for (const fact of facts) if (!others(fact).length) found.push(...(await drawn(fact.id, "brought", read)));
    return found;
  }

  // What was tried for an indication; before it, in somebody with further facts, what speaks against each of it.
  async function tried(target, others, facts, read) {
    const facing = [...new Set(ids(facts).filter((id) => ids(others).includes(id)))];
    if (!ids(others).every((id) => facing.includes(id))) return [];
    for (const other of others) if (isA(other.id, "substance") && (await mayName(target.id, other))) throw UNHELD;
    const found = [];
    if (facing.length) {
      const rows = ((await kept(target.id))["tried by"] ?? []).flatMap((slug) => alertsOf([slug], facing).filter((a) => [a.trigger, ...a.also].some((id) => facing.includes(id))));
      rows.sort((a, b) => check.rank(a.severity) - check.rank(b.severity));
      if (rows.length) found.push(card("caution", [target.id, ...facing], cautions(rows)));
    }
    return [...found, ...(await drawn(target.id, "tried", read))];
  }

  // That nothing joins what was named, where no finding can; and what is known of the one alone.
  async function without(read) {
    const { subjects, objects, facts, wants } = read;
    const known = [...new Map([...facts, ...objects, ...subjects].map((named) => [named.said, named])).values()].reverse();
    const about = ids(known);
    for (const first of known.length > 1 ? known.slice(0, 2) : []) {
      for (const other of known) if (other !== first && (await mayName(first.id, other))) throw UNHELD;
    }
    if (!subjects.length || wants.includes("care")) return [];
    const found = [];
    let wish = wishOf(read);
    if (about.length > 1 || root.kbAsked.told_alone.includes(wish)) {
      if (about.length === 1 && wish === "harms") wish = "own harms";
      found.push(card("nothing", about, `<p>${text(root.kbAsked.nothing[wish])}</p>`));
    }
    const alone = [];
    for (const { id } of subjects.slice(0, 2)) alone.push(...(await drawn(id, "", read)));
    if (objects.length && alone.some((html) => kindOf(html) === "harms")) throw UNHELD; // a server shows those harms alone
    found.push(...alone);
    if (about.length === 1 && !alone.length && !wants.length) found.push(...(await drawn(about[0], "nothing", read)));
    return found;
  }
  function wishOf({ wants, objects, facts, subjects }) {
    if (wants.includes("harms") || (objects.length && objects.every(({ kind }) => kind === "adverse-effect"))) return "harms";
    if (wants.includes("contraindications") || wants.includes("interactions")) return "caution";
    const carriedIn = SUBJECTS.every((kind) => subjects.some((named) => named.kind === kind));
    return wants[0] ?? (objects.length ? "evidence" : facts.length ? "caution" : carriedIn ? "evidence" : "compare");
  }

  function aside({ rest }) {
    const words = rest.filter((word) => (word.match(/\p{L}/gu) ?? []).length >= root.kbAsked.shortest_aside);
    return words.length ? `<p class="answer-aside">${text(`${root.kbAsked.left_aside} ${words.map((word) => `“${word}”`).join(", ")}`)}</p>` : "";
  }

  async function paperCard(question) {
    const by = root.kbPaperBy(question, root.kbAsked);
    if (!by) return "";
    await load("asked-papers.js");
    const found = root.kbPapersOf(question, by, root.kbPapers, root.kbAsked, root.kbFold);
    const rows = found.map(([key, citation]) => `<li class="answer-row"><a href="paper/${text(key)}.html">${text(citation)}</a></li>`);
    return rows.length ? section("paper", root.kbAsked.titles.paper, rowsOf(rows)) : "";
  }

  // The cards for a question, as HTML; "" when only a list of pages can help. `index`: search-index.js.
  kb.answer = async (question, index) => {
    await ready(index);
    const found = await paperCard(question);
    if (found) return found;
    const fold = root.kbFold;
    const read = root.kbRead(question, check, root.kbAsked, fold);
    const first = [];
    for (const id of root.kbFirstAid(question, read, root.kbAsked.first_aid, fold)) first.push(...(await drawn(`care-${id}`, "", read)));
    if (read.wants.join() === "care" && !first.length) read.wants = [];
    const told = await ofReading(read).catch((error) => {
      if (error !== UNHELD) throw error;
      return [];
    });
    const all = [...first, ...(first.length ? told.filter((html) => kindOf(html) !== "nothing") : told)];
    return (all.length && !first.length ? aside(read) : "") + all.slice(0, root.kbAsked.most).join("");
  };
})(typeof window === "undefined" ? globalThis : window);
