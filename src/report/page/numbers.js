// Numbers as the rest of the page writes them.

// Three significant digits, thousands apart; small whole numbers as they are.
const figure = (number) => {
  if (Number.isInteger(number) && Math.abs(number) < 1000) return String(number).replace("-", "−");
  const rounded = Number(number.toPrecision(3));
  const size = Math.abs(rounded);
  if (size < 1e-6 || size >= 1e12) return rounded.toExponential(2).replace("e+", "e").replaceAll("-", "−");
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
