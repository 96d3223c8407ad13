// Search on the static site, as kb.questions.search does it: names by likeness, everything else by full text. The two are held
// to the same answers (tests/agreement/test_site_search.py), so a change here is a change there.
(() => {
  "use strict";
  const WEIGHT = { ingredient: 12, technique: 11, product: 9, indication: 10, "adverse-effect": 6, condition: 6, substance: 6, topic: 3, claim: 1 };
  const SHORTEST_TWICE = 8; // letters a word needs before one that differs in two of them counts
  const SHORTEST_MEDICINE_TWICE = 12; // the same for the name of a medicine that a patient takes
  const SHORTEST_PART = 5; // letters a word needs before a nearly equal one counts
  const SHORTEST_OTHER_LETTER = 6; // letters a word needs before one with another letter in it counts: Croma is no crema
  const SHORTEST_SHARED = 3; // letters a word needs before sharing it says anything
  const MOST_BY_ANY_WORD = 10; // hits that share only some word of a longer question: more are no answer
  const COLUMNS = [10, 6, 1]; // what a word counts in a name, in other names, in the text
  const K1 = 1.2;
  const B = 0.75; // SQLite's bm25()

  const fold = (text) => text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, " ").trim();
  const digits = (text) => text.replace(/[^0-9]/g, "");
  const tokens = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const ordered = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const wholeName = (query, exact) => exact && query.length < SHORTEST_PART; // a short name typed to its end begins no other word: EGF is no eGFR
  const plural = (a, b) => a.replace(/s$/, "") === b.replace(/s$/, "");
  const add = (map, key, value) => { if (map.has(key)) map.get(key).push(value); else map.set(key, [value]); };

  // Letters changed, left out, put in or swapped with their neighbour; more than `most` counts as too many.
  function slips(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  // The consonants of a word by sound, as kb.questions.words has it.
  const SOUNDS = [["ph", "f"], ["ck", "k"], ["qu", "k"], ["x", "ks"], ["c", "k"], ["z", "s"]];
  const skeleton = (text) => SOUNDS.reduce((said, [written, sound]) => said.replaceAll(written, sound), text).replace(/[aeiouyhw]+/g, "").replace(/([a-z])\1+/g, "$1");
  const nearEnough = (word, other, slipped) => (slipped > 1 ? skeleton(word) === skeleton(other)
    : word.length >= SHORTEST_OTHER_LETTER || word.length !== other.length || [...word].sort().join("") === [...other].sort().join(""));

  // Words that are parts of a designation and mean nothing alone: the TB of TB-500, the beta of beta-4.
  function designated(text) {
    const groups = text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").match(/[a-z0-9]+(?:-[a-z0-9]+)+|\b[a-z]{1,2} [0-9]{3,}\b/g) ?? [];
    return new Set(groups.map((group) => fold(group).split(" ")).filter((parts) => parts.some((part) => part.length === 1 || /^[0-9]+$/.test(part))).flat());
  }

  class Search {
    // Rows of [id, kind, name, file, other names, hint, text].
    constructor(rows) {
      this.rows = rows;
      this.words = [];
      this.known = new Map();
      this.places = new Map();
      rows.forEach(([id, kind, name, , aliases], row) => {
        if (kind === "reference" || kind === "claim") return;
        for (const word of [name, id.replaceAll("-", " "), ...aliases]) this.words.push({ folded: fold(word), word, row });
      });
      this.words.forEach((entry, place) => {
        entry.parts = entry.folded.split(" ");
        entry.set = new Set(entry.parts);
        add(this.known, entry.folded, place);
        for (const part of entry.parts) if (part.length >= SHORTEST_PART) add(this.places, part, place);
      });
      this.names = [...this.known.keys()];
      this.longer = [...this.places.keys()];
    }

    // The best hits: {row, word, score, alike}, as the pages of a server list them. `alike`: no name of it was typed.
    find(text, limit) {
      const typed = [...text].slice(0, 200).join("");
      const query = fold(typed);
      const bound = designated(typed);
      if (!query) return [];
      const best = new Map();
      // Under a name that was typed exactly, names that only look like it are noise; among medicines they are a hazard.
      const exact = this.known.has(query);
      const respelt = exact ? query : this.respelt(query);
      for (const [asked, share] of respelt === query ? [[query, 1]] : [[query, 1], [respelt, 0.9]]) {
        const take = (row, word, points, alike) => {
          const score = points * share + (WEIGHT[this.rows[row][1]] ?? 0);
          if (!best.has(row) || best.get(row).score < score) best.set(row, { row: this.rows[row], word, score, alike: alike || asked !== query });
        };
        for (const [place, score, alike] of this.byName(asked, exact)) take(this.words[place].row, this.words[place].word, score, alike);
        if (!exact) for (const [place, score, alike] of this.alike(asked, bound)) take(this.words[place].row, this.words[place].word, score, alike);
        for (const [row, score, alike] of this.fullText(asked, limit * 3, exact, asked !== query)) take(row, this.rows[row][2], score, alike);
      }
      const length = (hit) => [...hit.row[2]].length;
      return [...best.values()].sort((a, b) => b.score - a.score || length(a) - length(b) || ordered(a.row[0], b.row[0])).slice(0, limit);
    }

    // Each word that no name has, replaced by the nearest one of a name: "minoxydil hair los" means minoxidil.
    respelt(query) {
      const words = query.split(" ");
      if (words.length < 2) return query;
      return words.map((word) => {
        if (word.length < SHORTEST_PART || this.places.has(word)) return word;
        return this.near(word, this.longer)[0]?.[1] ?? word;
      }).join(" ");
    }

    byName(query, exact) {
      const together = query.replaceAll(" ", "");
      const found = [];
      this.words.forEach(({ folded }, place) => {
        if (folded === query) found.push([place, 120, false]);
        else if (folded.replaceAll(" ", "") === together) found.push([place, 110, false]);
        else if (folded.startsWith(query)) {
          const ended = folded[query.length] === " " || folded.slice(query.length) === "s";
          if (ended || !wholeName(query, exact)) found.push([place, 100 + (10 * query.length) / folded.length, !ended]);
        } else if (` ${folded} `.includes(` ${query} `)) found.push([place, 90 + (10 * query.length) / folded.length, false]);
      });
      return found;
    }

    alike(query, bound) {
      const found = [];
      // Names of medicines a patient takes lie close together: two slips lead from one to another.
      const tooFar = (slipped, place) => slipped > 1 && this.words[place].folded.length < SHORTEST_MEDICINE_TWICE && this.rows[this.words[place].row][1] === "substance";
      for (const [slipped, word] of this.near(query, this.names)) {
        for (const place of this.known.get(word)) if (!tooFar(slipped, place)) found.push([place, 95 - 7 * slipped, !plural(query, word)]);
      }
      const words = new Set(query.split(" "));
      if (words.size > 1) {
        this.words.forEach(({ set }, place) => {
          const within = [...set].every((part) => words.has(part));
          const around = [...words].every((word) => set.has(word));
          if (around || (within && ![...set].some((part) => bound.has(part)))) found.push([place, 80, false]);
        });
      } else {
        for (const [slipped, part] of this.near(query, this.longer)) {
          for (const place of this.places.get(part)) if (!tooFar(slipped, place)) found.push([place, 80 - 5 * slipped, !plural(query, part)]);
        }
      }
      return found;
    }

    // Known words that a slip or two make of this one. The first letter stays, and a second slip needs a long word whose consonants stay.
    near(word, known) {
      const most = word.length < SHORTEST_PART ? 0 : word.length < SHORTEST_TWICE ? 1 : 2;
      if (!most) return [];
      const found = [];
      for (const other of known) {
        if (other[0] !== word[0] || other.length < SHORTEST_PART || other === word || digits(other) !== digits(word)) continue;
        const slipped = slips(word, other, most);
        if (slipped <= most && nearEnough(word, other, slipped)) found.push([slipped, other]);
      }
      return found.sort((a, b) => a[0] - b[0] || ordered(a[1], b[1])).slice(0, 5);
    }

    // Every word of everything, counted once, when it is first needed: word -> rows with their weighted count.
    get text() {
      if (this.counted) return this.counted;
      const terms = new Map();
      let whole = 0;
      const sizes = this.rows.map(([, , name, , aliases, , body], row) => {
        let size = 0;
        [name, aliases.join(" ; "), body].forEach((part, column) => {
          for (const token of tokens(part)) {
            size += 1;
            if (!terms.has(token)) terms.set(token, new Map());
            const rows = terms.get(token);
            rows.set(row, (rows.get(row) ?? 0) + COLUMNS[column]);
          }
        });
        whole += size;
        return size;
      });
      return (this.counted = { terms, sizes, mean: whole / (this.rows.length || 1) });
    }

    weighed(word, beginning) {
      if (!beginning) return this.text.terms.get(word) ?? new Map();
      const rows = new Map();
      for (const [term, held] of this.text.terms) if (term.startsWith(word)) for (const [row, count] of held) rows.set(row, (rows.get(row) ?? 0) + count);
      return rows;
    }

    // All words first, the last one as a beginning; some of the words if that finds nothing.
    // One word of several will do when slips were mended in them: each may mean a thing of its own.
    fullText(query, limit, exact, respelt) {
      const words = query.split(" ");
      const held = words.map((word, i) => ({ word, rows: this.weighed(word, i === words.length - 1 && !wholeName(query, exact)) }));
      const every = [...held[0].rows.keys()].filter((row) => held.every(({ rows }) => rows.has(row)));
      if (every.length) return this.ranked(every, held, limit).map(([row, share]) => [row, 75 * share, false]);
      const kept = held.filter(({ word }) => word.length >= SHORTEST_SHARED && !/^[0-9]+$/.test(word));
      if (kept.length < 2) return [];
      const enough = (row) => {
        const sizes = kept.filter(({ rows }) => rows.has(row)).map(({ word }) => word.length);
        return sizes.length > 1 && 2 * sizes.reduce((sum, size) => sum + size, 0) >= query.replaceAll(" ", "").length;
      };
      const any = [...new Set(kept.flatMap(({ rows }) => [...rows.keys()]))];
      return this.ranked(any, kept, limit)
        .slice(0, MOST_BY_ANY_WORD)
        .filter(([row, share]) => share >= 0.5 && (respelt || enough(row)))
        .map(([row, share]) => [row, 45 * share, true]);
    }

    // Rows with their share of the best one's weight, the best first.
    ranked(rows, held, limit) {
      const { sizes, mean } = this.text;
      const rarity = held.map(({ rows: { size } }) => Math.max(Math.log((this.rows.length - size + 0.5) / (size + 0.5)), 0) || 1e-6);
      const rank = (row) => held.reduce((sum, { rows: counts }, i) => {
        const count = counts.get(row) ?? 0;
        return sum + rarity[i] * ((count * (K1 + 1)) / (count + K1 * (1 - B + (B * sizes[row]) / mean)));
      }, 0);
      const best = rows.map((row) => [row, rank(row)])
        .sort((a, b) => b[1] - a[1] || ordered(this.rows[a[0]][0], this.rows[b[0]][0])).slice(0, limit);
      return best.map(([row, points]) => [row, best[0][1] ? points / best[0][1] : 0]);
    }
  }
  Object.assign(globalThis, { kbSearch: Search, kbFold: fold });
})();
