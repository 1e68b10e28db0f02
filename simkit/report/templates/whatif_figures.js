/* Figures of samples with their Monte Carlo errors, as simkit/sizing gives them; and numbers as people read them. */
// ------------------------------------------------------------------ figures with their errors

const REACH = 1.959963984540054; // of a normal law's 95 % interval

const CARRYING = 30; // draws of equal size that carry a mean most of whose draws are the same

/** Draws of equal size that those other than the common one count as; infinite unless most are common. */
function carrying(sample, common) {
  let away = 0, most = 0, squares = 0, cubes = 0;
  for (const one of sample) if (one !== common) { away++; most = Math.max(most, Math.abs(one - common)); }
  if (2 * away >= sample.length) return Infinity;
  for (const one of sample) {
    const distance = Math.abs(one - common) / most;
    if (one !== common) { squares += distance ** 2; cubes += distance ** 3; }
  }
  return away === 0 ? 0 : squares ** 3 / cubes ** 2;
}

/** A mean; without an error where too few draws tell it, without a value too where the others are 0. */
function mean(sample) {
  const n = sample.length, ordered = Float64Array.from(sample).sort();
  const common = (ordered[(n - 1) >> 1] + ordered[n >> 1]) / 2;
  let sum = 0;
  for (const one of sample) sum += one;
  const value = sum / n;
  if (carrying(sample, common) < CARRYING) return { value: common === 0 ? NaN : value, error: NaN };
  let squares = 0;
  for (const one of sample) squares += (one - value) ** 2;
  return { value, error: Math.sqrt(squares / (n - 1) / n) };
}

/** The lower quantile and its order-statistic interval; their ranks come with the data, null where refused. */
function quantile(ordered, level) {
  if (level.rank === null) return null;
  const low = ordered[level.low], high = ordered[level.high];
  return { value: ordered[level.rank], low, high, error: (high - low) / (2 * REACH) };
}

/** How far a quantile moved; its error counts the common luck of both, as simkit/sizing/compare.py says. */
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
/** Without an error most draws differ by one amount. */
const isDistinct = (found) => Math.abs(found.value) > (isNaN(found.error) ? 0 : REACH * found.error);

/** Every figure of a sample: by draw, ordered, mean and quantiles. */
function figures(sample) {
  const ordered = Float64Array.from(sample).sort();
  return { sample, ordered, mean: mean(sample), quantiles: data.levels.map((level) => quantile(ordered, level)) };
}

// ------------------------------------------------------------------ numbers as people read them

function grouped(value, decimals) {
  const text = Math.abs(value).toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return (value < 0 && Number(Math.abs(value).toFixed(decimals)) !== 0 ? "-" : "") + text;
}
const wan = (fen) => isNaN(fen) ? "—" : grouped(fen / FEN_OF_WAN, 2);
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
