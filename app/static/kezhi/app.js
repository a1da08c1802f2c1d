// Shell: theme, density, menus, menu search, confirm dialogs, drawers, tabs, keyboard.
const root = document.documentElement;
const $ = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function keep(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}

function switchTheme() {
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  keep("kz_theme", root.dataset.bsTheme);
  showThemeIcon();
}

function showThemeIcon() {
  const wanted = root.dataset.bsTheme === "dark" ? "#sun" : "#moon";
  for (const use of all("[data-theme-switch] use")) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, wanted));
}

function switchDensity() {
  const compact = root.dataset.density !== "compact";
  if (compact) root.dataset.density = "compact"; else delete root.dataset.density;
  keep("kz_density", compact ? "compact" : "normal");
}

// Menu: search, folded groups, and the same nav inside a drawer on the phone.
const nav = $(".kz-nav");

function findInMenu(field) {
  const wanted = field.value.trim().toLowerCase();
  let found = 0;
  for (const link of all("a", nav)) {
    link.hidden = !link.textContent.toLowerCase().includes(wanted);
    found += !link.hidden;
  }
  for (const group of all("details", nav)) {
    group.hidden = !$("a:not([hidden])", group);
    group.open = wanted ? true : !folded().includes(group.dataset.group);
  }
  $("[data-menu-none]", nav).hidden = found > 0;
}

function folded() {
  try { return JSON.parse(localStorage.getItem("kz_folded")) || []; } catch { return []; }
}

function rememberFolds() {
  localStorage.setItem("kz_folded", JSON.stringify(all("details:not([open])", nav).map((group) => group.dataset.group)));
}

function setUpMenu() {
  const field = $("[data-menu-find]", nav);
  field.addEventListener("input", () => findInMenu(field));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && field.value) $("a:not([hidden])", nav)?.click();
    if (event.key === "Escape") { field.value = ""; findInMenu(field); }
  });
  for (const group of all("details", nav)) {
    group.open = !folded().includes(group.dataset.group) || !!$(".active", group);
    $("summary", group).addEventListener("click", () => setTimeout(rememberFolds));
  }
  const active = $(".active", nav);
  if (active && active.offsetTop > nav.clientHeight) nav.scrollTop = active.offsetTop - nav.clientHeight / 2;
}

// Counts are kept for half a minute, for one person, and asked for anew after a form was sent.
const COUNTS = "kz_counts";

async function counts() {
  const kept = JSON.parse(sessionStorage.getItem(COUNTS) || "{}");
  if (kept.person === nav.dataset.person && Date.now() - kept.at < 30000) return kept.counts;
  const answer = await fetch(nav.dataset.counts, { headers: { Accept: "application/json" } });
  if (!answer.ok) return {};
  const found = await answer.json();
  sessionStorage.setItem(COUNTS, JSON.stringify({ at: Date.now(), person: nav.dataset.person, counts: found }));
  return found;
}

async function showCounts() {
  for (const [key, { count, late }] of Object.entries(await counts())) {
    const badge = document.createElement("span");
    badge.className = late ? "n hot" : "n";
    badge.textContent = count;
    $(`[data-entry="${CSS.escape(key)}"]`, nav)?.append(badge);
  }
}

function openMenu() {
  const drawer = $("#kz-menu");
  drawer.append(nav);
  drawer.showModal();
  drawer.addEventListener("close", () => $("#kz-side").append(nav), { once: true });
}

// One dialog asks before any button or form that carries data-confirm.
const agreed = new WeakSet();

function ask(asker, form, submitter) {
  const dialog = $("#kz-confirm");
  const yes = $("[value=yes]", dialog);
  $("h2", dialog).textContent = asker.dataset.confirmTitle || submitter?.textContent.trim() || document.title;
  $("p", dialog).textContent = asker.dataset.confirm;
  yes.textContent = submitter?.textContent.trim() || yes.textContent;
  yes.className = "danger" in asker.dataset ? "btn btn-reject" : "btn btn-primary";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    agreed.add(asker);
    form.requestSubmit(submitter);
  }, { once: true });
}

function beforeSubmit(event) {
  const form = event.target;
  const submitter = event.submitter;
  const asker = [submitter, form].find((node) => node?.dataset.confirm);
  if (asker && !agreed.delete(asker)) {
    event.preventDefault();
    ask(asker, form, submitter);
  }
}

// A second click must not send twice; the value of the button still travels, and a download leaves the page standing.
function whileSending(event) {
  const button = event.submitter;
  if (event.defaultPrevented || event.target.method !== "post" || !button) return;
  setTimeout(() => { button.disabled = true; });
  setTimeout(() => { button.disabled = false; }, 5000);
}

function openDrawer(id) {
  const drawer = document.getElementById(id);
  drawer.showModal();
  drawer.scrollTop = 0;
}

// Help of the page, fetched when it is asked for; without scripts the link leads to it as a page.
async function openHelp(link, event) {
  event.preventDefault();
  link.closest("details")?.removeAttribute("open");
  const drawer = $("#kz-help");
  const answer = await fetch(`${link.href}&part=1`).catch(() => null);
  if (!answer?.ok) { location.assign(link.href); return; }
  $("div", drawer).innerHTML = await answer.text();
  openDrawer("kz-help");
}

async function startTour(button) {
  button.closest("dialog")?.close();
  const { tour } = await import("./tour.js");
  tour(button.dataset.tour, document.body.dataset.csrf);
}

function closeOnBackdrop(event) {
  const dialog = event.target;
  if (dialog.tagName !== "DIALOG" || !dialog.classList.contains("kz-drawer")) return;
  const box = dialog.getBoundingClientRect();
  if (event.clientX < box.left || event.clientX > box.right) dialog.close();
}

function selectTab(tab) {
  for (const other of all("[role=tab]", tab.parentElement)) {
    const chosen = other === tab;
    other.classList.toggle("active", chosen);
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  history.replaceState(null, "", `#${tab.id}`);
}

function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = all("[role=tab]", event.target.parentElement);
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  next.focus();
  selectTab(next);
}

function showSecret(button) {
  const field = document.getElementById(button.dataset.eye);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  const use = $("use", button);
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, hidden ? "#eye-off" : "#eye"));
}

async function copyText(button) {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
  button.dataset.before ??= button.lastChild.textContent;
  button.lastChild.textContent = button.dataset.done;
  setTimeout(() => { button.lastChild.textContent = button.dataset.before; }, 2000);
}

const clicks = {
  "[data-theme-switch]": switchTheme,
  "[data-density-switch]": switchDensity,
  "[data-menu-open]": (node, event) => { event.preventDefault(); openMenu(); },
  "[data-drawer]": (node, event) => { event.preventDefault(); openDrawer(node.dataset.drawer); },
  "[data-help]": openHelp,
  "[data-tour]": startTour,
  "[data-eye]": showSecret,
  "[data-copy]": copyText,
  "[data-back]": () => history.back(),
  "[data-print]": () => window.print(),
  "[data-close]": (node) => node.closest("dialog").close(),
  "[role=tab]": selectTab,
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(clicks)) {
    const node = event.target.closest(selector);
    if (node) act(node, event);
  }
  for (const menu of all("details.kz-pop[open]")) if (!menu.contains(event.target)) menu.open = false;
  closeOnBackdrop(event);
});

// In a menu the arrow keys go from item to item, and open it at its button; whoever tabs on leaves it closed.
function moveInMenu(event) {
  const pop = event.target.closest?.("details.kz-pop");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!pop || !step || event.target.matches("input, select, textarea")) return;
  pop.open = true;
  const items = all(".dropdown-item", pop).filter((item) => item.offsetParent);
  if (!items.length) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items.at(at < 0 ? Math.min(step, 0) : (at + step) % items.length).focus();
}

function leaveMenu(event) {
  const pop = event.target.closest?.("details.kz-pop[open]");
  if (pop && event.relatedTarget && !pop.contains(event.relatedTarget)) pop.open = false;
}

// Ctrl-K from anywhere, even while typing: the field of the top bar, where the window has room for it.
function goFind() {
  const field = $(".kz-top [name=q]");
  if (!field.offsetParent) { location.assign(field.form.action); return; }
  field.focus();
  field.select();
}

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.kz-pop[open]");
  if (open) { open.open = false; $("summary", open).focus(); }
  if (event.target.role === "tab") moveTab(event);
  moveInMenu(event);
  if ((event.ctrlKey || event.metaKey) && event.key === "k" && nav) { event.preventDefault(); goFind(); }
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const wanted = $(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted || !wanted.offsetParent) return;
  event.preventDefault();
  if (wanted.matches("input")) { wanted.focus(); wanted.select(); } else wanted.click();
});

// Whoever sits here next finds no drafts.
function forgetDrafts(event) {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("kz_draft:")) localStorage.removeItem(key);
}

document.addEventListener("focusout", leaveMenu);
document.addEventListener("submit", beforeSubmit);
document.addEventListener("submit", forgetDrafts);
addEventListener("submit", whileSending);
addEventListener("submit", () => sessionStorage.removeItem(COUNTS));
document.addEventListener("change", (event) => { if (event.target.matches("select[data-go]")) location.assign(event.target.value); });
addEventListener("pageshow", (event) => { if (event.persisted) all("button[disabled]").forEach((button) => { button.disabled = false; }); });

// A table that scrolls sideways is scrolled by the arrow keys as well, whether or not it holds a link.
function letScrollersFocus() {
  for (const box of all(".kz-scroll:not([tabindex])")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// The chosen row of a table that is higher than its window is in sight.
for (const row of all("[data-show-picked] .picked")) {
  const box = row.closest("[data-show-picked]");
  box.scrollTop = row.offsetTop - box.clientHeight / 2;
}

showThemeIcon();
letScrollersFocus();
addEventListener("resize", letScrollersFocus);
if (nav) setUpMenu();
if (nav) showCounts().catch(() => {});
const remembered = location.hash.startsWith("#tab-") && document.getElementById(location.hash.slice(1));
if (remembered) selectTab(remembered);
