// The panel: controls in groups, a group made when it is opened; tables put in and taken out; strategies
// added, copied and removed.

// The names of a path.
const namesOf = (path) => {
  const names = [];
  let rest = path;
  while (rest !== "") {
    const quoted = rest.match(/^"(?:[^"\\]|\\.)*"/);
    const name = quoted ? quoted[0] : rest.slice(0, rest.search(/\.|$/));
    names.push(quoted ? unquoted(name) : name);
    rest = rest.slice(name.length + 1);
  }
  return names;
};
const LISTS = ["strategy", "fault", "watch", "site", "planned"];
const GROUPS = {
  "": "The whole", organisation: "Organisation", workload: "What users do", operations: "Who notices, decides and works",
  site: "Sites", watch: "What is watched", sync: "Synchronisation", fault: "Faults", planned: "Planned work",
  strategy: "Strategies", tolerance: "Tolerances", costs: "What it costs", pass_through: "Pass-through sign-in",
  federated: "Federated sign-in", uncertainty: "How far assumptions may be off",
};
const groupTitle = (name) => GROUPS[name] ?? spokenKey(name);

// A box that is filled when it is opened.
const openBox = new Set();
const foldable = (id, title, mark, fill, isTop = false) => {
  const box = make("details", { class: isTop ? "group" : "group inner", "data-group": id });
  const body = make("div", { class: "body" });
  box.append(make("summary", {}, title, make("span", { class: "mark" }, mark)), body);
  const show = () => {
    if (!box.open) {
      openBox.delete(id);
      body.replaceChildren();
      return;
    }
    openBox.add(id);
    if (body.childElementCount === 0) body.append(...fill());
  };
  box.addEventListener("toggle", show);
  if (openBox.has(id)) {
    box.open = true;
    body.append(...fill());
  }
  return box;
};

const keysIn = (table) => form.keys.filter((control) => control.table === table);
const isWithin = (table, outer) => table === outer || table.startsWith(`${outer}.`);
const countChanged = (outer) => changedPaths().filter((path) => isWithin(path, outer)).length;
const changedMark = (outer) => {
  const count = outer === "" ? changedPaths().filter((path) => namesOf(path).length === 1).length : countChanged(outer);
  return count === 0 ? "" : ` ${count} changed`;
};

// A switch for a table that may be left out.
const tableSwitch = (table) => {
  controlCount += 1;
  const id = `table-${controlCount}`;
  const input = make("input", { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-said`, "data-table": table.path });
  input.checked = table.there;
  input.addEventListener("change", () => (input.checked ? putIn(table) : edit(["without", table.path])));
  const name = namesOf(table.path).at(-1);
  const said = make("p", { class: "said", id: `${id}-said` }, table.doc ? `${table.doc}.` : "");
  return make("div", { class: "control table" }, make("label", { for: id }, input, " ", spokenKey(name)), said);
};

// Takes back a removal where there was one, so that all its keys are as before.
const putIn = (table) => {
  const at = state.changes.findLastIndex(([kind, path]) => kind === "without" && path === table.path);
  if (at >= 0) return go({ ...state, changes: state.changes.filter((_, place) => place !== at) });
  const needs = (table.needs ?? []).map((key) => `${key} = ${firstValue(table.path, key)}`);
  edit(["with", table.path, needs.length > 0 ? `{ ${needs.join(", ")} }` : ""]);
};
const firstValue = (path, key) => {
  if (key === "confidence") return "0.95";
  if (key === "limit") return /hours/.test(path) ? "24.0" : "1000.0";
  return '""';
};

const sureName = (name, taken) => {
  for (let number = 2; ; number += 1) {
    const next = `${name} (${number})`;
    if (!taken.includes(next)) return next;
  }
};
const strategyNames = () => [...new Set(form.keys.map((control) => namesOf(control.path)).filter(([list]) => list === "strategy").map(([, name]) => name))];
const strategyPath = (name) => `strategy.${quoteToml(name)}`;
const copyStrategy = (name) => edit(["copy", strategyPath(name), sureName(name, strategyNames())]);
const removeStrategy = (name) => edit(["without", strategyPath(name)]);
const addStrategy = (template) => edit(["add", template, strategyNames().includes(template) ? sureName(template, strategyNames()) : template]);

// All of one of a list: its keys, and the tables within it.
const memberBox = (list, name) => {
  const outer = `${list}.${quoteToml(name)}`;
  return foldable(outer, name, changedMark(outer), () => {
    const parts = keysIn(outer).map(controlOf);
    for (const table of form.tables.filter(({ path }) => isWithin(path, outer) && path !== outer)) {
      parts.push(tableSwitch(table));
      if (table.there) parts.push(...keysIn(table.path).map(controlOf));
    }
    const shown = new Set([outer, ...form.tables.map(({ path }) => path)]);
    const others = [...new Set(form.keys.map(({ table }) => table))].filter((table) => isWithin(table, outer) && !shown.has(table));
    for (const table of others) parts.push(make("h4", {}, form.titles[table] ?? table), ...keysIn(table).map(controlOf));
    const tools = make("div", { class: "tools" });
    if (list === "strategy") tools.append(button("Copy", () => copyStrategy(name), { "aria-label": `Copy ${name}` }));
    tools.append(button("Remove", () => edit(["without", outer]), { "aria-label": `Remove ${name}` }));
    return [...parts, tools];
  });
};

// All of one part of the scenario.
const groupBox = (name) => {
  const inGroup = (path) => namesOf(path)[0] === name;
  const keys = name === "" ? form.keys.filter(({ table }) => table === "") : form.keys.filter(({ table }) => table !== "" && inGroup(table));
  if (LISTS.includes(name)) {
    const members = [...new Set(keys.map(({ table }) => namesOf(table)[1]))];
    return foldable(`group ${name}`, groupTitle(name), `${members.length}${changedMark(name)}`, () => members.map((member) => memberBox(name, member)), true);
  }
  const tables = form.tables.filter(({ path }) => namesOf(path)[0] === name);
  return foldable(`group ${name}`, groupTitle(name), changedMark(name), () => {
    const parts = [];
    const own = tables.find(({ path }) => path === name);
    if (own) parts.push(tableSwitch(own));
    const inner = tables.filter(({ path }) => path !== name);
    const named = [...new Set(keys.map(({ table }) => table))];
    for (const table of named) {
      const its = inner.find(({ path }) => path === table);
      if (its) parts.push(tableSwitch(its));
      else if (table !== name && table !== "") parts.push(make("h4", {}, spokenKey(namesOf(table).at(-1))));
      parts.push(...keysIn(table).map(controlOf));
    }
    const absent = inner.filter(({ there }) => !there);
    if (absent.length > 4) parts.push(chooseTable(absent, name));
    else parts.push(...absent.map(tableSwitch));
    return parts;
  }, true);
};

// Many tables that are not there: a list to choose one from.
const chooseTable = (absent, group) => {
  const select = make("select", { "aria-label": `Add to ${groupTitle(group)}` });
  for (const { path } of absent) select.append(make("option", { value: path }, spokenKey(namesOf(path).at(-1))));
  return make("div", { class: "add" }, select, button("Add", () => putIn(absent.find(({ path }) => path === select.value))));
};

// Every group, in the order in which people ask, whatever the order of the file.
const ORDER = ["tolerance", "operations", "watch", "strategy", "fault", "costs", "organisation", "workload", "planned", "site", "sync", "pass_through", "federated", "", "uncertainty"];
const drawPanel = () => {
  const names = new Set([...form.keys.map(({ table }) => (table === "" ? "" : namesOf(table)[0])), ...form.tables.map(({ path }) => namesOf(path)[0])]);
  const ordered = [...ORDER.filter((name) => names.has(name)), ...[...names].filter((name) => !ORDER.includes(name))];
  byId("controls").replaceChildren(...ordered.map(groupBox));
  const template = byId("template");
  template.replaceChildren(...form.templates.map((name) => make("option", { value: name }, name)));
};

// How many changes a group holds, without making it anew.
const updateMarks = () => {
  for (const box of document.querySelectorAll("#controls .group")) {
    const id = box.dataset.group;
    const mark = box.querySelector(":scope > summary .mark");
    const name = id.startsWith("group ") ? id.slice(6) : id;
    const count = LISTS.includes(name) ? mark.textContent.match(/^[0-9]+/)?.[0] ?? "" : "";
    mark.textContent = count + changedMark(name);
  }
};

// Finding: every word must stand in the path, the meaning or the source of a key.
const MOST_FOUND = 40;
const find = (text) => {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const list = byId("controls");
  // What is found stands first.
  for (const id of ["deciding", "changed"]) byId(id).hidden = words.length > 0;
  if (words.length === 0) {
    byId("found").textContent = "";
    drawPanel();
    return;
  }
  const holds = (control) => {
    const all = `${control.path} ${control.path.replaceAll("_", " ")} ${control.doc} ${control.source ?? ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const found = form.keys.filter(holds);
  byId("found").textContent = found.length === 0 ? "Nothing is called so." : `${found.length} of ${form.keys.length} assumptions${found.length > MOST_FOUND ? `, ${MOST_FOUND} shown` : ""}.`;
  list.replaceChildren(...found.slice(0, MOST_FOUND).map(placed));
};

// A control with the table that it is of.
const placed = (control) => {
  const box = make("div", { class: "placed" });
  if (control.table !== "") box.append(make("p", { class: "place" }, form.titles[control.table] ?? control.table));
  box.append(controlOf(control));
  return box;
};

// The controls of what decides, and of what was changed.
const drawSome = (id, title, paths) => {
  const place = byId(id);
  const known = paths.map((path) => form.keys.find((control) => control.path === path)).filter((control) => control !== undefined);
  if (place.dataset.paths === known.map(({ path }) => path).join("\n")) return;
  if (place.contains(document.activeElement)) return;
  place.dataset.paths = known.map(({ path }) => path).join("\n");
  place.replaceChildren();
  if (known.length > 0) place.append(make("h3", {}, title), ...known.map(placed));
};

// Shows a key in the panel and puts the cursor there.
const showKey = (path) => {
  const panel = byId("panel");
  panel.open = true;
  const isThere = [...document.querySelectorAll(`.panel [data-path="${CSS.escape(path)}"]`)].some((one) => one.checkVisibility());
  if (!isThere) {
    byId("find").value = path;
    find(path);
  }
  const box = [...document.querySelectorAll(`.panel [data-path="${CSS.escape(path)}"]`)].find((one) => one.checkVisibility());
  box?.scrollIntoView({ block: "center" });
  box?.querySelector("input, select")?.focus({ preventScroll: true });
};
