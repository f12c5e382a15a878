// Tables: sorting by the buttons in their heads, choosing rows, and boxes that need no tab stop.

const byId = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

const draw = (parent, name, attributes = {}, text = "") => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== "") element.textContent = text;
  parent.append(element);
  return element;
};

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// What a cell is sorted by: its whole number where it carries one, else its text. Absent: null.
const sortValue = (cell) => {
  if (!cell) return null;
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const text = cell.textContent.trim();
  return text === "–" || text === "" ? null : text;
};

const inOrder = (a, b) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), "en", { numeric: true });

// Absent values come last in both directions; equal ones keep their order. Rows stay in their group.
const sortRows = (table, column, direction) => {
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => !row.querySelector("[scope=rowgroup]"));
    const keyed = rows.map((row) => [sortValue(row.cells[column]), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return direction * inOrder(a, b);
    });
    body.append(...keyed.map(([, row]) => row));
  }
};

const makeSortable = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = make("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const rising = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      sortRows(table, column, rising ? 1 : -1);
    });
  });
};

// What the explorer is made of; null on a page without one.
const explored = JSON.parse(byId("explorer-data")?.textContent ?? "null");

// Shows the rows of one value, at first those of the recommended strategy, without the column that would repeat it.
const makeChoosable = (table) => {
  const column = Number(table.dataset.choose);
  const name = table.tHead.rows[0].cells[column].textContent;
  const rows = [...table.tBodies[0].rows];
  const of = (row) => row.cells[column].textContent;
  const values = [...new Set(rows.map(of))];
  if (values.length < 2) return;
  const select = make("select");
  values.forEach((value) => select.append(make("option", {}, value)));
  select.append(make("option", { value: "" }, "All"));
  select.lastChild.value = "";
  select.selectedIndex = Math.max(0, values.indexOf(explored?.strategies[explored.chosen]));
  // On paper nobody sees the list.
  const caption = make("p", { class: "paper-only" });
  const show = () => {
    const all = select.selectedIndex === values.length;
    caption.textContent = all ? "" : `${name}: ${values[select.selectedIndex]}`;
    rows.forEach((row) => { row.hidden = !all && of(row) !== values[select.selectedIndex]; });
    [table.tHead.rows[0], ...rows].forEach((row) => { row.cells[column].hidden = !all; });
  };
  select.addEventListener("change", show);
  const controls = make("div", { class: "controls" }, make("label", {}, make("span", {}, name), select));
  table.closest(".scroll").before(controls, caption);
  show();
};

// A box is a tab stop only while there is something to scroll.
const watchBox = (box) => {
  const check = () => {
    if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  };
  new ResizeObserver(check).observe(box);
};

document.querySelectorAll("table[data-choose]").forEach(makeChoosable);
document.querySelectorAll("table.sortable").forEach(makeSortable);
document.querySelectorAll(".scroll").forEach(watchBox);

// A strategy that is marked stands out in every table.
let marked = null;
let onMark = () => {};
const mark = (strategy) => {
  marked = strategy;
  for (const head of document.querySelectorAll("[data-strategy]")) {
    head.closest("tr").classList.toggle("marked", head.dataset.strategy === strategy);
  }
};
const makeMarkable = (head) => {
  head.addEventListener("click", (event) => {
    if (event.target.closest("label, button")) return;
    mark(head.dataset.strategy === marked ? null : head.dataset.strategy);
    onMark();
  });
};
document.querySelectorAll("[data-strategy]").forEach(makeMarkable);

// Shows what only script can do.
document.documentElement.classList.add("scripted");
