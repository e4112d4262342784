/* The desk's own behaviour: keys, the row in hand, the theme, drops and live changes. Everything works without it. */
"use strict";
(() => {
  const root = document.documentElement;
  const all = (what, inside = document) => [...inside.querySelectorAll(what)];
  const one = (what, inside = document) => inside.querySelector(what);
  const inField = target => target.matches("input:not([type=range], [type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  const keysOn = () => root.dataset.keys !== "off";

  /* theme: at once here, and kept by the server */
  const flipTheme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `__Host-theme=${root.dataset.theme}; path=/; max-age=31536000; secure; samesite=lax`;
  };

  /* the row in hand: one per page, followed by focus and by the side column */
  const rows = () => all("[data-row]");
  const here = () => one("[data-row].here");
  const take = (row, { focus = true } = {}) => {
    if (!row) return;
    here()?.classList.remove("here");
    row.classList.add("here");
    take.id = row.id;
    row.scrollIntoView({ block: "nearest" });
    if (focus) (one("a, button", row) ?? row).focus({ preventScroll: true });
    const side = one("#in-hand");
    if (side && row.dataset.row) {
      clearTimeout(take.wait);
      take.wait = setTimeout(() => htmx.ajax("GET", row.dataset.row, { target: side, swap: "innerHTML" }), 60);
    }
  };
  const step = by => {
    const list = rows();
    const at = list.indexOf(here());
    const next = list[at + by] ?? (at < 0 ? list[0] : null);
    if (next) return take(next);
    if (by > 0) one("[data-more]")?.click();
  };

  /* keys: a page names them in data-key; letters work outside fields only, and can be switched off */
  const press = key => {
    const scope = here() && one(`[data-key="${key}"]`, here());
    const side = one("#in-hand");
    const target = scope || (side && one(`[data-key="${key}"]`, side)) || one(`[data-key="${key}"]`);
    if (!target || target.disabled) return false;
    target.matches("select, input, textarea") ? target.focus() : target.click();
    return true;
  };
  /* sending asks for its form first: the same key opens it, and sends once it is open */
  const send = () => (one("details[open] button[data-send]") ?? one("[data-send]"))?.click();
  let going = false;
  const go = key => {
    going = false;
    one(`[data-go="${key}"]`)?.click();
  };
  const help = one("#all-keys");
  const moves = { j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1) };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (one("dialog[open]")) return;
      if (inField(event.target)) return event.target.blur();
      return one("[data-back]")?.click();
    }
    if (inField(event.target) || one("dialog[open]:not(#all-keys)")) return;
    if (event.key === "Enter" && event.shiftKey && one("[data-send]")) { event.preventDefault(); return send(); }
    if (event.key === "Enter" && here() && (event.target === document.body || event.target === here())) {
      one("a", here())?.click();
      return;
    }
    if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
    if (!keysOn() && !event.key.startsWith("Arrow")) return;
    const done = () => event.preventDefault();
    if (going) { done(); return go(event.key); }
    if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return done(); }
    if (event.key === "?" && help) { help.open ? help.close() : help.showModal(); return done(); }
    if (event.key === "/") { one("#find")?.focus(); return done(); }
    if (event.key === "t") { flipTheme(); return done(); }
    if (event.key === "f") { one("[data-filter]")?.focus(); return done(); }
    if (event.key === "[" || event.key === "]") { nudge(event.key === "[" ? -1 : 1); return done(); }
    if (moves[event.key] && rows().length) { moves[event.key](); return done(); }
    if (press(event.key)) done();
  });

  document.addEventListener("click", event => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "theme") flipTheme();
    if (act === "print") window.print();
    if (act === "close") event.target.closest("dialog")?.close();
    if (act === "keys") help?.showModal();
    if (act === "open") one(event.target.closest("[data-opens]").dataset.opens)?.showModal();
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, input, label")) take(row, { focus: false });
  });
  document.addEventListener("focusin", event => {
    const row = event.target.closest?.("[data-row]");
    if (row && !row.classList.contains("here")) take(row, { focus: false });
  });

  /* sliders tell their number while they move; the page answers when they rest */
  document.addEventListener("input", event => {
    const tells = event.target.dataset?.tells;
    if (tells) one(tells).textContent = event.target.value;
  });
  const nudge = by => {
    const slide = document.activeElement?.matches("input[type=range]") ? document.activeElement : one("input[type=range][data-main]");
    if (!slide) return;
    slide.value = Number(slide.value) + by;
    slide.dispatchEvent(new Event("input", { bubbles: true }));
    slide.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /* a file dropped on the page goes into the form that takes files */
  const drop = () => one("form[data-drop]");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, event => {
      const form = drop();
      if (!form || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("over", kind === "dragover");
      if (kind !== "drop") return;
      one("input[type=file]", form).files = event.dataTransfer.files;
      form.requestSubmit();
    });
  }

  /* dialogs that a fragment brings open at once; a toast goes after eight seconds unless it is being read */
  const settle = inside => {
    for (const dialog of all("dialog[data-open]", inside)) dialog.showModal();
    for (const toast of all("[data-toast]", inside)) {
      let wait = setTimeout(() => toast.remove(), 8000);
      for (const kind of ["pointerenter", "focusin"]) toast.addEventListener(kind, () => clearTimeout(wait));
      for (const kind of ["pointerleave", "focusout"]) toast.addEventListener(kind, () => { wait = setTimeout(() => toast.remove(), 8000); });
    }
    if (here() || !rows().length) return;
    const same = take.id && document.getElementById(take.id); /* the row in hand was told anew: it stays in hand */
    take(same || rows()[0], { focus: Boolean(same) && document.activeElement === document.body });
  };
  document.addEventListener("htmx:afterSettle", event => settle(event.detail.target ?? document));
  document.addEventListener("close", event => { if (event.target.dataset?.open !== undefined) event.target.remove(); }, true);
  document.addEventListener("htmx:configRequest", event => {
    const csrf = one("meta[name=csrf]")?.content;
    if (csrf) event.detail.headers["X-CSRF"] = csrf;
    if (["jobs", "journal"].includes(event.detail.triggeringEvent?.type)) event.detail.headers["X-By-Itself"] = "yes";
  });
  /* a refusal is shown where the officer looks: in the dialog that asked, else at the head of the page */
  document.addEventListener("htmx:beforeSwap", event => {
    if (event.detail.xhr.status < 400 || !event.detail.xhr.getResponseHeader("content-type")?.startsWith("text/html")) return;
    event.detail.shouldSwap = true;
    const inside = one("dialog[open] [data-refusal]");
    if (inside) event.detail.target = inside;
  });

  /* how much of a file is here already */
  document.addEventListener("htmx:xhr:progress", event => {
    const bar = event.target.matches?.("input[type=file]") && one("progress[data-upload]", event.target.parentElement);
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.max = event.detail.total;
    bar.value = event.detail.loaded;
  });

  /* countdowns: text only, never announced */
  const tick = () => {
    for (const node of all("[data-until]")) {
      const minutes = Math.max(0, Math.floor((new Date(node.dataset.until) - Date.now()) / 60000));
      one("[data-h]", node).textContent = Math.floor(minutes / 60);
      one("[data-m]", node).textContent = String(minutes % 60).padStart(2, "0");
    }
  };

  /* a page whose session is over does not stay on the screen */
  const leaveWhenOver = async live => {
    if (live.readyState !== EventSource.CLOSED) return;
    const answer = await fetch("/account", { method: "HEAD", redirect: "manual", headers: { "X-By-Itself": "yes" } });
    if (answer.type === "opaqueredirect") location.reload();
  };

  document.addEventListener("DOMContentLoaded", () => {
    settle(document);
    one("form[data-resume]")?.requestSubmit();
    tick();
    setInterval(tick, 20000);
    if (root.dataset.live) {
      const live = new EventSource(root.dataset.live);
      for (const kind of ["jobs", "journal"]) live.addEventListener(kind, () => htmx.trigger(document.body, kind));
      live.addEventListener("error", () => leaveWhenOver(live));
    }
  });
})();
