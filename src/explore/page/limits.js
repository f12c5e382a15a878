// The limit that is dragged over the curves. The plot and the rule are those of the report; what is
// dragged becomes the tolerance of the scenario.

let curves = null;
let limitPlot = null;

const chosenLimit = () => curves?.criteria[byId("limit-of").selectedIndex] ?? null;
const limitPath = (criterion) => `tolerance.${criterion.name}.limit`;
const sharePath = (criterion) => `tolerance.${criterion.name}.confidence`;

const takeCurves = (data) => {
  for (const each of data.criteria) {
    for (const sample of [...each.samples, ...(each.over ?? [])]) {
      for (const stratum of sample) {
        let through = 0;
        stratum.push(stratum[3].map((more) => (through += more)));
      }
    }
  }
  const before = chosenLimit()?.name;
  curves = data;
  const select = byId("limit-of");
  select.replaceChildren(...data.criteria.map(({ label }) => make("option", {}, label)));
  select.selectedIndex = Math.max(0, data.criteria.findIndex(({ name }) => name === before));
  if (limitHeld === null) drawLimits();
};

const drawLimits = () => {
  const criterion = chosenLimit();
  byId("limits").hidden = criterion === null;
  if (criterion === null) return;
  const svg = byId("limit-plot");
  const hadFocus = document.activeElement?.id === "limit-slider";
  const above = (index) => (x) => 1 - (judge(curves, criterion, index, x, null).share ?? 1);
  const all = curves.strategies.map((name, index) => ({ name, index, above: above(index) })).filter(({ index }) => criterion.samples[index]?.length > 0);
  const withValues = all.map((each) => ({ ...each, values: [...new Set(criterion.samples[each.index].flatMap((stratum) => stratum[2]))].sort((a, b) => a - b) }));
  const rarest = Math.max(1e-3, Math.min(0.01, (1 - (criterion.asked ?? 0.95)) / 5));
  const limit = criterion.limit ?? 0;
  const axis = valueAxis(withValues, limit, rarest);
  limitPlot = { ...drawPlot(svg, all, axis, { label: criterion.title, rarest, strong: curves.chosen }), axis, criterion };
  for (const id of ["limit", "share"]) byId(id).disabled = criterion.limit === null;
  byId("limit-unit").textContent = criterion.unit;
  byId("limit-judged").textContent = `% of ${criterion.judged}`;
  if (document.activeElement !== byId("limit")) byId("limit").value = criterion.limit ?? "";
  if (document.activeElement !== byId("share")) byId("share").value = criterion.asked === null ? "" : Number((100 * criterion.asked).toPrecision(10));
  if (criterion.limit === null) return;
  const { height, width } = limitPlot;
  const line = draw(svg, "g", { id: "limit-slider", role: "slider", tabindex: "0", "aria-label": `Limit of ${criterion.label}`, "aria-valuemin": axis.low, "aria-valuemax": axis.high });
  if (criterion.asked !== null && 1 - criterion.asked >= rarest) {
    const at = limitPlot.y(1 - criterion.asked);
    draw(line, "path", { class: "corner", d: `M0 ${at}H${width}` });
    draw(line, "rect", { class: "missed-area", x: 0, y: AREA.top, width, height: Math.max(0, at - AREA.top) });
  }
  draw(line, "rect", { class: "reach", x: -22, y: 12, width: 44, height: height - AREA.bottom - 12 });
  draw(line, "line", { class: "limit", x1: 0, x2: 0, y1: AREA.top - 8, y2: height - AREA.bottom });
  draw(line, "circle", { class: "grip", cx: 0, cy: AREA.top - 8, r: 9 });
  draw(line, "text", { class: "limit-text", y: AREA.top - 4 });
  placeLimit(limit);
  if (hadFocus) line.focus({ preventScroll: true });
};

const placeLimit = (limit) => {
  const { criterion, width, x } = limitPlot;
  const line = byId("limit-slider");
  const at = x(limit);
  line.setAttribute("transform", `translate(${at.toFixed(1)} 0)`);
  const text = line.querySelector("text");
  const words = `${figure(limit)} ${criterion.unit}`;
  text.textContent = words;
  text.setAttribute("x", at > width - 150 ? -16 : 16);
  text.setAttribute("text-anchor", at > width - 150 ? "end" : "start");
  for (const area of line.querySelectorAll(".missed-area")) area.setAttribute("width", Math.max(0, width - AREA.right - at));
  for (const corner of line.querySelectorAll(".corner")) corner.setAttribute("d", corner.getAttribute("d").replace(/H.*/, `H${Math.max(0, width - AREA.right - at).toFixed(1)}`));
  const shares = curves.strategies.map((name, index) => [name, judge(curves, criterion, index, limit, null).share]).filter(([, share]) => share !== null);
  line.setAttribute("aria-valuenow", limit);
  line.setAttribute("aria-valuetext", `${words}. Within it: ${shares.map(([name, share]) => `${name} ${percent(share)}`).join(", ")}`);
};

let limitHeld = null;
const holdLimit = (limit) => {
  const { axis, criterion } = limitPlot;
  const value = Number(Math.min(axis.high, Math.max(axis.low, limit)).toPrecision(2));
  limitHeld = value;
  placeLimit(value);
  byId("limit").value = value;
  setKey(limitPath(criterion), asFloat(value));
};

const sayLimit = (control, words) => {
  const problem = byId("limit-problem");
  problem.hidden = words === null;
  problem.textContent = words ?? "";
  if (words === null) control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
};

const makeLimits = () => {
  const svg = byId("limit-plot");
  const toPlot = (event) => {
    const box = svg.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * limitPlot.width) / box.width, y: event.clientY - box.top };
  };
  let taken = null;
  svg.addEventListener("pointerdown", (event) => {
    const line = byId("limit-slider");
    if (!line?.contains(event.target) || event.button !== 0) return;
    const at = toPlot(event).x - limitPlot.x(limitPlot.criterion.limit);
    if (Math.abs(at) > 22) return;
    taken = at;
    svg.setPointerCapture(event.pointerId);
    line.focus({ preventScroll: true });
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (taken !== null) holdLimit(limitPlot.valueOf(toPlot(event).x - taken));
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => {
    if (taken === null) return;
    taken = null;
    limitHeld = null;
    drawLimits();
  });
  svg.addEventListener("keydown", (event) => {
    if (event.target.id !== "limit-slider" || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowUp: 0.01, PageDown: -0.1, PageUp: 0.1 }[event.key];
    const at = share(limitPlot.axis, limitPlot.criterion.limit);
    const to = { Home: 0, End: 1 }[event.key] ?? (step === undefined ? null : at + step);
    if (to === null) return;
    event.preventDefault();
    const value = valueAt(limitPlot.axis, Math.min(1, Math.max(0, to)));
    limitPlot.criterion.limit = Number(value.toPrecision(2)) === limitPlot.criterion.limit ? Number(value.toPrecision(3)) : Number(value.toPrecision(2));
    placeLimit(limitPlot.criterion.limit);
    setKey(limitPath(limitPlot.criterion), asFloat(limitPlot.criterion.limit));
  });
  byId("limit-of").addEventListener("change", drawLimits);
  byId("limit").addEventListener("change", (event) => setKey(limitPath(chosenLimit()), written({ kind: "number" }, event.target.value.replaceAll(",", "").replace(/^([0-9]+)$/, "$1.0")), null));
  byId("share").addEventListener("change", (event) => {
    const number = Number(event.target.value);
    setKey(sharePath(chosenLimit()), event.target.value.trim() !== "" && Number.isFinite(number) ? String(Number((number / 100).toPrecision(12))) : quoteToml(event.target.value), null);
  });
  new ResizeObserver(() => { if (limitPlot !== null && limitPlot.width !== Math.max(280, svg.parentElement.clientWidth)) drawLimits(); }).observe(svg.parentElement);
};
