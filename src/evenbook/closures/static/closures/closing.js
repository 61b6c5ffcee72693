// Closing loops where they are listed: the form opens under its row, keeps what is typed, and gives way to the next.
(() => {
  "use strict";
  const WAIT = 700;
  const PART = { "X-Evenbook-Part": "form" };
  const ROW = /^(.+)-([0-9]+)-(?:what|who|by)$/;
  const FIELDS = "textarea, select, input:not([type=hidden])";
  const rowOf = (link) => link.closest("[data-loop]");
  const keptAs = (form) => `evenbook.${form.dataset.kept}`;
  const send = (address, how = {}) => fetch(address, { credentials: "same-origin", ...how }).catch(() => null);

  // Another follow-up: a copy of the last row, empty, with the next number
  const addRow = (group) => {
    const rows = group.querySelectorAll("[data-row-of-form]");
    const last = rows[rows.length - 1], copy = last.cloneNode(true);
    copy.querySelectorAll("input, label").forEach((each) => {
      for (const name of ["id", "name", "for"]) {
        const value = each.getAttribute(name);
        if (value) each.setAttribute(name, value.replace(/-[0-9]+-(what|who|by)$/, `-${rows.length}-$1`));
      }
      if (each.value && !each.name.endsWith("-who")) each.value = "";
    });
    last.after(copy);
    return copy.querySelector("input");
  };
  const offerRows = (group) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Another one";
    button.addEventListener("click", () => addRow(group).focus());
    group.append(button);
  };

  // What this browser kept goes back into the form, with as many rows as were typed
  const restore = (form, typed) => {
    for (const [name, value] of Object.entries(typed)) {
      const [, group, number] = ROW.exec(name) || [];
      const rows = group && form.querySelector(`[data-rows="${CSS.escape(group)}"]`);
      while (rows && rows.querySelectorAll("[data-row-of-form]").length <= Number(number) && Number(number) < 100) addRow(rows);
      const field = form.elements.namedItem(name);
      if (field && "value" in field) field.value = value;
    }
  };

  // What is typed is kept at once in this browser, and soon after on the server
  const watch = (form) => {
    const said = form.querySelector("[data-saved]"), gone = new AbortController(), key = keptAs(form);
    const here = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "back", "opened"].includes(name)));
    let timer = 0;
    const save = async () => {
      const sent = localStorage.getItem(key);
      const answer = await send(form.dataset.draft, { method: "POST", body: new FormData(form) });
      const told = answer && !answer.redirected ? await answer.json().catch(() => null) : null;
      if (gone.signal.aborted) return;
      if (!answer) said.textContent = "No connection: kept in this browser, and sent when it is back.";
      else if (told && told.kept) {
        if (localStorage.getItem(key) === sent) localStorage.removeItem(key); // else more was typed meanwhile
        said.textContent = "Kept as a draft.";
      } else said.textContent = (told && told.what) || "Kept in this browser alone: the server did not take it.";
    };
    form.addEventListener("input", () => {
      try { localStorage.setItem(key, JSON.stringify(here())); } catch { /* full: the server has it soon */ }
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    });
    window.addEventListener("online", save, { signal: gone.signal });
    form.querySelectorAll("[data-rows]").forEach(offerRows);
    const left = localStorage.getItem(key), isRefused = Boolean(form.querySelector("[role=alert]"));
    if (left && !isRefused) {
      restore(form, JSON.parse(left));
      said.textContent = "What you typed before, kept in this browser.";
    }
    if (left || isRefused) save();
    const leave = () => { clearTimeout(timer); gone.abort(); };
    return { hold: () => clearTimeout(timer), leave, end: () => { leave(); localStorage.removeItem(key); } };
  };

  const watched = new WeakMap(); // by row: a form that was folded is watched until it is opened again
  const underOf = (row) => {
    const under = row.nextElementSibling;
    return under && under.matches("[data-under]") ? under : null;
  };
  const fold = (row, focus = true) => {
    const under = underOf(row);
    if (under) under.remove();
    if (focus) row.querySelector("a[data-close]").focus();
  };

  // After a loop is closed the page's own sentences are asked for again: what it promised may be due today too
  let asked = 0;
  const tellAgain = async () => {
    const mine = ++asked, answer = await send(location.href);
    if (mine !== asked || !answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["main h1", ...[...document.querySelectorAll("[data-again]")].map((each) => `#${each.id}`)]) {
      const now = document.querySelector(place), then = page.querySelector(place);
      if (now && !now.contains(document.activeElement)) now.replaceChildren(...(then ? then.childNodes : []));
    }
    const done = document.querySelector("[data-when-done]"), is = page.querySelector("[data-when-done]");
    if (!done || !is) return;
    done.hidden = is.hidden;
    if (!done.hidden && !document.querySelector("[data-under]")) done.focus();
  };

  const next = (row) => {
    const rows = [...document.querySelectorAll("[data-loop]")], after = rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1];
    const kind = row.dataset.loop;
    fold(row, false);
    row.remove();
    document.querySelectorAll(`[data-left="${kind}"]`).forEach((each) => {
      each.textContent = String(Number(each.textContent) - 1); // more may be owed than are listed
    });
    if (after) after.querySelector("a[data-close]").focus();
    tellAgain();
  };

  const put = (row, text) => {
    const under = document.createElement("tr"), cell = document.createElement("td");
    under.dataset.under = "";
    cell.colSpan = row.children.length;
    cell.innerHTML = text;
    under.append(cell);
    row.after(under);
    const form = under.querySelector("form[data-closing]");
    if (form) begin(row, form);
  };

  const begin = (row, form) => {
    if (watched.has(row)) watched.get(row).leave();
    const watching = watch(form), said = form.querySelector("[data-saved]");
    watched.set(row, watching);
    let isSent = false;
    const close = async () => {
      watching.hold();
      const answer = await send(form.action, { method: "POST", body: new FormData(form), headers: PART });
      if (!answer) { said.textContent = "No connection: nothing was closed, and what you typed is kept in this browser."; return; }
      if (answer.headers.get("X-Evenbook-Part") === "form") {
        fold(row, false);
        put(row, await answer.text());
        const wrong = row.nextElementSibling.querySelector(`[aria-invalid], ${FIELDS}`);
        if (wrong) wrong.focus();
        return;
      }
      const told = answer.redirected ? null : await answer.json().catch(() => null);
      if (told && (told.closed || told.waits)) { watching.end(); next(row); return; }
      said.textContent = "Nothing was closed: load the page again, and sign in if it asks. What you typed is kept in this browser.";
    };
    form.querySelector("[data-fold]").hidden = false;
    form.querySelector("[data-fold]").addEventListener("click", () => fold(row));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.preventDefault(); fold(row); }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSent) return;
      isSent = true;
      await close();
      isSent = false;
    });
    const fields = [...form.querySelectorAll(FIELDS)], first = fields.find((each) => !each.value) || fields[0];
    if (first) first.focus();
  };

  const open = async (row) => {
    if (underOf(row)) { fold(row); return; }
    const link = row.querySelector("a[data-close]"), answer = await send(link.href, { headers: PART });
    if (underOf(row)) return;
    if (!answer) put(row, '<p class="note bad" role="alert">No connection: the form opens when it is back.</p>');
    else if (answer.headers.get("X-Evenbook-Part") === "form") put(row, await answer.text());
    else location.assign(link.href);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(rowOf(link));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [data-under]") || document.querySelector("dialog[open]")) return;
    const row = event.target.closest("[data-loop]") || document.querySelector("[data-loop]");
    if (row) { event.preventDefault(); open(row); }
  });
  document.querySelectorAll("form[data-closing]").forEach((form) => {
    watch(form);
  });
})();
