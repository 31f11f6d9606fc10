// Behaviour of the larger forms: inserting into an editor, dropping a file. Without it everything can still be typed and chosen.
(() => {
  const near = (e, s) => e.target.closest?.(s);

  // data-insert puts its text at the caret of data-into; data-wrap puts its text on both sides of the selection.
  document.addEventListener("click", (e) => {
    const button = near(e, "[data-into]");
    const field = button && document.getElementById(button.dataset.into);
    if (!field || field.readOnly) return;
    const { selectionStart: from, selectionEnd: to, value } = field, wrap = button.dataset.wrap;
    const text = wrap ? wrap + value.slice(from, to) + wrap : button.dataset.insert;
    field.focus();
    field.setRangeText(text, from, to, "end");
    if (wrap && from === to) field.setSelectionRange(from + wrap.length, from + wrap.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A file dropped anywhere on data-drop goes into its input.
  const zone = document.querySelector("[data-drop]"), input = zone?.querySelector('input[type="file"]');
  if (input) {
    const over = (on) => zone.classList.toggle("over", on);
    for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, (e) => { e.preventDefault(); over(true); });
    zone.addEventListener("dragleave", () => over(false));
    zone.addEventListener("drop", (e) => {
      e.preventDefault(); over(false);
      if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  }

  // Typed text is not lost by walking away: the browser asks while a form marked data-keep holds unsaved changes.
  let changed = false;
  document.addEventListener("input", (e) => { if (near(e, "form[data-keep]") && !near(e, "[data-unsaved-no]")) changed = true; });
  document.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
})();
