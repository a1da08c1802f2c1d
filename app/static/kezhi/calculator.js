// Calculator: choosing a policy or an item draws its inputs at once; on a phone the answer comes into view.
const form = document.querySelector("[data-calculator]");
const choose = form.querySelector("[data-choose]");

if (choose) {
  choose.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-resubmit]")) form.requestSubmit(choose);
  });
}

// An empty field says nothing, so the address stays short enough to pass on.
form.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (name.startsWith("f_") && value === "") event.formData.delete(name);
});

const asked = new URLSearchParams(location.search);
const narrow = matchMedia("(max-width:991.98px)").matches;
if (narrow && asked.has("go") && document.querySelector(".kz-big")) document.querySelector("#result").scrollIntoView();
