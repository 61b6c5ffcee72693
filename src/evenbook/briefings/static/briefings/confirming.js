// Accounts are confirmed where they are listed: the row says so, and the focus goes to the next one that waits.
(() => {
  "use strict";
  const PART = "X-Evenbook-Part";
  const rows = () => [...document.querySelectorAll("tr[data-account]")];
  const waits = (row) => row.querySelector("form[data-next] button");

  // The sentence and the counts are asked for again once something changed
  let asked = 0;
  const tellAgain = async () => {
    const mine = ++asked, answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (mine !== asked || !answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["main h1", "#confirmed"]) {
      const now = document.querySelector(place), then = page.querySelector(place);
      if (now && then) now.replaceWith(then);
    }
  };

  const put = (row, text) => {
    const held = document.createElement("template");
    held.innerHTML = text;
    const next = held.content.querySelector("tr");
    if (!next) return row;
    row.replaceWith(next);
    return next;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const isNext = "next" in form.dataset, row = form.closest("tr");
    const how = { method: "POST", body: new FormData(form), headers: { [PART]: "row" }, credentials: "same-origin" };
    const answer = await fetch(form.action, how).catch(() => null);
    if (!answer || answer.headers.get(PART) !== "row") {
      delete form.dataset.sent;
      if (answer) location.reload();
      return;
    }
    const changed = put(row, await answer.text());
    const after = isNext && answer.ok ? rows().slice(rows().indexOf(changed) + 1).find(waits) || rows().find(waits) : null;
    const target = after ? waits(after) : changed.querySelector("form[data-confirm] button, a");
    if (target) target.focus();
    if (answer.ok) tellAgain();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const row = event.target.closest("tr[data-account]") || rows().find(waits), button = row && waits(row);
    if (button) { event.preventDefault(); button.click(); }
  });
})();
