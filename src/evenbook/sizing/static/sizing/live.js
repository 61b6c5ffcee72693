// Moving an input shows the answer at once; a slider stands beside each field, which alone is sent.
// Without a script the button works alone.
(() => {
  "use strict";
  const form = document.querySelector("form[data-live]");
  const answer = document.querySelector("[data-answer]");
  if (!form || !answer) return;
  let turn = 0;
  let timer = 0;

  const show = async () => {
    const mine = ++turn;
    const asked = new URLSearchParams(new FormData(form));
    let found = null;
    try {
      found = await fetch(`${form.dataset.live}?${asked}`, { credentials: "same-origin" });
    } catch { /* what stands there stays */ }
    if (!found || found.redirected || mine !== turn || ![200, 422].includes(found.status)) return;
    answer.innerHTML = await found.text();
    const said = answer.querySelector("[data-verdict]");
    const headline = document.querySelector("h1");
    if (said && headline) headline.textContent = said.dataset.verdict;
  };

  for (const slider of form.querySelectorAll("input[type=range]")) {
    const field = form.elements[slider.dataset.of];
    slider.hidden = false;
    slider.addEventListener("input", () => {
      field.value = slider.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      if (!Number.isNaN(Number(field.value)) && field.value !== "") slider.value = field.value;
    });
  }
  const saves = document.querySelector("form[data-saves]");
  if (saves) {
    saves.addEventListener("submit", () => {
      for (const field of saves.querySelectorAll("input[type=hidden]")) {
        if (form.elements[field.name]) field.value = form.elements[field.name].value;
      }
    });
  }
  form.addEventListener("input", (event) => {
    if (event.target.name === "scope") return;
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });
})();
