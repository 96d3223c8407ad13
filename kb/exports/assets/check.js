// The pre-procedure check without a server. The rules, the names and the patterns are data (check-data.js, written from the same
// release); this script applies them as `kb/questions` does in Python, function by function and under the same names. The tests in
// tests/agreement put random plans to both and compare whole answers.
((root) => {
  "use strict";

  // ---- Python's ways with text and numbers

  const LETTER = "[\\p{L}\\p{N}_]";
  const BOUNDARY = `(?:(?<!${LETTER})(?=${LETTER})|(?<=${LETTER})(?!${LETTER}))`;
  const pattern = (source, flags = "iu") =>
    new RegExp(source.replace(/\(\?P</g, "(?<").replace(/\\b/g, BOUNDARY).replace(/\\w/g, "\\p{L}\\p{N}_"), flags);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\\-/]/g, "\\$&");
  const strip = (text, chars) => {
    const set = `[${escaped(chars)}]+`;
    return text.replace(new RegExp(`^${set}`), "").replace(new RegExp(`${set}$`), "");
  };
  const casefold = (text) => text.toLowerCase().replace(/ß/g, "ss");
  const unique = (list) => [...new Set(list)];
  const words = (text) => text.split(/\s+/).filter(Boolean);
  const sorted = (list, ...keys) =>
    list
      .map((value, place) => ({ value, place, by: keys.map((key) => key(value)) }))
      .sort((a, b) => {
        for (let i = 0; i < keys.length; i += 1) {
          if (a.by[i] < b.by[i]) return -1;
          if (a.by[i] > b.by[i]) return 1;
        }
        return a.place - b.place;
      })
      .map((entry) => entry.value);
  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  const get = (object, key, otherwise) => (object && has(object, key) ? object[key] : otherwise);

  function halfEven(value, digits) {
    // To `digits` decimals as Python prints it: a tie that the number really is goes to the even neighbour.
    const near = value.toFixed(digits);
    const exact = value.toFixed(Math.min(100, digits + 60));
    const rest = exact.slice(exact.indexOf(".") + 1 + digits);
    if (!/^50*$/.test(rest)) return Number(near);
    const down = exact.slice(0, exact.length - rest.length).replace(/\.$/, "");
    return Number(/[02468]$/.test(down) ? down : near);
  }
  function general(value, precision) {
    // Python's `g`: significant digits, no needless zeros; null where it would be written with an exponent.
    if (value === 0) return "0";
    const exponent = Number(value.toExponential(precision - 1).split("e")[1]);
    if (exponent < -4 || exponent >= precision) return null;
    const digits = precision - 1 - exponent;
    return String(digits >= 0 ? Number(halfEven(value, digits).toFixed(digits)) : value);
  }
  const whole = (value) => String(halfEven(value, 0));
  const figure = (value) => general(value, 3) ?? whole(value).replace(/\B(?=(\d{3})+(?!\d))/g, " ");

  // ---- kb/questions/words.py

  const POSSESSIVE = pattern("[’'`´]s\\b", "gu");
  function folded(text) {
    let plain = casefold(text).replace(POSSESSIVE, "s");
    // eslint-disable-next-line no-control-regex
    if (/[^\x00-\x7f]/.test(plain)) {
      // eslint-disable-next-line no-control-regex
      plain = plain.normalize("NFKD").replace(/[^\x00-\x7f]/gu, (c) => (c === "µ" || c === "μ" ? "u" : /\p{M}/u.test(c) ? "" : " "));
    }
    return plain.replace(/[^a-z0-9%]+/g, " ").trim();
  }
  const ENDINGS = [["ies", "y"], ["isation", "ization"], ["ising", "izing"], ["ised", "ized"], ["ise", "ize"], ["yse", "yze"], ["our", "or"], ["tre", "ter"]];
  const ABBREVIATIONS = new Map([["vit", "vitamin"], ["vits", "vitamin"], ["def", "deficiency"], ["defic", "deficiency"], ["deficient", "deficiency"], ["tx", "transplant"], ["xplant", "transplant"], ["inj", "injection"], ["inf", "infection"], ["chr", "chronic"], ["ca", "cancer"], ["abx", "antibiotic"]]);
  const PLURALS = new Set(["bloods", "fits", "nerves", "waters", "periods"]);
  function token(word) {
    word = ABBREVIATIONS.get(word) ?? word;
    if (PLURALS.has(word)) return word;
    if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
    for (const [ending, other] of ENDINGS) if (word.endsWith(ending)) word = word.slice(0, -ending.length) + other;
    if (word.endsWith("s") && !/(?:ss|us|is)$/.test(word)) word = word.slice(0, -1);
    if (word.length < 4) return word;
    return word.replaceAll("ae", "e").replaceAll("oe", "e").replaceAll("ph", "f").replaceAll("y", "i").replace(/([a-z])\1+/g, "$1");
  }
  const key = (text) => words(folded(text)).map(token).join(" ");
  const SOUNDS = [["ph", "f"], ["ck", "k"], ["qu", "k"], ["x", "ks"], ["c", "k"], ["z", "s"]];
  function skeleton(text) {
    for (const [written, sound] of SOUNDS) text = text.replaceAll(written, sound);
    return text.replace(/[aeiouyhw]+/g, "").replace(/([a-z])\1+/g, "$1");
  }
  function distance(a, b, most) {
    // Optimal string alignment; `most + 1` when it is more than that.
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = null;
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j += 1) {
        let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (before && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2] + 1);
        row[j] = cost;
        least = Math.min(least, cost);
      }
      if (least > most && (!before || Math.min(...last) > most)) return most + 1;
      before = last;
      last = row;
    }
    return Math.min(last[b.length], most + 1);
  }
  function ratio(a, b) {
    // How alike two texts are by their longest common subsequence, 0 to 100.
    let last = new Array(b.length + 1).fill(0);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [0];
      for (let j = 1; j <= b.length; j += 1) row[j] = a[i - 1] === b[j - 1] ? last[j - 1] + 1 : Math.max(last[j], row[j - 1]);
      last = row;
    }
    const total = a.length + b.length;
    return total ? (1 - (total - 2 * last[b.length]) / total) * 100 : 100;
  }
  const SALTS = ["ate", "ite", "ide"];
  const otherSalt = (a, b) => {
    const [one, two] = [a, b].map((word) => SALTS.find((end) => word.endsWith(end)));
    return Boolean(one && two && one !== two);
  };
  const PREFIXES = ["hiper", "hipo", "hyper", "hypo"];
  const digitsOf = (text) => text.replace(/[^0-9]/g, "");
  function shortWordDiffers(a, b) {
    const [one, two] = [words(a), words(b)];
    const small = (word, other) => Math.min(word.length, other.length) <= 2 || (/^[ivx]+$/.test(word) && /^[ivx]+$/.test(other));
    return one.length === two.length && one.length > 1 && one.some((word, i) => word !== two[i] && small(word, two[i]));
  }
  function slip(typed, known, medicine) {
    if (!typed || typed[0] !== known[0] || Math.abs(typed.length - known.length) > 2) return null;
    const [one, two] = [typed, known].map((word) => PREFIXES.find((prefix) => word.startsWith(prefix)) || "");
    if (one !== two) return null;
    const shortest = Math.min(typed.length, known.length);
    if (shortest < (medicine ? 6 : 5)) return null;
    if (shortest < 8 && typed.length === known.length && typed.at(-1) !== known.at(-1) && typed.slice(0, -1) === known.slice(0, -1)) return null;
    if (shortWordDiffers(typed, known) || otherSalt(typed, known)) return null;
    const apart = distance(typed, known, 2);
    if (apart === 1 && digitsOf(typed) === digitsOf(known)) return 1;
    if (apart === 2 && shortest >= 8 && skeleton(typed) === skeleton(known)) return 2;
    return null;
  }

  // ---- kb/questions/resolve.py

  const MEDICINES = new Set(["ingredient", "substance", "product"]);
  const COMPLAINTS = new Set(["indication", "adverse-effect", "topic", "technique"]);
  const anotherBrand = (typed, known, slips) => slips > 1 || (typed.length === known.length && typed.at(-1) !== known.at(-1));
  class Resolver {
    constructor(rows, grammar) {
      this.names = rows.map(([text, id, kind, how]) => ({ text, id, kind, how }));
      this.groups = Object.fromEntries(Object.entries(grammar.groups).map(([role, groups]) => [role, groups.map((g) => new Set(g))]));
      this.hows = grammar.hows;
      this.mostOfAMaker = grammar.most_of_a_maker;
      this.exact = new Map();
      this.keyed = new Map();
      const add = (map, form, name) => (map.has(form) ? map.get(form).push(name) : map.set(form, [name]));
      for (const name of this.names) {
        add(this.exact, folded(name.text), name);
        for (const form of this.forms(key(name.text))) add(this.keyed, form, name);
      }
      this.titles = new Map(this.names.filter((n) => n.how === "name").map((n) => [n.id, n.text]));
      this.letters = new Map();
      for (const form of this.keyed.keys()) if (form) add(this.letters, form[0], form);
      this.parts = new Map();
      for (const name of this.names) {
        if (name.kind === "condition" && name.how === "name") {
          for (const word of words(key(name.text))) if (word.length >= 6 && grammar.disorders.some((end) => word.endsWith(end))) add(this.parts, word, name);
        }
      }
    }
    static key(text) {
      return key(text);
    }
    forms(plain) {
      const list = words(plain);
      return unique([plain, plain.replaceAll(" ", ""), ...(list.every((w) => [...w].length > 1) ? [list.sort().join(" ")] : [])]);
    }
    title(id) {
      return this.titles.get(id) ?? id;
    }
    find(text, role, slips = true) {
      for (const look of ["byText", "byKey", ...(slips ? ["bySlip", "byPart"] : [])]) {
        for (const kinds of this.groups[role]) {
          let found = this[look](text, kinds);
          if (role === "ingredient" && look === "bySlip") found = found.filter((m) => !this.medicineAlone(m));
          if (found.length) return this.once(found);
        }
      }
      return [];
    }
    byText(text, kinds) {
      const slug = casefold(text.trim()).replaceAll(" ", "-");
      const found = (this.exact.get(folded(text)) || []).filter((n) => kinds.has(n.kind));
      const own = found.filter((n) => n.id === slug);
      return (own.length ? own : found).map((n) => ({ id: n.id, kind: n.kind, how: n.how, name: n.text }));
    }
    byKey(text, kinds) {
      const plain = key(text);
      for (const form of this.forms(plain)) {
        const found = (this.keyed.get(form) || []).filter((n) => kinds.has(n.kind));
        if (found.length) {
          return found.map((n) => ({ id: n.id, kind: n.kind, how: n.how === "brand" || n.how === "lay word" ? n.how : "spelling", name: n.text }));
        }
      }
      return [];
    }
    bySlip(text, kinds) {
      const plain = key(text);
      const near = new Map();
      if (plain.length >= 5) {
        const candidates = this.letters.get(plain[0]) || [];
        const close = candidates.map((form, place) => ({ form, place, d: distance(plain, form, 2) })).filter((c) => c.d <= 2);
        close.sort((a, b) => a.d - b.d || a.place - b.place);
        for (const { form } of close) {
          for (const name of this.keyed.get(form)) {
            if (!kinds.has(name.kind)) continue;
            const slips = slip(plain, form, MEDICINES.has(name.kind));
            const coined = name.how === "brand" || name.kind === "product";
            if (plain.length < (name.kind === "product" ? 8 : COMPLAINTS.has(name.kind) ? 7 : 0)) continue;
            if (slips === null || (coined && anotherBrand(plain, form, slips))) continue;
            near.has(slips) ? near.get(slips).push(name) : near.set(slips, [name]);
          }
        }
      }
      if (!near.size) return [];
      const best = near.get(Math.min(...near.keys()));
      if (unique(best.map((n) => n.id)).length > 1 && best.every((n) => MEDICINES.has(n.kind)) && unique(best.map((n) => key(n.text))).length > 1) {
        return [];
      }
      return best.map((n) => ({ id: n.id, kind: n.kind, how: "typing error", name: n.text }));
    }
    isProper(match) {
      this.proper ??= new Set(this.names.filter((n) => ["id", "name", "synonym"].includes(n.how)).map((n) => `${n.id} ${n.text}`));
      return this.proper.has(`${match.id} ${match.name}`);
    }
    medicineAlone(match) {
      return match.kind === "substance" && !this.isProper(match);
    }
    slipped(text, role) {
      const found = this.bySlip(text, this.groups[role][0]);
      return this.once(found.filter((m) => this.isProper(m) && skeleton(key(text)) === skeleton(key(m.name))));
    }
    byPart(text, kinds) {
      const found = (this.parts.get(key(text)) || []).filter((n) => kinds.has(n.kind));
      if (unique(found.map((n) => n.id)).length > 3) return [];
      return found.map((n) => ({ id: n.id, kind: n.kind, how: "part of the name", name: n.text }));
    }
    near(text, role, most = 3) {
      const made = unique((this.exact.get(folded(text)) || []).filter((n) => n.kind === "maker").map((n) => this.title(n.id)));
      if (made.length) return made.slice(0, this.mostOfAMaker);
      const plain = key(text);
      if (plain.length < 4) return [];
      const kinds = new Set(this.groups[role].slice(0, 2).flatMap((g) => [...g]));
      const close = (this.letters.get(plain[0]) || []).map((form, place) => ({ form, place, r: ratio(plain, form) })).filter((c) => c.r >= 72);
      close.sort((a, b) => b.r - a.r || a.place - b.place);
      const offered = [];
      for (const { form } of close.slice(0, 12)) {
        for (const name of this.keyed.get(form)) {
          if (!kinds.has(name.kind) || (MEDICINES.has(name.kind) && slip(plain, form, true) === null)) continue;
          if (!offered.includes(this.title(name.id))) offered.push(this.title(name.id));
        }
      }
      return offered.slice(0, most);
    }
    once(matches) {
      const best = new Map();
      for (const match of sorted(matches, (m) => this.hows.indexOf(m.how))) if (!best.has(match.id)) best.set(match.id, match);
      return [...best.values()];
    }
  }

  // ---- kb/questions/phrases.py

  class Phrases {
    constructor(grammar) {
      this.g = grammar;
      this.p = Object.fromEntries(Object.entries(grammar.patterns).map(([name, source]) => [name, pattern(source)]));
      this.all = Object.fromEntries(["strength", "form", "qualified", "ended", "ended_after", "split", "listed", "slash", "given"].map((n) => [n, pattern(grammar.patterns[n], "giu")]));
      this.routePatterns = grammar.routes.map(([route, source]) => [route, pattern(source)]);
      this.figures = grammar.figures.map(([source, limits]) => [pattern(source), limits]);
      this.looseWords = new Set(grammar.loose);
      this.placeWords = new Set(grammar.places);
      this.lackWords = new Set(grammar.lack);
      this.unitWords = new Set(grammar.units);
    }
    start(said) {
      return { said, word: said, counted: true, why_not: "", allergy: false, reaction: false, severe: false, history: false, suspected: false, ended: false, days_ago: null, days_ahead: null, now: false, strengths: [] };
    }
    match(name, text) {
      const found = this.p[name].exec(text);
      return found && found.index === 0 ? found : null;
    }
    number(text) {
      return Number(text.replaceAll(",", "."));
    }
    person(text) {
      text = text.trim();
      let found = this.match("age", text);
      if (found) {
        const g = found.groups;
        const years = this.number([g.age, g.age2, g.age3, g.age4].find(Boolean));
        return { years: g.age4 ? years / 12 : years, kg: null, sex: get(this.g.sex, casefold(g.who || g.who2 || ""), null) };
      }
      if ((found = this.match("who_age", text) || this.match("age_who", text))) return { years: this.number(found.groups.age), kg: null, sex: this.g.sex[casefold(found.groups.who)] };
      if ((found = this.match("weight", text))) return { years: null, kg: this.number(found.groups.kg), sex: null };
      if (has(this.g.sex, casefold(text))) return { years: null, kg: null, sex: this.g.sex[casefold(text)] };
      return null;
    }
    opening(text) {
      const found = this.match("opening", text.trim());
      if (found && this.person(found.groups.person)) return [found.groups.person, found.groups.rest];
      const mother = this.match("mother", text.trim());
      if (mother) return ["female", mother.groups.rest];
      const inside = this.match("bracketed", text.trim());
      return inside ? [inside.groups.person, `${inside.groups.before} ${inside.groups.after}`.trim()] : null;
    }
    nothing(text) {
      return Boolean(this.match("nothing", text.trim()));
    }
    daysOf(count, unit) {
      unit = casefold(unit);
      if (unit.endsWith("s") && unit.length > 1) unit = unit.slice(0, -1);
      const named = get(this.g.count, casefold(count), null);
      return (named !== null ? named : this.number(count)) * this.g.days[unit];
    }
    timed(phrase) {
      const word = phrase.word;
      let found;
      if ((found = this.p.ago.exec(word))) phrase = { ...phrase, days_ago: this.daysOf(found.groups.count, found.groups.unit) };
      else if ((found = this.p.ahead.exec(word))) phrase = { ...phrase, days_ahead: this.daysOf(found.groups.count, found.groups.unit) };
      else if ((found = this.p.last.exec(word))) phrase = { ...phrase, days_ago: this.g.named_ago[casefold(found.groups.when)] };
      else if ((found = this.p.next.exec(word))) phrase = { ...phrase, days_ahead: this.g.named_ahead[casefold(found.groups.when)] };
      else if ((found = this.p.now.exec(word))) phrase = { ...phrase, now: true };
      else return phrase;
      const rest = strip(`${word.slice(0, found.index)} ${word.slice(found.index + found[0].length)}`, " ,;:-()");
      return this.ended({ ...phrase, word: rest || phrase.word });
    }
    ended(phrase) {
      const word = phrase.word.replace(this.all.ended, "").replace(this.all.ended_after, "").trim();
      return word && word !== phrase.word ? { ...phrase, word, ended: true } : phrase;
    }
    denied(phrase) {
      if (this.match("offspring", phrase.word)) {
        return { ...phrase, word: "child", counted: false, why_not: "children of the patient, not the patient" };
      }
      let found = this.p.family.exec(phrase.word);
      if (found) {
        const g = found.groups;
        return { ...phrase, word: [g.rest, g.rest2, g.rest3, g.rest4, g.rest5].find(Boolean), counted: false, why_not: "in the family, not in the patient" };
      }
      found = this.match("not", phrase.word);
      return found ? { ...phrase, word: found.groups.rest, counted: false, why_not: "said to be absent" } : null;
    }
    childhood(text) {
      return this.p.childhood.test(text);
    }
    history(phrase) {
      const found = this.match("history", phrase.word);
      return found ? { ...phrase, word: found.groups.rest || found.groups.rest2, history: true } : null;
    }
    maybe(phrase) {
      const found = this.match("maybe", phrase.word);
      return found ? { ...phrase, word: found.groups.rest || found.groups.rest2, suspected: true } : null;
    }
    allergy(phrase) {
      const found = this.match("allergy", phrase.word);
      const g = found ? found.groups : null;
      if (!found) return null;
      const reaction = g.rest3 || g.rest4;
      return { ...phrase, word: g.rest || g.rest2 || reaction, allergy: true, reaction: Boolean(reaction), severe: this.p.anaphylaxis.test(phrase.word) };
    }
    amountsTo(text) {
      for (const [measure, limits] of this.figures) {
        const found = measure.exec(text.trim());
        if (found && found.index === 0) {
          const value = this.number(found.groups.n);
          const under = Boolean(found.groups.under);
          const limit = limits.find(([low, high]) => (under ? low < value && value <= high : low <= value && value < high));
          const word = limit ? limit[2] : null;
          return under && !word ? null : word;
        }
      }
      return null;
    }
    figure(phrase) {
      const word = this.amountsTo(phrase.word);
      return word ? { ...phrase, word } : null;
    }
    value(text) {
      const word = this.timed(this.start(text)).word;
      const found = this.amountsTo(word);
      if (found === "") return "within the usual range";
      return found === null && this.match("noted", word.trim()) ? "noted, not checked: no caution has a limit for this value" : null;
    }
    wish(phrase) {
      const found = this.match("wish", phrase.word);
      if (!found && this.match("partner", phrase.word) && phrase.word !== "partner pregnant") return { ...phrase, word: "partner pregnant" };
      if (!found) return null;
      const word = /wife|partner|girlfriend|spouse/i.test(found.groups.who) ? "partner trying to conceive" : "trying to conceive";
      return word !== phrase.word ? { ...phrase, word } : null;
    }
    taken(phrase) {
      const found = this.match("takes", phrase.word);
      return found ? { ...phrase, word: found.groups.rest } : null;
    }
    bare(phrase) {
      const strengths = [...phrase.word.matchAll(this.all.strength)].map((m) => m[0].trim());
      let word = phrase.word.replace(this.all.qualified, " ").replace(this.all.strength, " ").replace(this.all.form, " ");
      word = strip(word.replace(/\s+/g, " "), " ,;:-()/@");
      word = word.replace(pattern("\\b(?:of|at|x)$", "u"), "").trim();
      return !word || word === phrase.word ? null : { ...phrase, word, strengths };
    }
    parts(text) {
      const found = text.split(this.all.split).map((p) => strip(p, " .")).filter(Boolean);
      return found.length > 1 ? found : [];
    }
    halves(text) {
      const found = text.split(this.all.slash).map((p) => strip(p, " .")).filter(Boolean);
      return found.length > 1 ? found : [];
    }
    pieces(text) {
      return text.split(this.all.listed).map((p) => strip(p, " .")).filter(Boolean);
    }
    allergyList(text) {
      const found = this.match("allergy", text);
      return Boolean(found && found.groups.rest);
    }
    enumerated(text) {
      return Boolean(this.p.enumerated.exec(text));
    }
    joined(text) {
      return Boolean(this.p.joined.exec(text));
    }
    closed(text) {
      return Boolean(this.p.closed.exec(text));
    }
    gloss(text) {
      const found = this.match("gloss", text.trim());
      return found ? [found.groups.head, found.groups.inner] : null;
    }
    site(text) {
      return text.trim().replace(this.p.site, "").trim();
    }
    given(text) {
      return text.trim().replace(this.all.given, "") || text;
    }
    kin(text) {
      return this.p.family.test(text) && !this.p.no_kin.test(text) && !this.match("not", text);
    }
    inr(text) {
      const found = this.p.inr.exec(text);
      return found ? this.number(found.groups.n) : null;
    }
    loose(word) {
      return this.looseWords.has(casefold(word)) || !/\p{L}/u.test(word) || Boolean(this.match("rate", word));
    }
    operation(word) {
      return this.p.operation.test(word);
    }
    unit(word, before) {
      return this.unitWords.has(casefold(word)) && /\p{Nd}$/u.test(before);
    }
    lack(word) {
      return this.lackWords.has(casefold(word));
    }
    place(word) {
      return this.placeWords.has(casefold(word));
    }
    routes(text) {
      return this.routePatterns.filter(([, p]) => p.test(text)).map(([route]) => route);
    }
    way(text) {
      const said = text.trim().replaceAll("-", " ");
      return this.match("way", said) ? this.routes(said) : [];
    }
    needled(text) {
      return Boolean(this.match("needled", text.trim().replaceAll("-", " ")));
    }
  }

  // ---- kb/questions/rulebook.py

  class Rulebook {
    constructor(data) {
      Object.assign(this, data.rules);
      this.data = data;
      this.order = data.order;
      this.grave = new Set(data.grave);
      this.resolver = new Resolver(data.rules.lexicon, data.resolve);
      this.phrases = new Phrases(data.phrases);
      this.figurePattern = pattern(data.doses.figure, "giu");
      this.ratioPattern = pattern(data.doses.ratio, "gu");
      this.lineages = new Map();
      this.climbs = new Map();
      this.triggers = new Set(Object.values(this.cautions).flatMap((held) => held.map((c) => c.trigger)));
      this.withStatus = new Set(this.with_status);
      this.leaves = new Map();
      for (const [term, held] of Object.entries(this.terms)) {
        for (const by of held.left_by || []) this.leaves.has(by) ? this.leaves.get(by).push(term) : this.leaves.set(by, [term]);
      }
    }
    rank(severity) {
      return this.order.indexOf(severity);
    }
    name(slug) {
      for (const table of [this.subjects, this.terms, this.products]) if (has(table, slug)) return table[slug].name;
      return this.resolver.title(slug);
    }
    lasts(fact) {
      return get(this.terms, fact, {}).lasts || { days: null, ends: false, always: false };
    }
    walk(start, above) {
      const line = [start];
      for (const slug of line) for (const other of above(slug)) if (!line.includes(other)) line.push(other);
      return line;
    }
    around(places) {
      const within = this.places_within;
      const reach = new Set([...places, ...places.flatMap((p) => get(within, p, []))]);
      for (const [p, broader] of Object.entries(within)) if (broader.some((b) => places.includes(b))) reach.add(p);
      return reach;
    }
    lineage(subject) {
      if (!this.lineages.has(subject)) {
        this.lineages.set(subject, this.walk(subject, (s) => (get(this.subjects, s, { parents: [] }).parents || []).filter((p) => has(this.subjects, p))));
      }
      return this.lineages.get(subject);
    }
    ofAge(years) {
      if (years < CHILD_BELOW) return this.known.child ?? null;
      if (years >= VERY_OLD_FROM && this.known.very_old_adult) return this.known.very_old_adult;
      return years >= OLDER_FROM ? this.known.older_adult ?? null : null;
    }
    climb(fact) {
      if (!this.climbs.has(fact)) {
        const above = (s) => {
          const [term, subject] = [get(this.terms, s, {}), get(this.subjects, s, {})];
          return [...(term.same_as || []), ...(term.parents || []), ...(subject.parents || [])];
        };
        this.climbs.set(fact, this.walk(fact, above));
      }
      return this.climbs.get(fact);
    }
    reach(facts) {
      facts = [...facts];
      const reached = new Map(facts.map((fact) => [fact, [fact]]));
      for (const fact of facts) {
        for (const other of this.climb(fact).slice(1)) {
          if (!reached.has(other)) reached.set(other, []);
          if (!reached.get(other).includes(fact)) reached.get(other).push(fact);
        }
      }
      return reached;
    }
    cautionsOf(holder) {
      return get(this.cautions, holder, []);
    }
  }

  // ---- kb/questions/plan.py

  const CHILD_BELOW = 18;
  const OLDER_FROM = 65;
  const VERY_OLD_FROM = 75;
  const INR_PUT_OFF = 3;
  const MEDICINE_GONE = 365;
  const SHORTEST_SLIP_WITHIN = 6;

  class Plan {
    constructor() {
      Object.assign(this, { syringe: [], tools: [], products: [], facts: new Map(), allergies: new Map(), left: new Set(), sites: [], exposures: [] });
      Object.assign(this, { years: null, kg: null, sex: null, given: [], unresolved: [], not_counted: [] });
    }
    get ingredients() {
      return unique(this.syringe.map((item) => item.id));
    }
    get subjects() {
      return [...this.ingredients, ...this.tools, ...this.products];
    }
    meet(a, b) {
      const of = (id) => this.syringe.filter((item) => item.id === id);
      return of(a).some((x) => of(b).some((y) => x.product === null || x.product !== y.product));
    }
  }
  const item = (id, said, more = {}) => ({ id, said, product: null, role: "active", strength: null, amounts: [], brand: null, routes: [], ...more });

  class Reader {
    constructor(check) {
      this.check = check;
      this.resolver = check.resolver;
      this.phrases = check.phrases;
      this.negations = new Set(check.data.negations);
      this.plan = new Plan();
      this.preparedAs = [];
      this.ways = [];
    }
    ingredients(said) {
      const named = [...said];
      const ways = named.filter((one) => this.onlyAWay(one.trim()));
      this.techniques(ways);
      const lines = named.filter((one) => !ways.includes(one));
      for (const [word, reading] of this.read(lines, "ingredient")) {
        if (!reading.phrase.counted) {
          this.plan.not_counted.push({ said: word, role: "ingredient", why: reading.phrase.why_not });
          continue;
        }
        this.told(word, "ingredient", reading);
        for (const match of reading.matches) {
          if (match.kind !== "site") this.intoSyringe(match, word, reading.phrase.strengths);
          else if (!this.plan.sites.includes(match.id)) this.plan.sites.push(match.id);
        }
        if (reading.matches.some((m) => m.how !== "id" && m.kind !== "site") && !this.preparedAs.includes(word)) this.preparedAs.push(word);
      }
      for (const line of lines) this.somewhere(line.trim(), "ingredient");
    }
    onlyAWay(said) {
      const found = said ? this.resolver.find(said, "technique", false) : [];
      return found.some((m) => m.kind === "technique") && !this.resolver.find(said, "ingredient", false).length;
    }
    intoSyringe(match, said, amounts) {
      if (match.kind !== "product") {
        this.plan.syringe.push(item(match.id, said, { amounts, brand: match.how === "brand" ? match.name : null, routes: this.phrases.routes(said) }));
        return;
      }
      const product = this.check.products[match.id];
      const routes = product.routes;
      this.plan.products.push(match.id);
      if (product.whole) this.plan.syringe.push(item(product.whole, said, { product: match.id, amounts, routes }));
      for (const part of product.parts) {
        const counted = part.role === "active" && !product.whole;
        if (part.id && (counted || (part.role === "excipient" && has(this.check.subjects, part.id)))) {
          this.plan.syringe.push(item(part.id, said, { product: match.id, role: part.role, strength: part.strength, amounts, routes }));
        }
      }
      if (product.technique && !this.plan.tools.includes(product.technique)) this.plan.tools.push(product.technique);
    }
    onlyARoute(said) {
      const routes = this.phrases.way(said);
      const needle = this.phrases.needled(said) ? this.check.known.by_needle : undefined;
      if (!(routes.length || needle) || this.resolver.find(said, "technique", false).length) return false;
      if (needle && !this.plan.tools.includes(needle)) this.plan.tools.push(needle);
      const means = needle ? [{ id: needle, name: this.check.name(needle), kind: "technique" }] : [];
      const note = needle ? "Counted as a procedure with a needle." : `Taken as how it is given: ${routes.join(" or ")}.`;
      for (const one of this.plan.syringe) if (!one.routes.length) one.routes = routes;
      this.plan.given.push({ said, role: "technique", means, how: "phrase", notes: [note], days_ago: null, days_ahead: null });
      return true;
    }
    somewhere(said, role) {
      const list = words(said).map((w) => strip(w, ".,;:()")).filter(Boolean);
      for (const reading of this.cover(list, this.phrases.start(said), "site", role, false)[0]) {
        const fresh = reading.matches.filter((m) => !this.plan.sites.includes(m.id));
        if (fresh.length) {
          this.plan.sites.push(...fresh.map((m) => m.id));
          this.told(said, role, { ...reading, matches: fresh });
        }
      }
    }
    techniques(said) {
      const lines = said.filter((line) => !this.onlyARoute(line.trim()));
      for (const [word, reading] of this.read(lines, "technique")) {
        this.told(word, "technique", reading);
        for (const match of reading.matches) {
          if (MEDICINES.has(match.kind)) this.intoSyringe(match, word, []);
          else if (match.kind === "site") {
            if (!this.plan.sites.includes(match.id)) this.plan.sites.push(match.id);
          } else if (!this.plan.tools.includes(match.id)) this.plan.tools.push(match.id);
        }
      }
      for (const line of lines) this.somewhere(line.trim(), "technique");
    }
    sites(said) {
      for (const [word, reading] of this.read(said, "site")) {
        this.told(word, "site", reading);
        for (const m of reading.matches) if (!this.plan.sites.includes(m.id)) this.plan.sites.push(m.id);
      }
    }
    facts(said, role) {
      const looked = role === "done" || role === "coming" ? "condition" : role;
      for (const [word, reading] of this.read(said, looked, role)) {
        if (!reading.phrase.counted) {
          if (!this.inherited(word, role, reading)) this.plan.not_counted.push({ said: word, role, why: reading.phrase.why_not });
          continue;
        }
        if (this.over(reading)) {
          this.plan.not_counted.push({ said: word, role, why: "over or long past" });
          continue;
        }
        this.told(word, role, reading);
        for (const match of reading.matches) {
          if (reading.phrase.allergy && match.kind !== "condition") this.allergic(match, word);
          else {
            this.hasFact(match, word, reading.phrase);
            this.leftBy(match, word, role, reading.phrase);
          }
        }
      }
    }
    leftBy(match, said, role, phrase) {
      const taken = role === "substance" && phrase.days_ago === null && match.kind !== "product" && match.how !== "brand";
      if (phrase.days_ahead !== null || role === "coming" || taken || this.phrases.routes(said).length) return;
      const product = match.kind === "product" ? this.check.products[match.id] : { parts: [] };
      const parts = product.parts.filter((p) => p.id && p.role === "active").map((p) => p.id);
      const given = [match.id, ...parts, ...[product.whole, product.technique].filter(Boolean)];
      for (const term of unique(given.flatMap((g) => this.check.climb(g).flatMap((up) => this.check.leaves.get(up) || [])))) {
        if (this.longAgo({ id: term, kind: "condition" }, phrase)) continue;
        if (!this.plan.facts.has(term)) this.plan.facts.set(term, { id: term, said, days_ago: phrase.days_ago, days_ahead: null });
        this.plan.left.add(said);
      }
    }
    inherited(said, role, reading) {
      const { check } = this;
      const { clots_in_family: family } = check.known;
      const of = [check.known.clots, check.known.clotting_tendency].filter(Boolean);
      const reached = reading.matches.some((m) => [...check.climb(m.id)].some((id) => of.includes(id)));
      if (!family || !this.phrases.kin(said) || !reached) return false;
      const found = { id: family, kind: "condition", how: "name", name: check.name(family) };
      const own = { ...reading, phrase: { ...reading.phrase, counted: true }, matches: [found] };
      this.told(said, role, own);
      this.hasFact(found, said, own.phrase);
      return true;
    }
    over(reading) {
      const { phrase, matches } = reading;
      if (matches.every((m) => this.longAgo(m, phrase))) return true;
      return matches.map((m) => this.check.lasts(m.id)).every((held) => held.ends && (phrase.ended || (held.days && (phrase.days_ago || 0) > held.days)));
    }
    longAgo(match, phrase) {
      const held = this.check.lasts(match.id);
      const ago = phrase.days_ago || 0;
      if (phrase.ended && MEDICINES.has(match.kind) && !held.always) return ago > Math.max(held.days || 0, MEDICINE_GONE);
      return Boolean(held.days && !held.ends && ago > held.days);
    }
    settle() {
      this.settleWay();
      this.settleWish();
      this.settleRatio();
    }
    settleWay() {
      const { plan, check } = this;
      let ways = [...this.ways];
      if (!plan.tools.length && !ways.length) ways = this.preparedAs.flatMap((said) => this.wayIn(words(said)).map((way) => [said, way]));
      for (const [said, way] of ways) {
        if (plan.tools.includes(way.id)) continue;
        plan.tools.push(way.id);
        const means = [{ id: way.id, name: check.name(way.id), kind: way.kind }];
        plan.given.push({ said, role: "technique", means, how: way.how, notes: ["Taken from the name of what is given: check that this is how."], days_ago: null, days_ahead: null });
      }
    }
    wayIn(list) {
      for (let start = 0; start < list.length; start += 1) {
        const ways = this.resolver.find(list.slice(start).join(" "), "technique", false).filter((m) => m.kind === "technique");
        if (ways.length) return ways;
      }
      return [];
    }
    settleWish() {
      const { plan, check } = this;
      for (const [own, other] of [["trying_to_conceive", "partner_trying_to_conceive"], ["breast_cancer", "breast_cancer_of_a_man"]].map((pair) => pair.map((name) => check.known[name]))) {
        const fact = plan.facts.get(own);
        if (plan.sex !== "male" || !fact || !other) continue;
        plan.facts.delete(own);
        if (!plan.facts.has(other)) plan.facts.set(other, { ...fact, id: other });
        const means = (m) => (m.id === own ? { ...m, id: other, name: check.name(other) } : m);
        plan.given = plan.given.map((g) => ({ ...g, means: g.means.map(means) }));
      }
    }
    settleRatio() {
      const plan = this.plan;
      const { coagulation_disorder: disorder, anticoagulant: explains } = this.check.known;
      const fact = plan.facts.get(disorder);
      const inr = fact ? this.phrases.inr(fact.said) : null;
      const takes = [...plan.facts.keys()].find((f) => this.check.climb(f).includes(explains));
      if (!fact || takes === undefined || inr === null || inr > INR_PUT_OFF) return;
      plan.facts.delete(disorder);
      const own = plan.given.filter((g) => g.said === fact.said && g.means.length === 1 && g.means[0].id === disorder);
      plan.given = plan.given.filter((g) => !own.includes(g));
      plan.not_counted.push({ said: fact.said, role: own.length ? own[0].role : "condition", why: `an INR that ${this.check.name(takes)} explains` });
    }
    allergies(list) {
      for (const word of list) {
        const said = word.trim();
        if (said && !this.phrases.nothing(said)) {
          const sentence = this.phrases.allergy(this.phrases.start(said)) ? said : `allergic to ${said}`;
          const before = this.plan.unresolved.length;
          this.facts([sentence], "allergy");
          for (let i = before; i < this.plan.unresolved.length; i += 1) this.plan.unresolved[i] = { ...this.plan.unresolved[i], said };
        }
      }
    }
    person(years, kg, sex) {
      const plan = this.plan;
      plan.years = years ?? plan.years;
      plan.kg = kg ?? plan.kg;
      plan.sex = sex || plan.sex;
      if (plan.years !== null) {
        const term = this.check.ofAge(plan.years);
        if (term && !plan.facts.has(term)) {
          plan.facts.set(term, { id: term, said: `${general(plan.years, 6)} years`, days_ago: null, days_ahead: null });
        }
      }
    }
    classAllergy(id) {
      for (const above of this.check.climb(id)) {
        if (has(this.check.subjects, above)) continue;
        const found = Object.entries(this.check.terms).filter(([, t]) => (t.allergen || []).includes(above)).map(([term]) => term);
        if (found.length) return found;
      }
      return [];
    }
    hasFact(match, said, phrase) {
      if (match.kind === "exposure" || has(this.check.exposures, match.id)) this.plan.exposures.push(match.id);
      if (match.kind === "site") {
        if (!this.plan.sites.includes(match.id)) this.plan.sites.push(match.id);
        return;
      }
      let ids = [match.id];
      if (match.kind === "product") ids = this.check.products[match.id].parts.filter((p) => p.id && p.role === "active").map((p) => p.id);
      for (const id of ids) if (!this.plan.facts.has(id)) this.plan.facts.set(id, { id, said, days_ago: phrase.days_ago, days_ahead: phrase.days_ahead });
    }
    allergic(match, said) {
      let ids = [match.id];
      if (match.kind === "product") ids = this.check.products[match.id].parts.filter((p) => p.id).map((p) => p.id);
      for (const id of ids) {
        if (!this.plan.allergies.has(id)) this.plan.allergies.set(id, said);
        for (const fact of this.classAllergy(id)) {
          if (!this.plan.facts.has(fact)) this.plan.facts.set(fact, { id: fact, said, days_ago: null, days_ahead: null });
        }
      }
    }
    *read(list, role, asRole = "") {
      for (const word of list) {
        const said = word.trim();
        const asked = this.asked(said, role, asRole);
        if (!asked) continue;
        const before = this.plan.unresolved.length;
        const readings = this.meaning(asked, role, asRole);
        for (const reading of readings) yield [said, reading];
        if (!readings.length && this.plan.unresolved.length === before) this.unknown(role === "ingredient" ? said : asked, role, asRole);
      }
    }
    asked(said, role, asRole) {
      if (role === "condition" || role === "substance") return this.asides(said, asRole || role);
      return role === "ingredient" && !this.resolver.find(said, role, false).length ? this.phrases.given(said) : said;
    }
    unknown(said, role, asRole) {
      this.plan.unresolved.push({ said, role: asRole || role, near: this.resolver.near(said, role) });
    }
    asides(said, role) {
      if (!said || this.aside(said, role)) return "";
      const opened = this.phrases.opening(said);
      if (opened && !this.resolver.find(said, "condition", false).length) {
        this.aside(opened[0], role);
        return this.asides(opened[1], role);
      }
      const pieces = this.phrases.pieces(said);
      const kept = [];
      for (let i = 0; i < pieces.length; i += 1) {
        const two = pieces.slice(i, i + 2).join(", ");
        if (i + 1 < pieces.length && this.phrases.person(two)) {
          this.aside(two, role);
          i += 1;
        } else if (!this.aside(pieces[i], role)) kept.push(pieces[i]);
      }
      return kept.length === pieces.length ? said : kept.join(", ");
    }
    aside(said, role) {
      const why = this.phrases.nothing(said) ? "nothing to count" : this.phrases.value(said);
      if (why) {
        this.plan.not_counted.push({ said, role, why });
        return true;
      }
      const found = this.phrases.person(said);
      if (found) {
        this.person(found.years, found.kg, found.sex);
        this.plan.given.push({ said, role, means: [], how: "phrase", notes: [], days_ago: null, days_ahead: null });
      }
      return Boolean(found);
    }
    reading(phrase, matches) {
      return { phrase, matches, left: [], places: [] };
    }
    meaning(said, role, asRole) {
      const start = this.phrases.start(said);
      const listed = (role === "condition" || role === "substance") && this.phrases.enumerated(said);
      const joined = (role === "condition" || role === "substance") && this.phrases.joined(said);
      const variants = this.variants(start).filter((v) => (!listed || (v.counted && !v.allergy && !v.history)) && (!joined || v.counted));
      for (const slips of [false, true]) {
        for (const phrase of variants) {
          const matches = this.find(phrase, role, asRole, slips);
          if (matches.length) return [this.withAllergen(this.reading(phrase, matches)), ...this.whereToo(phrase, matches, role, asRole)];
        }
        const glossed = this.glossed(said, role, asRole, slips);
        if (glossed.length) return glossed;
        const pieces = role !== "technique" || slips ? this.phrases.parts(said) : [];
        if (pieces.length) {
          const found = this.every(pieces, role, asRole, slips, this.phrases.closed(said));
          if (found.length) return found;
        }
      }
      const placed = this.placed(start, role, asRole);
      if (placed.length) return placed;
      if (role !== "technique" && !this.phrases.enumerated(said) && !this.phrases.parts(said).length) {
        const sides = this.halves(start, role, asRole, true);
        if (sides.length) return sides;
      }
      const denied = this.variants(start).some((phrase) => !phrase.counted);
      const pieces = joined && denied ? this.phrases.parts(said) : this.phrases.enumerated(said) ? this.phrases.pieces(said) : [];
      if ((role === "condition" || role === "substance") && pieces.length > 1) return this.every(pieces, role, asRole, true, this.phrases.closed(said), true);
      return this.spans(start, role, asRole);
    }
    halves(start, role, asRole, partly) {
      if (!this.phrases.halves(start.word).length) return [];
      const about = this.variants(start).find((v) => !v.counted || v.allergy) || start;
      const found = [];
      for (const half of this.phrases.halves(about.word)) {
        const phrase = { ...about, word: half };
        let known = [];
        const variants = this.variants(phrase);
        for (const variant of variants) {
          const matches = this.find(variant, role, asRole, true);
          if (matches.length) {
            known = [this.withAllergen(this.reading(variant, matches))];
            break;
          }
        }
        for (const variant of known.length ? [] : variants) {
          known = this.whole(variant, role, asRole);
          if (known.length) break;
        }
        if (!known.length) known = this.placed(phrase, role, asRole);
        if (!known.length && !partly) return [];
        if (!known.length && about.counted) this.unknown(half, role, asRole);
        found.push(...known);
      }
      return about.counted ? found : found.slice(0, 1);
    }
    placed(start, role, asRole) {
      if (!["condition", "technique", "ingredient"].includes(role) || (asRole && asRole !== role)) return [];
      const matches = this.resolver.find(this.phrases.site(start.word), "site", false);
      return matches.length ? [this.reading(start, matches)] : [];
    }
    whereToo(phrase, matches, role, asRole) {
      return matches.every((m) => COMPLAINTS.has(m.kind)) ? this.placed(phrase, role, asRole) : [];
    }
    glossed(said, role, asRole, slips) {
      const gloss = this.phrases.gloss(said);
      if (!gloss || role === "technique") return [];
      const [head, inner] = gloss;
      const first = this.every([head], role, asRole, slips);
      const allergy = first.length > 0 && first[0].phrase.allergy;
      const rest = first.length ? this.every([allergy ? `allergic to ${inner}` : inner], role, asRole, slips) : [];
      const known = new Set(first.flatMap((r) => r.matches.map((m) => m.id)));
      return rest.length ? [...first, ...rest.filter((r) => !r.matches.every((m) => known.has(m.id)))] : [];
    }
    withAllergen(reading) {
      const phrase = reading.phrase.allergy ? null : this.phrases.allergy(reading.phrase);
      if (phrase === null || !reading.matches.every((m) => m.kind === "condition")) return reading;
      const known = new Set(reading.matches.map((m) => m.id));
      const more = this.resolver.find(phrase.word, "allergen", false).filter((m) => !known.has(m.id));
      return { ...reading, phrase: { ...reading.phrase, allergy: true }, matches: [...reading.matches, ...more] };
    }
    every(pieces, role, asRole, slips, closed = false, partly = false) {
      const found = [];
      let allergies = this.phrases.allergyList(pieces[0]);
      for (const [n, piece] of pieces.entries()) {
        const variants = this.variants(this.phrases.start(piece));
        let readings = [];
        for (const phrase of variants) {
          const matches = this.find(phrase, role, asRole, slips);
          if (matches.length) {
            readings = [this.withAllergen(this.reading(phrase, matches))];
            break;
          }
        }
        for (const phrase of readings.length ? [] : variants) {
          readings = this.whole(phrase, role, asRole);
          if (readings.length) break;
        }
        if (!readings.length && this.phrases.halves(piece).length) {
          readings = this.halves(this.phrases.start(piece), role, asRole, partly);
          if (!readings.length && partly) continue;
        }
        if (!readings.length) readings = this.placed(this.phrases.start(piece), role, asRole);
        if (!readings.length && !partly) return [];
        if (!readings.length) readings = this.spans(this.phrases.start(piece), role, asRole);
        if (!readings.length) {
          if (!words(piece).every((w) => this.phrases.loose(w) || this.phrases.place(w))) this.unknown(piece, role, asRole);
          continue;
        }
        found.push(...readings);
        for (const r of readings) found.push(...this.whereToo(r.phrase, r.matches, role, asRole));
        allergies = allergies && (n === 0 || readings.every((r) => r.phrase.word === piece && !r.phrase.allergy));
        if (allergies && n) {
          const allergic = { ...this.phrases.start(piece), allergy: true };
          const matches = this.find(allergic, role, asRole, slips).filter((m) => MEDICINES.has(m.kind));
          if (matches.length && (closed || role === "allergy" || asRole === "allergy")) found.splice(found.length - readings.length);
          if (matches.length) found.push(this.reading(allergic, matches));
        }
      }
      return found;
    }
    whole(phrase, role, asRole) {
      const list = words(phrase.word).map((w) => strip(w, ".,;:()")).filter(Boolean);
      if (list.some((w) => this.negations.has(casefold(w)))) return [];
      const [found, free] = this.cover(list, phrase, role, asRole);
      return free.every((w) => this.phrases.loose(w)) ? found : [];
    }
    variants(start) {
      const found = [start];
      const known = new Set([JSON.stringify(start)]);
      const waiting = [start];
      while (waiting.length && found.length < 40) {
        const phrase = waiting.shift();
        const timed = this.phrases.timed(phrase);
        const ended = this.phrases.ended(phrase);
        const same = JSON.stringify(phrase);
        for (const other of [
          JSON.stringify(timed) !== same ? timed : null,
          JSON.stringify(ended) !== same ? ended : null,
          this.phrases.wish(phrase),
          this.phrases.figure(phrase),
          this.phrases.denied(phrase),
          this.phrases.allergy(phrase),
          this.phrases.history(phrase),
          this.phrases.maybe(phrase),
          this.phrases.taken(phrase),
          this.phrases.bare(phrase),
        ]) {
          if (other !== null && !known.has(JSON.stringify(other))) {
            known.add(JSON.stringify(other));
            found.push(other);
            waiting.push(other);
          }
        }
      }
      return found;
    }
    find(phrase, role, asRole, slips) {
      const word = phrase.word;
      if (phrase.allergy) {
        const named = this.resolver.find(`${word} allergy`, "condition", false);
        const known = new Set(named.map((m) => m.id));
        const given = this.resolver.find(word, "allergen", slips).filter((m) => !known.has(m.id));
        if (phrase.reaction && !named.length && given.every((m) => m.kind === "condition")) return [];
        return [...named, ...given, ...this.severe(phrase, [...named, ...given])];
      }
      let found = [];
      if (role === "condition" || role === "substance") {
        found = this.when(phrase, asRole);
      }
      const asked = (role === "condition" || role === "substance") && !found.length;
      const ahead = phrase.days_ahead !== null || asRole === "coming";
      const unnamed = () => ahead || casefold(word).endsWith("ectomy") || !this.resolver.find(word, role, slips).length;
      if (asked && this.phrases.operation(word) && !this.phrases.parts(word).length && unnamed()) {
        const past = phrase.days_ago !== null || asRole === "done";
        found = ahead || past ? this.first(`${ahead ? "planned" : "recent"} operation`) : [];
      }
      const known = new Set(found.map((m) => m.id));
      if (phrase.history && found.length) return found;
      found = [...found, ...this.resolver.find(word, role, slips).filter((m) => !known.has(m.id))];
      if (ahead) found = found.filter((m) => m.id !== this.check.known.cannot_conceive);
      const recent = found.filter((m) => !this.longAgo(m, phrase));
      if (recent.length) found = recent;
      if (role === "ingredient" && found.some((m) => m.kind === "product")) found = found.filter((m) => m.kind === "product");
      if (role === "ingredient" && found.length && found.every((m) => m.kind === "substance")) {
        const made = this.prepared(phrase);
        if (made.length) found = made;
      }
      return found;
    }
    severe(phrase, found) {
      const id = this.check.known.severe_allergy;
      if (!phrase.severe || !found.length || !id || found.some((m) => m.id === id)) return [];
      return [{ id, kind: "condition", how: "synonym", name: this.check.name(id) }];
    }
    prepared(phrase) {
      const plain = this.phrases.bare(phrase);
      return plain ? this.resolver.find(plain.word, "ingredient", false).filter((m) => m.kind !== "substance") : [];
    }
    when(phrase, asRole) {
      const word = phrase.word;
      if (phrase.history) return this.first(`history of ${word}`, `${word} history`, `previous ${word}`);
      if (phrase.now) return this.first(`active ${word}`);
      if (phrase.days_ago !== null || phrase.ended || asRole === "done") {
        const found = this.first(`recent ${word}`);
        const past = found.filter((m) => !this.longAgo(m, phrase));
        return past.length || !found.length ? past : this.first(`history of ${word}`, `${word} history`, `previous ${word}`);
      }
      if (phrase.days_ahead !== null || asRole === "coming") return this.first(`planned ${word}`, `${word} planned`, `upcoming ${word}`);
      return [];
    }
    first(...texts) {
      for (const text of texts) {
        const matches = this.resolver.find(text, "condition", false);
        if (matches.length) return matches;
      }
      return [];
    }
    spans(start, role, asRole) {
      let best = null;
      let place = [];
      let fewest = [1, 0];
      for (const phrase of this.variants(start)) {
        const list = words(phrase.word).map((w) => strip(w, ".,;:()")).filter(Boolean);
        if (list.some((w) => this.negations.has(casefold(w))) || this.phrases.childhood(phrase.word)) continue;
        const [found, free] = this.cover(list, phrase, role, asRole);
        const left = free.filter((w) => !this.phrases.loose(w) && !this.phrases.place(w));
        const rank = [phrase.allergy ? 0 : 1, left.length];
        if (found.length && (best === null || rank[0] < fewest[0] || (rank[0] === fewest[0] && rank[1] < fewest[1]))) {
          fewest = rank;
          best = [[{ ...found[0], places: free.filter((w) => this.phrases.place(w)) }, ...found.slice(1)], left];
          place = role === "technique" || role === "ingredient" ? this.placed({ ...phrase, word: free.filter((w) => !this.phrases.loose(w)).join(" ") }, role, asRole) : [];
        }
      }
      if (best === null) return [];
      const [readings, rest] = best;
      if (place.length) return [{ ...readings[0], places: [] }, ...readings.slice(1), ...place];
      const beside = rest.length && role === "ingredient" ? this.wayIn(rest) : [];
      const left = beside.length ? [] : rest;
      this.ways.push(...beside.map((way) => [start.said, way]));
      if (left.length) this.plan.unresolved.push({ said: left.join(" "), role: asRole || role, near: this.resolver.near(left.join(" "), role) });
      return [{ ...readings[0], left }, ...readings.slice(1)];
    }
    cover(list, phrase, role, asRole, slips = true) {
      const found = [];
      const free = [...list];
      for (let size = Math.min(5, list.length); size > 0; size -= 1) {
        for (let at = 0; at <= list.length - size; at += 1) {
          const span = free.slice(at, at + size);
          if (span.includes(null) || span.every((w) => this.phrases.loose(w))) continue;
          if (size === 1 && at && this.phrases.unit(list[at], list[at - 1])) continue;
          const part = { ...phrase, word: span.join(" ") };
          const short = at + size < free.length && free[at + size] !== null && this.phrases.lack(free[at + size]);
          const matches = this.find(part, role, asRole, false).filter((m) => m.id !== this.check.known.any_ingredient && m.kind !== "topic" && !(short && MEDICINES.has(m.kind)));
          if (matches.length) {
            found.push(this.reading(part, matches));
            for (let i = at; i < at + size; i += 1) free[i] = null;
          }
        }
      }
      for (const [at, word] of free.entries()) {
        if (!slips || word === null || word.length < SHORTEST_SLIP_WITHIN || this.phrases.loose(word) || this.phrases.place(word)) continue;
        const matches = this.resolver.slipped(word, phrase.allergy ? "allergen" : role);
        if (matches.length) {
          found.push(this.reading({ ...phrase, word }, matches));
          free[at] = null;
        }
      }
      return [found, free.filter((w) => w !== null)];
    }
    told(said, asRole, reading) {
      const { phrase, matches } = reading;
      const role = (asRole === "technique" || asRole === "ingredient") && matches.every((m) => m.kind === "site") ? "site" : asRole;
      const notes = [];
      const names = matches.map((m) => this.check.name(m.id));
      if (matches.length > 1 && !phrase.allergy) notes.push(`Can mean ${unique(names).join(" or ")}: all of them were counted.`);
      if (matches[0].how === "typing error") notes.push(`Taken for ${matches[0].name}: check the spelling.`);
      if (reading.places.length) notes.push(`Where it is (“${reading.places.join(" ")}”) was not compared with the site of the session.`);
      if (reading.left.length) notes.push(`“${reading.left.join(" ")}” was not understood.`);
      if (phrase.suspected || said.startsWith("?") || said.endsWith("?")) notes.push("Suspected: counted as if it were certain.");
      if (phrase.history && !matches.some((m) => m.id.endsWith("history") || casefold(m.name).includes("history"))) notes.push("In the past: counted as if it were present.");
      if (phrase.ended && phrase.days_ago === null) notes.push("Ended, and nobody said when: counted as if it went on.");
      if (phrase.ended && phrase.days_ago !== null && MEDICINES.has(matches[0].kind)) notes.push("Ended: what names no days to keep clear is raised all the same.");
      const means = matches.map((m, i) => ({ id: m.id, name: names[i], kind: m.kind }));
      this.plan.given.push({ said, role, means, how: matches[0].how, notes, days_ago: phrase.days_ago, days_ahead: phrase.days_ahead });
    }
  }

  root.kbCheckParts = { Rulebook, Reader, Plan, item, unique, sorted, has, get, figure, whole, general, halfEven, casefold };
})(typeof window === "undefined" ? globalThis : window);
