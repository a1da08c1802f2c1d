// What is typed is kept on the server a moment later, for the person alone; files are not part of it.
const form = document.querySelector("[data-draft]");
const WAIT = 1200;
let timer, asking, sent, gone = false;

function body() {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("[type=file]")) data.delete(input.name);
  data.set("by", "script");
  return data;
}

async function keep(last = false) {
  clearTimeout(timer);
  timer = null;
  const data = body();
  const text = new URLSearchParams(data).toString();
  if (gone || text === sent) return;
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: last, signal: asking.signal });
    if (!answer.ok) throw new Error(answer.status);
    sent = text;
    const place = form.querySelector("[data-state]");
    place.textContent = place.dataset.kept.replace("#", (await answer.json()).at);
    form.dispatchEvent(new CustomEvent("kz-kept"));
  } catch { /* the warning before leaving stays */ }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
}

// A form that is sent is no draft any more: nothing that comes late may bring it back.
function stop(event) {
  if (event.target !== form || event.defaultPrevented) return;
  gone = true;
  clearTimeout(timer);
  asking?.abort();
}

if (form) {
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("submit", stop);
  addEventListener("pageshow", () => { gone = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(true); });
}
