// Lines of a form: a new one is a copy of the blank one; one that was never saved goes at once when it is removed.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

function add(card) {
  const count = card.querySelector("[data-count]");
  const html = card.querySelector("template").innerHTML.replaceAll("__n__", count.value);
  const place = card.querySelector("[data-more]").parentElement;
  place.insertAdjacentHTML("beforebegin", html);
  count.value = Number(count.value) + 1;
  const line = place.previousElementSibling;
  line.dispatchEvent(new CustomEvent("kz-added", { bubbles: true }));
  line.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function drop(box) {
  const line = box.closest("[data-line]");
  const saved = line.querySelector("[name$='.__id']");
  for (const control of all("input, select, textarea", line)) {
    if (control !== box && control.type !== "hidden") control.disabled = box.checked;
  }
  if (!saved) line.hidden = true;
}

for (const card of all("[data-lines]")) {
  card.addEventListener("click", (event) => {
    if (!event.target.closest("[data-more]")) return;
    event.preventDefault();
    add(card);
  });
  card.addEventListener("change", (event) => { if (event.target.matches("[data-drop]")) drop(event.target); });
}
