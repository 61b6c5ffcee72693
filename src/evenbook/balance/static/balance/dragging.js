// An account is dragged to somebody: while it is held, a list of all who may have it stands at the side with
// their load as it would be. To let go over one is to choose them; "Change", which has the focus then, keeps it.
// Keyboard and list choose without dragging; where nothing can be dragged, no handle stands.
(() => {
  "use strict";
  const tray = document.createElement("ol");
  tray.className = "tray off-paper";
  tray.hidden = true;
  tray.setAttribute("aria-hidden", "true");
  let held = null;

  const receivers = () => [...document.querySelectorAll("[data-receiver]")].map((row) => ({
    key: row.dataset.receiver,
    name: row.querySelector("th").textContent.trim(),
    load: row.querySelector("[data-after]").textContent.trim(),
  }));

  const choose = (form, who) => {
    const field = form.elements.person;
    field.value = field.list ? `${who.name} (${who.key})` : who.key;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelector("button").focus();
  };

  const place = (who) => {
    const item = document.createElement("li");
    item.dataset.drop = who.key;
    item.append(who.name, " ");
    item.append(Object.assign(document.createElement("span"), { className: "why", textContent: who.load }));
    item.addEventListener("dragover", (event) => { event.preventDefault(); item.classList.add("over"); });
    item.addEventListener("dragleave", () => item.classList.remove("over"));
    item.addEventListener("drop", (event) => { event.preventDefault(); if (held) choose(held, who); });
    return item;
  };

  const handle = (form) => {
    const grip = Object.assign(document.createElement("span"), { className: "grip off-paper", draggable: true, title: "Drag to somebody", textContent: "⠿" });
    grip.setAttribute("aria-hidden", "true");
    grip.addEventListener("dragstart", (event) => {
      held = form;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", form.elements.account.value);
      setTimeout(() => { tray.replaceChildren(...receivers().map(place)); tray.hidden = false; });
    });
    grip.addEventListener("dragend", () => { held = null; tray.hidden = true; });
    return grip;
  };

  if (!matchMedia("(hover: hover)").matches) return;
  const forms = document.querySelectorAll("form[data-prices]");
  for (const form of forms) form.closest("tr").querySelector("th").prepend(handle(form), " ");
  if (forms.length) document.body.append(tray);
})();
