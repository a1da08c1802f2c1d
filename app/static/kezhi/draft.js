// A new form that was left unsent is kept in this browser, per person, and offered again; signing out forgets it.
const form = document.querySelector("[data-draft]");
const PREFIX = "kz_draft:";
const SKIPPED = "[type=file], [type=password], [data-private], [name=csrf_token], [name=row_version]";
const key = form && `${PREFIX}${form.dataset.draft}:${location.pathname}${location.search}`;
const fields = () => [...form.elements].filter((field) => field.name && !field.matches(SKIPPED) && field.type !== "submit");
const ticked = (field) => field.type === "radio" || field.type === "checkbox";
const comboText = (field) => field.closest("[data-combo]")?.querySelector("[role=combobox]");

function gather() {
  return fields().filter((field) => field.type !== "hidden" || comboText(field)).map((field) => ({
    name: field.name,
    value: field.value,
    on: ticked(field) ? field.checked : undefined,
    text: field.type === "hidden" ? comboText(field).value : undefined,
  }));
}

function keep() {
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: gather() }));
  const place = form.querySelector("[data-state]");
  place.textContent = place.dataset.kept.replace("#", new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
}

function found() {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

function restore(draft) {
  for (const saved of draft.fields) {
    const field = fields().find((one) => one.name === saved.name && (!ticked(one) || one.value === saved.value));
    if (!field || ("many" in (field.closest("[data-combo]")?.dataset || {}))) continue;
    if (ticked(field)) field.checked = saved.on; else field.value = saved.value;
    if (saved.text !== undefined) comboText(field).value = saved.text;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function offer(draft) {
  const note = form.querySelector("[data-draft-note]");
  note.querySelector("[data-at]").textContent = new Date(draft.at).toLocaleString([], { dateStyle: "short", timeStyle: "short" });
  note.hidden = false;
  note.addEventListener("click", (event) => {
    const act = event.target.closest("button")?.value;
    if (!act) return;
    if (act === "restore") restore(draft); else localStorage.removeItem(key);
    note.hidden = true;
  });
}

if (form) {
  let timer;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 800); });
  // only the saved record's page lets go of the draft: a form that never arrived is still there
  addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target === form) { clearTimeout(timer); sessionStorage.setItem("kz_sent", key); } });
  const draft = found();
  if (draft && !("dirty" in form.dataset)) offer(draft);
}
