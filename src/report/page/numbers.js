// Numbers as the rest of the page writes them.

// Three significant digits, thousands apart; small whole numbers as they are.
const figure = (number) => {
  if (Number.isInteger(number) && Math.abs(number) < 1000) return String(number).replace("-", "−");
  const rounded = Number(number.toPrecision(3));
  const size = Math.abs(rounded);
  if (size < 1e-4 || size >= 1e12) return rounded.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size) + 1e-12));
  return rounded.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
};

// The same without zeros that say nothing, and with k, M for a narrow axis.
const tickText = (number) => {
  const [size, sign] = [[1e12, "tn"], [1e9, "bn"], [1e6, "M"], [1e3, "k"]].find(([s]) => number >= s) ?? [1, ""];
  return Number((number / size).toPrecision(3)) + sign;
};

// As many digits as tell a share from all and nothing.
const percent = (share) => {
  const edge = Math.min(share, 1 - share);
  const decimals = [0.1, 0.001, 0.0001].filter((least) => edge < least).length;
  const shown = Number((100 * share).toFixed(decimals));
  if (edge > 0 && (shown === 0 || shown === 100)) return shown ? "over 99.999\u00a0%" : "under 0.001\u00a0%";
  return `${shown}\u00a0%`;
};

const span = ([low, high]) => `${percent(low).split("\u00a0")[0]} to ${percent(high)}`;

// A confidence, with the digits that it was given in.
const level = (probability) => `${Number((100 * probability).toFixed(4))}\u00a0%`;

// P(X > x) on a curve: value and probability in turn, by rising value.
const exceeds = (curve, x) => {
  let [low, high] = [0, curve.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[2 * middle] <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 1;
  if (2 * low === curve.length) return curve[curve.length - 1];
  const [v0, p0, v1, p1] = curve.slice(2 * low - 2, 2 * low + 2);
  return p0 + ((p1 - p0) * (x - v0)) / (v1 - v0);
};

// Wilson's interval of a probability.
const wilson = (p, { trials, z }) => {
  const spread = (z * z) / trials;
  const centre = (p + spread / 2) / (1 + spread);
  const half = (Math.sqrt((spread * p * (1 - p)) + (spread * spread) / 4)) / (1 + spread);
  return [p <= 0 ? 0 : Math.max(0, centre - half), p >= 1 ? 1 : Math.min(1, centre + half)];
};
