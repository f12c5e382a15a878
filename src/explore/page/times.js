// Times as a scenario writes them, for the sliders beside them. What a text means, the program says; here
// it is only moved.

const HOURS = { y: 8760, w: 168, d: 24, h: 1, m: 1 / 60, s: 1 / 3600, ms: 1 / 3.6e6 };
const unitOf = (word) => {
  const unit = word.toLowerCase();
  if (/^(milliseconds?|ms)$/.test(unit)) return HOURS.ms;
  if (/^(m|min|mins|minutes?)$/.test(unit)) return HOURS.m;
  const letter = { y: "y", w: "w", d: "d", h: "h", s: "s" }[unit[0]];
  return letter ? HOURS[letter] : null;
};

// Hours of a text such as "1h 30m"; null where it is none.
const hoursOf = (text) => {
  const parts = [...text.matchAll(/([0-9][0-9_.]*)\s*([a-z]+)\s*/gi)];
  if (parts.length === 0 || parts.map(([all]) => all).join("").trim() !== text.trim()) return null;
  const hours = parts.map(([, number, word]) => Number(number.replaceAll("_", "")) * (unitOf(word) ?? NaN));
  const sum = hours.reduce((all, one) => all + one, 0);
  return Number.isFinite(sum) ? sum : null;
};

// What people round to, in hours: seconds, minutes, hours, days.
const STEPS = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800].map((seconds) => seconds / 3600);

// A text of these hours that people would write: rounded by a twelfth at most, with two units at most.
const textOf = (hours) => {
  if (hours <= 0) return "0s";
  const step = STEPS.findLast((one) => one <= hours / 12);
  if (step === undefined) return `${Number((hours * 3600).toPrecision(2))}s`;
  const seconds = Math.round(Math.round(hours / step) * step * 3600);
  const [large, small] = seconds < 60 ? ["s"] : seconds < 3600 ? ["m", "s"] : seconds < 172800 ? ["h", "m"] : ["d", "h"];
  const size = HOURS[large] * 3600;
  const rest = small === undefined ? 0 : Math.round((seconds % size) / (HOURS[small] * 3600));
  return `${Math.floor(seconds / size)}${large}${rest > 0 ? ` ${rest}${small}` : ""}`;
};

// How a value of times can be moved: as one time, by its two ends, or by a factor of all its times.
const movable = (toml) => {
  if (toml === null || toml === undefined) return null;
  if (toml.startsWith('"')) {
    const ends = unquoted(toml).split(/\s+to\s+/).map(hoursOf);
    if (ends.some((end) => end === null || end <= 0)) return null;
    if (ends.length === 1) return { kind: "one", ends };
    return ends.length === 2 ? { kind: "range", ends } : null;
  }
  const times = [...toml.matchAll(/"([^"]*)"/g)].flatMap(([, text]) => text.split(/\s+to\s+/).map(hoursOf));
  const isScalable = times.length > 0 && times.every((time) => time !== null) && !/\bmu\b|\bfitted\b|\bfile\b/.test(toml);
  return isScalable ? { kind: "factor", ends: [1] } : null;
};

const moved = (toml, { kind }, ends) => {
  if (kind === "one") return quoteToml(textOf(ends[0]));
  if (kind === "range") return quoteToml(`${textOf(Math.min(...ends))} to ${textOf(Math.max(...ends))}`);
  const scaled = (text) => text.split(/\s+to\s+/).map((one) => textOf(hoursOf(one) * ends[0])).join(" to ");
  return toml.replaceAll(/"([^"]*)"/g, (_, text) => `"${scaled(text)}"`);
};
