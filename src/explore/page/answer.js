// What follows from the state: words, numbers and charts as the program sends them.

let numbers = null;
let pinned = null;

// HTML of the program's own report: every text in it is escaped there, and the policy of the page lets no
// script in it run.
const putHtml = (place, html) => {
  if (place.dataset.html === html) return;
  place.dataset.html = html;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  place.replaceChildren(holder.content);
  place.querySelectorAll("table[data-choose]").forEach(makeChoosable);
  place.querySelectorAll("table.sortable").forEach(makeSortable);
  place.querySelectorAll(".scroll").forEach(watchBox);
  place.querySelectorAll("[data-strategy]").forEach(makeMarkable);
};

let showsWhy = false;
const takeAnswer = (html) => {
  const place = byId("answer");
  if (place.dataset.html === html) return;
  putHtml(place, html);
  foldWhy(place.querySelector(".sheet"));
  place.querySelector("a[href='#warnings']")?.addEventListener("click", (event) => {
    event.preventDefault();
    byId("warnings")?.scrollIntoView();
  });
};

// Here what flips the choice comes first; the reasons are there to be opened.
const foldWhy = (sheet) => {
  const heading = [...sheet.querySelectorAll("h3")].find((one) => one.textContent === "Why");
  if (!heading) return;
  const list = heading.nextElementSibling;
  const box = make("details", { class: "why" }, make("summary", {}, "Why"), list);
  box.open = showsWhy;
  box.addEventListener("toggle", () => { showsWhy = box.open; });
  heading.remove();
  // What flips it, then how sure, then why.
  const sure = [...sheet.querySelectorAll("h3")].find((one) => one.textContent === "How sure");
  const flips = [...sheet.querySelectorAll("h3")].find((one) => one !== sure);
  if (sure && flips) {
    const rest = [];
    for (let one = flips; one !== null; one = one.nextElementSibling) rest.push(one);
    sure.before(...rest.filter((one) => !one.matches(".note")));
  }
  sheet.append(box);
};

// Beside each flip: its control, and the value at which it flips.
let flips = [];
const takeFlips = (list) => {
  flips = list;
  const items = [...byId("answer").querySelectorAll("li")];
  for (const { words, sets } of list) {
    const item = items.find((one) => one.firstChild && one.textContent.replace(/\s+/g, " ").trim() === words.replace(/\s+/g, " ").trim());
    if (!item || sets.length === 0) continue;
    const tools = make("span", { class: "flip" },
      button("Show", () => showKey(sets[0][0]), { "aria-label": `Show the control: ${words}` }),
      button("Try", () => tryFlip(sets), { "aria-label": `Try it: ${words}` }));
    item.append(" ", tools);
  }
};
const tryFlip = (sets) => go({ ...state, changes: sets.reduce((changes, [path, value]) => withSet(changes, path, value), state.changes) });
const decidingPaths = () => [...new Set(flips.flatMap(({ sets }) => sets.map(([path]) => path)))].slice(0, 6);

const shown = (column, value) => (column.share ? percent(value) : figure(value));
const spanOf = (column, low, high) => {
  if (low === null || low === undefined) return "";
  return column.share ? span([low, high]) : `${figure(low)} to ${figure(high)}`;
};
const difference = (column, now, then) => {
  const change = now - then;
  if (change === 0) return "same";
  const sign = change > 0 ? "+" : "\u2212";
  const size = Math.abs(change);
  return column.share ? `${sign}${Number((100 * size).toPrecision(2))} points` : `${sign}${figure(size)}`;
};

// Every strategy in numbers, with what is pinned beside it.
const drawNumbers = () => {
  const { strategies, columns, confidence } = numbers;
  const table = byId("numbers-table");
  const head = make("tr", {}, make("th", { scope: "col" }, "Strategy"));
  for (const column of columns) {
    const label = column.share ? `${column.label}, share of ${column.judged ?? numbers.periods} (asked: ${level(column.asked)})` : column.label;
    head.append(make("th", { scope: "col", class: "number" }, label));
  }
  const rows = strategies.map(({ name, suits, chosen }, at) => {
    const row = make("tr", chosen ? { class: "chosen" } : {});
    const heading = make("th", { scope: "row", "data-strategy": name }, name);
    // As its curve looks.
    const swatch = draw(heading, "svg", { class: "swatch", width: 34, height: 8, viewBox: "0 0 34 8", "aria-hidden": "true" });
    draw(swatch, "line", { x1: 1, x2: 33, y1: 4, y2: 4, "stroke-width": 3, ...look(at) });
    if (chosen) heading.append(make("span", { class: "verdict met" }, "recommended"));
    else if (!suits) heading.append(make("span", { class: "unsuited" }, "does not suit"));
    row.append(heading);
    for (const column of columns) row.append(numberCell(column, name, column.cells[at]));
    const copy = button("Copy", () => copyStrategy(name), { "aria-label": `Copy ${name}` });
    const remove = button("Remove", () => removeStrategy(name), { "aria-label": `Remove ${name}` });
    remove.disabled = strategies.length === 1;
    heading.append(make("span", { class: "row-tools" }, copy, remove));
    return row;
  });
  const held = table.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
  if (held !== null) [...table.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === held)?.focus({ preventScroll: true });
  byId("numbers-note").textContent = `Small: the interval at ${level(confidence)}, from the trials played so far.`;
};

const numberCell = (column, name, cell) => {
  const box = make("td", { class: "number" });
  if (!cell) {
    box.textContent = "–";
    return box;
  }
  const [value, low, high, word] = cell;
  box.dataset.value = value;
  box.append(word ? make("span", { class: `verdict ${word}`, title: word }, shown(column, value)) : make("span", {}, shown(column, value)));
  box.append(make("small", {}, spanOf(column, low, high)));
  const then = pinnedValue(column, name);
  if (then !== null) box.append(make("span", { class: "difference" }, difference(column, value, then)));
  return box;
};

const pinnedValue = (column, name) => {
  if (pinned === null) return null;
  const at = pinned.numbers.strategies.findIndex((one) => one.name === name);
  const same = pinned.numbers.columns.find((one) => one.label === column.label);
  return at < 0 || !same ? null : same.cells[at]?.[0] ?? null;
};

const pin = () => {
  pinned = pinned === null ? { numbers, state, words: byId("answer").querySelector(".headline")?.textContent ?? "" } : null;
  showPinned();
  drawNumbers();
};
const showPinned = () => {
  const note = byId("pinned");
  byId("pin").setAttribute("aria-pressed", String(pinned !== null));
  byId("pin").textContent = pinned === null ? "Pin" : "Unpin";
  note.hidden = pinned === null;
  if (pinned === null) return;
  note.replaceChildren(make("b", {}, "Pinned: "), pinned.words, " ", button("Back to it", () => go(pinned.state)));
};

const takeFigures = (figures) => {
  const place = byId("figures");
  const known = new Map([...place.children].map((box) => [box.dataset.figure, box]));
  const boxes = figures.map(({ name, html }) => {
    const box = known.get(name) ?? make("div", { "data-figure": name });
    const wasOpen = box.querySelector("details")?.open ?? false;
    putHtml(box, html);
    if (wasOpen) box.querySelector("details").open = true;
    return box;
  });
  if (boxes.length !== place.childElementCount || boxes.some((box, at) => place.children[at] !== box)) place.replaceChildren(...boxes);
};
