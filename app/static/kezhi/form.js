// Forms: reference look-up, unsaved input, files by drop or paste, preview of what follows.
const form = document.querySelector("[data-form]");
const WORDS = document.body.dataset;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const made = (tag, values) => Object.assign(document.createElement(tag), values);

function iconLike(name) {
  const svg = document.querySelector(".icon").cloneNode(true);
  const use = svg.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  return svg;
}

class Combo {
  constructor(box) {
    this.box = box;
    this.many = "many" in box.dataset;
    this.input = box.querySelector("[role=combobox]");
    this.list = box.querySelector("[role=listbox]");
    this.hidden = box.querySelector(":scope > input[type=hidden]");
    this.text = this.input.value;
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.pick(event.target.closest("li")));
    box.addEventListener("click", (event) => this.drop(event.target.closest(".kz-chip button")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), 180);
  }

  async search(page = 1) {
    clearTimeout(this.timer);
    const text = this.input.value === this.text ? "" : this.input.value;
    const turn = this.turn = (this.turn || 0) + 1;
    try {
      const answer = await fetch(`${this.box.dataset.combo}${this.box.dataset.combo.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}&page=${page}`);
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (turn === this.turn) this.show(found, page);
    } catch { this.say(WORDS.sayFailed); }
  }

  show({ results, more }, page) {
    this.list.querySelector("[data-page]")?.remove();
    if (page === 1) this.list.replaceChildren();
    for (const row of results) this.list.append(this.row(row));
    if (more) this.list.append(this.row({ text: WORDS.sayMore }, page + 1));
    if (!this.list.children.length) return this.say(WORDS.sayNone);
    this.open(true);
    if (page > 1) this.mark(this.list.lastChild);
  }

  row({ id, text, sub }, page) {
    const item = made("li", { role: "option", id: `${this.list.id}-${this.list.children.length}`, textContent: text });
    if (page) item.dataset.page = page; else item.dataset.id = id;
    item.dataset.text = text;
    if (sub) item.append(made("small", { textContent: sub }));
    item.setAttribute("aria-selected", "false");
    return item;
  }

  say(text) {
    this.list.replaceChildren(made("li", { textContent: text, className: "kz-sub" }));
    this.open(true);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.input.setAttribute("aria-expanded", yes);
    if (!yes) this.input.removeAttribute("aria-activedescendant");
  }

  mark(item) {
    for (const other of this.list.children) other.setAttribute("aria-selected", other === item);
    if (!item?.id) return;
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const items = all("[role=option]", this.list);
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return void this.search();
      const next = event.key === "ArrowDown" ? now + 1 : Math.max(now, 0) - 1;
      this.mark(items.at(next % items.length));
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      this.pick(items[now] ?? items[0]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.restore();
    } else if (event.key === "Backspace" && this.many && !this.input.value) {
      this.drop(all(".kz-chip button", this.box).at(-1));
    }
  }

  pick(item) {
    if (!item?.id) return;
    if (item.dataset.page) return void this.search(Number(item.dataset.page));
    if (this.many) this.add(item.dataset); else this.choose(item.dataset.id, item.dataset.text);
    this.open(false);
  }

  choose(id, text) {
    this.hidden.value = id;
    this.input.value = this.text = text;
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  add({ id, text }) {
    const chips = this.box.querySelector(".chips");
    this.input.value = this.text = "";
    if (all("input", chips).some((input) => input.value === id)) return;
    const chip = made("span", { className: "kz-chip" });
    const button = made("button", { type: "button", className: "kz-clear" });
    button.setAttribute("aria-label", `${WORDS.sayRemove} “${text}”`);
    button.append(iconLike("x"));
    chip.append(made("b", { textContent: text }), made("input", { type: "hidden", name: this.box.dataset.name, value: id }), button);
    chips.append(chip);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  drop(button) {
    if (!button) return;
    button.closest(".kz-chip").remove();
    this.input.focus();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Text that was never chosen from the list is no value: empty clears, anything else goes back.
  leave() {
    if (!this.many && !this.input.value.trim() && this.hidden.value) this.choose("", "");
    this.restore();
  }

  restore() {
    this.input.value = this.text;
    this.open(false);
  }
}

class Files {
  constructor(zone) {
    this.zone = zone;
    this.input = zone.querySelector("[type=file]");
    this.chosen = [];
    this.input.addEventListener("change", () => this.take(this.input.files));
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); this.take(event.dataTransfer.files); });
  }

  take(files) {
    this.chosen.push(...files);
    this.show();
  }

  show() {
    const carrier = new DataTransfer();
    for (const file of this.chosen) carrier.items.add(file);
    this.input.files = carrier.files;
    for (const chip of all("[data-new]", this.zone)) chip.remove();
    this.input.before(...this.chosen.map((file, index) => this.chip(file, index)));
    changed();
  }

  chip(file, index) {
    const chip = made("span", { className: "kz-chip" });
    chip.dataset.new = "";
    const button = made("button", { type: "button", className: "kz-clear" });
    button.setAttribute("aria-label", `${WORDS.sayRemove} ${file.name}`);
    button.append(iconLike("x"));
    button.addEventListener("click", () => { this.chosen.splice(index, 1); this.show(); });
    const size = file.size < 1e6 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
    chip.append(iconLike("paperclip"), made("b", { textContent: file.name }), ` ${size} `, button);
    return chip;
  }
}

function setUpFiles() {
  const zones = all("[data-files]:has([type=file])").map((zone) => new Files(zone));
  addEventListener("paste", (event) => { if (event.clipboardData.files.length) zones[0]?.take(event.clipboardData.files); });
}

// Leaving with unsaved input asks first; after a refusal the input counts as unsaved.
let dirty = form && "dirty" in form.dataset;

function changed() {
  dirty = true;
  const place = form.querySelector("[data-state]");
  if (place) place.textContent = place.dataset.changed;
}

function setUpLeaving() {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("kz-kept", () => { dirty = all("[type=file]", form).some((input) => input.files.length); });
  addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target === form) dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

// What follows from the input (due time, decider, next hand) is computed by the server while one types.
// Numbers count while they are typed, other fields when they are left; only the newest question is waited for, and
// nothing is asked twice.
let asking, asked;

async function preview() {
  const body = new FormData(form);
  for (const input of all("[type=file]", form)) body.delete(input.name);
  const text = new URLSearchParams(body).toString();
  if (text === asked) return;
  asked = text;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body, signal: asking.signal });
    if (answer.ok) document.querySelector("[data-aside]").innerHTML = await answer.text();
  } catch (error) { if (error.name !== "AbortError") asked = null; }
}

function setUpPreview() {
  let timer;
  const soon = (wait) => { clearTimeout(timer); timer = setTimeout(preview, wait); };
  form.addEventListener("change", () => soon(200));
  form.addEventListener("input", (event) => { if (event.target.inputMode) soon(500); });
  if (!document.querySelector("[data-aside]").children.length) soon(200);
}

// Sections and fields that are meant for another choice are put away; what is in them is not sent.
function valueOf(name) {
  const control = form.elements[name];
  if (!control) return null;
  if (control.options?.length && control.multiple) return [...control.selectedOptions].map((one) => one.value);
  const ticked = control.length && control[0]?.type === "checkbox" ? [...control].filter((one) => one.checked) : null;
  return ticked ? ticked.map((one) => one.value) : [control.value];
}

const holds = (conditions) => Object.entries(conditions).every(([name, wanted]) => {
  const values = valueOf(name);
  return values === null ? null : values.some((value) => wanted.includes(value));
});

function putAway(part, away) {
  const kept = away && !part.querySelector(".is-invalid");
  part.hidden = kept;
  if (part.matches("fieldset")) part.disabled = kept;
  else for (const control of all("input, select, textarea", part)) control.disabled = kept;
}

function setUpKinds() {
  const sections = all("[data-when]", form);
  let fields = all("[data-shown], [data-empty], [data-needed]", form);
  const known = (conditions) => Object.keys(conditions).every((name) => valueOf(name) !== null);
  const read = (text) => (text ? JSON.parse(text) : null);
  const follow = () => {
    for (const section of sections) {
      const [name, ...keys] = section.dataset.when.split(" ");
      putAway(section, valueOf(name) !== null && !valueOf(name).some((value) => keys.includes(value)));
    }
    for (const field of fields) {
      const [shown, empty, needed] = [read(field.dataset.shown), read(field.dataset.empty), read(field.dataset.needed)];
      putAway(field, Boolean((shown && known(shown) && !holds(shown)) || (empty && known(empty) && holds(empty))));
      const star = field.querySelector("[data-star]");
      if (star) star.hidden = !(needed && known(needed) && holds(needed));
    }
    all("fieldset:not([hidden]) [data-no]", form).forEach((place, index) => { place.textContent = index + 1; });
  };
  form.addEventListener("change", follow);
  form.addEventListener("kz-added", () => { fields = all("[data-shown], [data-empty], [data-needed]", form); follow(); });
  follow();
}

all("[data-combo]").forEach((box) => new Combo(box));
addEventListener("kz-added", (event) => { all("[data-combo]", event.target).forEach((box) => new Combo(box)); changed(); });
setUpFiles();
if (form) setUpLeaving();
if (form) setUpKinds();
if (form?.dataset.preview) setUpPreview();
document.querySelector("#kz-problems")?.focus();
