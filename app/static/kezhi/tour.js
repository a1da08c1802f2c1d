// A short tour: a small window beside one element of the page after the other. Arrow keys and Escape work; nothing moves by itself.
const EDGE = 12;
let box = null;
let marked = null;

function visible(selector) {
  return [...document.querySelectorAll(selector)].find((node) => node.offsetParent || node.getClientRects().length);
}

function unmark() {
  if (marked) { marked.style.outline = marked.dataset.outline; delete marked.dataset.outline; }
  marked = null;
}

function mark(node) {
  unmark();
  marked = node;
  node.dataset.outline = node.style.outline;
  node.style.outline = "3px solid var(--kz-btn)";
  node.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// Below the element where there is room, else above it, else at its side; always whole on the screen.
function place(node) {
  const at = node.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const fits = (top) => top >= EDGE && top + height <= innerHeight - EDGE;
  const tops = [at.bottom + EDGE, at.top - height - EDGE, at.top];
  const top = tops.find(fits) ?? Math.max(EDGE, (innerHeight - height) / 2);
  const beside = top === at.top && at.right + EDGE + width < innerWidth ? at.right + EDGE : at.left;
  box.style.top = `${top}px`;
  box.style.left = `${Math.min(Math.max(EDGE, beside), innerWidth - width - EDGE)}px`;
}

function button(label, act, look) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function line(tag, text, look) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = look;
  return made;
}

function begin() {
  box = document.createElement("dialog");
  box.className = "kz-dialog";
  box.id = "kz-tour";
  box.setAttribute("aria-live", "polite");
  Object.assign(box.style, { position: "fixed", margin: "0", zIndex: "1060", width: "min(22rem, calc(100vw - 1.5rem))" });
  document.body.append(box);
  box.show();
}

function end(csrf, home) {
  unmark();
  removeEventListener("keydown", keys, true);
  box.remove();
  box = null;
  fetch(home, { method: "POST", headers: { "X-CSRFToken": csrf }, redirect: "manual" });
  document.querySelector("[data-tour-offer]")?.remove();
}

let keys = null;

function show(stops, number, words, stop) {
  const node = visible(stops[number].at);
  const last = number + 1 === stops.length;
  const go = (to) => show(stops, to, words, stop);
  mark(node);
  const foot = line("div", "", "kz-row mt-3");
  foot.append(line("span", `${number + 1} / ${stops.length}`, "kz-sub"));
  if (!last) foot.append(button(words.end, stop, "btn ms-auto"));
  if (number) foot.append(button(words.back, () => go(number - 1), last ? "btn ms-auto" : "btn"));
  const onward = button(last ? words.done : words.next, () => (last ? stop() : go(number + 1)), "btn btn-primary");
  foot.append(onward);
  const title = line("h2", stops[number].title, "");
  title.id = "kz-tour-t";
  box.setAttribute("aria-labelledby", "kz-tour-t");
  box.replaceChildren(title, line("p", stops[number].text, "mb-0"), foot);
  place(node);
  onward.focus();
  removeEventListener("keydown", keys, true);
  keys = (event) => {
    const act = { Escape: stop, ArrowRight: () => !last && go(number + 1), ArrowLeft: () => number && go(number - 1) }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  addEventListener("keydown", keys, true);
}

export async function tour(address, csrf) {
  if (box) return;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const { stops, words } = await answer.json();
  const shown = stops.filter((one) => visible(one.at));
  if (!shown.length) return;
  begin();
  show(shown, 0, words, () => end(csrf, address.replace(/tour$/, "toured")));
}
