// Fields that are kept as people write: words after a short rest, everything at once when a field
// is left or the page goes away. What the kernel has heard is said to be kept, and nothing else.
const REST = 400; // milliseconds after the last key
const LATE = 6000; // milliseconds without an answer until it is said

function mount(control) {
  const { root, words } = control;
  const turns = fresh("turn");
  let turn = 0;
  let waitingFor = "";
  let written = {};
  let rest = 0;
  let late = 0;

  const fields = Object.fromEntries(control.state().fields.map((field) => {
    const changed = (value) => {
      written[field.name] = value;
      if (field.kind === "text") {
        clearTimeout(rest);
        rest = setTimeout(send, REST);
      } else if (!waitingFor) send(); // a slider dragged fast sends its newest place only
    };
    return [field.name, drawField(field, words, changed)];
  }));
  const elements = Object.values(fields).map((field) => field.element);
  const legend = words.title ? make("legend", {}, words.title) : null;
  const sheet = make(words.title ? "fieldset" : "div", { class: "kit-sheet" }, legend, ...elements);
  const status = make("p", { class: "kit-note kit-status" }, words.keeps);
  const trouble = liveRegion({ class: "kit-trouble" });
  const view = make("div", { class: "kit-view" });
  sheet.append(status, trouble);
  root.classList.add("kit-form");
  root.append(sheet, view);

  function send() {
    clearTimeout(rest);
    rest = 0;
    if (Object.keys(written).length === 0) return;
    turn += 1;
    waitingFor = `${turns}-${turn}`;
    control.tell("write", { values: written, turn: waitingFor });
    written = {};
    clearTimeout(late);
    late = setTimeout(() => (trouble.textContent = words.late), LATE);
  }

  function redraw() {
    const { fields: newer, html, heard, trouble: told } = control.state();
    showBelow(view, html);
    if (heard === waitingFor) {
      if (waitingFor) status.textContent = told ? "" : words.kept;
      waitingFor = "";
      clearTimeout(late);
      trouble.textContent = told;
      if (Object.keys(written).length && !rest) send();
    }
    if (waitingFor || Object.keys(written).length) return; // newer words than these are on the way
    for (const field of newer) fields[field.name].show(field);
  }

  const hidden = () => document.visibilityState === "hidden" && send();
  root.addEventListener("focusout", send);
  window.addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", hidden);
  showBelow(view, control.state().html);
  trouble.textContent = control.state().trouble;
  control.whenChanged(redraw);
  return () => {
    send();
    clearTimeout(late);
    window.removeEventListener("pagehide", send);
    document.removeEventListener("visibilitychange", hidden);
  };
}

/** Put the kernel's HTML in place; what was folded open stays open. */
function showBelow(view, html) {
  const open = [...view.querySelectorAll("details")].map((details) => details.open);
  view.innerHTML = html;
  view.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
}
