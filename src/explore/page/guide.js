// Ten questions for who has no file yet: their answers become changes of the built-in scenario.

const questionBox = ({ id, ask, help, kind, words, usual }) => {
  const name = `question-${id}`;
  const said = make("p", { class: "said", id: `${name}-said` }, help);
  const problem = make("p", { class: "problem", role: "alert", hidden: "" });
  const described = { "aria-describedby": `${name}-said` };
  if (kind === "several") {
    const boxes = words.map(([word, is]) => {
      const input = make("input", { type: "checkbox", value: word });
      input.checked = usual === "all";
      return make("label", {}, input, " ", is);
    });
    return make("fieldset", { "data-question": id, ...described }, make("legend", {}, ask), ...boxes, said, problem);
  }
  let field;
  if (kind === "one") {
    field = make("select", { id: name, ...described });
    for (const [word, is] of words) field.append(make("option", { value: word }, is));
    field.value = usual;
  } else {
    field = make("input", { id: name, type: "text", autocomplete: "off", placeholder: usual, ...described });
  }
  return make("div", { class: "question", "data-question": id }, make("label", { for: name }, ask), field, said, problem);
};

const answered = (box) => {
  if (box.tagName !== "FIELDSET") return box.querySelector("input, select").value;
  const chosen = [...box.querySelectorAll("input:checked")].map((input) => input.value);
  return chosen.length === 0 ? "none" : chosen.join(", ");
};

const makeGuide = () => {
  const dialog = byId("questions");
  byId("guide").hidden = start.questions.length === 0;
  byId("guide").addEventListener("click", () => {
    if (byId("questions-list").childElementCount === 0) byId("questions-list").append(...start.questions.map(questionBox));
    dialog.showModal();
  });
  byId("questions-never").addEventListener("click", () => dialog.close());
  byId("questions-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const boxes = [...dialog.querySelectorAll("[data-question]")];
    const answers = Object.fromEntries(boxes.map((box) => [box.dataset.question, answered(box)]));
    const reply = await ask("guide", { answers });
    const { changes, wrong = [] } = await reply.json();
    for (const box of boxes) {
      const found = wrong.find(({ id }) => id === box.dataset.question);
      const problem = box.querySelector(".problem");
      problem.hidden = found === undefined;
      problem.textContent = found?.message ?? "";
      for (const field of box.querySelectorAll("input, select")) {
        if (found) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
    if (wrong.length > 0) {
      boxes.find((box) => box.dataset.question === wrong[0].id).querySelector("input, select").focus();
      return;
    }
    dialog.close();
    go({ ...state, changes });
  });
};
