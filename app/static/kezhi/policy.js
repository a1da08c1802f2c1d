// A kept address may name a place by its mark alone; the part of the policy that holds the place is fetched.
function marked() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch { return ""; }
}

function look() {
  const place = marked();
  const asked = new URLSearchParams(location.search);
  if (!place || document.getElementById(place) || asked.get("at") === place) return;
  asked.set("at", place);
  location.replace(`?${asked}#${encodeURIComponent(place)}`);
}

addEventListener("hashchange", look);
look();

const first = document.querySelector(".kz-contents .active");
if (first) first.parentElement.scrollTop = first.offsetTop - first.parentElement.clientHeight / 3;
