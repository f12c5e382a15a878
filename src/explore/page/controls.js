// The controls: one for each key, made of what the program declares of it.

let controlCount = 0;
// What a control shows: what was set, right or wrong, or else what the scenario has.
const valueOf = (path) => state.changes.findLast(isSet(path))?.[2] ?? values.get(path) ?? null;
const spokenKey = (key) => unquoted(key).replaceAll("_", " ");
const button = (words, act, attributes = {}) => {
  const made = make("button", { type: "button", ...attributes }, words);
  made.addEventListener("click", act);
  return made;
};

// What is typed, as TOML.
const written = (control, text) => {
  const plain = text.trim();
  const isToml = /^[[{"']/.test(plain);
  if (control.kind === "text") return isToml && plain.length > 1 && plain.startsWith('"') ? plain : quoteToml(plain);
  if (["times", "duration"].includes(control.kind)) return isToml ? plain : quoteToml(plain);
  if (["number", "whole", "probability", "hours"].includes(control.kind)) return /^[-+]?[0-9._]+([eE][-+]?[0-9]+)?$/.test(plain) ? plain : quoteToml(plain);
  return isToml || /^(true|false|[-+]?[0-9._]+([eE][-+]?[0-9]+)?)$/.test(plain) ? plain : quoteToml(plain);
};

const unitWords = (control) => {
  if (["times", "duration"].includes(control.kind)) return "time";
  if (control.kind === "probability") return "0 to 1";
  if (control.kind === "number" && /(^costs$)/.test(control.table) && control.key !== "years") return currency();
  if (control.kind === "number" && /cost$/.test(control.key)) return currency();
  return { whole: "whole number", number: "number", hours: "hours, or a time", switch: "yes or no" }[control.kind] ?? "";
};
const currency = () => unquoted(values.get("costs.currency") ?? "");

// A slider over a logarithmic or straight scale, with its own words for who listens.
const slider = (label, { from, to, log, value, show }, onMove) => {
  const at = (x) => (log ? Math.log(x / from) / Math.log(to / from) : (x - from) / (to - from));
  const valueOf = (share) => (log ? from * (to / from) ** share : from + (to - from) * share);
  const input = make("input", { type: "range", min: 0, max: 1, step: 0.005, "aria-label": label });
  const say = (x) => input.setAttribute("aria-valuetext", show(x));
  input.value = Math.min(1, Math.max(0, at(value)));
  say(value);
  input.addEventListener("input", () => {
    const x = valueOf(Number(input.value));
    say(x);
    onMove(x);
  });
  return input;
};

const roundTo = (digits) => (x) => Number(x.toPrecision(digits));

// The sliders of a control around the value that it had when opened; none where it has no number.
const slidersOf = (control, set) => {
  const name = spokenKey(control.key);
  const was = opened.get(control.path) ?? values.get(control.path);
  const now = valueOf(control.path) ?? was;
  if (["times", "duration"].includes(control.kind)) {
    const [base, here] = [movable(was), movable(now)];
    if (base === null || here === null) return [];
    if (here.kind === "factor") {
      return [slider(`${name}, all times together`, { from: 0.1, to: 10, log: true, value: 1, show: (x) => `${roundTo(2)(x)} times` }, (x) => set(moved(now, here, [roundTo(2)(x)])))];
    }
    const ends = [...here.ends];
    const [from, to] = [Math.min(...base.ends, ...ends) / 8, Math.max(...base.ends, ...ends) * 8];
    const words = here.kind === "one" ? [name] : [`${name}, low end`, `${name}, high end`];
    return words.map((label, which) => slider(label, { from, to, log: true, value: ends[which], show: textOf }, (x) => {
      ends[which] = x;
      if (ends.length === 2 && ends[0] >= ends[1]) ends[1 - which] = which === 0 ? x * 1.05 : x / 1.05;
      set(moved(now, here, ends));
    }));
  }
  const [base, value] = [was, now].map((toml) => Number(String(toml ?? NaN).replaceAll("_", "")));
  if (Number.isNaN(base) || Number.isNaN(value)) return [];
  if (control.kind === "probability" || (control.kind === "number" && control.least === 0 && control.most === 1)) {
    return [slider(name, { from: 0, to: 1, log: false, value, show: String }, (x) => set(asFloat(Number(x.toFixed(3)))))];
  }
  if (!["number", "whole", "hours"].includes(control.kind) || base <= 0 || value <= 0) return [];
  const least = control.least ?? control.above ?? 0;
  const range = [Math.max(base / 10, least, control.kind === "whole" ? 1 : 0), Math.min(base * 10, control.most ?? Infinity)];
  if (!(range[0] > 0 && range[0] < range[1])) return [];
  const [from, to] = [Math.min(range[0], value), Math.max(range[1], value)];
  const text = control.kind === "whole" ? (x) => String(Math.round(roundTo(2)(x))) : (x) => asFloat(roundTo(2)(x));
  return [slider(name, { from, to, log: true, value, show: text }, (x) => set(text(x)))];
};
const asFloat = (x) => (Number.isInteger(x) ? `${x}.0` : String(x));

const NOT_STATED = "not stated";

// The field in which the value is written or chosen.
const fieldOf = (control, id, set) => {
  const { path, kind } = control;
  const now = valueOf(path);
  const attributes = { id, "aria-describedby": `${id}-said` };
  const isOptional = (opened.get(path) ?? now) === null;
  if (kind === "switch" && !isOptional) {
    const input = make("input", { ...attributes, type: "checkbox", role: "switch" });
    input.checked = now === "true";
    input.addEventListener("change", () => set(String(input.checked)));
    return input;
  }
  if (kind === "choice" || kind === "switch") {
    const words = kind === "switch" ? ["true", "false"] : control.words.map((word) => (typeof word === "string" ? quoteToml(word) : String(word)));
    const select = make("select", attributes);
    if (isOptional) select.append(make("option", { value: "" }, NOT_STATED));
    for (const word of words) select.append(make("option", { value: word }, unquoted(word)));
    if (now !== null && !words.includes(now)) select.append(make("option", { value: now }, unquoted(now)));
    select.value = now ?? "";
    select.addEventListener("change", () => (select.value === "" ? resetKey(path) : set(select.value)));
    return select;
  }
  const input = make("input", { ...attributes, type: "text", autocomplete: "off", spellcheck: "false", placeholder: isOptional ? NOT_STATED : "" });
  input.value = unquoted(now);
  input.addEventListener("change", () => (input.value.trim() === "" ? resetKey(path) : set(written(control, input.value), null)));
  return input;
};

const drawn = new Map();

// One control. A key may stand at several places of the page; each has its own.
const controlOf = (control) => {
  const { path } = control;
  controlCount += 1;
  const id = `key-${controlCount}`;
  const box = make("div", { class: "control", "data-path": path });
  const problem = make("p", { class: "problem", role: "alert", hidden: "" });
  // What was last set here: while somebody is at it, the control is drawn anew only for another value.
  let mine = null;
  const set = (value, about = path) => {
    mine = value;
    setKey(path, value, about);
  };
  const again = () => {
    const label = make("label", { for: id }, spokenKey(control.key));
    const back = button("Undo", () => {
      mine = "";
      resetKey(path);
    }, { class: "back", "aria-label": `Undo the change of ${spokenKey(control.key)}` });
    const unit = unitWords(control);
    const field = fieldOf(control, id, set);
    const sliders = slidersOf(control, (value) => {
      if ("value" in field && field.type === "text") field.value = unquoted(value);
      set(value);
    });
    const said = make("p", { class: "said", id: `${id}-said` }, control.doc === "" ? "" : `${control.doc}. `);
    if (control.source) said.append(make("span", { class: "source" }, `Source: ${control.source}. `));
    if (control.default !== null && control.default !== undefined) said.append(make("span", { class: "source" }, "Default: ", make("code", {}, unquoted(control.default)), ". "));
    const before = make("p", { class: "was", hidden: "" }, "was ", make("code", {}));
    box.replaceChildren(make("div", { class: "head" }, label, make("span", { class: "unit" }, unit), back), field, ...sliders, before, said, problem);
  };
  // Whoever is at it stays where he is.
  const redraw = () => {
    const parts = () => [...box.querySelectorAll("input, select")];
    const at = box.contains(document.activeElement) ? Math.max(0, parts().indexOf(document.activeElement)) : null;
    mine = null;
    again();
    if (at !== null) (parts()[at] ?? parts()[0]).focus({ preventScroll: true });
  };
  const update = () => {
    const isHeld = box.contains(document.activeElement) && (mine === null || mine === valueOf(path));
    if (!isHeld) redraw();
    const isChanged = changedPaths().includes(path);
    const before = box.querySelector(".was");
    const was = opened.get(path);
    before.hidden = !isChanged || was === undefined;
    before.lastChild.textContent = was === null ? NOT_STATED : unquoted(was ?? "");
    box.classList.toggle("is-changed", isChanged);
    box.querySelector(".back").hidden = !isChanged;
    const wrong = wrongAt.get(path);
    problem.hidden = wrong === undefined;
    problem.textContent = wrong ?? "";
    const field = box.querySelector(`[id="${id}"]`);
    if (wrong === undefined) field.removeAttribute("aria-invalid");
    else field.setAttribute("aria-invalid", "true");
  };
  box.addEventListener("focusout", () => setTimeout(() => { if (!box.contains(document.activeElement)) update(); }));
  again();
  update();
  if (!drawn.has(path)) drawn.set(path, new Set());
  drawn.get(path).add({ box, update });
  return box;
};
const wrongAt = new Map();

// Brings all controls on the page up to date, and forgets those that have left it.
const updateControls = () => {
  for (const [path, all] of drawn) {
    for (const one of all) {
      if (one.box.isConnected) one.update();
      else all.delete(one);
    }
    if (all.size === 0) drawn.delete(path);
  }
};
