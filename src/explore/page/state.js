// The state: what was done to the scenario, and how many trials are asked for. It can be undone, and it
// stands in the address of the page.

const start = JSON.parse(document.body.dataset.start);
const session = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const TWO_WORDS = ["set", "with", "copy", "add"];

// Where a path ends: at the first = outside of quotes.
const splitAtEquals = (text) => {
  let [quoted, escaped] = [false, false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (escaped) escaped = false;
    else if (quoted && letter === "\\") escaped = true;
    else if (letter === '"') quoted = !quoted;
    else if (letter === "=" && !quoted) return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text, ""];
};

const quoteToml = (text) => JSON.stringify(text).replace(/[\u007f-\u009f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

// The text of a TOML string, or the value as it is written.
const unquoted = (toml) => {
  if (toml === null || toml === undefined) return "";
  if (!/^".*"$/s.test(toml)) return toml;
  try {
    return JSON.parse(toml);
  } catch {
    return toml.slice(1, -1);
  }
};

const toAddress = ({ changes, trials }) => {
  const parts = new URLSearchParams();
  for (const [kind, first, second] of changes) {
    // A template is a name and no path, so it is put in quotes as a path would be.
    const path = kind === "add" ? quoteToml(first) : first;
    parts.append(kind, TWO_WORDS.includes(kind) ? `${path}=${second ?? ""}` : path);
  }
  if (trials !== start.trials) parts.append("trials", trials);
  return parts.toString();
};

const fromAddress = (text) => {
  const state = { changes: [], trials: start.trials };
  for (const [kind, value] of new URLSearchParams(text.replace(/^#/, ""))) {
    if (kind === "trials" && /^[1-9][0-9]{0,6}$/.test(value)) state.trials = Number(value);
    else if (kind === "without") state.changes.push(["without", value]);
    else if (TWO_WORDS.includes(kind)) {
      const [path, word] = splitAtEquals(value);
      state.changes.push([kind, kind === "add" ? unquoted(path) : path, word]);
    }
  }
  return state;
};

let state = fromAddress(location.hash);
const [past, future] = [[], []];
// What the last step was about: all that is done at one control, until it is left, is one step.
let lastStep = null;
addEventListener("focusout", () => { lastStep = null; });
let onState = () => {};

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// A new state. Steps about one thing are undone together.
const go = (next, about = null) => {
  if (isSame(next, state)) return;
  if (about === null || about !== lastStep || past.length === 0) past.push(state);
  lastStep = about;
  future.length = 0;
  state = next;
  onState();
};
const undo = () => {
  if (past.length === 0) return;
  future.push(state);
  state = past.pop();
  lastStep = null;
  onState();
};
const redo = () => {
  if (future.length === 0) return;
  past.push(state);
  state = future.pop();
  onState();
};

const isSet = (path) => (change) => change[0] === "set" && change[1] === path;
const withSet = (changes, path, value) => {
  const at = changes.findLastIndex(isSet(path));
  if (at < 0) return [...changes, ["set", path, value]];
  return changes.map((change, place) => (place === at ? ["set", path, value] : change));
};
const withoutSet = (changes, path) => changes.filter((change) => !isSet(path)(change));

// What the page knows of the keys: their controls, their values now, and what they were when opened.
let form = { keys: [], tables: [], titles: {}, templates: [] };
let shape = "";
const values = new Map();
const opened = new Map();

// Sets a key; to what it was when opened takes the change back.
const setKey = (path, value, about = path) => {
  const was = opened.has(path) ? opened.get(path) : values.get(path);
  const isBack = was !== undefined && was !== null && was === value;
  go({ ...state, changes: isBack ? withoutSet(state.changes, path) : withSet(state.changes, path, value) }, about);
};
const resetKey = (path) => go({ ...state, changes: withoutSet(state.changes, path) });
const edit = (change) => go({ ...state, changes: [...state.changes, change] });
const changedPaths = () => state.changes.filter(([kind]) => kind === "set").map(([, path]) => path);
