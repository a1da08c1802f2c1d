// What is typed is kept on the server a moment later, for the person alone; files are not part of it.
const form = document.querySelector("[data-draft]");
const WAIT = 1200;
let timer, sending, sent;

function body() {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("[type=file]")) data.delete(input.name);
  data.set("by", "script");
  return data;
}

async function keep(last = false) {
  clearTimeout(timer);
  const data = body();
  const text = new URLSearchParams(data).toString();
  if (text === sent || (sending && !last)) return;
  sending = true;
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: last });
    if (!answer.ok) throw new Error(answer.status);
    sent = text;
    const place = form.querySelector("[data-state]");
    place.textContent = place.dataset.kept.replace("#", (await answer.json()).at);
    form.dispatchEvent(new CustomEvent("kz-kept"));
  } catch { /* the warning before leaving stays */ } finally { sending = false; }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
}

if (form) {
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("submit", (event) => { if (event.target === form) { clearTimeout(timer); sent = null; form.removeEventListener("input", later); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer && form.dataset.typed) keep(true); });
  form.addEventListener("input", () => { form.dataset.typed = "yes"; });
}
