// The page of a portal at rest: looks again every three seconds, also while nobody answers, and goes on when it is over.
setInterval(async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.status !== 503) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("ul").replaceWith(page.querySelector("ul"));
  } catch { /* the program starts anew */ }
}, 3000);
