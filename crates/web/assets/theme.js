// Before the first paint: set the stored colour scheme, so that nothing flashes.
(() => {
  const theme = localStorage.getItem("kk-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
