// A card is read as soon as it is there: pasted anywhere on the page, dropped onto it, or chosen as a file.
(() => {
  const form = document.querySelector("form[data-cards]");
  if (!form) return;
  const text = form.querySelector("[data-cards-text]"), file = form.querySelector('input[type="file"]');
  const send = () => form.requestSubmit();
  const take = (data, e) => {
    const words = data.getData("text/plain");
    if (data.files.length) file.files = data.files;
    else if (words.trim()) text.value = words;
    else return;
    e.preventDefault();
    send();
  };
  document.addEventListener("paste", (e) => {
    const field = e.target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
    if ((!field || field === text) && e.clipboardData) take(e.clipboardData, e);
  });
  document.addEventListener("dragover", (e) => e.preventDefault());
  document.addEventListener("drop", (e) => take(e.dataTransfer, e));
  file.addEventListener("change", send);
})();
