// Runs before the first paint: without a chosen theme the page follows the system.
{
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => /(^|; )kz_theme=(light|dark)/.test(document.cookie);
  const follow = () => { if (!chosen()) root.dataset.bsTheme = system.matches ? "dark" : "light"; };
  if (!root.dataset.bsTheme) follow();
  system.addEventListener("change", follow);
}
