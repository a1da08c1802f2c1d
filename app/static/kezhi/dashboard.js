// Charts: each card fetches its figures when it comes into sight, draws them, and writes the same into its table.
const board = document.querySelector("[data-dashboard]");
const words = board.dataset;
const drawn = new Map();
const MOST = 10, WIDEST = 150, HIGH = 240, ROW = 32, FRAME = 40;

const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--kz-${name}`).trim();

function cell(figure) {
  const td = make("td", figure.url ? "" : figure.text, { className: "kz-num kz-money" });
  if (figure.url) td.append(make("a", figure.text, { href: figure.url }));
  return td;
}

function table(facts) {
  const head = make("tr");
  [facts.by, ...facts.series.map((one) => one.label)].forEach((label, place) =>
    head.append(make("th", label, { scope: "col", className: place ? "kz-money" : "" })));
  const body = make("tbody");
  for (const line of facts.lines) {
    const row = make("tr");
    row.append(make("td", line.label), ...line.figures.map(cell));
    body.append(row);
  }
  const whole = make("table", "", { className: "table kz-table hov" });
  const thead = make("thead");
  thead.append(head);
  whole.append(thead, body);
  return whole;
}

function axes(facts, lines) {
  const text = { color: colour("ink-3"), fontSize: 12 };
  const names = {
    type: "category", data: lines.map((line) => line.label), axisTick: { show: false },
    axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: colour("line-2") } },
  };
  const numbers = { type: "value", minInterval: facts.shape === "line" ? 0 : 1, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: colour("line") } } };
  if (facts.shape !== "bars") return { xAxis: names, yAxis: numbers };
  const lying = { ...names, inverse: true, axisLabel: { ...text, interval: 0, width: Math.min(WIDEST, innerWidth / 3.5), overflow: "truncate" } };
  return { xAxis: { ...numbers, splitNumber: innerWidth < 600 ? 2 : 4 }, yAxis: lying };
}

function series(facts, lines) {
  const line = facts.shape === "line", lying = facts.shape === "bars";
  return facts.series.flatMap((one, place) => (one.aside ? [] : [{
    name: one.label, type: line ? "line" : "bar", color: colour(one.tone), barMaxWidth: lying ? 14 : 22, symbolSize: 7,
    stack: facts.shape === "stacked" ? "all" : undefined, connectNulls: false, cursor: "pointer",
    data: lines.map((each) => each.figures[place].value),
    label: { show: lying, position: "right", color: colour("ink-2"), fontSize: 12, formatter: ({ dataIndex }) => lines[dataIndex].figures[place].text },
    itemStyle: { borderRadius: facts.shape === "stacked" ? 0 : lying ? [0, 2, 2, 0] : [2, 2, 0, 0] },
  }]));
}

function options(facts, lines) {
  const several = facts.series.filter((one) => !one.aside).length > 1;
  const spare = facts.shape === "bars" ? HIGH - FRAME - lines.length * ROW : 0;
  return {
    animation: false, aria: { enabled: false }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: facts.shape === "bars" ? 72 : 12, top: several ? 36 : 12, bottom: Math.max(4, spare), containLabel: true },
    legend: { show: several, top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: colour("ink-2"), fontSize: 12 } },
    // inline styles of an HTML tooltip would break the policy of content; rich text is drawn on the canvas
    tooltip: {
      trigger: facts.shape === "bars" ? "item" : "axis", renderMode: "richText", confine: true, backgroundColor: colour("surface"),
      borderColor: colour("line-2"), textStyle: { color: colour("ink"), fontSize: 12 }, axisPointer: { type: "shadow", shadowStyle: { opacity: .08 } },
    },
    ...axes(facts, lines), series: series(facts, lines),
  };
}

function plot(card, facts) {
  const place = card.querySelector("[data-plot]");
  const lines = facts.shape === "bars" ? facts.lines.slice(0, MOST) : facts.lines;
  const chart = drawn.get(card)?.chart || echarts.init(place);
  chart.setOption(options(facts, lines), true);
  chart.off("click");
  const own = facts.series.flatMap((one, at) => (one.aside ? [] : [at]));
  chart.on("click", ({ dataIndex, seriesIndex }) => {
    const { url } = lines[dataIndex].figures[own[seriesIndex]];
    if (url) location.assign(url);
  });
  drawn.set(card, { chart, facts });
}

function say(card, text, again) {
  const place = card.querySelector("[data-plot]");
  const note = make("p", text, { className: "kz-empty" });
  note.setAttribute("role", again ? "alert" : "status");
  if (again) note.append(make("br"), make("button", words.again, { type: "button", className: "btn mt-2", onclick: () => fill(card) }));
  place.replaceChildren(note);
}

function show(card, facts) {
  const fold = card.querySelector("details.kz-fold"), place = card.querySelector("[data-plot]");
  if (facts.empty) return say(card, words.empty);
  place.replaceChildren();
  const said = facts.lines.map((line) => `${line.label} ${line.figures.map((one) => one.text).join(" / ")}`);
  place.setAttribute("aria-label", `${facts.title}: ${said.join("; ")}`);
  plot(card, facts);
  fold.querySelector("[data-figures]").replaceChildren(table(facts));
  const more = facts.shape === "bars" ? facts.lines.length - MOST : 0;
  fold.querySelector("[data-more]").textContent = more > 0 ? words.more.replace("{}", more) : "";
  fold.hidden = false;
}

async function fill(card) {
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(card.dataset.chart, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
    show(card, await answer.json());
  } catch {
    say(card, words.failed, true);
  }
  card.removeAttribute("aria-busy");
}

const watch = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    watch.unobserve(target);
    fill(target);
  }
}, { rootMargin: "200px" });
const cards = [...board.querySelectorAll("[data-chart]")];
cards.forEach((card) => watch.observe(card));

// A new theme or width is drawn anew; paper is wide and light.
const redraw = () => drawn.forEach(({ facts }, card) => plot(card, facts));
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
new ResizeObserver(() => drawn.forEach(({ chart }) => chart.resize())).observe(board);
addEventListener("beforeprint", () => drawn.forEach(({ chart }) => chart.resize()));
