/* The state of the page, what is shown of it, and how it is moved. */
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
  const measure = groups[n].rules.findIndex((rule) => rule.caps.includes(slider));
  const cap = groups[n].rules[measure].caps.indexOf(slider);
  return ratio(state[n].at[measure][cap], state[n].awarded[measure]);
}
const baseShares = data.sliders.map((_, slider) => shareAtCap(slider, decided));

// ------------------------------------------------------------------ what is shown

const place = data.levels.findIndex((level) => level.headline);
const year = data.years.indexOf(data.budget_year);

/** A difference from the baseline in words (`gap` or `mean_gap`), with its error, or that it cannot be told from none. */
function difference(found, unchanged, key) {
  if (unchanged) return isMoved() ? say(`${key}_unmet`, { draws: data.draws }) : say(`${key}_same`);
  if (isNaN(found.value)) return say(`${key}_few`);
  const values = { amount: wan(Math.abs(found.value)), error: wan(found.error) };
  return say(`${key}_${found.value < 0 ? "less" : "more"}`, values) + (isDistinct(found) ? "" : say("indistinct"));
}

const isMoved = () => caps.some((amount, n) => amount !== base[n]);

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
  if (found !== null && !isNaN(found.error)) {
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
    if (same(before, figure.sample)) last.textContent = isMoved() ? say("unmet") : "0.00";
    else if (isNaN(gap.value)) last.textContent = say("few");
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

// ------------------------------------------------------------------ the setting as an overlay

function overlay() {
  const moved = data.sliders.flatMap((slider, n) => caps[n] === base[n] ? [] : [{ slider, amount: caps[n], before: base[n] }]);
  if (moved.length === 0) return "";
  const told = (lang) => moved.map(({ slider, amount, before }) => data.overlay.words[lang].change
    .replace(/\{(\w+)\}/g, (_, name) => ({ name: slider.names[lang], before: exact(before), after: exact(amount) })[name]))
    .join(data.overlay.words[lang].join);
  const pair = (key) => Object.keys(data.overlay.words).map((lang) => `  ${lang}: ${JSON.stringify(data.overlay.words[lang][key].replace("{changes}", () => told(lang)))}`);
  const lines = [
    ...data.overlay.comments.map((line) => `# ${line}`),
    `name: ${JSON.stringify(byId("name").value || "caps")}`,
    "title:", ...pair("title"),
    `base: ${JSON.stringify(data.overlay.base)}`,
    `author: ${JSON.stringify(byId("author").value.trim() || say("nobody"))}`,
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
