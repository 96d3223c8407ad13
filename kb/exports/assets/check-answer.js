// The answer of the pre-procedure check, from a plan that check.js has read: alerts, status, notices, doses, what is still to ask.
((root) => {
  "use strict";
  const { Rulebook, Reader, item, unique, sorted, has, get, figure, whole, general, casefold } = root.kbCheckParts;
  const listed = (names) => (names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);
  const union = (...lists) => unique(lists.flat());

  // ---- kb/questions/allergies.py

  const lower = (name) => (/^[^]\p{Ll}/u.test(name) ? name.slice(0, 1).toLowerCase() + name.slice(1) : name);
  const lowered = (text) => (/^.(?:\p{Ll}| )/u.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text);

  function allergens(check, plan) {
    const found = new Map([...plan.allergies].map(([a, said]) => [a, [a, said]]));
    for (const fact of plan.facts.values()) {
      for (const allergen of get(check.terms, fact.id, {}).allergen || []) if (!found.has(allergen)) found.set(allergen, [fact.id, fact.said]);
    }
    return found;
  }
  function allergyAlert(check, subject, fact, allergen, why, action, source) {
    const name = check.name(subject);
    const factName = fact !== allergen ? check.name(fact) : `Allergy to ${lower(check.name(allergen))}`;
    return {
      severity: "contraindicated", subject, subject_name: name, trigger: fact, trigger_name: factName, also: [], rule: fact, rule_name: factName,
      message: `${name} and ${factName}: ${why}`, action, why, strength: "Worked out from what is recorded as contained in it.", routes: [],
      window_days: null, evidence_for: [], evidence_against: [], references: source.references, caution: source.caution,
      inherited_from: source.holder && source.holder !== subject ? source.holder : null, sites: [], settles: [], also_names: [], allergen, basis: null,
    };
  }
  function direct(check, subject, allergen, fact) {
    const [name, what] = [check.name(subject), check.name(allergen)];
    let holder = "";
    let caution = null;
    for (const h of check.lineage(subject)) {
      caution = check.cautionsOf(h).find((c) => c.trigger === check.known.any_ingredient) || null;
      if (caution) {
        holder = h;
        break;
      }
    }
    let why = `The patient is allergic to ${what}${allergen === subject ? "." : `, and ${name} is one of this kind.`}`;
    if (caution) why = `${why} ${caution.why}`;
    const source = { references: caution ? [...caution.references] : [], caution: caution ? caution.id : `allergy-${allergen}`, holder };
    return allergyAlert(check, subject, fact, allergen, why, "Do not give it.", source);
  }
  function unnamed(check, subject, allergen, fact) {
    const [name, what] = [check.name(subject), check.name(allergen)];
    const why = `The plan does not say which of this class is given; the patient is allergic to ${what}, which is one of them.`;
    const action = "Find out which it is, and what else is in it, before it is given.";
    const found = allergyAlert(check, subject, fact, allergen, why, action, { references: [], caution: `allergy-${allergen}`, holder: "" });
    return { ...found, severity: "avoid", strength: `Worked out: ${name} is a class.` };
  }
  function contained(check, subject, allergen, fact) {
    const found = [];
    const [name, what] = [check.name(subject), check.name(allergen)];
    for (const holder of check.lineage(subject)) {
      for (const content of get(check.contents, holder, [])) {
        if (!check.climb(content.what).includes(allergen)) continue;
        const where = content.presentation ? ` (${content.presentation})` : "";
        const note = content.note ? ` ${content.note}` : "";
        const why = `${name}${where} contains ${content.name}; the patient is allergic to ${what}.${note}`;
        const action = where ? "Do not give these presentations; read the label of any other." : "Do not give it.";
        found.push(allergyAlert(check, subject, fact, allergen, why, action, { references: [...content.references], caution: `contains-${content.what}`, holder }));
      }
    }
    const product = get(check.products, subject, { parts: [], references: [] });
    for (const part of product.parts) {
      if (part.id && part.role !== "active" && check.climb(part.id).includes(allergen)) {
        const why = `${name} contains ${part.name} (${part.role}); the patient is allergic to ${what}.`;
        found.push(allergyAlert(check, subject, fact, allergen, why, "Do not give it.", { references: [...product.references], caution: `contains-${part.id}`, holder: subject }));
      }
    }
    return found;
  }
  function allergyAlerts(check, subject, plan) {
    const found = [];
    for (const [allergen, [fact]] of allergens(check, plan)) {
      if (check.climb(subject).includes(allergen)) found.push(direct(check, subject, allergen, fact));
      else if (check.climb(allergen).includes(subject)) found.push(unnamed(check, subject, allergen, fact));
      else found.push(...contained(check, subject, allergen, fact));
    }
    return found;
  }
  function joined(check, recorded, workedOut, plan) {
    const found = [...recorded];
    const saidOf = (alert) => (plan.facts.has(alert.trigger) ? plan.facts.get(alert.trigger).said : plan.allergies.get(alert.trigger) ?? null);
    for (const alert of workedOut) {
      const said = saidOf(alert);
      const place = recorded.findIndex(
        (held) =>
          [held.trigger, ...held.also].some((f) => plan.facts.has(f) && plan.facts.get(f).said === said) &&
          check.rank(held.severity) <= check.rank(alert.severity),
      );
      if (place >= 0) {
        const held = found[place];
        const [references, settles] = [union(held.references, alert.references), union(held.settles, [alert.caution])];
        found[place] = { ...held, references, settles, allergen: alert.allergen };
      } else if (found.every((a) => alert.caution !== a.caution || (alert.trigger !== a.trigger && saidOf(a) !== said))) found.push(alert);
    }
    return found;
  }

  // ---- kb/questions/status.py

  const the = (place) => (/^(?:European Union|United|Philippines|Netherlands)/.test(place) ? `the ${place}` : place);

  function statusOf(check, plan, places) {
    const data = check.data.status;
    const routes = new Set(plan.tools.flatMap((t) => get(check.subjects[t], "routes", [])));
    const concerns = (rule) => rule.state !== "unapproved" || !routes.size || routes.has(rule.route) || data.open.includes(rule.route);
    const meant = (rule) => {
      const only = rule.only_with || [];
      return !only.length || !plan.ingredients.length || plan.ingredients.some((i) => check.climb(i).some((c) => only.includes(c)));
    };
    const around = check.around(places);
    const found = new Map();
    const told = (subject, rule) => [...found.values()].some((s) => s.subject === subject && s.state === rule.state && s.jurisdiction === rule.jurisdiction
      && (s.route === rule.route || data.open.includes(s.route)) && rule.references.every((key) => s.references.includes(key)));
    for (const subject of plan.subjects) {
      for (const holder of check.lineage(subject)) {
        for (const rule of get(check.status, holder, [])) {
          if ((places.length && !around.has(rule.jurisdiction)) || !concerns(rule) || !meant(rule)) continue;
          if (holder !== subject && told(subject, rule)) continue;
          const id = JSON.stringify([holder, rule.state, rule.jurisdiction, rule.route, rule.use]);
          if (found.has(id)) continue;
          const name = check.name(subject);
          const ofKind = holder !== subject ? ` (as ${check.name(holder)})` : "";
          const place = get(check.jurisdictions, rule.jurisdiction, rule.jurisdiction);
          const since = rule.state !== "unapproved" ? "since" : "as of";
          found.set(id, {
            subject, subject_name: name, state: rule.state, jurisdiction: rule.jurisdiction, jurisdiction_name: place, route: rule.route, use: rule.use,
            since: rule.since, note: rule.note, references: [...rule.references],
            message: `${name}${ofKind}: ${data.captions[rule.state]} in ${the(place)} ${since} ${rule.since}: ${rule.use}.`,
          });
        }
      }
    }
    return sorted([...found.values()], (s) => data.rank.indexOf(s.state), (s) => s.subject_name, (s) => s.jurisdiction_name);
  }

  // That the reader's choice of places leaves out what regulators of others say.
  function elsewhere(check, plan, places, shown) {
    const same = (s) => [s.subject, s.state, s.jurisdiction, s.route, s.use].join("|");
    const seen = new Set(shown.map(same));
    const others = places.length ? statusOf(check, plan, []).filter((s) => !seen.has(same(s))).map((s) => the(s.jurisdiction_name)) : [];
    if (!others.length) return [];
    const named = (p) => get(check.jurisdictions, p, p);
    const [chosen, left] = [listed(places.map((p) => the(named(p)))), listed(unique(others))];
    const said = shown.length
      ? `Only what regulators say in ${chosen} is shown. Left out: ${left}.`
      : `No withdrawal, ban or refusal in ${chosen} is recorded here for this plan; that is no approval. Recorded elsewhere: ${left}.`;
    return [notice("elsewhere", places[0], named(places[0]), said)];
  }

  // ---- kb/questions/notices.py

  const notice = (kind, subject, subject_name, message, references = [], findings = []) => ({ kind, subject, subject_name, message, references, findings });

  function noticesOf(check, plan, alerts) {
    const found = [];
    const weighed = new Set(alerts.flatMap((a) => [...a.evidence_for, ...a.evidence_against]));
    const told = new Map();
    for (const subject of plan.subjects) {
      const others = new Map();
      for (const s of plan.subjects) if (s !== subject) for (const holder of check.lineage(s)) others.set(holder, s);
      for (const holder of check.lineage(subject)) {
        for (const f of get(check.noted, holder, [])) {
          if (weighed.has(f.id) || !others.has(f.object) || told.has(f.id)) continue;
          const names = `${check.name(subject)} and ${check.name(others.get(f.object))}`;
          told.set(f.id, notice("finding", subject, names, `${names}: ${f.summary}`, [f.reference], [f.id]));
        }
      }
    }
    found.push(...told.values());
    for (const exposure of unique(plan.exposures)) {
      const name = check.name(exposure);
      for (const f of get(check.exposures, exposure, [])) {
        found.push(notice("exposure", exposure, name, `${name}: ${f.object_name}. ${f.summary}`, [f.reference], [f.id]));
      }
    }
    for (const id of plan.ingredients) {
      const own = check.lineage(id);
      for (const fact of plan.facts.keys()) {
        if (!has(check.subjects, fact) || check.subjects[fact].kind !== "ingredient") continue;
        if (own.includes(fact) || check.lineage(fact).includes(id)) {
          const name = check.name(id);
          found.push(notice("taken-too", id, name, `${name} is in the syringe and the patient takes it already (${plan.facts.get(fact).said}): the doses add up.`));
        }
      }
    }
    const { pregnancy, can_conceive: canConceive } = check.known;
    const may = [...plan.facts.values()].find((f) => f.id !== pregnancy && check.climb(f.id).includes(canConceive));
    if (may && !plan.facts.has(pregnancy)) {
      const warned = new Set(alerts.filter((a) => [a.trigger, ...a.also].includes(may.id)).map((a) => a.subject));
      const grave = new Map();
      for (const subject of plan.subjects) {
        for (const c of check.lineage(subject).flatMap((holder) => check.cautionsOf(holder))) {
          const counts = c.trigger === pregnancy && check.grave.has(c.severity);
          if (counts && !warned.has(subject) && !grave.has(subject)) grave.set(subject, c.references);
        }
      }
      if (grave.size) {
        const names = listed([...grave.keys()].map((s) => check.name(s)));
        const message = `${names}: not for use in pregnancy, and this patient may be pregnant (${may.said}): exclude a pregnancy first.`;
        found.push(notice("pregnancy-first", [...grave.keys()][0], names, message, unique([...grave.values()].flat())));
      }
    }
    for (const id of unique(plan.products)) {
      const product = check.products[id];
      if (product.published) continue;
      const known = product.parts.map((p) => p.name);
      const rest = known.length ? ` Known of it: ${known.join(", ")}.` : "";
      found.push(notice("composition", id, product.name, `${product.name}: composition not published, so that it cannot be checked whole.${rest}`, [...product.references]));
    }
    for (const slug of plan.ingredients) {
      if (!has(check.subjects, slug)) {
        const name = check.name(slug);
        found.push(notice("medicine-only", slug, name, `${name} is known as a medicine only; no record of injecting it, so its own cautions are not checked.`));
      }
    }
    const missing = plan.ingredients.filter((s) => has(check.subjects, s) && !check.lineage(s).some((h) => check.withStatus.has(h)));
    if (missing.length && check.withStatus.size) {
      const names = listed(missing.map((s) => check.name(s)));
      found.push(notice("no-status", missing[0], names, `No authorisation for injection is recorded for ${names}: look up its status where you work.`));
    }
    const byItself = plan.syringe.every(({ routes }) => routes.length && routes.every((route) => route === "oral" || route === "topical"));
    if (!plan.tools.length && !byItself && Object.values(check.subjects).some((s) => s.kind === "technique")) {
      const [first] = plan.ingredients;
      found.push(notice("no-technique", first, check.name(first), "No technique is named: what speaks against needles, peels or devices is not checked."));
    }
    return found;
  }

  // ---- kb/questions/doses.py

  const CONTAINERS = "{containers}";
  class Doses {
    constructor(check, plan) {
      this.check = check;
      this.plan = plan;
      this.g = check.data.doses;
    }
    unit(code) {
      const [quantity, factor, shown] = this.g.units[code];
      return { quantity, factor, shown };
    }
    shown(code) {
      return has(this.g.units, code ?? "") ? this.unit(code).shown : code || "";
    }
    read(part, text) {
      const given = { item: part, volume: null, concentration: null, quantity: null, unit: null, amount: null, injections: null, containers: null, said: text };
      for (const match of text.matchAll(this.check.ratioPattern)) {
        const parts = Number(match.groups.parts.replace(/[ ,.]/g, ""));
        if (parts >= 1000) Object.assign(given, { concentration: 1000 / parts, quantity: "mass", unit: "mg" });
      }
      for (const match of text.replace(this.check.ratioPattern, " ").matchAll(this.check.figurePattern)) {
        const code = this.g.typed[casefold(match.groups.unit).replace(/\s/g, " ").replaceAll("percent", "%").replaceAll("per cent", "%")];
        if (part.role === "active" || code === CONTAINERS || ["volume", "injections"].includes(this.unit(code).quantity)) {
          this.take(given, Number(match.groups.value.replaceAll(",", ".")), code);
        }
      }
      if (given.concentration === null && given.amount === null && part.strength) {
        const { value, unit } = part.strength;
        if (has(this.g.concentrations, this.unit(unit).quantity)) this.take(given, value, unit);
        else if (given.containers !== null && (part.strength.high ?? null) === null) this.take(given, value * given.containers, unit);
      }
      if (given.amount === null && given.volume !== null && given.concentration !== null) given.amount = given.volume * given.concentration;
      return given;
    }
    empty(given) {
      return [given.volume, given.concentration, given.amount, given.injections, given.containers].every((v) => v === null);
    }
    take(given, value, code) {
      if (code === CONTAINERS) {
        given.containers = value;
        return;
      }
      const { quantity, factor } = this.unit(code);
      if (quantity === "volume") given.volume = (given.volume || 0) + value * factor;
      else if (quantity === "injections") given.injections = value;
      else if (has(this.g.concentrations, quantity)) {
        [given.quantity, given.unit] = this.g.concentrations[quantity];
        given.concentration = value * factor;
      } else if (quantity === "mass" || this.g.activity.includes(quantity)) {
        given.quantity = quantity;
        given.unit = quantity === "mass" ? "mg" : code;
        given.amount = value * factor;
      }
    }
    typed(amounts) {
      const { check, plan } = this;
      const same = (text) => check.resolver.constructor.key(text);
      const found = new Map();
      for (const [word, text] of amounts) {
        const where = (test) => plan.syringe.map((part, n) => (test(part) ? n : -1)).filter((n) => n >= 0);
        let places = where((part) => same(part.said) === same(word));
        if (!places.length) {
          const meant = new Set(check.resolver.find(word, "ingredient").map((m) => m.id));
          places = where((part) => meant.has(part.id) || meant.has(part.product));
          if (!places.length) places = where((part) => check.climb(part.id).some((id) => meant.has(id)));
        }
        for (const n of places) found.has(n) ? found.get(n).push(text) : found.set(n, [text]);
        if (!places.length) plan.unresolved.push({ said: text.trim() ? `${word}: ${text}` : word, role: "amount", near: [] });
      }
      return found;
    }
    // Adrenaline in the line of a local anaesthetic is one solution with it: the volume holds for both, the ratio for it alone.
    asOneSolution(texts) {
      const { check, plan } = this;
      plan.syringe.forEach((part, n) => {
        const others = plan.syringe.map((_, m) => m).filter((m) => m !== n && plan.syringe[m].said === part.said);
        if (!others.length || !check.climb(part.id).includes(check.known.adrenaline)) return;
        const line = [n, ...others].map((m) => texts[m]);
        const volumes = [...new Set(line.flatMap((text) => this.volumes(text)))];
        const ratios = [...new Set(line.flatMap((text) => [...text.matchAll(check.ratioPattern)].map((found) => found[0])))];
        for (const m of [n, ...others]) {
          const own = this.volumes(texts[m]);
          let rest = own.reduce((text, piece) => text.replace(piece, " "), texts[m].replace(check.ratioPattern, " ")).split(/\s+/).filter(Boolean).join(" ");
          if (m === n) rest = [...ratios, ...(texts[m] === line[1] ? [] : [rest])].join(" ");
          texts[m] = [rest, ...(volumes.length === 1 ? volumes : own)].join(" ").trim();
        }
      });
    }
    volumes(text) {
      const found = [...text.replace(this.check.ratioPattern, " ").matchAll(this.check.figurePattern)];
      return found.filter((match) => this.g.typed[casefold(match.groups.unit)] === "mL").map((match) => match[0]);
    }
    of(amounts) {
      const { check, plan } = this;
      const typed = this.typed(amounts);
      const texts = plan.syringe.map((part, n) => [...part.amounts, ...(typed.get(n) || [])].join(" ").trim());
      this.asOneSolution(texts);
      const given = plan.syringe.map((part, n) => this.read(part, texts[n]));
      for (const [word, text] of amounts) {
        if (text.trim() && this.empty(this.read(item("", ""), text))) plan.unresolved.push({ said: `${word}: ${text}`, role: "amount", near: [] });
      }
      const shares = check.maxima.map((m) => this.share(given, m)).filter(Boolean);
      const doses = given.filter((g) => g.item.role === "active" && (g.said || get(check.studied, g.item.id, []).length)).map((g) => this.dose(g));
      return [doses, this.addedUp(shares)];
    }
    dose(g) {
      const name = this.check.name(g.item.id);
      const perKg = g.amount !== null && this.plan.kg ? g.amount / this.plan.kg : null;
      const studied = this.studied(g);
      return {
        ingredient: g.item.id, ingredient_name: name, said: g.said, volume_ml: g.volume, concentration: g.concentration,
        concentration_unit: g.concentration !== null ? `${this.shown(g.unit)}/mL` : null, amount: g.amount, unit: g.unit, per_kg: perKg, studied,
        message: this.said(name, g, perKg, studied),
      };
    }
    said(name, g, perKg, studied) {
      const unit = this.shown(g.unit);
      let text;
      if (g.amount !== null) {
        text = `${name}: ${figure(g.amount)} ${unit} this session`;
        if (g.volume !== null && g.concentration !== null) text += ` (${figure(g.volume)} mL of ${figure(g.concentration)} ${unit}/mL)`;
        if (perKg !== null) text += `, ${figure(perKg)} ${unit}/kg`;
      } else if (g.volume !== null) text = `${name}: ${figure(g.volume)} mL this session, its concentration not given`;
      else if (g.concentration !== null) text = `${name}: ${figure(g.concentration)} ${unit}/mL, its volume not given`;
      else text = `${name}: no amount given`;
      if (g.said && !studied.length) text += ". No studied amount is recorded to compare it with";
      return `${text}.`;
    }
    studied(g) {
      const found = [];
      for (const a of get(this.check.studied, g.item.id, [])) {
        if (!has(this.g.units, a.unit)) continue;
        const unit = this.unit(a.unit);
        if (!["mass", "volume", "mass concentration"].includes(unit.quantity) && !this.g.activity.includes(unit.quantity)) continue;
        const base = { mass: "mg", volume: "mL", "mass concentration": "mg/mL" }[unit.quantity] || a.unit;
        const [low, high] = [a.value * unit.factor, (a.high ?? a.value) * unit.factor];
        found.push({ low, high, unit: base, per: a.per, record: a.record, reference: a.reference, route: a.route });
      }
      return found;
    }
    goes(part, stated) {
      const tools = this.plan.tools.flatMap((t) => get(get(this.check.subjects, t, {}), "routes", []));
      const routes = part.routes.length ? part.routes : tools;
      return !(stated.length && routes.length && !routes.some((r) => stated.includes(r)));
    }
    concerns(m) {
      const { check, plan } = this;
      if (m.with_adrenaline !== null) {
        const withIt = plan.syringe.some((i) => check.climb(i.id).includes(check.known.adrenaline));
        if (withIt !== m.with_adrenaline) return false;
      }
      for (const [value, low, high] of [[plan.years, m.from_years, m.below_years], [plan.kg, m.from_kg, m.below_kg]]) {
        if (value === null && high !== null && !plan.facts.has(check.known.child)) return false;
        if (value !== null && ((low !== null && value < low) || (high !== null && value >= high))) return false;
      }
      if (m.sites.length && plan.sites.length) {
        const planned = plan.sites.flatMap((site) => check.climb(site));
        if (!m.sites.some((s) => planned.includes(s))) return false;
      }
      return true;
    }
    share(given, m) {
      const { check } = this;
      const members = given.filter((g) => check.climb(g.item.id).includes(m.of) && (!m.product || m.product === g.item.product) && this.goes(g.item, m.routes));
      if (!members.length || !this.concerns(m)) return null;
      const planned = this.planned(members, m);
      const share = planned.value !== null ? planned.value / m.value : null;
      const place = m.jurisdiction ? get(check.jurisdictions, m.jurisdiction, null) : null;
      const ofName = check.name(m.of);
      return {
        maximum: m.id, of: m.of, of_name: ofName, kind: m.kind, says: m.says, limit: m.value, unit: m.unit, per: m.per, planned: planned.value, share,
        counted: planned.counted, needs: planned.needs, jurisdiction: m.jurisdiction, population: m.population, with_adrenaline: m.with_adrenaline,
        message: this.shareSaid(ofName, m, planned, share, place), references: [...m.references],
      };
    }
    shareSaid(ofName, m, planned, share, place) {
      const unit = this.shown(m.unit);
      const limit = `${figure(m.value)} ${unit}${m.per ? ` per ${m.per}` : ""}`;
      const kinds = { limit: "the maximum of", recommended: "the recommended ceiling of", "harm-reported": "a dose at which harm was reported," };
      const adrenaline = m.with_adrenaline === true ? " with adrenaline" : m.with_adrenaline === false ? " without adrenaline" : "";
      const who = [place, m.population].filter(Boolean).join("; ");
      const stated = `${kinds[m.kind]} ${limit}${adrenaline}${who ? ` (${who})` : ""}`;
      if (planned.value === null || share === null) return `${ofName}: ${stated}. Give ${planned.needs.join(" and ") || "the amount"} to compare the plan with it.`;
      if (planned.needs.length) {
        return `${ofName}: at least ${figure(planned.value)} ${unit}, ${whole(share * 100)} % of ${stated}. Give ${planned.needs.join(" and ")} for the whole.`;
      }
      return `${ofName}: ${figure(planned.value)} ${unit} is ${whole(share * 100)} % of ${stated}.`;
    }
    planned(members, m) {
      const { kg } = this.plan;
      const unit = this.unit(m.unit);
      const weighed = unit.quantity.endsWith(" per body weight");
      const quantity = unit.quantity.replace(/ per body weight$/, "");
      const total = { value: 0, counted: [], needs: [] };
      const each = m.per === "injection" || m.per === "site";
      for (const g of members) {
        const name = this.check.name(g.item.id);
        let value = this.inQuantity(g, quantity);
        if (value !== null && each) value = g.injections ? value / g.injections : null;
        if (value === null) total.needs.push(each && this.inQuantity(g, quantity) !== null ? "the number of injections" : this.missing(g, quantity, name));
        else {
          total.counted.push(name);
          total.value = quantity === "mass concentration" ? Math.max(total.value || 0, value) : (total.value || 0) + value;
        }
      }
      if (weighed && !kg) total.needs.push("the body weight");
      if (!total.counted.length || (weighed && !kg)) total.value = null;
      else total.value = total.value / unit.factor / (weighed && kg ? kg : 1);
      return total;
    }
    inQuantity(g, quantity) {
      if (quantity === "volume") return g.volume;
      if (quantity === "injections") return g.injections;
      if (quantity === "mass concentration" && g.quantity === "mass") return g.concentration;
      const activity = this.g.activity;
      return quantity === g.quantity || (activity.includes(quantity) && activity.includes(g.quantity)) ? g.amount : null;
    }
    missing(g, quantity, name) {
      if (quantity === "volume" || (g.volume === null && g.concentration !== null)) return `the volume of ${name}`;
      if (quantity === "injections") return "the number of injections";
      if (quantity === "mass concentration" || g.volume !== null) return `the concentration of ${name}`;
      return `the amount of ${name}`;
    }
    addedUp(shares) {
      const { check } = this;
      const byId = new Map(check.maxima.map((m) => [m.id, m]));
      const found = [...shares];
      for (const share of shares) {
        const m = byId.get(share.maximum);
        if (!m.counts_with.length || share.share === null) continue;
        const others = new Map();
        for (const other of shares) {
          const own = byId.get(other.maximum);
          const nested = check.climb(other.of).includes(m.of) || check.climb(m.of).includes(other.of);
          const related = !nested && m.counts_with.some((c) => check.climb(other.of).includes(c));
          const adds = related && ["limit", "recommended"].includes(own.kind) && own.per === m.per && other.share !== null;
          if (adds && ((others.get(other.of) || other).share || 0) <= (other.share || 0)) others.set(other.of, other);
        }
        if (!others.size) continue;
        const list = [...others.values()];
        const total = share.share + list.reduce((sum, o) => sum + (o.share || 0), 0);
        const names = [share.of_name, ...list.map((o) => o.of_name)].join(", ");
        found.push({
          ...share, of_name: names, limit: 1, unit: "%", planned: total, share: total, counted: names.split(", "), needs: [],
          message: `${names} together: ${whole(total * 100)} % of their maxima added up (their toxicity adds up).`,
          references: union(share.references, list.flatMap((o) => o.references)),
        });
      }
      return found;
    }
    over(shares) {
      const found = [];
      for (const s of shares) {
        const harm = s.kind === "harm-reported";
        if (s.share !== null && (s.share > 1 || (harm && s.share === 1))) {
          found.push(notice(harm ? "harmful-dose" : "over-maximum", s.of, s.of_name, `${this.g.heads[s.kind]} ${s.message}`, [...s.references]));
        }
      }
      return found;
    }
    stillToAsk(shares) {
      const needs = new Map();
      for (const share of shares) for (const need of share.needs) needs.has(need) ? needs.get(need).push(share.of_name) : needs.set(need, [share.of_name]);
      return [...needs].map(([need, of]) => ({ about: "dose", name: need.slice(0, 1).toUpperCase() + need.slice(1), gravest: null, subjects: unique(of), why: "A maximum is stated for it." }));
    }
  }

  // ---- kb/questions/precheck.py and answer.py

  const NO_DATA = "No data found on these two in one syringe. That is not a statement that they may be mixed.";

  function isClear(caution, fact, lasts) {
    if (!fact || lasts.always) return false;
    const { before = null, after = null } = caution.window_days || {};
    if (fact.days_ago !== null && before !== null) return fact.days_ago >= before;
    return fact.days_ahead !== null && after !== null && fact.days_ahead >= after;
  }

  class Precheck extends Rulebook {
    // The same arguments as in Python, in one object; `amounts` is an object or a list of pairs.
    check(asked) {
      const list = (value) => (value === undefined || value === null ? [] : typeof value === "string" ? [value] : value);
      const reader = new Reader(this);
      reader.ingredients(list(asked.ingredients));
      reader.techniques(list(asked.technique));
      reader.sites(list(asked.sites));
      reader.facts(list(asked.conditions), "condition");
      reader.facts(list(asked.substances), "substance");
      reader.allergies(list(asked.allergic_to));
      reader.facts(list(asked.done), "done");
      reader.facts(list(asked.coming), "coming");
      reader.person(asked.years ?? null, asked.kg ?? null, asked.sex ?? null);
      reader.settle();
      const plan = reader.plan;
      const places = [];
      for (const said of list(asked.jurisdictions)) {
        const matches = this.resolver.find(said, "jurisdiction");
        places.push(...matches.map((m) => m.id));
        if (said.trim() && !matches.length) plan.unresolved.push({ said, role: "jurisdiction", near: this.resolver.near(said, "jurisdiction") });
      }
      const amounts = Array.isArray(asked.amounts) ? asked.amounts : Object.entries(asked.amounts || {});
      return this.answer(plan, amounts, unique(places));
    }
    answer(plan, amounts, places) {
      const patient = Object.fromEntries([["years", plan.years], ["kg", plan.kg], ["sex", plan.sex]].filter(([, v]) => v !== null));
      const [alerts, passed] = this.alertsOf(plan);
      const doses = new Doses(this, plan);
      const status = statusOf(this, plan, places);
      const mixing = this.pairs(plan);
      const notices = [...noticesOf(this, plan, alerts), ...passed, ...elsewhere(this, plan, places, status)];
      const [given, maxima] = doses.of(amounts);
      notices.push(...doses.over(maxima));
      const unasked = this.unasked(plan, alerts);
      const ask = [...unasked, ...doses.stillToAsk(maxima)];
      const [silent, vague] = this.sayWhich(this.silent(plan, alerts), unasked);
      notices.push(...vague);
      return {
        given: plan.given, unresolved: plan.unresolved, not_counted: plan.not_counted, patient, jurisdictions: places, status, notices, alerts,
        cards: this.cards(alerts), mixing, duplicates: this.duplicates(plan), doses: given, maxima, timeline: this.timeline(alerts),
        silent, bare: this.bare(plan), ask,
      };
    }
    alertsOf(plan) {
      let alerts = [];
      const passed = new Map();
      const sites = plan.sites.filter((s) => has(this.terms, s) && !plan.facts.has(s));
      for (const subject of plan.subjects) {
        const facts = [...plan.facts.keys(), ...sites];
        let reached;
        if (plan.tools.includes(subject)) {
          facts.push(...plan.tools.filter((t) => t !== subject));
          reached = this.unfit(subject, plan);
          for (const [trigger, behind] of this.reach(facts)) reached.set(trigger, behind);
        } else {
          const others = plan.ingredients.filter((i) => i !== subject && !plan.facts.has(i));
          facts.push(...others.filter((i) => !plan.ingredients.includes(subject) || plan.meet(subject, i)));
          reached = this.reach([...facts, ...plan.tools]);
        }
        const recorded = this.alertsFor(subject, reached, plan, passed);
        alerts.push(...joined(this, recorded, allergyAlerts(this, subject, plan), plan));
      }
      const basis = (a) => (a.basis ? this.data.bases.indexOf(a.basis) : 0);
      alerts = sorted(alerts, (a) => this.rank(a.severity), basis, (a) => a.subject_name, (a) => a.trigger_name);
      return [alerts, [...passed.values()]];
    }
    unfit(technique, plan) {
      const found = new Map();
      for (const holder of this.lineage(technique)) {
        for (const caution of this.cautionsOf(holder)) {
          const { trigger } = caution;
          const grave = caution.severity === "contraindicated" || caution.severity === "avoid";
          let hit;
          if (!has(this.subjects, trigger)) hit = plan.ingredients.filter((i) => i === trigger && grave);
          else if (has(this.terms, trigger) && !grave) hit = [];
          else hit = plan.ingredients.filter((i) => this.lineage(i).includes(trigger));
          if (hit.length) found.set(trigger, hit);
        }
      }
      return found;
    }
    about(subject, caution, plan) {
      const products = caution.products || [];
      if (!products.length || !plan.ingredients.includes(subject)) return "";
      const parts = plan.syringe.filter((i) => i.id === subject);
      const names = products.map((p) => this.name(p));
      if (parts.some((i) => products.includes(i.product))) return "";
      if (parts.every((i) => i.product || (i.brand && !names.includes(i.brand)))) return null;
      return `if ${names.join(" or ")} is used`;
    }
    fits(caution, plan) {
      const only = caution.only_with || [];
      if (only.length && plan.ingredients.length && !plan.ingredients.some((i) => this.climb(i).some((s) => only.includes(s)))) return false;
      const sites = caution.sites || [];
      if (!sites.length || !plan.sites.length) return true;
      const planned = new Set(plan.sites.flatMap((site) => this.climb(site)));
      return sites.some((s) => planned.has(s) || this.climb(s).some((up) => plan.sites.includes(up)));
    }
    alertsFor(subject, reached, plan, passed) {
      const alerts = new Map();
      for (const holder of this.lineage(subject)) {
        for (const caution of this.cautionsOf(holder)) {
          const rule = caution.trigger;
          const about = this.about(subject, caution, plan);
          if (!reached.has(rule) || about === null || !this.fits(caution, plan)) continue;
          const behind = reached.get(rule);
          const facts = behind.filter((f) => !isClear(caution, plan.facts.get(f), this.lasts(f)));
          if (!facts.length) {
            const id = JSON.stringify([caution.id, behind]);
            if (!passed.has(id)) passed.set(id, this.passed(subject, caution, behind.map((f) => plan.facts.get(f))));
            continue;
          }
          const alert = this.alert(subject, holder, caution, facts, about);
          const id = JSON.stringify([rule, facts[0]]);
          const held = alerts.get(id);
          if (!held || this.rank(alert.severity) < this.rank(held.severity)) alerts.set(id, alert);
        }
      }
      return this.settled([...alerts.values()]);
    }
    alert(subject, holder, caution, facts, about) {
      const rule = caution.trigger;
      const [fact, ...also] = facts;
      const [name, ruleName] = [this.name(subject), this.name(rule)];
      const given = facts.filter((f) => f !== rule).map((f) => this.name(f)).join(" and ");
      const said = fact === rule ? this.name(fact) : `${given} (${ruleName})`;
      return {
        severity: caution.severity, subject, subject_name: name, trigger: fact, trigger_name: this.name(fact), also, rule, rule_name: ruleName,
        message: `${name}${about ? ` (${about})` : ""} and ${said}: ${caution.why}`,
        action: about ? `${about.slice(0, 1).toUpperCase()}${about.slice(1)}: ${lowered(caution.action)}` : caution.action,
        why: caution.why, strength: caution.strength, routes: [...caution.routes], window_days: caution.window_days, evidence_for: [...caution.evidence_for],
        evidence_against: [...caution.evidence_against], references: [...caution.references], caution: caution.id,
        inherited_from: holder === subject ? null : holder, sites: [...(caution.sites || [])], settles: [],
        also_names: also.map((f) => this.name(f)), allergen: null, basis: caution.basis ?? null,
      };
    }
    passed(subject, caution, facts) {
      const side = facts[0].days_ago !== null ? "before" : "after";
      const name = this.name(subject);
      const text = `${name} and ${facts.map((f) => f.said).join(" and ")}: the ${caution.window_days[side]} days to keep clear ${side} the session are kept.`;
      return notice("window-passed", subject, name, text, [...caution.references]);
    }
    settled(alerts) {
      const gone = new Map();
      const kept = [];
      for (const [n, alert] of alerts.entries()) {
        const settling = alerts.find((o, i) => i !== n && this.settles(o, alert, i < n));
        if (!settling) kept.push(alert);
        else gone.has(settling.caution) ? gone.get(settling.caution).push(alert.caution) : gone.set(settling.caution, [alert.caution]);
      }
      return kept.map((a) => (gone.has(a.caution) ? { ...a, settles: gone.get(a.caution) } : a));
    }
    settles(narrow, broad, first) {
      const same = (a, b) => a.every((x) => b.includes(x)) && b.every((x) => a.includes(x));
      const facts = [narrow.trigger, ...narrow.also];
      return (
        this.rank(narrow.severity) <= this.rank(broad.severity) &&
        [broad.trigger, ...broad.also].every((f) => facts.includes(f)) &&
        broad.rule !== narrow.rule &&
        this.climb(narrow.rule).includes(broad.rule) &&
        (!this.climb(broad.rule).includes(narrow.rule) || narrow.severity !== broad.severity || first) &&
        (!narrow.routes.length || same(broad.routes, narrow.routes)) &&
        (!narrow.sites.length || same(broad.sites, narrow.sites)) &&
        (broad.window_days === null || narrow.window_days !== null)
      );
    }
    pairs(plan) {
      const found = [];
      const syringe = unique(plan.syringe.filter((i) => i.role === "active" && has(this.subjects, i.id)).map((i) => i.id));
      syringe.forEach((a, i) => {
        for (const b of syringe.slice(i + 1).filter((x) => plan.meet(a, x))) {
          const known = [[a, b], [b, a]].flatMap(([x, y]) => get(this.mixing, x, []).filter((m) => m.other === y));
          const best = sorted(known, (m) => this.data.compatibility.indexOf(m.compatibility))[0] || { compatibility: "no-data-found", summary: NO_DATA, references: [] };
          const { compatibility, summary, references } = best;
          found.push({ a, b, a_name: this.name(a), b_name: this.name(b), compatibility, summary, references: [...references] });
        }
      });
      return found;
    }
    duplicates(plan) {
      const found = new Map();
      for (const slug of plan.ingredients) {
        for (const holder of this.lineage(slug)) found.has(holder) ? found.get(holder).push(slug) : found.set(holder, [slug]);
      }
      return [...found].filter(([, slugs]) => slugs.length > 1).map(([action, ingredients]) => ({ action, action_name: this.name(action), ingredients }));
    }
    silent(plan, alerts) {
      const raising = new Set(alerts.flatMap((a) => [a.trigger, ...a.also, ...(a.allergen ? [a.allergen] : [])]));
      const said = new Set(plan.allergies.values());
      const told = new Set([...raising].filter((f) => plan.allergies.has(f)).map((f) => plan.allergies.get(f)));
      for (const f of plan.facts.values()) if (raising.has(f.id) && (said.has(f.said) || plan.left.has(f.said))) told.add(f.said);
      const found = [...plan.facts.values()]
        .filter((f) => !raising.has(f.id) && !plan.exposures.includes(f.id) && !told.has(f.said))
        .map((f) => ({ id: f.id, name: this.name(f.id), said: f.said, ...this.whySilent(f.id, plan) }));
      for (const [allergen, word] of plan.allergies) {
        if (!raising.has(allergen) && !plan.facts.has(allergen) && !told.has(word)) {
          found.push({ id: allergen, name: this.name(allergen), said: word, why: "Nothing in this plan is recorded as containing it.", nothing_found: false, looked: [] });
        }
      }
      return found;
    }
    sayWhich(silent, unasked) {
      const found = [];
      const still = silent.filter((fact) => {
        const narrower = unasked.filter((q) => q.about !== fact.id && this.climb(q.about).includes(fact.id)).map((q) => q.name);
        const message = `${fact.name} raised nothing as such, but this plan has a caution for: ${narrower.join("; ")}. Say which it is.`;
        if (narrower.length) found.push(notice("say-which", fact.id, fact.name, message, []));
        return !narrower.length;
      });
      return [still, found];
    }
    whySilent(fact, plan) {
      const looked = [];
      for (const s of plan.subjects) {
        for (const holder of this.lineage(s)) {
          const found = get(this.looked_up, holder, {});
          const about = this.climb(fact).find((f) => has(found, f));
          const known = about === undefined ? null : found[about];
          if (known) looked.push([`${this.name(s)}: ${known.why}`, known.looked]);
        }
      }
      if (looked.length) return { why: looked.map(([why]) => why).join(" "), nothing_found: true, looked: union(...looked.map(([, refs]) => refs)) };
      const note = get(this.terms, fact, {}).nothing_found;
      if (note) return { why: note, nothing_found: true, looked: [] };
      if (!has(this.terms, fact) && !has(this.subjects, fact)) {
        return { why: "A complaint, a harm or a use, which no caution names: give the disorder behind it.", nothing_found: false, looked: [] };
      }
      const named = this.climb(fact).some((f) => this.triggers.has(f));
      return { why: named ? "No caution names it with this plan." : "No caution names it, with any ingredient or technique.", nothing_found: false, looked: [] };
    }
    bare(plan) {
      return [...plan.ingredients, ...plan.tools]
        .filter((s) => !this.lineage(s).some((holder) => this.cautionsOf(holder).length))
        .map((s) => ({ id: s, name: this.name(s), kind: get(get(this.subjects, s, {}), "kind", "substance") }));
    }
    unasked(plan, alerts) {
      const known = this.reach([...plan.facts.keys(), ...plan.ingredients]);
      const raised = new Set(alerts.map((a) => a.caution));
      const questions = new Map();
      const sites = [];
      let atSites = null;
      for (const subject of plan.subjects) {
        for (const holder of this.lineage(subject)) {
          for (const caution of this.cautionsOf(holder)) {
            const { trigger } = caution;
            const term = get(this.terms, trigger, null);
            if ((term && term.group === "site") || ((caution.sites || []).length && !plan.sites.length)) {
              sites.push(this.name(subject));
              if (atSites === null || this.rank(caution.severity) < this.rank(atSites)) atSites = caution.severity;
            }
            if (term === null || term.group === "site" || known.has(trigger) || raised.has(caution.id) || !this.fits(caution, plan)) continue;
            const asked = questions.get(trigger) || { about: trigger, name: term.name, gravest: caution.severity, subjects: [], why: "" };
            const name = this.name(subject).split(" (")[0];
            const subjects = asked.subjects.includes(name) ? asked.subjects : [...asked.subjects, name];
            const gravest = this.rank(caution.severity) < this.rank(asked.gravest) ? caution.severity : asked.gravest;
            questions.set(trigger, { ...asked, gravest, subjects });
          }
        }
      }
      if (sites.length && !plan.sites.length) questions.set("site", { about: "site", name: "Site", gravest: atSites, subjects: unique(sites), why: "Some cautions hold at certain sites only." });
      return sorted([...questions.values()], (q) => this.rank(q.gravest), (q) => casefold(q.name));
    }
    cards(alerts) {
      const names = new Map();
      for (const a of alerts) [a.trigger, ...a.also].forEach((f, n) => names.set(f, [a.trigger_name, ...a.also_names][n]));
      const onto = new Map([...names.keys()].map((f) => [f, (get(this.terms, f, {}).beside || []).find((o) => names.has(o)) || f]));
      const grouped = new Map();
      for (const alert of alerts) {
        const id = JSON.stringify(unique([alert.trigger, ...alert.also].map((f) => onto.get(f))).sort());
        grouped.has(id) ? grouped.get(id).push(alert) : grouped.set(id, [alert]);
      }
      const light = (a) => a.severity === "inform" || (a.severity === "caution" && a.basis === "practice");
      const found = [...grouped.values()].map((group) => {
        const first = group[0];
        const facts = unique([first.trigger, ...first.also].map((f) => onto.get(f)));
        const beside = unique(group.flatMap((a) => [a.trigger, ...a.also]).filter((f) => onto.get(f) !== f));
        return {
          severity: first.severity, facts, fact_names: facts.map((f) => names.get(f)), rule: first.rule,
          rule_name: first.rule_name, subjects: unique(group.map((a) => a.subject)), subject_names: unique(group.map((a) => a.subject_name)),
          cautions: unique(group.map((a) => a.caution)), minor: group.every(light), beside, beside_names: beside.map((f) => names.get(f)),
        };
      });
      return sorted(found, (c) => this.rank(c.severity), (c) => c.minor);
    }
    timeline(alerts) {
      const entries = new Map();
      for (const alert of alerts) {
        const window = alert.window_days || {};
        for (const [day, side] of [[window.before ?? null, -1], [window.after ?? null, 1]]) {
          if (day === null) continue;
          const id = JSON.stringify([side * day, alert.trigger, ...alert.also, alert.action]);
          if (!entries.has(id)) {
            entries.set(id, {
              day: day ? side * day : 0, trigger: alert.trigger, trigger_name: alert.trigger_name,
              fact_names: [alert.trigger_name, ...alert.also_names], subject_names: [], action: alert.action, severity: alert.severity, references: [],
            });
          }
          const entry = entries.get(id);
          entry.subject_names = unique([...entry.subject_names, alert.subject_name]);
          entry.references = unique([...entry.references, ...alert.references]);
        }
      }
      return sorted([...entries.values()], (e) => e.day);
    }
  }

  root.kbPrecheck = Precheck;
  void general;
})(typeof window === "undefined" ? globalThis : window);
