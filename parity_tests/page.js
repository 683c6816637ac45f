const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const table = document.getElementById("ops"), search = document.getElementById("search"), sorter = document.getElementById("sort");
const ops = [...table.tBodies], columns = all("th[data-column]", table).map(th => th.dataset.column);
const texts = new Map(ops.map(op => [op, op.textContent.toLowerCase()]));
const state = { q: "", sort: "op", down: false, kind: "", verdicts: verdictsShown() };

function verdictsShown() {
  return all(".switch").filter(b => b.getAttribute("aria-pressed") === "true").map(b => b.dataset.verdict);
}

function key(op, column) {
  const text = op.querySelector(".line").cells[column].dataset.key;
  return text === "" || isNaN(text) ? text : Number(text);
}

// Ascending or descending; what has no figure comes last either way.
function sort() {
  const column = columns.indexOf(state.sort), turn = state.down ? -1 : 1;
  const keyed = ops.map((op, i) => [op, key(op, column), i]);
  keyed.sort(([, a, i], [, b, j]) => (a === "") - (b === "") || turn * (a < b ? -1 : a > b ? 1 : 0) || i - j);
  table.append(...keyed.map(([op]) => op));
}

function filter() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const op of ops) {
    const { kind, verdict } = op.dataset;
    const fits = (!state.kind || kind === state.kind) && state.verdicts.includes(verdict) && words.every(w => texts.get(op).includes(w));
    op.hidden = !fits;
    shown += fits;
  }
  document.getElementById("shown").textContent = shown === ops.length ? `${shown} ops` : `${shown} of ${ops.length} ops`;
  document.getElementById("nothing").hidden = shown > 0;
}

function unfold(op, open) {
  const button = op.querySelector(".fold"), more = op.querySelector(".more");
  if (!button || !more) return;
  button.setAttribute("aria-expanded", open);
  more.classList.toggle("open", open);
}

// The controls and the address show the state.
function show() {
  search.value = state.q;
  sorter.value = state.sort;
  for (const th of all("th[data-column]", table)) {
    th.setAttribute("aria-sort", th.dataset.column !== state.sort ? "none" : state.down ? "descending" : "ascending");
  }
  for (const b of all(".switch")) b.setAttribute("aria-pressed", state.verdicts.includes(b.dataset.verdict));
  for (const b of all(".kind-bar")) b.setAttribute("aria-pressed", b.dataset.kind === state.kind);
  const said = new URLSearchParams();
  if (state.q) said.set("q", state.q);
  if (state.sort !== "op" || state.down) said.set("sort", (state.down ? "-" : "") + state.sort);
  if (state.kind) said.set("kind", state.kind);
  if (String(state.verdicts) !== String(initial)) said.set("show", state.verdicts.join("."));
  history.replaceState(null, "", said.toString() ? "#" + said : location.pathname + location.search);
}

function change(news) {
  const order = news.sort !== undefined || news.down !== undefined;
  Object.assign(state, news);
  if (order) sort();
  filter();
  show();
}

function read() {
  const said = new URLSearchParams(location.hash.slice(1)), order = said.get("sort") || "op";
  const column = order.replace(/^-/, "");
  change({
    q: said.get("q") || "", sort: columns.includes(column) ? column : "op", down: order.startsWith("-"),
    kind: said.get("kind") || "", verdicts: said.has("show") ? said.get("show").split(".") : initial,
  });
  for (const name of said.getAll("open")) unfold(ops.find(op => op.dataset.op === name), true);
}

const initial = state.verdicts;
const wordy = new Set(["op", "kind", "verdict"]);  // these begin at the top when first asked for, figures at the largest
search.addEventListener("input", () => change({ q: search.value }));
sorter.addEventListener("change", () => change({ sort: sorter.value, down: !wordy.has(sorter.value) }));
document.getElementById("turn").addEventListener("click", () => change({ down: !state.down }));
document.getElementById("reset").addEventListener("click", () => change({ q: "", kind: "", verdicts: all(".switch").map(b => b.dataset.verdict) }));
for (const th of all("th[data-column]", table)) {
  th.addEventListener("click", () => {
    const column = th.dataset.column;
    change({ sort: column, down: column === state.sort ? !state.down : !wordy.has(column) });
  });
}
for (const b of all(".switch")) {
  b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") !== "true");
    change({ verdicts: verdictsShown() });
  });
}
for (const b of all(".kind-bar")) b.addEventListener("click", () => change({ kind: state.kind === b.dataset.kind ? "" : b.dataset.kind }));
table.addEventListener("click", event => {
  const button = event.target.closest(".fold");
  if (button) unfold(button.closest("tbody"), button.getAttribute("aria-expanded") !== "true");
});
addEventListener("hashchange", read);
read();
