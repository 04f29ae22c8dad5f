// One button that shows and hides what is behind it: aria-expanded, as a disclosure is.

function mount(control) {
  const { root, words } = control;
  const behind = make("div", { id: fresh("behind"), class: "kit-behind" });
  const spoken = liveRegion({ class: "kit-hidden" });
  const button = make("button", {
    type: "button",
    "aria-controls": behind.id,
    onclick: () => control.tell(control.state().open ? "close" : "open"),
  });
  root.append(button, spoken, behind);

  let stood = control.state().open;
  function draw() {
    const { open, html } = control.state();
    button.textContent = open ? words.close : words.label;
    button.className = open ? "" : "kit-main";
    button.setAttribute("aria-expanded", String(open));
    if (open) button.setAttribute("aria-label", `${words.close}: ${words.label}`);
    else button.removeAttribute("aria-label");
    behind.hidden = !open;
    behind.innerHTML = html; // made by our Python
    spoken.textContent = open && !stood ? words.opened : "";
    stood = open;
  }
  control.whenChanged(draw);
  draw();
}
