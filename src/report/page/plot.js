// The plot of the explorer: axes and curves as SVG, drawn at the size of the screen.

const SVG = "http://www.w3.org/2000/svg";
const DASHES = ["none", "9 3.5", "2.5 2.5", "11 3 2.5 3"];
const LINES = 7;

const draw = (parent, name, attributes = {}, text = "") => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== "") element.textContent = text;
  parent.append(element);
  return element;
};

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

// Where the values of these curves lie: from where the bulk begins, by powers of ten if they span
// more than two of them.
const valueAxis = (curves, limit) => {
  let [least, greatest] = [Infinity, 0];
  for (const curve of curves) {
    const start = exceeds(curve, 0);
    for (let at = 0; at < curve.length; at += 2) {
      if (curve[at] > 0 && curve[at + 1] <= 0.98 * start) least = Math.min(least, curve[at]);
      greatest = Math.max(greatest, curve[at]);
    }
  }
  if (limit > 0) {
    least = Math.min(least, limit);
    greatest = Math.max(greatest, limit);
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

// Draws everything that stays while the limit moves; gives back what the moving parts need.
const drawPlot = (svg, curves, axis, label) => {
  const width = Math.max(280, svg.parentElement.clientWidth);
  const height = width < 560 ? 320 : 400;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  const inner = { width: width - AREA.left - AREA.right, height: height - AREA.top - AREA.bottom };
  const x = (value) => AREA.left + inner.width * share(axis, value);
  const y = (probability) => AREA.top + inner.height * (1 - probability);
  const still = draw(svg, "g", { "aria-hidden": "true" });
  for (const percentage of [0, 25, 50, 75, 100]) {
    const at = y(percentage / 100);
    draw(still, "line", { class: percentage ? "grid" : "base", x1: AREA.left, x2: width - AREA.right, y1: at, y2: at });
    draw(still, "text", { x: AREA.left - 8, y: at, dy: "0.35em", "text-anchor": "end" }, `${percentage}\u00a0%`);
  }
  for (const tick of ticksOf(axis, inner.width, 54)) {
    const at = x(tick);
    draw(still, "line", { class: "grid", x1: at, x2: at, y1: AREA.top, y2: height - AREA.bottom + 4 });
    draw(still, "text", { x: at, y: height - AREA.bottom + 18, "text-anchor": "middle" }, tickText(tick));
  }
  const words = width < 560 ? "share of trials above" : "share of trials with more than the value below";
  draw(still, "text", { x: 0, y: 14 }, words);
  draw(still, "text", { x: AREA.left + inner.width / 2, y: height - 6, "text-anchor": "middle" }, label);
  for (const { curve, index } of [...curves].reverse()) {
    draw(still, "path", { class: "curve", d: linePath(curve, axis, x, y), ...look(index) });
  }
  return { width, height, x, y, valueOf: (pixel) => valueAt(axis, Math.min(1, Math.max(0, (pixel - AREA.left) / inner.width))) };
};

// From the left edge of the plot to the curve's greatest value.
const linePath = (curve, axis, x, y) => {
  const start = axis.log ? axis.low : 0;
  let path = `M${x(start).toFixed(1)} ${y(exceeds(curve, start)).toFixed(1)}`;
  for (let at = 0; at < curve.length; at += 2) {
    if (curve[at] > start) path += `L${x(curve[at]).toFixed(1)} ${y(curve[at + 1]).toFixed(1)}`;
  }
  return path;
};
