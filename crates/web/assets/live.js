// Keeps a page alive: an event of the stream says that something is new, the page then asks for itself and takes over the
// parts marked data-live. Nothing moves under a hand: focus stays where it is, the feed waits while somebody points at it.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const stand = $("[data-live-url]");
  if (!stand || !window.EventSource) return;
  const lights = () => $$(".live"), pause = $("[data-live-pause]");
  let known = stand.dataset.liveSeq, source = null, paused = false, asking = false, again = false, waiting = null;

  function open() {
    if (source || paused || document.hidden) return;
    source = new EventSource("/live?seit=" + encodeURIComponent(known));
    source.addEventListener("neu", refresh);
    source.onopen = () => lights().forEach((l) => l.classList.remove("paused"));
    source.onerror = () => {
      lights().forEach((l) => l.classList.add("paused"));
      // A stream that ended opens again by itself; one that was refused is tried later, when the door may be open.
      if (source?.readyState === EventSource.CLOSED) { close(); setTimeout(open, 5000); }
    };
  }
  function close() { source?.close(); source = null; }

  async function refresh() {
    if (asking) { again = true; return; }
    asking = true;
    const answer = await fetch(stand.dataset.liveUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok && !answer.redirected && !answer.headers.has("HX-Redirect")) {
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    asking = false;
    if (again) { again = false; setTimeout(refresh, 300); }
  }

  const busy = (part) => part.querySelector(":popover-open, dialog[open]");
  const reachable = (part) => $$("a, button, input, select", part);
  function take(fresh) {
    const next = $("[data-live-seq]", fresh);
    if (!next) return;
    known = next.dataset.liveSeq;
    for (const part of $$("[data-live]")) {
      const other = $(`[data-live="${part.dataset.live}"]`, fresh);
      if (!other || busy(part) || part.innerHTML === other.innerHTML) continue;
      const at = part.contains(document.activeElement) ? reachable(part).indexOf(document.activeElement) : -1;
      part.replaceChildren(...other.childNodes);
      if (at >= 0) reachable(part)[at]?.focus({ preventScroll: true });
    }
    const feed = $("[data-live-feed]"), newer = $("[data-live-feed]", fresh);
    if (feed && newer) fill(feed, newer);
  }

  // The feed waits while it is pointed at or in focus; what came meanwhile is shown afterwards.
  function fill(feed, newer) {
    if (feed.matches(":hover, :focus-within")) { waiting = newer; return; }
    waiting = null;
    const had = new Set($$("[data-id]", feed).map((li) => li.dataset.id));
    for (const li of $$("[data-id]", newer)) if (had.size && !had.has(li.dataset.id)) li.classList.add("new");
    feed.replaceChildren(...newer.childNodes);
  }
  const feed = $("[data-live-feed]");
  const later = () => setTimeout(() => { if (waiting) fill(feed, waiting); }, 50);
  feed?.addEventListener("pointerleave", later);
  feed?.addEventListener("focusout", later);

  pause?.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    lights().forEach((l) => l.classList.toggle("paused", paused));
    if (paused) close(); else open();
  });
  // A hidden tab rests; what it missed it learns when it is seen again, because it says where it stood.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
})();

// Arranging by mouse does what the buttons do: the new order is sent once the tile is dropped.
(() => {
  const form = document.querySelector("[data-arrange]"), list = form?.querySelector(".arrange");
  if (!list) return;
  let held = null;
  for (const tile of list.children) tile.draggable = true;
  list.addEventListener("dragstart", (e) => { held = e.target.closest("[data-tile]"); e.dataTransfer.effectAllowed = "move"; });
  list.addEventListener("dragover", (e) => {
    const over = e.target.closest("[data-tile]");
    if (!held || !over || over === held) return;
    e.preventDefault();
    const box = over.getBoundingClientRect();
    list.insertBefore(held, e.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  list.addEventListener("drop", (e) => e.preventDefault());
  list.addEventListener("dragend", () => {
    if (!held) return;
    held = null;
    const order = document.createElement("input");
    order.type = "hidden"; order.name = "reihe";
    order.value = [...list.children].map((tile) => tile.dataset.tile).join(",");
    form.append(order);
    form.submit();
  });
})();
