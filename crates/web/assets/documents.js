// Documents: chosen or dropped files go off at once, with their progress; a file that is too large is told before it travels.
// Without this script the same forms are sent by their button.
(() => {
  if (window.kkDocuments) return; // the panel may bring this script along once more
  window.kkDocuments = true;
  const near = (e, s) => e.target.closest?.(s);

  // Says what is too large beside the field; nothing to say is fine.
  function fits(form, input) {
    const big = [...input.files].find((file) => file.size > +form.dataset.largest);
    const ids = (input.getAttribute("aria-describedby") ?? "").split(" ");
    const hint = ids.map((id) => document.getElementById(id)).find((e) => e?.matches(".bad"));
    if (hint) hint.textContent = big ? `${big.name}: ${form.dataset.tooLarge}` : "";
    input.toggleAttribute("aria-invalid", !!big);
    if (big) input.value = "";
    return !big;
  }

  document.addEventListener("change", (e) => {
    const form = e.target.matches?.('input[type="file"]') && near(e, "form[data-largest]");
    if (form && fits(form, e.target) && form.matches("[data-files]") && e.target.files.length) form.requestSubmit();
  });

  // Dropped anywhere on the zone, files go into its field.
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (e) => {
      const zone = near(e, "[data-files-zone]");
      if (!zone) return;
      e.preventDefault();
      zone.classList.toggle("over", type === "dragenter" || type === "dragover");
      const input = zone.querySelector('input[type="file"]');
      if (type !== "drop" || !e.dataTransfer.files.length) return;
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  const going = (e) => e.target.closest?.("form[data-files]")?.querySelector("[data-files-going]");
  document.addEventListener("htmx:xhr:loadstart", (e) => { const line = going(e); if (line) line.hidden = false; });
  document.addEventListener("htmx:xhr:loadend", (e) => { const line = going(e); if (line) line.hidden = true; });
  document.addEventListener("htmx:xhr:progress", (e) => {
    const line = going(e);
    if (line && e.detail.lengthComputable) line.querySelector("progress").value = (100 * e.detail.loaded) / e.detail.total;
  });

  // Where the hand was is gone with the old panel: it goes to the new one, so that Tab goes on from there.
  document.addEventListener("htmx:afterSwap", () => {
    const panel = document.getElementById("dokumente");
    if (panel && started && (!document.activeElement || document.activeElement === document.body)) panel.focus();
    started = false;
  });
  let started = false;
  document.addEventListener("htmx:beforeRequest", (e) => { started = !!near(e, "#dokumente form"); });
})();
