// A long paper whose parts come one after the other: each is a paper of its own, out of which its section is taken.
const button = document.querySelector("[data-print]");

async function fill(part) {
  try {
    const answer = await fetch(part.dataset.part, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const paper = new DOMParser().parseFromString(await answer.text(), "text/html");
    part.replaceWith(document.adoptNode(paper.querySelector("main section")));
  } catch {
    part.querySelector("[role=status]").textContent = part.dataset.failed;
  }
}

button.disabled = true;
for (const part of document.querySelectorAll("[data-part]")) await fill(part);
button.disabled = false;
