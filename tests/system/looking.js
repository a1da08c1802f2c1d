// What can be seen of a page: handed to the browser by looking.py.
() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("dialog:not([open]), .visually-hidden, .kz-seal");
  const own = (node) => [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.textContent.trim()).filter(Boolean).join(" ");
  const size = (node) => node.getBoundingClientRect();
  const named = (node) => `${node.tagName.toLowerCase()}.${node.className} ${node.innerText?.slice(0, 20)} ${Math.round(size(node).width)}×${Math.round(size(node).height)}`;
  const main = document.querySelector("main") ?? document.body;

  const frame = "nav a span, header a, summary, h2, h3, th, label, legend, .form-label, .form-check-label, dt, button, .btn, .dropdown-item,"
    + " .kz-views a, .nav-link, .kz-chip.add, .kz-empty div, .kz-foot > span";
  const spoken = (node) => seen(node) && node.closest("[lang]") === document.documentElement;
  const words = all(frame).filter(spoken).map(own);
  for (const name of ["placeholder", "aria-label"]) words.push(...all(`:is(a, button, input, summary, select)[${name}]`).filter(spoken).map((node) => node.getAttribute(name)));

  const touched = ".btn, button:not(.kz-clear), .kz-tool, .kz-tabbar a, select, .nav-link, input.form-control, textarea";
  const small = all(touched).filter((node) => seen(node) && size(node).width > 1 && size(node).height < 33.5);
  const cut = all(".btn, .kz-state, th, h1, h2, dt, .form-label", main)
    .filter((node) => seen(node) && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX !== "visible");
  const primary = all(".btn-primary", main).filter((node) => seen(node) && !node.closest("dialog, .dropdown-menu"));
  return {
    wide: document.documentElement.scrollWidth - innerWidth,
    title: document.title,
    lang: document.documentElement.lang,
    heads: all("h1").filter((node) => node.checkVisibility({ visibilityProperty: true })).length,
    primary: primary.map((node) => node.innerText),
    words: [...new Set(words.filter(Boolean))],
    text: main.innerText,
    small: [...new Set(small.map(named))],
    cut: cut.map(named),
  };
}
