// The builder of segments: keys for every step, focus that stays, and nothing typed that a late answer wipes away.
(() => {
  const tree = document.getElementById("tree");
  if (!tree) return;
  const id = (name) => document.getElementById(name);
  const mine = (e) => e.detail.target === tree;
  const fields = () => [...tree.querySelectorAll("input:not([type=hidden]), select")].filter((f) => f.id);
  const said = (f) => (f.type === "checkbox" ? String(f.checked) : f.value);

  /* Keys press the buttons that are there anyway. While an answer is under way they wait for it. */
  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out", KeyG: "wrap", Backspace: "remove", Delete: "remove", Enter: "group" };
  const ahead = [];
  let busy = false;
  function press(what) {
    if (busy) return ahead.push(what);
    const node = document.activeElement.closest?.("#tree [data-node]")?.dataset.node;
    (what === "undo" ? id("n-undo") : node && id(`${node}-${what}`))?.click();
  }
  document.addEventListener("keydown", (e) => {
    if (!e.altKey || e.ctrlKey || e.metaKey) return;
    const inside = e.target.closest?.("#tree");
    const what = e.shiftKey ? (e.code === "KeyZ" ? "undo" : inside && KEYS[e.code]) : inside && e.code === "Enter" && "line";
    if (!what) return;
    e.preventDefault();
    press(what);
  });

  /* What was typed while the answer was under way is typed again into the new rows; figures stay until new ones come. */
  let sent = new Map(), late = [], marks = new Map(), there = "";
  document.addEventListener("htmx:beforeRequest", (e) => {
    if (!mine(e)) return;
    busy = true;
    sent = new Map(fields().map((f) => [f.id, said(f)]));
  });
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (!mine(e)) return;
    late = fields().filter((f) => sent.has(f.id) && sent.get(f.id) !== said(f)).map((f) => [f.id, said(f)]);
    marks = new Map([...tree.querySelectorAll(".seg-mark")].map((m) => [m.id, [...m.childNodes]]));
    there = document.activeElement.id;
  });
  document.addEventListener("htmx:afterSettle", (e) => {
    if (!mine(e)) return;
    for (const [name, nodes] of marks) if (id(name) && !id(name).hasChildNodes()) id(name).append(...nodes);
    for (const [name, value] of late) {
      const f = id(name);
      if (!f) continue;
      if (f.type === "checkbox") f.checked = value === "true"; else f.value = value;
      f.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // After a step that makes or takes a line one goes on there; otherwise one stays where one was, while it is to be seen.
    const { focus, jump } = tree.firstElementChild?.dataset ?? {}, wanted = focus && id(focus);
    const stays = there && id(there)?.checkVisibility();
    if (wanted && (jump || !stays)) wanted.focus();
    else if (stays && document.activeElement.id !== there) id(there).focus();
    late.filter(([name]) => id(name)?.matches("select")).forEach(([name]) => id(name).dispatchEvent(new Event("change", { bubbles: true })));
  });
  document.addEventListener("htmx:afterRequest", (e) => {
    if (!mine(e)) return;
    busy = false;
    // After the settling, so that the focus is where the next key belongs.
    if (ahead.length) setTimeout(() => !busy && ahead.length && press(ahead.shift()), 60);
  });

  // Looking for a person is no change of the segment.
  id("wer")?.parentElement.addEventListener("input", (e) => e.stopPropagation());
})();
