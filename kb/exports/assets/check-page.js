// The page of the pre-procedure check on the static site: reads the form, asks check-answer.js, draws the answer. Nothing leaves the page.
(() => {
  "use strict";
  const data = window.kbCheckData;
  const form = document.querySelector("form.check-form");
  const place = document.querySelector(".check-result");
  if (!form || !place) return;
  const answered = () => document.documentElement.classList.remove("has-plan"); // before this script came, a sheet said *checking*
  if (!data || !window.kbPrecheck || !window.kbCheckDraw) {
    place.innerHTML = '<p class="notice" role="alert">The check could not be loaded, so nothing is checked. Its files are missing beside this page, or the connection is gone.</p>';
    answered();
    return;
  }
  const said = data.words;
  const check = new window.kbPrecheck(data);
  const draw = window.kbCheckDraw;
  const empty = place.innerHTML;

  const { text } = window.kb;
  const capital = (value) => value.slice(0, 1).toUpperCase() + value.slice(1);
  const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const listed = (names, last = "and") => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names[names.length - 1]}`);
  const unique = (list) => [...new Set(list)];
  const chip = (tone, label) => `<span class="chip" data-tone="${text(tone)}">${text(label)}</span>`;
  const papers = (keys, most = 2) => {
    const known = unique(keys);
    const links = known.slice(0, most).map((key) => {
      const [short, file] = data.papers[key] || [key, ""];
      return file ? ` <a class="cite" href="${text(file)}">[${text(short)}]</a>` : ` <span class="cite">[${text(short)}]</span>`;
    });
    return links.join("") + (known.length > most ? ` <span class="small muted">and ${known.length - most} more</span>` : "");
  };
  const windowText = (w) => {
    const { before = null, after = null } = w || {};
    if (before !== null && after !== null) return `from ${counted(before, "day")} before until ${counted(after, "day")} after the session`;
    if (before !== null) return `from ${counted(before, "day")} before the session`;
    return after !== null ? `until ${counted(after, "day")} after the session` : "";
  };

  // The plan as the form holds it: lists to choose from, and fields of free text, several statements separated by semicolons.
  function planned() {
    const fields = new FormData(form);
    const chosen = (name) => fields.getAll(name).map((v) => v.trim()).filter(Boolean);
    const typed = (name) => chosen(name).flatMap((v) => v.split(/[;\n]+/)).map((v) => v.trim()).filter(Boolean);
    const number = (name, most) => {
      const value = (chosen(name)[0] || "").replace(",", ".");
      return /^\d{1,3}(\.\d{1,2})?$/.test(value) && Number(value) > 0 && Number(value) <= most ? Number(value) : null;
    };
    const amounts = typed("amounts").map((line) => {
      const colon = line.indexOf(":");
      if (colon >= 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
      const digit = line.search(/\s\d/);
      return digit >= 0 ? [line.slice(0, digit).trim(), line.slice(digit).trim()] : [line, ""];
    });
    return {
      ingredients: chosen("ingredient"), technique: chosen("technique"), conditions: [...chosen("condition"), ...typed("also")], substances: chosen("substance"),
      done: typed("done"), coming: typed("coming"), sites: typed("site"), jurisdictions: typed("place"), amounts,
      years: number("years", 130), kg: number("kg", 500), sex: chosen("sex")[0] || null,
    };
  }

  // A link with a plan in it, as a server's pages have them: what stands behind # fills the form. It is read here and sent nowhere.
  const hidden = () => (location.hash.includes("=") ? location.hash.slice(1) : "");
  function fill() {
    const asked = new URLSearchParams(hidden());
    for (const name of new Set(asked.keys())) {
      const field = form.elements.namedItem(name);
      const given = asked.getAll(name).map((value) => value.trim()).filter(Boolean);
      if (field instanceof HTMLSelectElement) choose(field, given);
      else if (field instanceof HTMLInputElement) field.value = field.inputMode === "decimal" ? given[0] ?? "" : given.join("; ");
      if (given.length) field?.closest("details")?.setAttribute("open", "");
    }
  }
  // They stand first, in the order of the address. A word that is not in a list of names is told as the check reads it: by another
  // name, or as not known.
  function choose(select, given) {
    const named = (word) => [...select.options].find(({ value }) => value === word) ?? (select.name === "sex" ? null : new Option(word, word));
    const chosen = given.map(named).filter(Boolean);
    if (select.multiple) select.prepend(...chosen);
    else select.append(...chosen.filter((option) => !option.isConnected));
    for (const option of select.options) option.selected = chosen.includes(option);
  }

  const names = (answer, ...roles) => unique(answer.given.filter((g) => roles.includes(g.role)).flatMap((g) => g.means.map((m) => m.name)));
  const alertBox = (tone, label, heading, body, extra = "") =>
    `<article class="alert" data-tone="${text(tone)}"${extra}><div class="alert-head"><span class="severity">${text(label)}</span><h3>${text(heading)}</h3></div><div class="alert-body">${body}</div></article>`;

  function notChecked(answer) {
    if (!answer.unresolved.length) return "";
    const rows = answer.unresolved.map(
      (u) => `<p><strong>Not checked: “${text(u.said)}”.</strong> This ${text(u.role)} is not known here.${u.near.length ? ` Did you mean ${text(listed(u.near, "or"))}?` : ""}</p>`,
    );
    return `<div class="notice not-checked" role="status">${rows.join("")}</div>`;
  }

  function titleOf(answer, plan) {
    const facts = plan.conditions.length + plan.substances.length + plan.done.length + plan.coming.length + (plan.years ? 1 : 0) + (plan.sex ? 1 : 0);
    const subjects = plan.ingredients.length + plan.technique.length;
    return answer.cards.length
      ? counted(answer.cards.length, "alert")
      : facts && subjects ? "No alert recorded" : facts ? "No plan chosen yet" : "Nothing about the patient chosen yet";
  }
  const restricted = (answer) => (answer.status.length ? [chip("contraindicated", counted(answer.status.length, "regulatory restriction"))] : []);
  const bySeverity = (answer) => data.order
    .map((severity) => [severity, answer.cards.filter((c) => c.severity === severity).length])
    .filter(([, n]) => n)
    .map(([severity, n]) => chip(severity, `${n} ${said.severities[severity].toLowerCase()}`));
  function warned(answer) {
    const n = answer.notices.filter(({ kind }) => kind in said.notices).length;
    return n ? [chip("avoid", counted(n, "further warning"))] : [];
  }
  // On a phone, while the form fills the screen: the gravest verdict, and the way to the answer.
  const line = Object.assign(document.createElement("p"), { className: "check-verdict no-print", hidden: true });
  form.after(line);
  function verdict(answer, plan) {
    const missed = answer.unresolved.length ? [chip("avoid", `${answer.unresolved.length} not checked`)] : [];
    const chips = [...missed, ...restricted(answer), ...bySeverity(answer).slice(0, 1), ...warned(answer)];
    line.innerHTML = `<a href="#answer">${chips.map((c) => `${c} `).join("")}<span>${text(titleOf(answer, plan))}: see the answer</span></a>`;
    line.hidden = false;
  }

  function head(answer, plan) {
    const title = titleOf(answer, plan);
    const chips = [...restricted(answer), ...bySeverity(answer), ...warned(answer)];
    const clashes = answer.mixing.filter((p) => p.compatibility.endsWith("incompatible")).length;
    if (clashes) chips.push(chip("tested-incompatible", `${counted(clashes, "pair")} named incompatible in one syringe`));
    if (answer.duplicates.length) chips.push(chip("caution", counted(answer.duplicates.length, "doubled action")));
    const patient = names(answer, "condition", "substance", "allergy", "done", "coming");
    if (answer.patient.years) patient.push(`${answer.patient.years} years`);
    if (answer.patient.kg) patient.push(`${answer.patient.kg} kg`);
    if (answer.patient.sex) patient.push(answer.patient.sex);
    const rows = [
      ["Cocktail", listed(names(answer, "ingredient"))],
      ["Technique", listed(names(answer, "technique"))],
      ["Site", listed(names(answer, "site"))],
      ["Patient", listed(patient)],
      ["Not counted", answer.not_counted.map((n) => `${n.said} (${n.why})`).join("; ")],
    ].filter(([, value]) => value);
    const read = answer.given.filter((g) => g.notes.length || !["id", "name"].includes(g.how));
    return (
      `<div class="section-head"><h2 id="answer-h">${text(title)}</h2><button class="button button-small no-print" type="button" data-print>Print the sheet</button></div>` +
      (chips.length ? `<ul class="chips headline">${chips.map((c) => `<li>${c}</li>`).join("")}</ul>` : "") +
      `<dl class="facts plan">${rows.map(([label, value]) => `<dt>${label}</dt><dd>${text(value)}</dd>`).join("")}</dl>` +
      (read.length
        ? `<details class="box no-print"${read.some((g) => g.notes.length) ? " open" : ""}><summary>How the words were read</summary><ul>${read
            .map((g) => `<li>“${text(g.said)}”: ${text(g.means.map((m) => m.name).join(", "))}${g.notes.length ? `. ${text(g.notes.join(" "))}` : ""}</li>`)
            .join("")}</ul></details>`
        : "") +
      (plan.ingredients.length || plan.technique.length ? "" : `<p class="notice">No ingredient and no technique is chosen, so there is nothing to check the patient's facts against.</p>`)
    );
  }

  function status(answer) {
    if (!answer.status.length) return "";
    const boxes = answer.status.map((x) =>
      alertBox(x.state === "unapproved" ? "avoid" : "contraindicated", capital(data.status.captions[x.state]), `${x.subject_name} · ${x.jurisdiction_name}`,
        `<p>${text(capital(x.use))}, ${x.state === "unapproved" ? "as of" : "since"} ${text(x.since)}.${papers(x.references)}</p>${x.note ? `<p class="small">${text(x.note)}</p>` : ""}`,
        ` data-status="${text(x.state)}"`),
    );
    return `<div class="alerts status" role="group" aria-label="Regulatory status">${boxes.join("")}</div>`;
  }

  function part(a, many, severity) {
    const heading = many ? `<p class="part"><strong>${text(listed(a.names))}</strong>${a.severity !== severity ? ` ${chip(a.severity, said.severities[a.severity])}` : ""}</p>` : "";
    return (
      `${heading}<p class="action">${text(a.action)}</p>` +
      (a.window_days ? `<p class="small"><strong>Keep clear:</strong> ${windowText(a.window_days)}.</p>` : "") +
      `<p>${text(a.why)}${papers(a.references)}</p>` +
      (a.routes.length ? `<p class="small"><strong>Stated for ${text(listed(a.routes.map((r) => r.replaceAll("-", " ")), "or"))} use.</strong> About other routes the source says nothing, for or against.</p>` : "") +
      (a.inherited_from ? `<p class="small"><strong>Stated for ${text(check.name(a.inherited_from))}</strong>, of which ${text(a.subject_name)} is a kind.</p>` : "") +
      `<p class="small muted rests"><strong>Rests on:</strong> ${text(a.strength)}</p>`
    );
  }

  function cards(answer) {
    const drawn = (severity, minor) =>
      answer.cards.filter((c) => c.severity === severity && c.minor === minor).map((card) => {
        const parts = new Map();
        for (const a of answer.alerts) {
          const facts = [a.trigger, ...a.also];
          const mine = card.subjects.includes(a.subject) && card.cautions.includes(a.caution);
          const own = facts.filter((f) => !card.beside.includes(f));
          const same = !own.length || (own.length === card.facts.length && own.every((f) => card.facts.includes(f)));
          if (!mine || !same) continue;
          if (!parts.has(a.caution)) parts.set(a.caution, { ...a, names: [] });
          parts.get(a.caution).names.push(a.subject_name);
        }
        const heading = `${listed(card.subject_names)} · ${[...card.fact_names, ...card.beside_names].join(", ")}`;
        const list = [...parts.values()];
        return alertBox(severity, said.severities[severity], heading, list.map((a) => part(a, list.length > 1, severity)).join(""));
      });
    const minor = data.order.flatMap((severity) => drawn(severity, true));
    const shown = data.order
      .map((severity) => {
        const boxes = drawn(severity, false);
        return boxes.length ? `<div class="alerts" role="group" aria-label="${text(said.severities[severity])}">${boxes.join("")}</div>` : "";
      })
      .join("");
    const folded = minor.length
      ? `<details class="box minor"${shown ? "" : " open"}><summary><h3>Also to know <span class="small">${counted(minor.length, "alert")} for information, or resting on practice alone</span></h3></summary><div class="alerts" role="group" aria-label="Also to know">${minor.join("")}</div></details>`
      : "";
    return shown + folded;
  }

  function rest(answer, plan) {
    const grave = answer.notices.filter((n) => has(said.notices, n.kind));
    const told = answer.notices.filter((n) => !has(said.notices, n.kind));
    const looked = answer.silent.filter((s) => s.nothing_found).length;
    const subjects = plan.ingredients.length + plan.technique.length;
    return (
      (grave.length
        ? `<div class="alerts" role="group" aria-label="Parts of the plan together">${grave.map((n) => alertBox("avoid", said.notices[n.kind], n.subject_name, `<p>${text(n.message)}${papers(n.references)}</p>`)).join("")}</div>`
        : "") +
      cards(answer) +
      `<div class="notice said"><p><strong>No alert does not mean safe.</strong> The check knows the cautions recorded here and not the whole patient.</p>` +
      told.map((n) => `<p>${text(n.message)}${papers(n.references)}</p>`).join("") +
      (answer.silent.length && subjects
        ? `<p>Nothing is recorded with this plan for: ${text(listed(answer.silent.map((s) => s.name)))}.${looked ? ` For ${looked} of these a source was searched and nothing was found.` : ""}</p>` +
          `<ul class="small">${answer.silent.map((s) => `<li>${text(s.name)}: ${text(s.why)}${papers(s.looked)}</li>`).join("")}</ul>`
        : "") +
      (answer.bare.length ? `<p>No caution of any kind is recorded for ${text(listed(answer.bare.map((b) => b.name)))}: a gap in the records, not a clean bill.</p>` : "") +
      `</div>`
    );
  }
  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

  function sections(answer) {
    const doses = answer.doses.filter((d) => d.said);
    const told = answer.mixing.filter((p) => p.references.length || p.compatibility !== "no-data-found");
    const bare = answer.mixing.filter((p) => !told.includes(p));
    const days = unique(answer.timeline.map((e) => e.day));
    const details = answer.ask.filter((q) => q.gravest === null);
    const doubled = (d) => {
      const others = d.ingredients.filter((i) => i !== d.action).map((i) => check.name(i));
      if (!d.ingredients.includes(d.action)) return `${listed(others)} are both of the class ${d.action_name}.`;
      return `${listed(others)} ${others.length === 1 ? "is a form" : "are forms"} of ${d.action_name}, which is chosen as well.`;
    };
    const section = (id, heading, body) => (body ? `<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2>${body}</section>` : "");
    return (
      section("doses", "Doses",
        doses
          .map((d) => {
            const drawing = draw.doses(d);
            const chart = drawing ? `<figure class="chart">${drawing}<figcaption>Marks: amounts in studies and protocols. Line: this plan.</figcaption></figure>` : "";
            return `<p>${text(d.message)}</p>${chart}`;
          })
          .join("") +
          (answer.maxima.length ? `<ul>${answer.maxima.map((m) => `<li>${m.share !== null && m.share > 1 ? `<strong>${text(m.message)}</strong>` : text(m.message)}${papers(m.references)}</li>`).join("")}</ul>` : "")) +
      section("days", "Days around the session",
        days.length
          ? `<figure class="chart no-print"><div class="chart-scroll" tabindex="0" role="region" aria-label="Days to keep clear">${draw.timeline(answer.alerts)}</div><figcaption>Days are evenly spaced, not to scale. Only windows that a source states are drawn.</figcaption></figure><ol class="timeline">${days
              .map((day) => `<li><p class="when">${day === 0 ? "Session" : `Day ${day < 0 ? "−" : "+"}${Math.abs(day)}`}</p>${answer.timeline.filter((e) => e.day === day).map((e) => `<p><strong>${text(listed(e.fact_names))}</strong> (${text(listed(e.subject_names))}): ${text(e.action)}${papers(e.references)}</p>`).join("")}</li>`)
              .join("")}</ol>`
          : "") +
      section("mixing", "In one syringe",
        answer.duplicates.map((d) => `<p>${chip("caution", "Doubled action")} ${text(doubled(d))}</p>`).join("") +
          (told.length ? `<ul class="pairs">${told.map((p) => `<li>${chip(p.compatibility, said.compatibilities[p.compatibility])} <strong>${text(p.a_name)} with ${text(p.b_name)}.</strong> ${text(p.summary)}${papers(p.references)}</li>`).join("")}</ul>` : "") +
          (bare.length ? `<p>Nobody is on record as having tested ${bare.length === 1 ? "this pair" : "these pairs"}; that is not leave to mix: ${text(bare.map((p) => `${p.a_name} + ${p.b_name}`).join("; "))}.</p>` : "")) +
      section("ask", "Still to ask the patient",
        (details.length ? `<ul class="asks">${details.map((q) => `<li>${text(q.name)} <span class="muted small">(${text(listed(q.subjects))}). ${text(q.why)}</span></li>`).join("")}</ul>` : "") +
          data.order
            .map((severity) => {
              const found = answer.ask.filter((q) => q.gravest === severity);
              if (!found.length) return "";
              const list = `<ul class="asks">${found.map((q) => `<li>${text(q.name)} <span class="muted small">(${text(listed(q.subjects))})</span></li>`).join("")}</ul>`;
              const label = chip(severity, said.severities[severity]);
              return severity === "caution" || severity === "inform"
                ? `<details class="box"><summary><h3>${label} <span class="small">${counted(found.length, "question")}</span></h3></summary>${list}</details>`
                : `<div><h3>${label}</h3>${list}</div>`;
            })
            .join(""))
    );
  }

  const forRecord = (answer) =>
    `<details class="box no-print"><summary>As plain text for the record</summary><article><pre class="citation record">${text(draw.record(answer, check.grave))}</pre>` +
    `<button class="button button-small" type="button" data-copy="">Copy</button></article></details>`;

  function show() {
    const plan = planned();
    const nothing = ["ingredients", "technique", "conditions", "substances", "done", "coming"].every((asked) => !plan[asked].length);
    if (nothing && plan.years === null && !plan.sex) {
      place.innerHTML = empty;
      line.hidden = true;
      return;
    }
    const answer = check.check(plan);
    place.innerHTML = `${notChecked(answer)}<section id="answer" aria-labelledby="answer-h">${head(answer, plan)}${status(answer)}${rest(answer, plan)}</section>${sections(answer)}${forRecord(answer)}`;
    verdict(answer, plan);
    const live = document.getElementById("kb-live");
    if (live) live.textContent = place.querySelector("#answer-h").textContent;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.addEventListener("change", () => {
    if (hidden()) history.replaceState(null, "", location.pathname + location.search); // another plan now
    show();
  });
  addEventListener("hashchange", () => { if (hidden()) location.reload(); });
  fill(); // before the lists to choose from are made of it (DOMContentLoaded)
  show();
  answered();
})();
