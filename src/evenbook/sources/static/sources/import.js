// What a script adds to imports: folders with their paths, the size said beforehand, one click only.
(() => {
  "use strict";
  const MEGABYTE = 1024 * 1024;

  const form = document.querySelector("[data-send]");
  if (form) {
    const files = form.querySelector("#files"), folder = form.querySelector("#folder");
    const said = form.querySelector("[data-said]"), button = form.querySelector("button");
    const quiet = said.textContent, most = Number(form.dataset.most);
    form.querySelectorAll("[data-with-script]").forEach((part) => { part.hidden = !("webkitdirectory" in folder); });

    const chosen = () => [...files.files, ...folder.files];
    const spoken = (bytes) => bytes < MEGABYTE ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
    const say = () => {
      const all = chosen(), size = all.reduce((sum, file) => sum + file.size, 0);
      const large = all.filter((file) => file.size > most * MEGABYTE).map((file) => file.name);
      said.textContent = large.length
        ? `Larger than ${most} MB, so it will not be taken: ${large.join(", ")}`
        : all.length ? `${all.length} ${all.length === 1 ? "file" : "files"}, ${spoken(size)}. Nothing is loaded yet.` : quiet;
    };
    files.addEventListener("change", say);
    folder.addEventListener("change", say);
    form.addEventListener("submit", () => {
      form.elements.paths.value = JSON.stringify([...folder.files].map((file) => file.webkitRelativePath || file.name));
      if (chosen().length) {
        said.textContent = `Sending ${spoken(chosen().reduce((sum, file) => sum + file.size, 0))} …`;
        button.disabled = true;
      }
    });
    addEventListener("pageshow", () => { button.disabled = false; say(); });
  }

  // A form that does something is sent once; the server would see to it too
  for (const once of document.querySelectorAll("[data-once]")) {
    let isSent = false;
    once.addEventListener("submit", (event) => {
      if (isSent) event.preventDefault();
      isSent = true;
    });
    addEventListener("pageshow", () => { isSent = false; });
  }

  // Typing beside a choice makes the choice
  document.addEventListener("input", (event) => {
    const line = event.target.closest(".choices li");
    const radio = line && event.target.type !== "radio" ? line.querySelector("input[type=radio]") : null;
    if (radio) radio.checked = true;
  });
})();
