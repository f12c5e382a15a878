// The plot of the explorer: axes and curves as SVG, drawn at the size of the screen.

const DASHES = ["none", "9 3.5", "2.5 2.5", "11 3 2.5 3"];
const LINES = 7;

// How a strategy's line looks, as in the static charts.
const look = (index) => ({
  stroke: `var(--line-${index % LINES})`,
  "stroke-dasharray": DASHES[index % DASHES.length],
});

// Largest of 1, 2, 5, 10 ... not above a number.
const roundDown = (number) => {
  const ten = 10 ** Math.floor(Math.log10(number) + 1e-9);
  return [5, 2, 1].find((digit) => digit * ten <= number * (1 + 1e-9)) * ten;
};

// Where the values lie of which these are some with the share above each: from where the bulk begins
// to where less than `rarest` is above, by powers of ten if that spans more than two of them.
const valueAxis = (curves, limit, rarest) => {
  let [least, greatest] = [Infinity, 0];
  for (const { values, above } of curves) {
    const start = above(0);
    for (const value of values) {
      const share = above(value);
      if (value > 0 && share <= 0.9 * start) least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      if (share <= rarest) break;
    }
  }
  if (limit > 0) {
    least = Math.min(least, limit);
    greatest = Math.max(greatest, 1.5 * limit);
  }
  if (greatest === 0) return { log: false, low: 0, high: 1 };
  if (greatest > 100 * least) return { log: true, low: roundDown(least), high: greatest * 1.1 };
  return { log: false, low: 0, high: greatest * 1.04 };
};

// Position from 0 to 1 of a value on the axis, and back.
const share = ({ log, low, high }, value) => {
  const at = log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, at));
};
const valueAt = ({ log, low, high }, at) => (log ? low * (high / low) ** at : low + (high - low) * at);

// Round values along the axis, at least `room` pixels apart.
const ticksOf = (axis, width, room) => {
  const ticks = [];
  if (!axis.log) {
    const least = ((axis.high - axis.low) * room) / width;
    const step = [1, 2, 5, 10].map((digit) => digit * 10 ** Math.floor(Math.log10(least))).find((s) => s >= least);
    for (let count = 0; count * step <= axis.high * (1 + 1e-9); count += 1) ticks.push(count * step);
    return ticks;
  }
  const decades = Math.log10(axis.high / axis.low);
  const every = Math.max(1, Math.ceil((decades * room) / width));
  const digits = width / decades > 3.4 * room ? [1, 2, 5] : [1];
  for (let ten = Math.ceil(Math.log10(axis.low) - 1e-9); 10 ** ten <= axis.high; ten += every) {
    for (const digit of digits) ticks.push(Number(`${digit}e${ten}`));
  }
  if (digits.length > 1) ticks.unshift(...[2, 5].map((d) => Number(`${d}e${Math.floor(Math.log10(axis.low))}`)));
  return [...new Set(ticks)].filter((tick) => tick >= axis.low * (1 - 1e-9) && tick <= axis.high).sort((a, b) => a - b);
};

const AREA = { left: 50, right: 14, top: 40, bottom: 46 };

// Round shares upwards from the rarest shown: an axis of shares goes by powers of ten, as limits are
// about what is rare.
const sharesFrom = (rarest) =>
  [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4].filter((share) => share >= rarest * (1 - 1e-9));

// Draws everything that stays while the limit moves; gives back what the moving parts need.
const drawPlot = (svg, curves, axis, { label, rarest, strong }) => {
  const width = Math.max(280, svg.parentElement.clientWidth);
  const height = width < 560 ? 320 : 400;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  const inner = { width: width - AREA.left - AREA.right, height: height - AREA.top - AREA.bottom };
  const x = (value) => AREA.left + inner.width * share(axis, value);
  const y = (probability) => AREA.top + (inner.height * Math.log(Math.max(probability, rarest))) / Math.log(rarest);
  const still = draw(svg, "g", { "aria-hidden": "true" });
  const shares = sharesFrom(rarest);
  for (const each of shares) {
    const at = y(each);
    draw(still, "line", { class: each > rarest * 1.01 ? "grid" : "base", x1: AREA.left, x2: width - AREA.right, y1: at, y2: at });
    draw(still, "text", { x: AREA.left - 8, y: at, dy: "0.35em", "text-anchor": "end" }, `${Number((100 * each).toPrecision(3))}\u00a0%`);
  }
  for (const tick of ticksOf(axis, inner.width, 54)) {
    const at = x(tick);
    draw(still, "line", { class: "grid", x1: at, x2: at, y1: AREA.top, y2: height - AREA.bottom + 4 });
    draw(still, "text", { x: at, y: height - AREA.bottom + 18, "text-anchor": "middle" }, tickText(tick));
  }
  const words = width < 560 ? "share above (logarithmic)" : "share with more than the value below (logarithmic axis)";
  draw(still, "text", { x: 0, y: 14 }, words);
  const kind = axis.log ? " (logarithmic axis)" : "";
  draw(still, "text", { x: AREA.left + inner.width / 2, y: height - 6, "text-anchor": "middle" }, width < 560 ? label : label + kind);
  for (const { above, index } of [...curves].sort((a, b) => (a.index === strong) - (b.index === strong) || b.index - a.index)) {
    draw(still, "path", { class: index === strong ? "curve strong" : "curve", d: linePath(above, axis, x, y, inner.width, rarest), ...look(index) });
  }
  return { width, height, x, y, strong, valueOf: (pixel) => valueAt(axis, Math.min(1, Math.max(0, (pixel - AREA.left) / inner.width))) };
};

// From the left edge of the plot to the right, a corner each two pixels, down to the foot of the plot.
const linePath = (above, axis, x, y, width, rarest) => {
  let path = "";
  for (let at = 0; at <= width; at += 2) {
    const value = valueAt(axis, at / width);
    const share = above(value);
    path += `${path ? "L" : "M"}${x(value).toFixed(1)} ${y(share).toFixed(1)}`;
    if (share < rarest) break;
  }
  return path;
};
