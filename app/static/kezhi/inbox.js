// Approvals inbox: j and k through the list, a comment where the answer needs one.
const items = [...document.querySelectorAll(".kz-inbox .kz-item")];
const form = document.querySelector("[data-comment-needed]");
const bar = document.querySelector(".kz-decide");
const comment = bar?.querySelector("textarea");

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const now = items.indexOf(document.activeElement);
  const from = now >= 0 ? now : items.findIndex((item) => item.classList.contains("active"));
  items[Math.min(Math.max(from + step, 0), items.length - 1)]?.focus();
});

// Runs before the confirm dialog, so that one is not asked about an answer that cannot be sent.
form?.addEventListener("submit", (event) => {
  if (!event.submitter || !("needsComment" in event.submitter.dataset) || comment.value.trim()) return;
  event.preventDefault();
  event.stopPropagation();
  bar.classList.add("open");
  comment.setCustomValidity(form.dataset.commentNeeded);
  comment.reportValidity();
});
comment?.addEventListener("input", () => comment.setCustomValidity(""));
bar?.querySelector("[data-show-all]")?.addEventListener("click", () => bar.classList.toggle("open"));

// How many files go with the opinion.
const files = bar?.querySelector("input[type=file]");
files?.addEventListener("change", () => {
  const { length } = files.files;
  files.parentElement.querySelector("[data-count]").textContent = length || "";
  files.parentElement.title = length ? [...files.files].map((file) => file.name).join("\n") : files.getAttribute("aria-label");
});

document.querySelector(".kz-inbox [data-resubmit]")?.addEventListener("change", (event) => event.target.form.requestSubmit());
