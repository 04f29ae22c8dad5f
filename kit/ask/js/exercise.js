// An exercise: the verdict, a place to answer without code, hints one by one, the worked way.

function mount({ root, words, state, tell, whenChanged }) {
  const verdict = liveRegion({ class: "kit-verdict" });
  const place = answerPlace(state(), words, (answer) => tell("try", { answer }));
  // Only the hint that was added is read out, not those before it.
  const hints = liveRegion({ class: "kit-hints", "aria-atomic": "false" });
  const more = make("button", { type: "button", onclick: () => tell(state().next) });
  const solution = make("section", { class: "kit-solution", tabindex: "-1", "aria-label": words.solution });
  root.append(make("div", { class: "kit-exercise" }, verdict, place.element, hints, more, solution));

  function draw() {
    const { verdict: said, answer, hints: asked, total, next, solution: worked } = state();
    if (verdict.dataset.said !== said) {
      verdict.dataset.said = said;
      verdict.innerHTML = said;
      // The region speaks for what is in it; two voices would say it twice.
      verdict.querySelectorAll("[role]").forEach((part) => part.removeAttribute("role"));
    }
    place.element.hidden = answer === "none";
    for (const hint of asked.slice(hints.children.length))
      hints.append(
        make(
          "p",
          { class: "kit-hint" },
          make("strong", {}, fill(words.hint, { n: hints.children.length + 1 })),
          hint,
        ),
      );
    const held = document.activeElement === more;
    more.hidden = !next;
    more.textContent =
      next === "hint" ? fill(words.more, { n: asked.length + 1, total }) : words.solve;
    solution.hidden = !worked;
    if (worked && !solution.hasChildNodes()) {
      const steps = make("div", {});
      steps.innerHTML = worked;
      solution.append(make("p", {}, make("strong", {}, words.solution)), steps);
      if (held) solution.focus();
    }
  }

  draw();
  whenChanged(draw);
}

/** A field, or options to mark, with a button that hands the answer on. */
function answerPlace({ answer, choices, typed }, words, hand) {
  const send = make("button", { type: "submit", class: "kit-main" }, words.check);
  const listed = answer === "choice" || answer === "choices";
  const parts = listed ? options() : field();
  const element = make("form", { class: "kit-answering", novalidate: true }, ...parts.shown);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    hand(parts.read());
  });
  return { element };

  function field() {
    const id = fresh("answer");
    const input = make("input", {
      ...{ type: "text", id, autocomplete: "off", spellcheck: "false", enterkeyhint: "done" },
      maxlength: answer === "number" ? 200 : 2000,
    });
    input.value = typed;
    const note = make("p", { class: "kit-note", id: fresh("note") }, words.without);
    input.setAttribute("aria-describedby", note.id);
    const row = make("div", { class: "kit-field" }, input, send);
    return { shown: [note, make("label", { for: id }, words.label), row], read: () => input.value };
  }

  function options() {
    const group = fresh("answer");
    const type = answer === "choice" ? "radio" : "checkbox";
    const inputs = choices.map((_, place) => make("input", { type, name: group, id: fresh("option"), value: place }));
    inputs.forEach((input, place) => (input.checked = typed.includes(place)));
    const lines = choices.map((text, place) =>
      make("label", { class: "kit-answer", for: inputs[place].id }, inputs[place], make("span", {}, text)),
    );
    const read = () => inputs.flatMap((input, place) => (input.checked ? [place] : []));
    const note = make("p", { class: "kit-note" }, words.without);
    return { shown: [note, make("fieldset", {}, make("legend", {}, words.label), ...lines), send], read };
  }
}
