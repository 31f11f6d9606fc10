// Behaviour without a framework. Everything works through links and forms; this script makes it quicker.
// Talking to the server is htmx's part. Listeners sit on the document, so swapped-in content needs no second start.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const root = document.documentElement;
  const on = (type, act, capture = false) => document.addEventListener(type, act, capture);
  const near = (e, s) => e.target.closest?.(s);
  const params = new URLSearchParams(location.search);

  /* Colour scheme */
  function toggleTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("kk-theme", root.dataset.theme);
  }

  /* Navigation on small screens */
  function setNav(open) {
    document.body.classList.toggle("nav-open", open);
    $$("[data-nav]").forEach((b) => b.setAttribute("aria-expanded", open));
    if (open) $(".side a, .side button")?.focus();
  }
  const navOpen = () => document.body.classList.contains("nav-open");

  /* Toasts: the line below drains for 8 s and waits while pointer or focus is on it (CSS) */
  const toasts = $(".toasts");
  on("animationend", (e) => { if (e.pseudoElement === "::after" && e.target.matches(".toast:not(.static)")) e.target.remove(); });
  function toast({ text, undo }) {
    if (!toasts) return;
    const box = document.createElement("div"), words = document.createElement("span");
    box.className = "toast"; words.className = "grow"; words.textContent = text; box.append(words);
    if (undo) {
      const form = document.createElement("form"), token = document.createElement("input"), button = document.createElement("button");
      form.method = "post"; form.action = undo;
      token.type = "hidden"; token.name = "csrf"; token.value = toasts.dataset.csrf;
      button.textContent = toasts.dataset.undo;
      form.append(token, button); box.append(form);
    }
    toasts.append(box);
  }
  on("toast", (e) => toast(e.detail)); // the server's HX-Trigger header: {"toast": {"text": …, "undo": "/path"}}
  on("htmx:responseError", (e) => (e.detail.xhr.status === 401 ? location.reload() : toast({ text: toasts?.dataset.fault })));
  on("htmx:sendError", () => toast({ text: toasts?.dataset.offline }));

  /* One click listener for the small switches */
  on("click", (e) => {
    if (near(e, "[data-theme-toggle]")) toggleTheme();
    if (near(e, "[data-nav]")) return setNav(!navOpen());
    if (near(e, "[data-nav-close]") || (navOpen() && !near(e, ".side"))) setNav(false);
    const opener = near(e, "[data-open]");
    if (opener) { e.preventDefault(); $("#" + CSS.escape(opener.dataset.open))?.showModal(); }
    const closer = near(e, "[data-close]");
    if (closer) { e.preventDefault(); closer.closest("dialog").close(); }
    if (e.target.matches?.("dialog.drawer, dialog.dialog, dialog.palette")) e.target.close();
    if (near(e, "[data-palette]")) openPalette();
    const copy = near(e, "[data-copy]");
    if (copy) navigator.clipboard.writeText($(copy.dataset.copy).textContent.trim()).then(() => toast({ text: copy.dataset.copied }));
    const seg = near(e, ".seg button[aria-pressed]");
    if (seg) press(seg);
  });
  const wanted = params.get("open");
  if (wanted && wanted !== "palette") $("#" + CSS.escape(wanted))?.showModal?.();

  /* Segmented switches: the state stands in the URL and on the body */
  function press(button) {
    $$("button", button.parentElement).forEach((x) => x.setAttribute("aria-pressed", x === button));
    const { param, value } = button.dataset;
    if (!param) return;
    const url = new URL(location);
    url.searchParams.set(param, value);
    history.replaceState(history.state, "", url);
    document.body.dataset[param] = value;
  }
  params.forEach((v, k) => { const b = $(`.seg button[data-param="${CSS.escape(k)}"][data-value="${CSS.escape(v)}"]`); if (b) press(b); });

  /* Menus (popover) stand under their button */
  on("toggle", (e) => {
    const menu = e.target;
    if (!menu.matches?.("[popover].menu")) return;
    const button = $(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (!button) return;
    button.setAttribute("aria-expanded", e.newState === "open");
    if (e.newState !== "open") return;
    const r = button.getBoundingClientRect(), w = menu.offsetWidth, h = menu.offsetHeight;
    menu.style.left = Math.max(8, Math.min(r.left, innerWidth - w - 8)) + "px";
    menu.style.top = (r.bottom + h + 10 > innerHeight ? Math.max(8, r.top - h - 6) : r.bottom + 6) + "px";
  }, true);

  /* A field marked data-narrow hides what stands beside it and does not contain its text; Enter takes the first that is left.
     It belongs to no form: nobody else hears it */
  on("input", (e) => {
    const field = near(e, "[data-narrow]");
    if (!field) return;
    e.stopPropagation();
    const q = field.value.trim().toLowerCase();
    for (const item of field.parentElement.children) if (item !== field) item.hidden = !!q && !item.textContent.toLowerCase().includes(q);
  }, true);
  on("keydown", (e) => {
    const field = e.key === "Enter" && near(e, "[data-narrow]");
    if (!field) return;
    e.preventDefault();
    const first = [...field.parentElement.children].find((item) => item !== field && !item.hidden);
    if (field.value.trim()) first?.click();
  });
  // A list of ticks says in its head what is ticked.
  on("change", (e) => {
    const many = near(e, "[data-many]"), head = many && $("summary", many);
    if (head) head.textContent = $$("input:checked", many).map((c) => c.parentElement.textContent.trim()).join(", ") || head.dataset.none;
  });

  /* Command palette: commands and pages are in the page, everything that is searched for comes from the server (htmx fills
     #pal-found); until the answer is there, what is in the page is narrowed */
  const palette = $("#palette"), query = palette && $("input", palette), list = palette && $('[role="listbox"]', palette);
  const options = () => $$('[role="option"]', list).filter((o) => !o.hidden);
  function choose(option) {
    $$('[aria-selected="true"]', list).forEach((x) => x.setAttribute("aria-selected", "false"));
    if (!option) return query.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    query.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function narrow() {
    const q = query.value.trim().toLowerCase(), found = $("#pal-found"), answered = found.dataset.for === q;
    found.hidden = !q;
    $("#pal-latest").hidden = !!q;
    // The theme is no page: only the browser knows how to change it.
    $$("[data-command]", list).forEach((o) => { o.hidden = !!q && ((answered && o.dataset.command !== "theme") || !o.textContent.toLowerCase().includes(q)); });
    $$("[data-still]", list).forEach((g) => { g.hidden = !$$('[role="option"]', g).some((o) => !o.hidden); });
    choose(options().find((o) => !o.closest("[hidden]")));
  }
  /* What was opened last: addresses only, so that no name stays in the browser */
  const LATEST = "kk-latest", opened = location.pathname.match(/^\/((?:kontakte|kampagnen)\/\d+)/);
  const latest = () => (localStorage.getItem(LATEST) ?? "").split(",").filter(Boolean);
  if (palette && opened) localStorage.setItem(LATEST, [opened[1], ...latest().filter((p) => p !== opened[1])].slice(0, 6).join(","));
  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal(); query.value = ""; narrow(); query.focus();
    const paths = latest();
    if (paths.length) htmx.ajax("GET", "/suche?zuletzt=" + encodeURIComponent(paths.join(",")), { target: "#pal-latest", source: "#pal-latest" });
  }
  if (palette) {
    query.addEventListener("input", narrow);
    on("htmx:afterSwap", (e) => {
      if (e.target.id === "pal-found") e.target.dataset.for = new URL(e.detail.xhr.responseURL).searchParams.get("q")?.trim().toLowerCase() ?? "";
      if (e.target.id === "pal-found" || e.target.id === "pal-latest") narrow();
    });
    query.addEventListener("keydown", (e) => {
      const all = options().filter((o) => !o.closest("[hidden]")), at = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
      if (e.key === "ArrowDown") { e.preventDefault(); choose(all[(at + 1) % all.length]); }
      if (e.key === "ArrowUp") { e.preventDefault(); choose(all[(at - 1 + all.length) % all.length]); }
      if (e.key === "Enter" && all[at]) { e.preventDefault(); all[at].click(); }
    });
    list.addEventListener("click", (e) => {
      const option = e.target.closest('[role="option"]');
      if (!option) return;
      palette.close();
      if (option.dataset.href) location.href = option.dataset.href; else if (option.dataset.command === "theme") toggleTheme();
    });
    if (wanted === "palette") openPalette();
  }

  /* Keys: Ctrl+K, ?, /, g + letter, j/k, x. Single keys can be switched off (WCAG 2.1.4) */
  let waiting = 0;
  on("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") { e.preventDefault(); return openPalette(); }
    if (e.key === "Escape" && navOpen()) { setNav(false); $("[data-nav]")?.focus(); }
    if (localStorage.getItem("kk-keys") === "off") return;
    if (e.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]") || e.ctrlKey || e.metaKey || e.altKey || $("dialog[open]")) return;
    const place = waiting && $(`[data-go="${CSS.escape(e.key)}"]`);
    if (place) { waiting = 0; location.href = place.href; return; }
    waiting = e.key === "g" ? setTimeout(() => (waiting = 0), 900) : 0;
    if (e.key === "?") $("#keys")?.showModal();
    if (e.key === "/") { const field = $("[data-find]"); e.preventDefault(); if (field) field.focus(); else openPalette(); }
    const rows = $$("[data-row]");
    if (rows.length && (e.key === "j" || e.key === "k")) {
      const at = rows.indexOf(document.activeElement.closest?.("[data-row]"));
      const row = rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))];
      (row.querySelector("a, button") || row).focus();
    }
    if (e.key === "x") document.activeElement.closest?.("[data-row]")?.querySelector('input[type="checkbox"]')?.click();
  });
  const keys = $("[data-keys]");
  if (keys) keys.checked = localStorage.getItem("kk-keys") !== "off";

  /* Selection in lists shows the bar of bulk actions */
  function countSelected() {
    const bulk = $("#bulk");
    if (!bulk) return;
    const chosen = $$("tbody .check:checked").length;
    bulk.hidden = !chosen;
    $("[data-bulk-n]", bulk).textContent = chosen;
    $$("tbody tr").forEach((row) => row.setAttribute("aria-selected", !!$(".check:checked", row)));
  }
  on("change", (e) => {
    if (e.target.matches("[data-keys]")) localStorage.setItem("kk-keys", e.target.checked ? "on" : "off");
    if (e.target.matches("[data-all]")) $$("tbody .check", e.target.closest("table")).forEach((c) => (c.checked = e.target.checked));
    if (e.target.matches(".check")) countSelected();
    if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
  });
  on("click", (e) => { if (near(e, "[data-bulk-clear]")) { $$("table .check").forEach((c) => (c.checked = false)); countSelected(); } });
  on("htmx:afterSwap", countSelected);
  countSelected();

  /* Live feed: <ul data-feed data-feed-url="…"> asks for entries newer than its first <li data-id>; the answer is a row
     of <li>. It waits while paused, hidden, under the pointer or in focus, so nothing jumps away from a hand. */
  const feed = $("[data-feed][data-feed-url]");
  if (feed) {
    const pause = $("[data-feed-pause]"), most = Math.max(feed.children.length, 12);
    let running = true;
    pause?.addEventListener("click", () => {
      running = !running;
      pause.setAttribute("aria-pressed", !running);
      $$(".live").forEach((l) => l.classList.toggle("paused", !running));
    });
    setInterval(async () => {
      if (!running || document.hidden || feed.matches(":hover, :focus-within")) return;
      const url = new URL(feed.dataset.feedUrl, location);
      url.searchParams.set("nach", $("[data-id]", feed)?.dataset.id ?? "");
      const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer?.ok || answer.redirected || answer.status === 204) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const fresh = [...holder.content.children];
      fresh.forEach((li) => li.classList.add("new"));
      if (fresh.length) $("[data-feed-empty]", feed)?.remove();
      feed.prepend(...fresh);
      while (feed.children.length > most) feed.lastElementChild.remove();
    }, 5000);
  }
})();
