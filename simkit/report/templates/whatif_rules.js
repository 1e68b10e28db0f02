/* What the page of caps knows of the policy: caps and the same-matter rule, in the order of simkit/awards/decide.py,
   and nothing else. Every other step was carried out by simkit, and stands in the data. Money is fen.
   The files whatif_*.js are joined, this one first, into one function of one script. */
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
    rules: packed.rules.map((rule) => ({ ...rule, caps: [...rule.claim_caps, ...rule.running] })),
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

/** Decide the claims of one tie. caps: fen by slider. Gives sums of awards by kind and draw and, by draw, agencies
    awarded by measure and those at each of its caps. */
function decide(group, caps) {
  const { rules, measureOf, firsts, kind, amount, used, counted, covered, account } = group;
  const { usedFirst, countedFirst, sums, flags } = group;
  const draws = data.draws;
  const awards = group.kinds.map(() => new Float64Array(draws));
  const awarded = rules.map(() => new Float64Array(draws));
  const at = rules.map((rule) => rule.caps.map(() => new Float64Array(draws)));
  for (let draw = 0; draw < draws; draw++) {
    for (let row = firsts[draw]; row < firsts[draw + 1]; row++) {
      const k = kind[row] >> 1;
      if (kind[row] & 1) { // a chain begins
        for (let n = 0; n < sums.length; n++) sums[n] = 0;
        for (let n = 0; n < flags.length; n++) flags[n] = 0;
      }
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
        for (let n = 0; n < rule.caps.length; n++) if (news & (2 << n)) at[measure][n][draw]++;
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
