// What the check of the static site draws and writes besides its answer: days to keep clear, planned beside studied doses, and the text
// for the record. Follows `kb/views/charts/{labels,timeline,doses}.py` and `kb/questions/record.py`; tests/agreement holds both together.
((root) => {
  "use strict";
  const { figure, general, halfEven, casefold, unique } = root.kbCheckParts;
  const escaped = (value) => String(value).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" })[c]);
  const listed = (names, last = "and") => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names[names.length - 1]}`);

  // ---- kb/views/charts/labels.py

  const NARROW = new Set("iljtfrI.,:;'|!()[]/- ");
  const WIDE = new Set("mwMW@%—⊕◯");
  const units = (c) => (NARROW.has(c) ? 0.34 : WIDE.has(c) ? 0.93 : /\p{Lu}/u.test(c) ? 0.7 : 0.585);
  const textWidth = (text, size = 12.5) => [...text].reduce((sum, c) => sum + units(c), 0) * size;
  const short = (number) => halfEven(number, 1).toFixed(1).replace(/\.0$/, "");
  function oneLine(text, width) {
    let letters = [...text.split(/\s+/).filter(Boolean).join(" ")];
    if (textWidth(letters.join("")) <= width) return letters.join("");
    while (letters.length > 1 && textWidth(`${letters.join("")}…`) > width) letters = letters.slice(0, -1);
    return `${letters.join("").trimEnd()}…`;
  }
  const svgText = (text, x, y, classes = "") => `<text x="${short(x)}" y="${short(y)}"${classes ? ` class="${classes}"` : ""}>${escaped(text)}</text>`;

  // ---- kb/views/charts/timeline.py

  const [MARGIN, STEP, LEAST_WIDTH, TOP, ROW, BAR] = [46, 96, 330, 34, 44, 12];
  const dayName = (day) => (day === 0 ? "Session" : `Day ${day < 0 ? "−" : "+"}${Math.abs(day)}`);
  function bars(alerts) {
    return alerts
      .filter((a) => a.window_days)
      .map((a) => ({
        label: `${listed([a.trigger_name, ...a.also_names])} · ${a.subject_name}`,
        first: -(a.window_days.before || 0) || 0, last: a.window_days.after || 0, severity: a.severity,
      }));
  }
  function timeline(alerts) {
    const drawn = bars(alerts);
    if (!drawn.length) return "";
    const days = unique([0, ...drawn.flatMap((b) => [b.first, b.last])]).sort((a, b) => a - b);
    const longest = Math.max(...drawn.map((b) => textWidth(b.label)));
    const width = Math.max(LEAST_WIDTH, 2 * MARGIN + STEP * (days.length - 1), Math.min(longest + 8, 640));
    const step = (width - 2 * MARGIN) / Math.max(days.length - 1, 1);
    const at = new Map(days.map((day, i) => [day, MARGIN + i * step]));
    const height = TOP + ROW * drawn.length + 8;
    const title = `Days to keep clear. ${drawn.map((b) => `${b.label}: ${dayName(b.first).toLowerCase()} to ${dayName(b.last).toLowerCase()}`).join("; ")}`;
    const row = (bar, y) => {
      const [left, right, top] = [at.get(bar.first), at.get(bar.last), short(y + 20)];
      const ticks = [...at].map(
        ([day, x]) => `<line class="${day === 0 ? "session-line" : "day-line"}" x1="${short(x)}" x2="${short(x)}" y1="${top}" y2="${short(y + 24 + BAR)}"/>`,
      );
      return (
        svgText(oneLine(bar.label, width - 8), 2, y + 14) +
        `<rect class="track" x="0" y="${top}" width="${short(width)}" height="${BAR + 4}" rx="3"/>` +
        `<rect class="mark" data-tone="${bar.severity}" x="${short(left)}" y="${short(y + 22)}" width="${short(Math.max(right - left, 4))}" height="${BAR}" rx="3"/>` +
        ticks.join("")
      );
    };
    return (
      `<svg viewBox="0 0 ${short(width)} ${short(height)}" width="${short(width)}" height="${short(height)}" role="img" aria-labelledby="timeline-t">` +
      `<title id="timeline-t">${escaped(title)}</title>` +
      [...at].map(([day, x]) => svgText(dayName(day), x, 14, day === 0 ? "t-mid t-bold" : "t-mid t-muted")).join("") +
      drawn.map((bar, i) => row(bar, TOP + i * ROW)).join("") +
      "</svg>"
    );
  }

  // ---- kb/views/charts/doses.py

  const [WIDTH, HEIGHT, LEFT] = [420, 56, 12];
  function doses(dose) {
    for (const [planned, unit] of [[dose.amount, dose.unit], [dose.concentration, dose.concentration_unit], [dose.volume_ml, "mL"]]) {
      const studied = dose.studied.filter((s) => s.unit === unit);
      if (planned !== null && studied.length) return drawnDoses(planned, unit, studied, dose.ingredient_name);
    }
    return "";
  }
  function drawnDoses(planned, unit, studied, name) {
    const most = Math.max(planned, ...studied.map((s) => s.high)) * 1.08 || 1;
    const scale = (WIDTH - 2 * LEFT) / most;
    const at = (value) => LEFT + value * scale;
    const [low, high] = [Math.min(...studied.map((s) => s.low)), Math.max(...studied.map((s) => s.high))];
    const label = `${name}: planned ${figure(planned)} ${unit}; studied ${figure(low)} to ${figure(high)} ${unit}`;
    const marks = studied.map(
      (s) => `<rect class="mark" x="${short(at(s.low) - 2)}" y="20" width="${short(Math.max(4, (s.high - s.low) * scale))}" height="12" rx="2" fill-opacity=".35"/>`,
    );
    const place = short(Math.min(Math.max(at(planned), 60), WIDTH - 60));
    return (
      `<svg class="doses" role="img" aria-label="${escaped(label)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">` +
      `<line class="axis" x1="${LEFT}" x2="${WIDTH - LEFT}" y1="34" y2="34" stroke="currentColor" stroke-opacity=".4"/>${marks.join("")}` +
      `<line class="plan" x1="${short(at(planned))}" x2="${short(at(planned))}" y1="14" y2="38" stroke="currentColor" stroke-width="2"/>` +
      `<text x="${place}" y="11" text-anchor="middle" font-size="11" fill="currentColor">${escaped(`plan ${figure(planned)} ${unit}`)}</text>` +
      `<text x="${LEFT}" y="50" font-size="11" fill="currentColor">0</text>` +
      `<text x="${WIDTH - LEFT}" y="50" text-anchor="end" font-size="11" fill="currentColor">${escaped(`${figure(most)} ${unit}`)}</text></svg>`
    );
  }

  // ---- kb/questions/record.py

  function record(answer, grave) {
    const section = (title, lines) => (lines.length ? [title, ...lines.map((line) => `- ${line}`), ""] : []);
    const taken = (g) => {
      const others = g.means.map((m) => m.name).filter((n) => casefold(n) !== casefold(g.said));
      return others.length ? ` (${others.join(", ")})` : "";
    };
    const refs = (x) => `[${x.references.join(", ")}]`;
    const alerts = answer.alerts.map((a) => `${a.severity.toUpperCase()}: ${a.message} Do: ${a.action} ${refs(a)}`);
    const lines = [
      "PRE-PROCEDURE CHECK", "",
      ...section("Plan", answer.given.map((g) => `${g.role}: ${g.said}${taken(g)}`)),
      ...section("Patient", Object.entries(answer.patient).map(([k, v]) => `${k}: ${typeof v === "number" ? general(v, 6) : v}`)),
      ...section("NOT CHECKED", answer.unresolved.map((u) => `${u.said} (${u.role})`)),
      ...section("Not counted", answer.not_counted.map((n) => `${n.said}: ${n.why}`)),
      ...section("Regulatory status", answer.status.map((s) => `${s.message} ${refs(s)}`)),
      ...section("Notes", answer.notices.map((n) => n.message)),
      ...section("Alerts", alerts.length ? alerts : ["none recorded; that is no proof of safety"]),
      ...section("Doses", [...answer.doses.filter((d) => d.said).map((d) => d.message), ...answer.maxima.map((s) => s.message)]),
      ...section("Raised nothing", answer.silent.map((s) => `${s.said}: ${s.why}`)),
      ...section("Still to ask", answer.ask.filter((q) => grave.has(q.gravest)).map((q) => q.name)),
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  }

  root.kbCheckDraw = { timeline, doses, record };
})(typeof window === "undefined" ? globalThis : window);
