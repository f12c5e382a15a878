// The explorer: a metric, the strategies shown, and a limit that is dragged, typed or moved by keys.

const explore = (section, data) => {
  const part = (name) => byId(`explorer-${name}`);
  const [svg, tip, input, select, own] = ["plot", "tip", "limit", "metric", "own"].map(part);
  const rows = [...part("answer").tBodies[0].rows];
  let metric, axis, plot, limit, slider, dots;

  const hasCurve = (index) => (metric.curves[index] ?? []).length > 0;
  const isShown = (index) => hasCurve(index) && rows[index].querySelector("input").checked;
  const all = () => data.strategies.map((name, index) => ({ name, index, curve: metric.curves[index] }));
  const shown = () => all().filter(({ index }) => isShown(index));
  const amount = (value) => `${figure(value)} ${metric.unit}`;

  const fit = (value) => valueAxis(metric.curves.filter((curve) => curve.length > 0), value);

  const drawAll = () => {
    const hadFocus = slider !== undefined && document.activeElement === slider;
    plot = drawPlot(svg, shown(), axis, metric.title);
    dots = draw(svg, "g", { "aria-hidden": "true" });
    slider = draw(svg, "g", {
      id: "explorer-slider", role: "slider", tabindex: "0", "aria-label": `Limit on ${metric.label}`,
      "aria-orientation": "horizontal", "aria-valuemin": axis.low, "aria-valuemax": axis.high,
    });
    const [top, bottom] = [AREA.top, plot.height - AREA.bottom];
    draw(slider, "rect", { class: "reach", x: -16, y: 18, width: 32, height: bottom - 18 });
    draw(slider, "line", { class: "limit", x1: 0, x2: 0, y1: top - 8, y2: bottom });
    draw(slider, "circle", { class: "grip", cx: 0, cy: top - 8, r: 8 });
    draw(slider, "path", { class: "arrows", d: `M-2 ${top - 11}l-3 3l3 3M2 ${top - 11}l3 3l-3 3` });
    draw(slider, "text", { class: "limit-text", y: top - 4 });
    place();
    if (hadFocus) slider.focus({ preventScroll: true });
  };

  // Everything that follows the limit.
  const place = () => {
    const at = plot.x(limit);
    slider.setAttribute("transform", `translate(${at.toFixed(1)} 0)`);
    const text = slider.querySelector("text");
    const left = at > plot.width - 150;
    text.textContent = amount(limit);
    text.setAttribute("x", left ? -14 : 14);
    text.setAttribute("text-anchor", left ? "end" : "start");
    dots.replaceChildren();
    for (const { index, curve } of shown()) {
      draw(dots, "circle", { cx: at, cy: plot.y(exceeds(curve, limit)), r: 4, fill: look(index).stroke });
    }
    const within = all().map(({ curve }, index) => (hasCurve(index) ? 1 - exceeds(curve, limit) : null));
    rows.forEach((row, index) => answer(row, within[index], index));
    const words = shown().map(({ name, index }) => `${name} ${percent(within[index])}`);
    slider.setAttribute("aria-valuenow", limit);
    slider.setAttribute("aria-valuetext", `${amount(limit)}. Within it: ${words.join(", ")}`);
  };

  // One strategy's row of the table.
  const answer = (row, within, index) => {
    const [, bar, , verdict] = row.cells;
    const [probability, interval] = row.cells[2].children;
    row.classList.toggle("off", !isShown(index));
    bar.firstElementChild.replaceChildren();
    interval.textContent = "";
    verdict.replaceChildren();
    probability.textContent = within === null ? "–" : percent(within);
    if (within === null) return;
    draw(bar.firstElementChild, "rect", { width: 100 * within, height: 10, fill: look(index).stroke });
    let limits = [within, within];
    if (data.sampling) {
      limits = wilson(within, data.sampling);
      interval.textContent = span(limits);
    }
    if (metric.wanted === null) return;
    const tick = 100 * metric.wanted;
    draw(bar.firstElementChild, "line", { class: "wanted", x1: tick, x2: tick, y1: 0, y2: 10 });
    const word = limits[0] >= metric.wanted ? "met" : limits[1] < metric.wanted ? "missed" : "undecided";
    verdict.append(make("span", { class: `verdict ${word}` }, word));
  };

  // Three digits, so that what is said is what is computed.
  const moveTo = (value, typed = false) => {
    if (!Number.isFinite(value) || value < 0) return;
    limit = typed ? value : Number(Math.min(axis.high, Math.max(axis.low, value)).toPrecision(3));
    if (typed && limit > 0 && (limit > axis.high || limit < axis.low)) {
      axis = fit(limit);
      drawAll();
      return;
    }
    if (!typed) input.value = limit;
    place();
  };

  // The scenario's own limit, or what nine in ten trials of the median strategy keep within.
  const firstLimit = () => {
    if (metric.limit !== null) return metric.limit;
    const tenths = metric.curves.filter((curve) => curve.length > 0).map((curve) => {
      const from = curve.findIndex((number, at) => at % 2 === 1 && number <= 0.1);
      return curve[from < 0 ? curve.length - 2 : from - 1];
    });
    tenths.sort((a, b) => a - b);
    return Number((tenths[tenths.length >> 1] ?? 0).toPrecision(2));
  };

  const choose = () => {
    metric = data.metrics[select.selectedIndex];
    axis = fit(metric.limit ?? 0);
    part("unit").textContent = metric.unit;
    part("meaning").textContent = metric.meaning;
    own.hidden = metric.limit === null;
    part("answer").classList.toggle("judged", metric.wanted !== null);
    limit = firstLimit();
    input.value = limit;
    drawAll();
  };

  // Pointer: the line follows from where it was taken.
  const toPlot = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = plot.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  let taken = null;
  svg.addEventListener("pointerdown", (event) => {
    if (!slider.contains(event.target) || event.button !== 0) return;
    taken = toPlot(event).x - plot.x(limit);
    svg.setPointerCapture(event.pointerId);
    slider.focus({ preventScroll: true });
    tip.hidden = true;
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (taken === null) hover(toPlot(event));
    else moveTo(plot.valueOf(toPlot(event).x - taken));
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { taken = null; });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });

  // Keys: an arrow moves by a hundredth of the axis, a page key by a tenth.
  svg.addEventListener("keydown", (event) => {
    if (event.target !== slider || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = share(axis, limit);
    const step = { ArrowLeft: -0.01, ArrowDown: -0.01, ArrowRight: 0.01, ArrowUp: 0.01, PageDown: -0.1, PageUp: 0.1 };
    const to = { Home: 0, End: 1 }[event.key] ?? (event.key in step ? at + step[event.key] : null);
    if (to === null) return;
    event.preventDefault();
    moveTo(valueAt(axis, Math.min(1, Math.max(0, to))));
  });

  // What the nearest curve says at the pointer.
  const hover = (point) => {
    const inside = point.x >= AREA.left && point.x <= plot.width - AREA.right && point.y >= AREA.top - 4;
    const value = Number(plot.valueOf(point.x).toPrecision(3));
    const near = shown()
      .map((each) => ({ ...each, p: exceeds(each.curve, value) }))
      .sort((a, b) => Math.abs(plot.y(a.p) - point.y) - Math.abs(plot.y(b.p) - point.y))[0];
    tip.hidden = !inside || !near || Math.abs(plot.y(near.p) - point.y) > 60;
    if (tip.hidden) return;
    const swatch = make("i", {});
    swatch.style.background = look(near.index).stroke;
    tip.replaceChildren(make("b", {}, swatch, near.name), make("span", {}, `${percent(near.p)} of trials exceed ${amount(value)}`));
    const right = point.x > plot.width / 2;
    tip.style.left = right ? "" : `${point.x + 14}px`;
    tip.style.right = right ? `${plot.width - point.x + 14}px` : "";
    tip.style.maxWidth = `${(right ? point.x : plot.width - point.x) - 20}px`;
    tip.style.top = `${Math.min(plot.y(near.p), plot.height - 110)}px`;
  };

  select.addEventListener("change", choose);
  input.addEventListener("input", () => { if (input.value !== "") moveTo(Number(input.value), true); });
  own.addEventListener("click", () => {
    input.value = metric.limit;
    moveTo(metric.limit, true);
  });
  rows.forEach((row, index) => {
    draw(row.querySelector(".swatch"), "line", { x1: 1, x2: 33, y1: 6, y2: 6, "stroke-width": 3, ...look(index) });
    row.querySelector("input").addEventListener("change", drawAll);
  });
  part("note").textContent =
    "Curves are drawn through at most 200 of their points; a probability read between two points is off by at " +
    "most about one percentage point." +
    (data.sampling ? ` Intervals are those of Wilson at ${level(data.sampling.confidence)}, for ${data.sampling.trials.toLocaleString("en-US")} trials.` : "");
  section.hidden = false;
  choose();
  new ResizeObserver(() => { if (plot.width !== Math.max(280, svg.parentElement.clientWidth)) drawAll(); }).observe(svg.parentElement);
};

if (byId("explorer")) explore(byId("explorer"), JSON.parse(byId("explorer-data").textContent));
