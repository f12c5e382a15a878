// The rule of the program: from a limit and a share that is asked to verdicts and a choice.

// How many values of a stratum are at most x: exact where the page has every value, else straight
// between two of them.
const countAtMost = ([, all, values, more, through], x) => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === values.length) return all;
  const between = more[low] - 1;
  if (between <= 0) return through[low - 1];
  return through[low - 1] + Math.floor((between * (x - values[low - 1])) / (values[low] - values[low - 1]));
};

// A share from strata, and as how many independent trials it is sure.
const shareOf = (strata, x) => {
  const parts = strata.map((part) => ({ weight: part[0], n: part[1], k: countAtMost(part, x) }));
  if (parts.length === 0) return null;
  if (parts.length === 1) return { share: parts[0].k / parts[0].n, effective: parts[0].n };
  let [share, smooth, variance] = [0, 0, 0];
  for (const { weight, n, k } of parts) {
    const one = (k + 0.5) / (n + 1);
    share += (weight * k) / n;
    smooth += weight * one;
    variance += (weight * weight * one * (1 - one)) / n;
  }
  if (parts.every(({ k }) => k === 0)) share = 0;
  else if (parts.every(({ k, n }) => k === n)) share = 1;
  return { share, effective: (smooth * (1 - smooth)) / variance };
};

// The share of outages within a limit: those still open within it say nothing yet. They come in
// clusters, so they are as sure as at the limit of the scenario, or as the trials are.
const shareOfOutages = (criterion, index, x, trials) => {
  const [ended, all] = [criterion.samples[index], criterion.over[index]];
  if (all.length === 0 || ended.length !== all.length) return null;
  let [within, judged] = [0, 0];
  all.forEach((part, at) => {
    const each = part[0] / part[1];
    const kept = countAtMost(ended[at], x);
    within += each * kept;
    judged += each * (kept + part[1] - countAtMost(part, x));
  });
  if (judged <= 0) return null;
  return { share: within / judged, effective: criterion.own?.[index]?.[1] ?? trials };
};

// Wilson's interval of a share that is as sure as that of so many independent trials.
const wilson = (share, effective, z) => {
  if (!(effective > 0)) return [0, 1];
  const z2 = z * z;
  const centre = share + z2 / (2 * effective);
  const spread = z * Math.sqrt((share * (1 - share)) / effective + z2 / (4 * effective * effective));
  const scale = 1 + z2 / effective;
  return [share <= 0 ? 0 : Math.max(0, (centre - spread) / scale), share >= 1 ? 1 : Math.min(1, (centre + spread) / scale)];
};

// P(Z <= z) of a standard normal value, off by at most 7.5e-8: Abramowitz and Stegun, 26.2.17.
const normalCdf = (z) => {
  if (Number.isNaN(z)) return 0.5;
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = series * Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z >= 0 ? 1 - above : above;
};

// One strategy held against one limit. The numbers of the program itself stand at its own limit.
const judge = (data, criterion, index, limit, asked) => {
  const own = limit === criterion.limit ? criterion.own?.[index] : null;
  const found = own
    ? { share: own[0], effective: own[1] }
    : criterion.over
      ? shareOfOutages(criterion, index, limit, data.trials)
      : shareOf(criterion.samples[index], limit);
  if (found === null) return { share: null, interval: null, word: asked === null ? null : "undecided", missed: 0.5, asked };
  const interval = wilson(found.share, found.effective, data.z);
  const word = asked === null ? null : interval[0] >= asked ? "met" : interval[1] < asked ? "missed" : "undecided";
  const missed = normalCdf((asked - found.share) / Math.sqrt((asked * (1 - asked)) / found.effective));
  return { share: found.share, interval, word, missed, asked };
};

// The choice among all strategies that suit the organisation, and how sure it is. `verdicts` has a list for each of them.
const choose = (data, verdicts) => {
  const all = data.strategies.map((_, index) => index).filter((index) => data.suits[index]);
  const meets = (index) => verdicts[index].every(({ word }) => word === "met");
  const misses = (index) => verdicts[index].some(({ word }) => word === "missed");
  const cheapest = (some) => some.reduce((best, index) => (best === null || data.costs[index] < data.costs[best] ? index : best), null);
  const qualified = all.filter(meets);
  const chosen = cheapest(qualified);
  if (chosen === null) {
    return { chosen, reason: all.some((index) => !misses(index)) ? "open" : "none" };
  }
  const missed = verdicts[chosen].reduce((sum, verdict) => sum + verdict.missed, 0);
  const beaten = all.filter((other) => other !== chosen).reduce((sum, other) =>
    sum + verdicts[other].reduce((least, verdict) => Math.min(least, 1 - verdict.missed), data.cheaper[other][chosen]), 0);
  const probability = Math.max(0, 1 - missed - beaten);
  const rival = rivalOf(data, verdicts, { all, meets, chosen }) ?? cheapest(qualified.filter((other) => other !== chosen));
  const undecided = probability < data.clear && rival !== null;
  return { chosen, rival, probability, reason: undecided ? "between" : all.every((other) => other === chosen || misses(other)) ? "only" : "cheapest" };
};

// The cheapest of those that cost less and of which it is undecided whether they meet what stands
// most against them.
const rivalOf = (data, verdicts, { all, meets, chosen }) => {
  const against = (index) => verdicts[index].reduce((worst, verdict) => {
    const short = ({ share, asked }) => asked - (share ?? 0);
    const harder = worst === null || verdict.missed > worst.missed || (verdict.missed === worst.missed && short(verdict) >= short(worst));
    return harder ? verdict : worst;
  }, null);
  const cheaper = all.filter((index) => data.costs[index] < data.costs[chosen] && !meets(index));
  cheaper.sort((a, b) => data.costs[a] - data.costs[b]);
  return cheaper.find((index) => against(index)?.word === "undecided") ?? null;
};

// The choice in the words of the program.
const choiceInWords = (data, { chosen, rival, probability, reason }) => {
  const { words } = data;
  const fill = (template, parts) => Object.entries(parts).reduce((text, [name, value]) => text.split(`{${name}}`).join(value), template);
  const cost = (index) =>
    fill(words.cost, { cost: `${figure(data.costs[index])} ${data.currency}`.trim(), name: data.quoted[index] });
  if (reason === "none" || reason === "open") return words[reason];
  if (reason === "between") {
    return fill(words.between, { first: cost(chosen), second: cost(rival) });
  }
  const sure = probability >= data.settled ? words.settled : fill(words.likely, { probability: percent(probability) });
  return fill(words[reason], { sure, name: data.quoted[chosen] });
};
