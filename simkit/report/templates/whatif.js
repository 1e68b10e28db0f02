"use strict";
/* The page of caps. It knows caps and the same-matter rule, in the order of simkit/rules/decision.py, and
   nothing else of the policy: every other step was carried out by simkit, and stands in the data. Money is fen. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = (key, values = {}) => data.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const byId = (id) => document.getElementById(id);
  const FEN_OF_WAN = 1e6;

  // ------------------------------------------------------------------ columns

  const WORDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array };

  function column(packed) {
    if (packed === null) return null;
    const text = atob(packed.data);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return new WORDS[packed.type](bytes.buffer);
  }

  /** Number of different sums that a column names. */
  function size(ids) {
    let most = 0;
    if (ids !== null) for (const id of ids) most = id > most ? id : most;
    return most + 1;
  }

  function unpack(packed) {
    const used = packed.used.map(column);
    const counted = packed.counted.map(column);
    const covered = column(packed.covered);
    const account = column(packed.account);
    let end = size(covered);
    const places = (columns) => columns.map((ids) => { const first = end; end += size(ids); return first; });
    return {
      rules: packed.rules,
      kinds: packed.kinds,
      measureOf: packed.kinds.map((kind) => kind.measure),
      firsts: column(packed.firsts),
      kind: column(packed.kind),
      amount: column(packed.amount),
      used, counted, covered, account,
      usedFirst: places(used),
      countedFirst: places(counted),
      sums: new Float64Array(end),
      flags: new Int32Array(size(account)),
      sliders: packed.rules.flatMap((rule) => [...rule.claim_caps, ...rule.running]),
    };
  }

  // ------------------------------------------------------------------ the rules

  /** Decide the claims of one tie. caps: fen by slider. Gives sums of awards by kind and draw, and, by draw, agencies
      awarded by measure and those at each cap. */
  function decide(group, caps) {
    const { rules, measureOf, firsts, kind, amount, used, counted, covered, account } = group;
    const { usedFirst, countedFirst, sums, flags } = group;
    const draws = data.draws;
    const awards = group.kinds.map(() => new Float64Array(draws));
    const awarded = rules.map(() => new Float64Array(draws));
    const at = new Map(group.sliders.map((slider) => [slider, new Float64Array(draws)]));
    for (let draw = 0; draw < draws; draw++) {
      for (let row = firsts[draw]; row < firsts[draw + 1]; row++) {
        const k = kind[row] >> 1;
        if (kind[row] & 1) { sums.fill(0); flags.fill(0); } // a chain begins
        const measure = measureOf[k];
        const rule = rules[measure];
        const matter = covered === null ? 0 : covered[row];
        let left = amount[row] * rule.unit;
        if (rule.outside) { sums[matter] += left; continue; }
        let reached = 0;
        // Step 3: caps per claim.
        for (let n = 0; n < rule.claim_caps.length; n++) {
          const limit = caps[rule.claim_caps[n]];
          if (left >= limit && left > 0) { left = limit; reached |= 2 << n; }
        }
        // Step 5: the room of each running cap, and what it has counted on the same matter.
        for (let n = 0; n < rule.running.length; n++) {
          let room = caps[rule.running[n]] - sums[usedFirst[n] + (used[n] === null ? 0 : used[n][row])];
          if (rule.matter) room += sums[countedFirst[n] + (counted[n] === null ? 0 : counted[n][row])];
          if (room < 0) room = 0;
          if (left >= room && left > 0) { left = room; reached |= 2 << (rule.claim_caps.length + n); }
        }
        // Step 6: what the matter is not yet paid.
        if (rule.matter) left = left > sums[matter] ? left - sums[matter] : 0;
        awards[k][draw] += left;
        if (rule.matter) sums[matter] += left;
        for (let n = 0; n < rule.running.length; n++) {
          sums[usedFirst[n] + (used[n] === null ? 0 : used[n][row])] += left;
          if (rule.matter) sums[countedFirst[n] + (counted[n] === null ? 0 : counted[n][row])] += left;
        }
        // An agency stands at a cap when it was at it and is awarded something in the year, in either order.
        const place = account === null ? 0 : account[row];
        const before = flags[place];
        const after = before | reached | (left > 0 ? 1 : 0);
        if (after !== before && after & 1) {
          if (!(before & 1)) awarded[measure][draw]++;
          const news = before & 1 ? after & ~before : after;
          rule.claim_caps.concat(rule.running).forEach((slider, n) => { if (news & (2 << n)) at.get(slider)[draw]++; });
        }
        flags[place] = after;
      }
    }
    return { awards, awarded, at };
  }

  /** Add what a tie is paid to paid[view][year][draw]. */
  function pay(group, awards, paid) {
    group.kinds.forEach((kind, k) => kind.weights.forEach((years, view) => years.forEach((weight, year) => {
      if (weight === 0) return;
      const into = paid[view][year];
      for (let draw = 0; draw < data.draws; draw++) into[draw] += weight * awards[k][draw];
    })));
  }

  // ------------------------------------------------------------------ figures with their errors

  const REACH = 1.959963984540054; // of a normal law's 95 % interval

  function mean(sample) {
    let sum = 0;
    for (const one of sample) sum += one;
    const value = sum / sample.length;
    let squares = 0;
    for (const one of sample) squares += (one - value) ** 2;
    return { value, error: Math.sqrt(squares / (sample.length - 1) / sample.length) };
  }

  /** The lower quantile and its order-statistic interval; their ranks come with the data, null where refused. */
  function quantile(ordered, level) {
    if (level.rank === null) return null;
    const low = ordered[level.low], high = ordered[level.high];
    return { value: ordered[level.rank], low, high, error: (high - low) / (2 * REACH) };
  }

  /** How far a quantile moved; its error counts the common luck of both, as simkit/sizing/shift.py says. */
  function shift(before, after, first, second) {
    let below = 0, under = 0, both = 0;
    for (let draw = 0; draw < before.length; draw++) {
      const one = before[draw] <= first.value, other = after[draw] <= second.value;
      below += one; under += other; both += one && other;
    }
    const n = before.length, share = below / n, other = under / n;
    const spread = Math.sqrt(share * (1 - share) * other * (1 - other));
    const alike = both === below && both === under ? 1 : spread > 0 ? Math.min(1, (both / n - share * other) / spread) : 0;
    const variance = (first.error - second.error) ** 2 + 2 * first.error * second.error * (1 - alike);
    return { value: second.value - first.value, error: Math.sqrt(variance) };
  }

  /** A ratio of two sums over draws, with the error of a ratio estimator; null where nothing was counted. */
  function ratio(parts, wholes) {
    let part = 0, whole = 0;
    for (let draw = 0; draw < parts.length; draw++) { part += parts[draw]; whole += wholes[draw]; }
    if (whole === 0) return null;
    const value = part / whole, n = parts.length;
    let squares = 0;
    for (let draw = 0; draw < n; draw++) squares += (parts[draw] - value * wholes[draw]) ** 2;
    return { value, error: Math.sqrt(squares * n / (n - 1)) / whole };
  }

  const minus = (after, before) => after.map((one, draw) => one - before[draw]);
  const isDistinct = (found) => Math.abs(found.value) > REACH * found.error;

  /** Every figure of a sample: by draw, ordered, mean and quantiles. */
  function figures(sample) {
    const ordered = Float64Array.from(sample).sort();
    return { sample, ordered, mean: mean(sample), quantiles: data.levels.map((level) => quantile(ordered, level)) };
  }

  // ------------------------------------------------------------------ the state

  const groups = data.groups.map(unpack);
  const rest = column(data.rest);
  const base = data.sliders.map((slider) => slider.amount);
  const caps = base.slice();
  const decided = groups.map((group) => decide(group, caps));

  /** paid[view][year][draw]; after the years their sum. */
  function paid() {
    const years = data.years.length, draws = data.draws;
    const found = [0, 1].map((view) => data.years.map((_, year) => {
      const first = (view * years + year) * draws;
      return rest.slice(first, first + draws);
    }));
    groups.forEach((group, n) => pay(group, decided[n].awards, found));
    return found.map((columns) => {
      const total = new Float64Array(draws);
      for (const one of columns) for (let draw = 0; draw < draws; draw++) total[draw] += one[draw];
      return [...columns, total];
    });
  }

  const look = () => paid().map((columns) => columns.map(figures));
  const baseline = look();
  let now = baseline;

  function shareAtCap(slider, state) {
    const n = groups.findIndex((group) => group.sliders.includes(slider));
    const measure = groups[n].rules.findIndex((rule) => [...rule.claim_caps, ...rule.running].includes(slider));
    return ratio(state[n].at.get(slider), state[n].awarded[measure]);
  }
  const baseShares = data.sliders.map((_, slider) => shareAtCap(slider, decided));

  // ------------------------------------------------------------------ numbers as people read them

  function grouped(value, decimals) {
    const text = Math.abs(value).toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return (value < 0 && Number(Math.abs(value).toFixed(decimals)) !== 0 ? "-" : "") + text;
  }
  const wan = (fen) => grouped(fen / FEN_OF_WAN, 2);
  const signed = (fen) => (fen > 0 && wan(fen) !== "0.00" ? "+" : "") + wan(fen);
  /** A cap in 万元, exactly: no digit of it is lost. */
  const exact = (fen) => {
    const whole = Math.floor(fen / FEN_OF_WAN), part = String(fen % FEN_OF_WAN).padStart(6, "0").replace(/0+$/, "");
    return part ? `${whole}.${part}` : String(whole);
  };
  const percent = (share, decimals) => `${(100 * share).toFixed(decimals)}%`;

  function text(id, words) {
    const node = byId(id);
    if (node.textContent !== words) node.textContent = words;
  }

  // ------------------------------------------------------------------ what is shown

  const place = data.levels.findIndex((level) => level.headline);
  const year = data.years.indexOf(data.budget_year);

  /** A difference from the baseline in words (`gap` or `mean_gap`), with its error, or that it cannot be told from none. */
  function difference(found, unchanged, key) {
    if (unchanged) return say(`${key}_same`);
    const values = { amount: wan(Math.abs(found.value)), error: wan(found.error) };
    return say(`${key}_${found.value < 0 ? "less" : "more"}`, values) + (isDistinct(found) ? "" : say("indistinct"));
  }

  function same(before, after) {
    return before.every((one, draw) => one === after[draw]);
  }

  function showHeadline() {
    const before = baseline[0][year], after = now[0][year];
    const first = before.quantiles[place], second = after.quantiles[place];
    const unchanged = same(before.sample, after.sample);
    const gap = mean(minus(after.sample, before.sample));
    const meanWords = say("mean", { amount: wan(after.mean.value), error: wan(after.mean.error) });
    text("mean", meanWords + difference(gap, unchanged, "mean_gap"));
    if (second === null) {
      text("amount", "—");
      text("interval", say("refused", { needs: data.levels[place].needs }));
      text("gap", "");
    } else {
      text("amount", say("wan", { amount: wan(second.value) }));
      text("interval", say("interval", { low: wan(second.low), high: wan(second.high) }));
      text("gap", difference(shift(before.sample, after.sample, first, second), unchanged, "gap"));
    }
    byId("lead").classList.toggle("changed", !unchanged);
  }

  function cell(found) {
    const node = document.createElement("td");
    node.className = "n";
    node.append(found === null ? "—" : wan(found.value));
    if (found !== null) {
      const error = document.createElement("span");
      error.className = "error";
      error.textContent = `(${wan(found.error)})`;
      node.append(document.createElement("br"), error);
    }
    return node;
  }

  function showTable(view, id) {
    const rows = now[view].map((figure, n) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.className = "s";
      head.textContent = n < data.years.length ? say("year", { year: data.years[n] }) : say("all_years");
      if (data.years[n] === data.budget_year) row.className = "budget";
      if (n === data.years.length) row.className = "total";
      const before = baseline[view][n].sample;
      const gap = mean(minus(figure.sample, before));
      const last = cell(gap);
      if (same(before, figure.sample)) last.textContent = "0.00";
      else {
        last.firstChild.textContent = signed(gap.value);
        if (!isDistinct(gap)) last.lastChild.append(` ${say("not_told")}`);
      }
      row.append(head, cell(figure.mean), ...figure.quantiles.map(cell), last);
      return row;
    });
    byId(id).replaceChildren(...rows);
  }

  function showSlider(n) {
    const slider = data.sliders[n], range = byId(`range-${n}`), number = byId(`number-${n}`);
    range.value = Math.round(caps[n] / slider.step);
    range.setAttribute("aria-valuetext", say("wan", { amount: exact(caps[n]) }));
    if (document.activeElement !== number || Math.round(Number(number.value) * FEN_OF_WAN) !== caps[n]) {
      number.value = exact(caps[n]);
    }
    number.removeAttribute("aria-invalid");
    text(`wrong-${n}`, "");
    byId(`cap-${n}`).classList.toggle("changed", caps[n] !== base[n]);
    const share = shareAtCap(n, decided), before = baseShares[n];
    const shown = (found) => found === null ? "—" : found.value === 0 ? say("none_at_cap")
      : say("share", { share: percent(found.value, 1), error: percent(found.error, 2) });
    text(`share-${n}`, say("at_cap", { now: shown(share), before: shown(before) }));
  }

  // ------------------------------------------------------------------ the chart

  const SVG = "http://www.w3.org/2000/svg";
  const HEIGHT = 300, LEFT = 46, RIGHT = 24, TOP = 12, BOTTOM = 44;

  function draw(name, attributes, words) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (words !== undefined) node.textContent = words;
    return node;
  }

  /** A round distance of at most so many ticks. */
  function niceStep(span, most) {
    const power = 10 ** Math.floor(Math.log10(span / most));
    return [1, 2, 5, 10].map((one) => one * power).find((one) => span / one <= most);
  }

  /** The curve of an ordered sample: money against the share of draws that it is enough for. */
  function steps(ordered, x, y) {
    const n = ordered.length;
    let path = `M${x(ordered[0]).toFixed(1)} ${y(0).toFixed(1)}`;
    for (let draw = 0; draw < n; draw++) {
      path += `H${x(ordered[draw]).toFixed(1)}V${y((draw + 1) / n).toFixed(1)}`;
    }
    return path;
  }

  function showChart() {
    const chart = byId("chart");
    // As wide as it is shown, so that its letters are as large as the page's.
    const WIDTH = Math.max(280, Math.min(760, Math.round(chart.clientWidth) || 640));
    chart.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    const before = baseline[0][year], after = now[0][year], n = before.ordered.length;
    const least = Math.min(before.ordered[0], after.ordered[0]) / FEN_OF_WAN;
    const most = Math.max(before.ordered[n - 1], after.ordered[n - 1]) / FEN_OF_WAN;
    const step = niceStep(Math.max(most - least, 1e-6), WIDTH < 480 ? 5 : 6);
    const low = Math.floor(least / step) * step, high = Math.max(Math.ceil(most / step) * step, low + step);
    const x = (fen) => LEFT + (fen / FEN_OF_WAN - low) / (high - low) * (WIDTH - LEFT - RIGHT);
    const y = (share) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
    const parts = [];
    for (let share = 0; share <= 100; share += 20) {
      parts.push(draw("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(share / 100), y2: y(share / 100) }));
      parts.push(draw("text", { class: "tick", x: LEFT - 6, y: y(share / 100) + 4, "text-anchor": "end" }, `${share}%`));
    }
    for (let tick = 0; tick <= Math.round((high - low) / step); tick++) {
      const amount = low + tick * step;
      const shown = grouped(amount, step < 1 ? 2 : 0);
      parts.push(draw("text", { class: "tick", x: x(amount * FEN_OF_WAN), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" }, shown));
    }
    parts.push(draw("text", { class: "axis", x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, say("chart_x")));
    parts.push(draw("path", { class: "baseline", d: steps(before.ordered, x, y) }));
    parts.push(draw("path", { class: "current", d: steps(after.ordered, x, y) }));
    const found = after.quantiles[place];
    if (found !== null) {
      const level = data.levels[place].p;
      parts.push(draw("path", { class: "mark", d: `M${LEFT} ${y(level)}H${x(found.value)}V${y(0)}` }));
      parts.push(draw("line", { class: "range", x1: x(found.low), x2: x(found.high), y1: y(level), y2: y(level) }));
      parts.push(draw("circle", { class: "point", cx: x(found.value), cy: y(level), r: 4 }));
    }
    chart.replaceChildren(...parts);
    chart.setAttribute("aria-label", [byId("amount").textContent, byId("interval").textContent, byId("gap").textContent].join(" "));
  }

  // ------------------------------------------------------------------ the setting as an overlay

  function overlay() {
    const moved = data.sliders.flatMap((slider, n) => caps[n] === base[n] ? [] : [{ slider, amount: caps[n], before: base[n] }]);
    if (moved.length === 0) return "";
    const told = (lang) => moved.map(({ slider, amount, before }) => data.overlay[lang].change
      .replace(/\{(\w+)\}/g, (_, name) => ({ name: slider.names[lang], before: exact(before), after: exact(amount) })[name]))
      .join(data.overlay[lang].join);
    const pair = (key) => ["zh", "en"].map((lang) => `  ${lang}: ${JSON.stringify(data.overlay[lang][key].replace("{changes}", () => told(lang)))}`);
    const lines = [
      ...data.overlay.comments.map((line) => `# ${line}`),
      `name: ${JSON.stringify(byId("name").value || "caps")}`,
      "title:", ...pair("title"),
      `base: ${JSON.stringify(data.overlay.base)}`,
      `author: ${JSON.stringify(byId("author").value)}`,
      ...(byId("date").value ? [`date: ${byId("date").value}`] : []),
      "reason:", ...pair("reason"),
      "changes:",
      ...moved.map(({ slider, amount }) => `  ${slider.path}: ${exact(amount)}万元`),
    ];
    return `${lines.join("\n")}\n`;
  }

  function showOverlay() {
    const words = overlay();
    byId("overlay").value = words || say("no_change");
    byId("copy").disabled = words === "";
    text("copied", "");
  }

  // ------------------------------------------------------------------ moving

  let said = 0;

  /** Decide again what the moved sliders touch, and show everything. */
  function answer(moved) {
    const begun = performance.now();
    groups.forEach((group, n) => {
      if (group.sliders.some((slider) => moved.includes(slider))) decided[n] = decide(group, caps);
    });
    now = look();
    showHeadline();
    showTable(0, "special");
    showTable(1, "whole");
    showChart();
    moved.forEach((one) => groups.filter((group) => group.sliders.includes(one))
      .forEach((group) => group.sliders.forEach(showSlider)));
    showOverlay();
    byId("reset").disabled = caps.every((cap, n) => cap === base[n]);
    window.clearTimeout(said);
    said = window.setTimeout(() => text("live", say("live", { amount: byId("amount").textContent, gap: byId("gap").textContent })), 400);
    document.body.dataset.took = String(performance.now() - begun);
  }

  function move(n, fen) {
    if (fen === caps[n]) { showSlider(n); return; }
    caps[n] = fen;
    answer([n]);
  }

  function typed(n) {
    const slider = data.sliders[n], number = byId(`number-${n}`);
    const fen = Math.round(Number(number.value) * FEN_OF_WAN);
    if (number.value.trim() === "" || !(fen >= 1 && fen <= slider.most)) {
      number.setAttribute("aria-invalid", "true");
      text(`wrong-${n}`, say("out_of_range", { most: exact(slider.most) }));
      return;
    }
    move(n, fen);
  }

  async function copy() {
    const box = byId("overlay");
    box.focus();
    box.select();
    let done = document.execCommand("copy");
    if (!done && navigator.clipboard) done = await navigator.clipboard.writeText(box.value).then(() => true, () => false);
    text("copied", say(done ? "copied" : "copy_by_hand"));
  }

  data.sliders.forEach((slider, n) => {
    const range = byId(`range-${n}`), number = byId(`number-${n}`);
    range.addEventListener("input", () => move(n, Math.min(Number(range.value) * slider.step, slider.most)));
    number.addEventListener("input", () => typed(n));
    number.addEventListener("blur", () => showSlider(n));
  });
  byId("reset").addEventListener("click", () => {
    base.forEach((amount, n) => { caps[n] = amount; });
    answer(data.sliders.map((_, n) => n));
    byId("range-0").focus();
  });
  byId("copy").addEventListener("click", copy);
  window.addEventListener("resize", showChart);
  for (const id of ["name", "author", "date"]) byId(id).addEventListener("input", showOverlay);
  const today = new Date();
  byId("date").value = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  answer(data.sliders.map((_, n) => n));
  window.clearTimeout(said);
  document.body.dataset.ready = "true";

  /** For checks of the page: unrounded money by view, year (after the years their sum) and draw; all figures. */
  window.simkit = Object.freeze({
    caps: () => caps.slice(),
    paid: () => now.map((columns) => columns.map((one) => Array.from(one.sample))),
    shares: () => data.sliders.map((_, n) => shareAtCap(n, decided)),
    figures: () => {
      const before = baseline[0][year], after = now[0][year];
      const gap = after.quantiles[place] === null ? null : shift(before.sample, after.sample, before.quantiles[place], after.quantiles[place]);
      return {
        mean: after.mean, quantiles: after.quantiles, gap, mean_gap: mean(minus(after.sample, before.sample)),
        shares: data.sliders.map((_, n) => shareAtCap(n, decided)),
      };
    },
  });
})();
