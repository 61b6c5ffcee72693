// Deciding in place: a form within a row that has data-decides is sent as it stands, the row is put anew
// as the server tells it, and the focus goes to the next row that waits. Without a script the forms work too.
(() => {
  "use strict";
  const PART = { "X-Evenbook-Part": "row" };
  const rows = () => [...document.querySelectorAll("[data-decides]")];
  const firstOf = (row) => row.querySelector("[data-first]");

  const putAnew = (row, text) => {
    const made = document.createElement("template");
    made.innerHTML = text;
    const fresh = made.content.querySelector("[data-decides]");
    row.replaceWith(fresh);
    return fresh;
  };

  const send = async (form, button) => {
    const row = form.closest("[data-decides]"), said = row.querySelector("[data-said]");
    const body = new FormData(form);
    if (button && button.name) body.set(button.name, button.value);
    let answer = null;
    try { answer = await fetch(form.action, { method: "POST", body, headers: PART, credentials: "same-origin" }); } catch { /* said below */ }
    if (!answer || answer.headers.get("X-Evenbook-Part") !== "row") {
      said.textContent = answer ? "Nothing was changed: load the page again, and sign in if it asks." : "No connection: nothing was changed.";
      return;
    }
    const fresh = putAnew(row, await answer.text());
    if (!answer.ok) { const field = fresh.querySelector("details[open] textarea, details[open] input:not([type=hidden]), input:not([type=hidden])"); if (field) field.focus(); return; }
    const all = rows(), here = all.indexOf(fresh);
    const next = firstOf(fresh) ? fresh : [...all.slice(here + 1), ...all.slice(0, here)].find(firstOf);
    const target = next ? firstOf(next) : fresh.querySelector("button");
    if (target) target.focus();
  };

  let isSent = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.closest("[data-decides]")) return;
    event.preventDefault();
    if (isSent) return;
    isSent = true;
    await send(form, event.submitter);
    isSent = false;
  });

  // d: the decision of the row that has the focus, else the first that waits
  document.addEventListener("keydown", (event) => {
    if (event.key !== "d" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const here = event.target.closest("[data-decides]");
    const row = here && firstOf(here) ? here : rows().find(firstOf);
    if (row) { event.preventDefault(); firstOf(row).focus(); }
  });
})();
