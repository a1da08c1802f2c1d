// A table of ticks: rows are found by name, and groups without a row that fits are hidden.
const field = document.querySelector("[data-matrix-find]");

function find() {
  const wanted = field.value.trim().toLowerCase();
  for (const group of document.querySelectorAll("[data-matrix] tbody")) {
    const rows = [...group.querySelectorAll("tr[data-row]")];
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    group.hidden = rows.length > 0 && rows.every((row) => row.hidden);
  }
}

field?.addEventListener("input", find);
field?.addEventListener("keydown", (event) => { if (event.key === "Enter" && !field.form?.matches("[role=search]")) event.preventDefault(); });
