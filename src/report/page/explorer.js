// The explorer: a measure, the strategies shown, and limits and shares that are dragged, typed or
// moved by keys. What a reader has tried stands in the address.

const explore = (section, data) => {
  const part = (name) => byId(`explorer-${name}`);
  const [svg, tip, input, asked, select, problem] = ["plot", "tip", "limit", "share", "metric", "problem"].map(part);
  const rows = [...part("answer").tBodies[0].rows];
  let criterion, axis, plot, slider, dots, rarest;

  for (const each of data.criteria) {
    for (const sample of [...each.samples, ...(each.over ?? [])]) {
      for (const stratum of sample) {
        let through = 0;
        stratum.push(stratum[3].map((more) => (through += more)));
      }
    }
    [each.now, each.share] = [each.limit, each.asked];
  }

  const within = (index, x) => judge(data, criterion, index, x, null).share;
  const above = (index) => (x) => 1 - (within(index, x) ?? 1);
  const hasCurve = (index) => within(index, 0) !== null;
  const isShown = (index) => hasCurve(index) && rows[index].querySelector("input").checked;
  const all = () => data.strategies.map((name, index) => ({ name, index, above: above(index) }));
  const shown = () => all().filter(({ index }) => isShown(index));
  const amount = (value) => `${figure(value)} ${criterion.unit}`;
  const valuesOf = (index) => {
    const strata = criterion.samples[index].flatMap((stratum) => stratum[2]);
    return [...new Set(strata)].sort((a, b) => a - b);
  };
  const fit = (value) =>
    valueAxis(all().filter(({ index }) => hasCurve(index)).map((each) => ({ ...each, values: valuesOf(each.index) })), value, rarest);

  // Every strategy against every limit in force, and what follows.
  const inForce = () => data.criteria.filter(({ share }) => share !== null);
  const verdictsOf = (index) => inForce().map((each) => judge(data, each, index, each.now, each.share));
  const answerNow = () => {
    const verdicts = data.strategies.map((_, index) => verdictsOf(index));
    return { verdicts, choice: inForce().length > 0 ? choose(data, verdicts) : null };
  };

  const drawAll = () => {
    const hadFocus = slider !== undefined && document.activeElement === slider;
    const strong = answerNow().choice?.chosen ?? null;
    plot = drawPlot(svg, shown(), axis, { label: criterion.title, rarest, strong });
    dots = draw(svg, "g", { "aria-hidden": "true" });
    slider = draw(svg, "g", {
      id: "explorer-slider", role: "slider", tabindex: "0", "aria-label": `Limit on ${criterion.label}`,
      "aria-orientation": "horizontal", "aria-valuemin": axis.low, "aria-valuemax": axis.high,
    });
    const [top, bottom] = [AREA.top, plot.height - AREA.bottom];
    if (criterion.share !== null && 1 - criterion.share >= rarest) {
      const at = plot.y(1 - criterion.share);
      draw(slider, "path", { class: "corner", d: `M0 ${top}V${at}H${plot.width}` });
      draw(slider, "rect", { class: "missed-area", x: 0, y: top, width: plot.width, height: Math.max(0, at - top) });
    }
    draw(slider, "rect", { class: "reach", x: -22, y: 12, width: 44, height: bottom - 12 });
    draw(slider, "line", { class: "limit", x1: 0, x2: 0, y1: top - 8, y2: bottom });
    draw(slider, "circle", { class: "grip", cx: 0, cy: top - 8, r: 9 });
    draw(slider, "path", { class: "arrows", d: `M-2 ${top - 11}l-3 3l3 3M2 ${top - 11}l3 3l-3 3` });
    draw(slider, "text", { class: "limit-text", y: top - 4 });
    place();
    if (hadFocus) slider.focus({ preventScroll: true });
  };

  // Everything that follows the limits.
  const place = () => {
    const limit = criterion.now;
    const at = plot.x(limit);
    slider.setAttribute("transform", `translate(${at.toFixed(1)} 0)`);
    const text = slider.querySelector("text");
    const left = at > plot.width - 150;
    text.textContent = amount(limit);
    text.setAttribute("x", left ? -16 : 16);
    text.setAttribute("text-anchor", left ? "end" : "start");
    for (const area of slider.querySelectorAll(".missed-area")) area.setAttribute("width", Math.max(0, plot.width - AREA.right - at));
    for (const corner of slider.querySelectorAll(".corner")) {
      const share = plot.y(1 - criterion.share);
      corner.setAttribute("d", `M0 ${share}H${Math.max(0, plot.width - AREA.right - at).toFixed(1)}`);
    }
    dots.replaceChildren();
    for (const { index, above } of shown()) {
      draw(dots, "circle", { cx: at, cy: plot.y(above(limit)), r: 4, fill: look(index).stroke });
    }
    const { verdicts, choice } = answerNow();
    rows.forEach((row, index) => answer(row, index, verdicts[index], choice));
    part("choice").textContent = choice ? choiceInWords(data, choice) : "No share is asked, so no strategy is chosen.";
    part("force").textContent = inForceInWords();
    const words = shown().map(({ name, index }) => `${name} ${percent(within(index, limit))}`);
    slider.setAttribute("aria-valuenow", limit);
    slider.setAttribute("aria-valuetext", `${amount(limit)}. Within it: ${words.join(", ")}`);
    part("own").disabled = !isMoved();
    tellAddress();
  };

  const isMoved = () => data.criteria.some((each) => each.share !== each.asked || (each.share !== null && each.now !== each.limit));
  const inForceInWords = () => {
    const one = ({ label, now, share, judged, unit, limit, asked }) => {
      const moved = now === limit && share === asked ? "" : " (moved)";
      const said = ["h", data.currency].includes(unit) ? `\u00a0${unit}` : "";
      return `${label} within ${now.toLocaleString("en-US")}${said} in ${level(share)} of ${judged}${moved}`;
    };
    const some = inForce().map(one);
    return some.length > 0 ? `In force: ${some.join("; ")}.` : "";
  };

  const verdictMark = (word) => (word === null ? "–" : make("span", { class: `verdict ${word}` }, word));

  // One strategy's row of the table.
  const answer = (row, index, verdicts, choice) => {
    const [, bar, , here, every, cost] = row.cells;
    const [probability, interval] = row.cells[2].children;
    const { share, interval: limits, word } = judge(data, criterion, index, criterion.now, criterion.share);
    row.classList.toggle("off", !isShown(index));
    row.classList.toggle("chosen", choice?.chosen === index && choice.reason !== "between");
    bar.firstElementChild.replaceChildren();
    probability.textContent = share === null ? "–" : percent(share);
    interval.textContent = limits === null ? "" : span(limits);
    here.replaceChildren(verdictMark(word));
    const words = verdicts.map((verdict) => verdict.word);
    const overall = words.length === 0 ? null : words.includes("missed") ? "missed" : words.includes("undecided") ? "undecided" : "met";
    every.replaceChildren(data.suits[index] ? verdictMark(overall) : make("span", { class: "unsuited" }, "does not suit"));
    cost.textContent = figure(data.costs[index]);
    if (share === null) return;
    draw(bar.firstElementChild, "rect", { width: 100 * share, height: 10, fill: look(index).stroke });
    if (criterion.share === null) return;
    const tick = 100 * criterion.share;
    draw(bar.firstElementChild, "line", { class: "wanted", x1: tick, x2: tick, y1: 0, y2: 10 });
  };

  // What is wrong with what was typed, at its control; null where nothing is.
  const say = (control, words) => {
    control.toggleAttribute("aria-invalid", words !== null);
    if (words !== null) control.setAttribute("aria-invalid", "true");
    const shown = [input, asked].find((one) => one.hasAttribute("aria-invalid"));
    problem.hidden = shown === undefined;
    if (words !== null) problem.textContent = words;
    return words === null;
  };
  const typedLimit = () => {
    const value = input.value.trim() === "" || input.validity.badInput ? NaN : Number(input.value);
    const still = `The picture still shows ${amount(criterion.now)}.`;
    if (Number.isNaN(value)) return say(input, `Type a limit: a number of 0 or more, such as ${criterion.limit ?? 100}. ${still}`);
    if (value < 0) return say(input, `A limit cannot be below 0; type 0 or more. ${still}`);
    say(input, null);
    moveTo(value, true);
  };
  const typedShare = () => {
    const still = criterion.share === null ? "" : ` The verdicts are still those of ${level(criterion.share)}.`;
    if (asked.validity.badInput) return say(asked, `Type a share in percent, such as 95, or nothing to ask for none.${still}`);
    const value = asked.value.trim() === "" ? null : Number(asked.value) / 100;
    if (value !== null && !(value > 0 && value < 1)) {
      return say(asked, `A share lies between 0 and 100 %, such as 95; nothing asks for none.${still}`);
    }
    say(asked, null);
    criterion.share = value === null ? null : Number(value.toPrecision(12));
    rarest = rarestShown();
    axis = fit(criterion.now);
    drawAll();
  };

  // Three digits, so that what is said is what is computed.
  const moveTo = (value, typed = false) => {
    const limit = typed ? value : Number(Math.min(axis.high, Math.max(axis.low, value)).toPrecision(3));
    criterion.now = limit;
    if (!typed) {
      input.value = limit;
      say(input, null);
    }
    if (typed && (limit > axis.high || (limit > 0 && limit < axis.low))) axis = fit(limit);
    const chosen = answerNow().choice?.chosen ?? null;
    if (typed || chosen !== plot.strong) drawAll();
    else place();
  };

  // A tenth of what may be above the limit can still be seen.
  const rarestShown = () => Math.max(1e-4, Math.min(0.01, (1 - (criterion.share ?? 0.95)) / 10));

  // The scenario's own limit, or what nine in ten trials of the middle strategy keep within.
  const firstLimit = () => {
    const tenths = all().filter(({ index }) => hasCurve(index)).map(({ index, above }) => {
      const values = valuesOf(index);
      return values.find((value) => above(value) <= 0.1) ?? values[values.length - 1] ?? 0;
    });
    tenths.sort((a, b) => a - b);
    return Number((tenths[tenths.length >> 1] ?? 0).toPrecision(2));
  };

  const chooseMeasure = () => {
    criterion = data.criteria[select.selectedIndex];
    criterion.now ??= firstLimit();
    rarest = rarestShown();
    axis = fit(criterion.now);
    part("unit").textContent = criterion.unit;
    part("judged").textContent = criterion.judged;
    part("meaning").textContent = criterion.meaning;
    input.value = criterion.now;
    asked.value = criterion.share === null ? "" : Number((100 * criterion.share).toPrecision(10));
    say(input, null);
    say(asked, null);
    drawAll();
  };

  // The state in the address: the measure, what was moved, what is left out, what is marked.
  const tellAddress = () => {
    const state = new URLSearchParams();
    for (const each of data.criteria) {
      if (each.share !== each.asked || (each.share !== null && each.now !== each.limit) || (each === criterion && each.now !== each.limit && each.limit !== null)) {
        state.set(each.name, `${each.now}@${each.share === null ? "" : Number((100 * each.share).toPrecision(10))}`);
      }
    }
    const hidden = rows.flatMap((row, index) => (row.querySelector("input").checked ? [] : [index]));
    if (hidden.length > 0) state.set("hide", hidden.join("."));
    if (marked !== null) state.set("mark", data.strategies.indexOf(marked));
    if (state.size === 0 && criterion === data.criteria[0] && !location.hash.startsWith("#try=")) return;
    history.replaceState(null, "", `#try=${criterion.name}${state.size > 0 ? `&${state}` : ""}`);
  };
  const fromAddress = () => {
    if (!location.hash.startsWith("#try=")) return false;
    const state = new URLSearchParams(location.hash.slice(1));
    for (const each of data.criteria) {
      [each.now, each.share] = [each.limit, each.asked];
      const [limit, share] = (state.get(each.name) ?? "").split("@");
      if (share === undefined || limit === "" || !(Number(limit) >= 0)) continue;
      each.now = Number(limit);
      each.share = share === "" ? null : Number(share) > 0 && Number(share) < 100 ? Number((Number(share) / 100).toPrecision(12)) : each.asked;
    }
    const hidden = (state.get("hide") ?? "").split(".").filter((text) => text !== "").map(Number);
    rows.forEach((row, index) => { row.querySelector("input").checked = !hidden.includes(index); });
    mark(data.strategies[Number(state.get("mark") ?? NaN)] ?? null);
    const at = data.criteria.findIndex((each) => each.name === state.get("try"));
    select.selectedIndex = Math.max(0, at);
    chooseMeasure();
    return true;
  };

  // Pointer: the line follows from where it was taken.
  const toPlot = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = plot.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  let taken = null;
  svg.addEventListener("pointerdown", (event) => {
    const point = toPlot(event);
    if (!slider.contains(event.target) || Math.abs(point.x - plot.x(criterion.now)) > 22 || event.button !== 0) return;
    taken = point.x - plot.x(criterion.now);
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
    const at = share(axis, criterion.now);
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
      .map((each) => ({ ...each, p: each.above(value) }))
      .sort((a, b) => Math.abs(plot.y(a.p) - point.y) - Math.abs(plot.y(b.p) - point.y))[0];
    tip.hidden = !inside || !near || Math.abs(plot.y(near.p) - point.y) > 60;
    if (tip.hidden) return;
    const swatch = make("i", {});
    swatch.style.background = look(near.index).stroke;
    tip.replaceChildren(make("b", {}, swatch, near.name), make("span", {}, `${percent(near.p)} of ${criterion.judged} exceed ${amount(value)}`));
    const right = point.x > plot.width / 2;
    tip.style.left = right ? "" : `${point.x + 14}px`;
    tip.style.right = right ? `${plot.width - point.x + 14}px` : "";
    tip.style.maxWidth = `${(right ? point.x : plot.width - point.x) - 20}px`;
    tip.style.top = `${Math.min(plot.y(near.p), plot.height - 110)}px`;
  };

  select.addEventListener("change", chooseMeasure);
  input.addEventListener("input", typedLimit);
  asked.addEventListener("input", typedShare);
  part("own").addEventListener("click", () => {
    for (const each of data.criteria) [each.now, each.share] = [each.limit, each.asked];
    chooseMeasure();
  });
  part("link").addEventListener("click", async (event) => {
    if (!location.hash.startsWith("#try=")) history.replaceState(null, "", `#try=${criterion.name}`);
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "It is in the address bar";
    }
    setTimeout(() => { button.textContent = "Copy link"; }, 2500);
  });
  rows.forEach((row, index) => {
    draw(row.querySelector(".swatch"), "line", { x1: 1, x2: 33, y1: 6, y2: 6, "stroke-width": 3, ...look(index) });
    row.querySelector("input").addEventListener("change", drawAll);
  });
  part("note").textContent =
    `Intervals are those of Wilson at ${level(data.confidence)}, for ${data.trials.toLocaleString("en-US")} trials. Where a tolerance of the scenario is ` +
    "near to met, shares are counted from every trial; elsewhere they are read between some of them, off by at most about two percentage " +
    "points. Outages come in clusters, so at other limits than that of the scenario the interval of a share of outages is an approximation.";
  section.hidden = false;
  onMark = () => tellAddress();
  if (!fromAddress()) chooseMeasure();
  else byId("try").scrollIntoView();
  addEventListener("hashchange", fromAddress);
  new ResizeObserver(() => { if (plot.width !== Math.max(280, svg.parentElement.clientWidth)) drawAll(); }).observe(svg.parentElement);
};

makeSavable();
if (explored !== null) explore(byId("explorer"), explored);
