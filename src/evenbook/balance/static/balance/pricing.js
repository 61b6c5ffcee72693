// Choosing somebody else for an account shows at once what every book would be then; "Change" keeps it.
// Without a script the button works alone.
(() => {
  "use strict";
  const books = document.querySelector("[data-books]");
  let last = 0;

  const price = async (form) => {
    const turn = ++last;
    let answer = null;
    try {
      answer = await fetch(form.dataset.prices, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    } catch { /* nothing is shown anew: the page says what stands */ }
    if (!answer || !answer.ok || answer.redirected || turn !== last) return;
    books.innerHTML = await answer.text();
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-prices]");
    if (form && books) price(form);
  });
})();
