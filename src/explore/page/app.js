// The page: sends the state, takes the answer, and minds the buttons.

let number = 0;
// The state whose answer is shown: the last that was right.
let playing = 0;
let isSending = false;
let isWaiting = false;
let polling = null;
let pieces = {};

const ask = async (path, body, signal) => {
  const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
  return fetch(path, sent);
};
const stateNow = () => ({ session, number, changes: state.changes, trials: state.trials, shape });

const lose = (isLost) => {
  const note = byId("lost");
  note.hidden = !isLost;
  note.textContent = isLost
    ? "The program no longer answers: it was ended, or the machine slept. Start outlast explore again and open its address; what you changed stands in this page's address, behind the #, and can be copied over."
    : "";
  document.body.classList.toggle("is-lost", isLost);
};

// The newest state goes out when the one before has been answered: a slider that moves asks no oftener
// than it is answered.
const send = async () => {
  if (isSending) {
    isWaiting = true;
    return;
  }
  [isSending, isWaiting] = [true, false];
  number += 1;
  const mine = number;
  document.body.classList.add("is-behind");
  try {
    const reply = await ask("state", stateNow());
    if (!reply.ok) throw new Error((await reply.text()).trim());
    lose(false);
    take(await reply.json(), mine);
  } catch (error) {
    if (error instanceof TypeError) lose(true);
    else sayWrong([{ change: null, message: error.message, help: null }]);
  }
  isSending = false;
  if (isWaiting) send();
};

const take = (reply, mine) => {
  if (reply.form) {
    form = reply.form;
    shape = reply.shape;
    formValues = new Map(form.keys.map(({ path, value }) => [path, value ?? null]));
  }
  values.clear();
  for (const [path, value] of formValues) values.set(path, value);
  for (const [path, value] of Object.entries(reply.values)) values.set(path, value);
  opened.clear();
  for (const [path, value] of Object.entries(reply.opened)) opened.set(path, value);
  sayWrong(reply.wrong);
  if (reply.form) {
    const held = document.activeElement?.dataset?.table;
    drawPanel();
    if (held !== undefined) document.querySelector(`[data-table="${CSS.escape(held)}"]`)?.focus();
    if (byId("find").value !== "") find(byId("find").value);
    for (const id of ["deciding", "changed"]) byId(id).dataset.paths = "none";
  }
  drawSome("changed", "Changed", changedPaths());
  drawSome("deciding", "What decides", decidingPaths());
  updateControls();
  updateMarks();
  byId("title").textContent = unquoted(values.get("name") ?? "");
  document.title = `${unquoted(values.get("name") ?? "")} – outlast explore`;
  if (reply.wrong.length > 0) {
    document.body.classList.remove("is-behind");
    if (playing === 0) openWithout(reply.wrong);
    return;
  }
  if (mine === openedWithout) {
    byId("wrong").hidden = false;
    byId("wrong").textContent = leftOut;
  }
  polling?.abort();
  playing = mine;
  pieces = {};
  if (reply.pieces) takePieces(reply.pieces);
  poll(mine, reply.pieces?.version ?? 0);
};
let formValues = new Map();

// An address may name what this scenario does not have. The page opens without it, and says what it is.
let [leftOut, openedWithout] = ["", null];
const openWithout = (wrong) => {
  const named = new Set(wrong.map(({ change }) => change).filter(Number.isInteger));
  const rest = named.size > 0 ? state.changes.filter((_, at) => !named.has(at)) : [];
  if (rest.length === state.changes.length) return;
  leftOut = `Opened without a part of the address. ${byId("wrong").textContent}`;
  openedWithout = number + 1;
  state = { ...state, changes: rest };
  onState();
};

const poll = async (mine, after) => {
  polling = new AbortController();
  const { signal } = polling;
  let version = after;
  while (mine === playing && pieces.stage !== "whole" && pieces.stage !== "failed") {
    let news = null;
    try {
      const reply = await fetch(`answer?session=${session}&number=${mine}&after=${version}`, { signal });
      if (reply.status === 200) news = await reply.json();
    } catch (error) {
      if (!signal.aborted) lose(true);
      return;
    }
    if (signal.aborted) return;
    if (news === null) continue;
    if (mine !== playing || news.gone) return;
    version = news.version;
    takePieces(news);
  }
};

const takePieces = (news) => {
  if (news.number !== pieces.number) pieces = {};
  Object.assign(pieces, news);
  if (news.answer !== undefined) takeAnswer(news.answer);
  if (news.flips !== undefined) {
    takeFlips(news.flips);
    drawSome("deciding", "What decides", decidingPaths());
  }
  if (news.numbers !== undefined) {
    numbers = news.numbers;
    drawNumbers();
  }
  if (news.curves !== undefined) takeCurves(news.curves);
  if (news.figures !== undefined) takeFigures(news.figures);
  if (news.strategies !== undefined || news.warnings !== undefined) putHtml(byId("more"), `${pieces.strategies ?? ""}${pieces.warnings ?? ""}`);
  if (news.failed !== undefined) sayWrong([{ change: null, message: news.failed, help: null }]);
  showProgress();
  document.body.classList.remove("is-behind");
  // Who listens hears the answer once it is settled, not each number on the way.
  if (pieces.stage === "whole" || pieces.stage === "weighing") speak(pieces.words);
};
const speak = (words) => {
  const place = byId("spoken");
  if (place.textContent !== words) place.textContent = words;
};

const showProgress = () => {
  const { trials = 0, of = 1, stage } = pieces;
  const count = (some) => some.toLocaleString("en-US");
  byId("progress-bar").value = trials / of;
  byId("progress-words").textContent = {
    playing: `${count(trials)} of ${count(of)} played`,
    weighing: `${count(trials)} played; weighing what flips it`,
    whole: `${count(trials)} played, seed ${start.seed}`,
    failed: "It failed",
  }[stage] ?? "Playing";
  document.body.dataset.stage = stage ?? "";
};

// What is wrong, at its control where there is one, and otherwise above all of them.
const sayWrong = (wrong) => {
  wrongAt.clear();
  const others = [];
  const said = ({ message, help }) => `${message[0].toUpperCase()}${message.slice(1)}${help ? `: ${help}` : ""}.`;
  for (const one of wrong) {
    const change = state.changes[one.change];
    if (change?.[0] === "set") wrongAt.set(change[1], said(one));
    else others.push(said(one));
  }
  const place = byId("wrong");
  const hidden = [...wrongAt].filter(([path]) => !drawn.has(path)).map(([path, words]) => `${path}: ${words}`);
  place.hidden = others.length + hidden.length === 0;
  place.textContent = [...others, ...hidden].join(" ");
  document.body.classList.toggle("is-wrong", wrong.length > 0);
  for (const path of [limitPath, sharePath]) {
    const criterion = chosenLimit();
    const words = criterion === null ? undefined : wrongAt.get(path(criterion));
    if (words !== undefined) sayLimit(byId(path === limitPath ? "limit" : "share"), words);
  }
  if (wrong.length === 0) {
    for (const id of ["limit", "share"]) sayLimit(byId(id), null);
  }
};

const drawTrials = () => {
  const select = byId("trials");
  const some = [...new Set([1000, 10000, 100000, start.trials, state.trials])].sort((a, b) => a - b);
  select.replaceChildren(...some.map((many) => make("option", { value: many }, `${many.toLocaleString("en-US")} trials`)));
  select.value = state.trials;
};

onState = () => {
  drawTrials();
  byId("undo").disabled = past.length === 0;
  byId("redo").disabled = future.length === 0;
  byId("reset").hidden = state.changes.length === 0;
  const address = toAddress(state);
  history.replaceState(null, "", address === "" ? location.pathname : `#${address}`);
  send();
};

const saved = async (path, name, type, act) => {
  const words = act.textContent;
  act.disabled = true;
  act.textContent = "Making it …";
  try {
    const reply = await ask(path, stateNow());
    if (!reply.ok) throw new Error((await reply.text()).trim());
    const link = make("a", { href: URL.createObjectURL(new Blob([await reply.text()], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    act.textContent = "Saved";
  } catch (error) {
    if (error instanceof TypeError) lose(true);
    act.textContent = "Not saved";
  }
  act.disabled = false;
  setTimeout(() => { act.textContent = words; }, 2500);
};
const fileName = (ending) => `${(unquoted(values.get("name") ?? "") || "scenario").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "scenario"}.${ending}`;

const onClick = (id, act) => byId(id).addEventListener("click", (event) => act(event.currentTarget));
byId("trials").addEventListener("change", (event) => go({ ...state, trials: Number(event.target.value) }));
onClick("undo", undo);
onClick("redo", redo);
onClick("pin", () => { if (numbers !== null) pin(); });
onClick("reset", () => go({ ...state, changes: [] }));
onClick("toml", (act) => saved("scenario", fileName("toml"), "application/toml", act));
onClick("report", (act) => saved("report", fileName("html"), "text/html", act));
onClick("add", () => addStrategy(byId("template").value));
onClick("link", async (act) => {
  try {
    await navigator.clipboard.writeText(location.href);
    act.textContent = "Copied";
  } catch {
    act.textContent = "It is in the address bar";
  }
  setTimeout(() => { act.textContent = "Copy link"; }, 2500);
});
onClick("stop", async () => {
  polling?.abort();
  await ask("stop", {}).catch(() => {});
  playing = -1;
  byId("lost").hidden = false;
  byId("lost").textContent = "The program has ended. What you changed stands in this page's address, behind the #.";
  document.body.classList.add("is-lost");
});
onClick("tornado", async (act) => {
  act.disabled = true;
  byId("tornado-note").textContent = "Playing each assumption at both ends: some seconds.";
  try {
    const reply = await ask("tornado", stateNow());
    const text = await reply.text();
    if (!reply.ok) throw new Error(text.trim());
    putHtml(byId("tornado-figure"), JSON.parse(text).html);
    byId("tornado-note").textContent = "";
  } catch (error) {
    if (error instanceof TypeError) lose(true);
    byId("tornado-note").textContent = `It could not be played: ${error.message}`;
  }
  act.disabled = false;
});
byId("find").addEventListener("input", (event) => find(event.target.value));
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  // A field that is being written has an undo of its own.
  if (event.target.matches("input[type=text], input[type=search]")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) undo();
  else if (key === "y" || (key === "z" && event.shiftKey)) redo();
  else return;
  event.preventDefault();
});
// The link for who skips to the answer must not take the place of the state.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
addEventListener("hashchange", () => {
  if (location.hash !== "" && !/[#&](set|with|without|copy|add|trials)=/.test(location.hash)) return;
  const there = fromAddress(location.hash);
  if (!isSame(there, state)) go(there);
});
if (matchMedia("(max-width: 64rem)").matches) byId("panel").open = false;
makeLimits();
makeGuide();
onState();
