// Controls above a view that the kernel draws. While it draws, moves are gathered; only the newest
// values are sent when its answer is there.
const SLOW = 600; // milliseconds until "calculating" is said
const SETTLED = 800; // milliseconds of rest until the new view is read out

function mount(control) {
  const { root, words } = control;
  const turns = fresh("turn");
  let turn = 0;
  let waitingFor = "";
  let moved = {};
  let slow = 0;
  let settled = 0;

  const fields = Object.fromEntries(
    control.state().fields.map((field) => [field.name, drawField(field, words, (value) => {
      moved[field.name] = value;
      send();
    })]),
  );
  const view = make("div", { class: "kit-view" });
  const busy = make("p", { class: "kit-busy", hidden: true }, words.waiting);
  const news = liveRegion({ class: "kit-hidden" });
  const controls = make("div", { class: "kit-fields" },
    ...Object.values(fields).map((field) => field.element));
  root.classList.add("kit-panel");
  root.append(controls, make("div", { class: "kit-stage" }, busy, view), news);

  function send() {
    if (waitingFor || Object.keys(moved).length === 0) return;
    turn += 1;
    waitingFor = `${turns}-${turn}`;
    slow = setTimeout(() => (busy.hidden = false), SLOW);
    control.tell("set", { values: moved, turn: waitingFor });
    moved = {};
  }

  function redraw() {
    const { html, fields: newer, answered } = control.state();
    if (answered === waitingFor) {
      waitingFor = "";
      clearTimeout(slow);
      busy.hidden = true;
    }
    showView(view, html);
    send();
    if (waitingFor) return;
    for (const field of newer) fields[field.name].show(field);
    clearTimeout(settled);
    settled = setTimeout(() => (news.textContent = spoken(view)), SETTLED);
  }

  showView(view, control.state().html);
  control.whenChanged(redraw);
  return () => [slow, settled].forEach(clearTimeout);
}

/** Put the kernel's HTML in place; what was folded open stays open. */
function showView(view, html) {
  const open = [...view.querySelectorAll("details")].map((details) => details.open);
  view.innerHTML = html;
  view.querySelectorAll("details").forEach((details, i) => (details.open = open[i] ?? details.open));
}

/** What a view says without being seen: its messages and sentences, else what its chart shows. */
function spoken(view) {
  const sentences = [...view.querySelectorAll("p")].filter((p) => !p.closest("details, svg"));
  const charts = [...view.querySelectorAll("svg[role=img]")];
  const told = sentences.length
    ? sentences.map((p) => p.textContent)
    : charts.map((chart) => chart.getAttribute("aria-label"));
  return told.join(" ").slice(0, 300);
}
