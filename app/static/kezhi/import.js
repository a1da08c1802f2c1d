// Imports: a file by drop, its name before it is sent, and how far the work is.
const zone = document.querySelector("[data-upload]");

function showChosen(input) {
  zone.querySelector("[data-chosen]").textContent = input.files[0]?.name || "";
}

function setUpZone() {
  const input = zone.querySelector("input");
  input.addEventListener("change", () => showChosen(input));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; showChosen(input); }
  });
}

if (zone) setUpZone();

const work = document.querySelector("[data-poll]");

async function poll() {
  const answer = await fetch(work.dataset.poll, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer && !answer.ok) return;
  const told = answer ? await answer.json() : { at_work: true };
  if (!told.at_work) { location.reload(); return; }
  if (told.text) work.querySelector("[data-share]").textContent = told.text;
  if ("share" in told) work.querySelector("progress").value = told.share;
  setTimeout(poll, 1000);
}

if (work) setTimeout(poll, 500);
