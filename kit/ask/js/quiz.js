// A question: radio buttons, one button to answer, and a place for the reply.

function mount({ root, words, state, tell, whenChanged }) {
  const group = fresh("quiz");
  const radios = state().options.map((_, index) =>
    make("input", { type: "radio", name: group, id: fresh("option"), value: index }),
  );
  const marks = radios.map(() => make("span", { class: "kit-mark", hidden: true }));
  const lines = state().options.map((text, index) =>
    make(
      "label",
      { class: "kit-option", for: radios[index].id },
      radios[index],
      make("span", { class: "kit-option-text" }, text),
      marks[index],
    ),
  );
  const send = make("button", { type: "submit", class: "kit-main" }, words.answer);
  const reply = liveRegion({ class: "kit-quiz-reply", tabindex: "-1" });
  const question = make(
    "fieldset",
    { class: "kit-question" },
    make("legend", {}, state().prompt),
    ...lines,
    send,
  );
  root.append(make("form", { novalidate: true, onsubmit: answer }, question), reply);

  function answer(event) {
    event.preventDefault();
    const chosen = radios.findIndex((radio) => radio.checked);
    if (chosen >= 0) tell("answer", { option: chosen });
    else reply.replaceChildren(make("p", {}, words.first));
  }

  function draw() {
    const { chosen, marks: found, locked, reply: said } = state();
    const held = question.contains(document.activeElement);
    radios.forEach((radio, index) => {
      radio.disabled = locked;
      lines[index].dataset.mark = found[index];
      marks[index].hidden = !found[index];
      marks[index].textContent = found[index] ? words[found[index]] : "";
    });
    send.hidden = locked;
    reply.innerHTML = said;
    // The region speaks for what is in it; two voices would say it twice.
    reply.querySelectorAll("[role]").forEach((part) => part.removeAttribute("role"));
    if (locked && held) reply.focus();
    if (chosen !== null && (locked || !radios.some((radio) => radio.checked)))
      radios[chosen].checked = true;
  }

  draw();
  whenChanged(draw);
}
