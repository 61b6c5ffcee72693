// What the keyboard adds to pages that work without it. No host but our own is asked for anything.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  let waitingForPlace = 0;

  // g, then a letter: the place whose link carries it
  const goTo = (letter) => {
    const link = document.querySelector(`.places a[data-key="${CSS.escape(letter)}"]`);
    if (link) location.assign(link.href);
    return link !== null;
  };

  // j and k: the next and previous row of a table, by the link that opens it
  const moveRow = (step) => {
    const links = [...document.querySelectorAll("[data-row]")]
      .map((row) => row.querySelector("a[href]"))
      .filter((link) => link && link.offsetParent !== null);
    if (!links.length) return;
    const here = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  };

  const open = (id) => {
    const dialog = byId(id);
    if (dialog && !dialog.open) {
      dialog.showModal();
      dialog.dispatchEvent(new Event("opened"));
    }
    return dialog;
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (open("palette")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (Date.now() < waitingForPlace) {
      waitingForPlace = 0;
      if (goTo(event.key)) event.preventDefault();
      return;
    }
    const does = {
      g: () => { waitingForPlace = Date.now() + 1200; },
      j: () => moveRow(1),
      k: () => moveRow(-1),
      "?": () => open("keys"),
      "/": () => {
        const box = document.querySelector("[data-search]");
        if (box) box.focus();
        else open("palette");
      },
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && open(opener.dataset.opens)) event.preventDefault();
  });

  // The palette: accounts, people and pages by name
  const palette = byId("palette");
  if (palette) {
    const box = palette.querySelector("input");
    const list = palette.querySelector("ul");
    const said = palette.querySelector("[role=status]");
    let chosen = 0, asked = 0, timer = 0;

    const mark = (place) => {
      const links = [...list.querySelectorAll("a")];
      if (!links.length) return;
      chosen = (place + links.length) % links.length;
      links.forEach((link, number) => link.setAttribute("aria-selected", String(number === chosen)));
      links[chosen].scrollIntoView({ block: "nearest" });
      box.setAttribute("aria-activedescendant", links[chosen].id);
    };
    const show = (results) => {
      list.replaceChildren(...results.map((result, number) => {
        const item = document.createElement("li"), link = document.createElement("a");
        const kind = document.createElement("span");
        item.setAttribute("role", "presentation");
        link.id = `found-${number}`;
        link.href = result.href;
        link.setAttribute("role", "option");
        link.append(result.label);
        kind.className = "why";
        kind.textContent = result.kind;
        link.append(kind);
        item.append(link);
        return item;
      }));
      said.textContent = results.length ? `${results.length} found` : "Nothing found by that name.";
      mark(0);
    };
    const ask = async () => {
      const mine = ++asked;
      const address = new URL(palette.dataset.find, location.href);
      address.searchParams.set("q", box.value);
      address.searchParams.set("format", "json");
      const answer = await fetch(address, { credentials: "same-origin" });
      if (mine !== asked || !answer.ok) return;
      show((await answer.json()).results);
    };
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 80); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        mark(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        const link = list.querySelectorAll("a")[chosen];
        if (link) { event.preventDefault(); location.assign(link.href); }
      }
    });
    palette.addEventListener("opened", () => { box.focus(); box.select(); ask(); });
  }
})();
