/* The confidence curve: money against the share of draws that it is enough for. */
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
