// Show page: personal data is revealed for a reason, and the reason is recorded.
const dialog = document.querySelector("#kz-reveal");
const failure = dialog.querySelector("[data-failed]");
let button = null;

async function reveal(reason) {
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  const answer = await fetch(button.dataset.reveal, { method: "POST", headers, body: new URLSearchParams({ reason }) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.message);
  button.replaceWith();
  return result.value;
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-reveal]");
  if (!pressed) return;
  button = pressed;
  failure.textContent = "";
  dialog.querySelector("form").reset();
  dialog.showModal();
});

dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const place = button.parentElement;
  try {
    place.textContent = await reveal(event.target.reason.value);
    dialog.close();
  } catch (error) {
    failure.textContent = error.message || failure.dataset.failed;
  }
});
