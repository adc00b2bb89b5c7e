// Runs before the first paint, so that a chosen evening never flashes white.
// Only the word "light" or "dark" is kept on this device; nothing about a person is.
(() => {
  const KEY = "nearer-theme";
  const root = document.documentElement;

  const apply = (theme) => {
    const chosen = theme === "light" || theme === "dark";
    if (chosen) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      const own = meta.dataset.theme;
      meta.media = chosen ? (own === theme ? "all" : "not all") : `(prefers-color-scheme: ${own})`;
    }
  };

  apply(localStorage.getItem(KEY));

  // The choice on the Me page: radios named "nearer-theme" with the values system, light and dark.
  document.addEventListener("DOMContentLoaded", () => {
    const current = localStorage.getItem(KEY) ?? "system";
    const radio = document.querySelector(`input[name="${KEY}"][value="${CSS.escape(current)}"]`);
    if (radio) radio.checked = true;
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name !== KEY) return;
    if (target.value === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, target.value);
    apply(target.value);
  });
})();
