// Register list: selection with sum, keyboard j k x Enter, filter builder.
const form = document.querySelector("[data-list]");
const rows = [...form.querySelectorAll("tbody tr")];
const bulk = form.querySelector("[data-bulk]");
const boxOf = (row) => row.querySelector("[name=id]");

// Whole hundredths, so that many rows add up to the cent.
const cents = (text) => Math.round(Number(text.replace(/[^\d.-]/g, "")) * 100) || 0;
const money = (sum) => (sum / 100).toLocaleString("en", { minimumFractionDigits: 2 });

function sumText(picked) {
  const head = form.querySelector("th[data-add]");
  if (!head) return "";
  const sum = picked.reduce((total, row) => total + cents(row.cells[head.cellIndex].textContent), 0);
  return `${head.dataset.add} ${money(sum)}`;
}

function showSelection() {
  const picked = rows.filter((row) => boxOf(row).checked);
  for (const row of rows) row.classList.toggle("picked", boxOf(row).checked);
  bulk.hidden = !picked.length;
  const count = bulk.querySelector("[data-picked]");
  count.textContent = count.dataset.picked.replace("#", picked.length);
  bulk.querySelector("[data-sum]").textContent = sumText(picked);
  const every = form.querySelector("[data-all]");
  every.checked = picked.length === rows.length;
  every.indeterminate = picked.length > 0 && !every.checked;
}

let last = null;

// Shift-click selects the rows between, as a spreadsheet does.
function pickRange(event) {
  const box = event.target;
  if (box.name !== "id") return;
  const index = rows.indexOf(box.closest("tr"));
  if (event.shiftKey && last !== null) {
    for (const row of rows.slice(Math.min(last, index), Math.max(last, index) + 1)) boxOf(row).checked = box.checked;
  }
  last = index;
  showSelection();
}

function pickAll(checked) {
  for (const row of rows) boxOf(row).checked = checked;
  showSelection();
}

if (bulk && rows.length) {
  form.querySelector("tbody").addEventListener("click", pickRange);
  form.querySelector("[data-all]").addEventListener("change", (event) => pickAll(event.target.checked));
  form.querySelector("[data-unpick]").addEventListener("click", () => pickAll(false));
  addEventListener("pageshow", showSelection);
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input:not([type=checkbox]), textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const now = rows.indexOf(document.activeElement.closest("tr"));
  const step = { j: 1, k: -1 }[event.key];
  if (step) rows[Math.min(Math.max(now + step, 0), rows.length - 1)]?.querySelector("a")?.focus();
  if (event.key === "x" && now >= 0 && bulk) { boxOf(rows[now]).checked ^= 1; showSelection(); }
});

// Filter builder: field, condition, value become one GET parameter `field__op=value`.
const builder = document.querySelector("[data-filter]");

function option(key, label) {
  return Object.assign(document.createElement("option"), { value: key, textContent: label });
}

function valueControl(field, op) {
  const pairs = field.kind === "boolean" || op === "empty" ? [["true", builder.dataset.yes], ["false", builder.dataset.no]] : field.choices;
  if (pairs?.length) {
    const select = Object.assign(document.createElement("select"), { className: "form-select", multiple: op === "in" });
    select.append(...pairs.map(([key, label]) => option(key, label)));
    return select;
  }
  const type = { date: "date", datetime: "datetime-local" }[field.kind] || "text";
  return Object.assign(document.createElement("input"), { className: "form-control", type });
}

async function suggest(input, field) {
  const answer = await fetch(`${field.lookup_url}?q=${encodeURIComponent(input.value)}&page=1`);
  if (!answer.ok) return;
  const { results } = await answer.json();
  input.chosen = new Map(results.map((row) => [row.text, row.id]));
  input.list.replaceChildren(...results.map((row) => option(row.text, row.sub || "")));
}

// A reference is found by its text; the id of the text chosen is what filters.
function withSuggestions(input, field) {
  const list = Object.assign(document.createElement("datalist"), { id: "kz-fl" });
  input.setAttribute("list", "kz-fl");
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 200, input, field); });
  return list;
}

function setUpFilter() {
  const fields = JSON.parse(builder.dataset.filter);
  const [fieldBox, opBox] = builder.querySelectorAll("select");
  const place = builder.querySelector("[data-value]");
  const current = () => fields.find((field) => field.name === fieldBox.value);
  const showValue = () => {
    const control = valueControl(current(), opBox.value);
    control.id = "kz-fv";
    place.replaceChildren(control);
    if (current().lookup_url && control.matches("input")) place.append(withSuggestions(control, current()));
  };
  const showOps = () => { opBox.replaceChildren(...current().ops.map((op) => option(op.key, op.label))); showValue(); };
  fieldBox.addEventListener("change", showOps);
  opBox.addEventListener("change", showValue);
  builder.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); applyFilter(`${fieldBox.value}__${opBox.value}`, place.firstChild); });
  showOps();
}

function applyFilter(name, control) {
  const values = control.multiple ? [...control.selectedOptions].map((one) => one.value) : [control.chosen?.get(control.value) ?? control.value.trim()];
  const url = new URL(location.href);
  url.searchParams.delete("page");
  url.searchParams.set(name, values.join(","));
  if (values.join("")) location.assign(url);
}

if (builder) setUpFilter();

// Columns: chosen and put in order here, kept on the server, for oneself or with a view.
const chooser = document.querySelector("[data-columns]");
const made = (tag, values) => Object.assign(document.createElement(tag), values);

function mover(text, label, act) {
  const button = made("button", { type: "button", className: "kz-tool", textContent: text, title: label });
  button.addEventListener("click", () => { act(); button.focus(); });  // a row that moves loses the focus
  button.setAttribute("aria-label", label);
  return button;
}

function columnRow({ key, label, on }, index) {
  const row = made("div", { className: "d-flex align-items-center" });
  const check = made("label", { className: "form-check m-0 flex-fill" });
  check.append(made("input", { type: "checkbox", name: "column", value: key, className: "form-check-input", checked: on, disabled: !index }), made("span", { className: "form-check-label", textContent: label }));
  row.append(check);
  if (!index) return row;
  const { up, down } = chooser.dataset;
  row.append(mover("↑", up, () => { if (row.previousSibling.previousSibling) row.previousSibling.before(row); }));
  row.append(mover("↓", down, () => row.nextSibling?.after(row)));
  return row;
}

function setUpColumns() {
  const place = chooser.querySelector("[data-list-of]");
  place.append(...JSON.parse(chooser.dataset.columns).map(columnRow));
  chooser.querySelector("[data-reset]").addEventListener("click", () => { for (const box of place.querySelectorAll("input")) box.disabled = true; });
}

// What earlier versions kept in the browser goes to the server once.
function handOver() {
  const key = `kz_columns:${location.pathname}`;
  let hidden = [];
  try { hidden = JSON.parse(localStorage.getItem(key)) || []; } catch { /* nothing that could be read */ }
  localStorage.removeItem(key);
  if (!hidden.length) return;
  for (const box of chooser.querySelectorAll("[data-list-of] input")) if (hidden.includes(box.value)) box.checked = false;
  chooser.querySelector("form").requestSubmit();
}

if (chooser) setUpColumns();
if (chooser && localStorage.getItem(`kz_columns:${location.pathname}`)) handOver();

// How many rows each view has comes after the rows.
async function showViewCounts(views) {
  const answer = await fetch(views.dataset.counts, { headers: { Accept: "application/json" } });
  const found = answer.ok ? await answer.json() : {};
  for (const mark of views.querySelectorAll("[data-counted]")) mark.textContent = found[mark.dataset.counted] ?? "";
}

const views = document.querySelector(".kz-views[data-counts]");
if (views) showViewCounts(views).catch(() => {});
