// Saving: a chart as SVG or PNG, a table as CSV. Nothing leaves the page but the file.

const save = (name, type, content) => {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};

// A drawing as a file of its own: with the colours that it has now, a ground and its title.
const standalone = (svg, title) => {
  const copy = svg.cloneNode(true);
  const [, top, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const scale = width / 800 > 4 ? 8 : width / svg.getBoundingClientRect().width;
  const above = 44 * scale;
  const pairs = [[svg, copy], ...[...svg.querySelectorAll("*")].map((element, at) => [element, copy.querySelectorAll("*")[at]])];
  for (const [from, to] of pairs) {
    const look = getComputedStyle(from);
    for (const name of ["fill", "stroke"]) {
      if (to.hasAttribute(name)) to.setAttribute(name, look[name]);
    }
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `0 ${top - above} ${width} ${height + above}`);
  copy.setAttribute("width", Math.round(width / scale));
  copy.setAttribute("height", Math.round((height + above) / scale));
  copy.setAttribute("font-family", "sans-serif");
  const look = getComputedStyle(document.body);
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: 0, y: top - above, width, height: height + above, fill: look.backgroundColor })) ground.setAttribute(name, value);
  copy.prepend(ground);
  draw(copy, "text", { x: 18 * scale, y: top - above + 28 * scale, "font-size": 17 * scale, "font-weight": "bold", fill: look.color }, title);
  return new XMLSerializer().serializeToString(copy);
};

// Twice the size, so that it is sharp on a dense screen.
const saveAsPng = async (name, svg) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = make("canvas", { width: 2 * image.width, height: 2 * image.height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => save(name, "image/png", blob));
};

// RFC 4180, with a mark of its encoding at the front, as spreadsheets want it.
const asCsv = (table) => {
  const quote = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const cell = (each) => quote(each.dataset.value ?? each.innerText.replace(/\s+/g, " ").trim());
  const head = [...table.tHead.rows[0].cells].map((each) => quote(each.textContent.replace(/[↕↑↓]/g, "").trim()));
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells].map(cell));
  return "\ufeff" + [head, ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
};

const makeSavable = () => {
  const button = (words, act) => {
    const made = make("button", { type: "button" }, words);
    made.addEventListener("click", act);
    return made;
  };
  document.querySelectorAll("figure.chart").forEach((figure) => {
    const title = figure.querySelector("h3").textContent;
    const shown = () => [...figure.querySelectorAll(".drawing svg")].find((svg) => svg.getBoundingClientRect().width > 0);
    const bar = make("div", { class: "tools" },
      button("Save SVG", () => save(`${figure.id}.svg`, "image/svg+xml", standalone(shown(), title))),
      button("Save PNG", () => saveAsPng(`${figure.id}.png`, standalone(shown(), title))));
    [...figure.querySelectorAll(".drawing")].pop().after(bar);
  });
  document.querySelectorAll(".scroll table").forEach((table) => {
    const box = table.closest(".scroll");
    const name = (box.getAttribute("aria-label") ?? "table").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    box.after(make("div", { class: "tools" }, button("Save CSV", () => save(`${name}.csv`, "text/csv", asCsv(table)))));
  });
};
