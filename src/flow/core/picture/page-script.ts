/** What the HTML file of a dataflow does: zoom, move, find, and tell of the node that is pointed at. Plain text, run by a browser only. */

export const pageScript: string = `
"use strict";
const stage = document.getElementById("stage");
const svg = stage.querySelector("svg");
const graph = JSON.parse(document.getElementById("graph").textContent);
const whole = svg.viewBox.baseVal;
const size = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
let view = { ...size };
svg.removeAttribute("width");
svg.removeAttribute("height");
for (const title of svg.querySelectorAll("title")) title.remove();
for (const link of svg.querySelectorAll("a")) link.removeAttribute("xlink:title");

const show = () => svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
function zoom(factor, atX = 0.5, atY = 0.5) {
  const width = Math.min(size.width * 4, Math.max(60, view.width / factor));
  const height = (width * view.height) / view.width;
  view = { x: view.x + (view.width - width) * atX, y: view.y + (view.height - height) * atY, width, height };
  show();
}
function fit() {
  view = { ...size };
  show();
}
function move(right, down) {
  view.x += right * view.width;
  view.y += down * view.height;
  show();
}
const place = (event) => {
  const box = svg.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
};
stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY / 400), ...place(event));
}, { passive: false });
let held;
stage.addEventListener("pointerdown", (event) => {
  held = [event.clientX, event.clientY];
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (held === undefined) return;
  const box = svg.getBoundingClientRect();
  const scale = Math.max(view.width / box.width, view.height / box.height);
  view.x -= (event.clientX - held[0]) * scale;
  view.y -= (event.clientY - held[1]) * scale;
  held = [event.clientX, event.clientY];
  show();
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { held = undefined; });
const keys = { "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit,
  ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, -0.1), ArrowDown: () => move(0, 0.1) };
stage.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (act === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  act();
});
document.getElementById("in").addEventListener("click", () => zoom(1.25));
document.getElementById("out").addEventListener("click", () => zoom(0.8));
document.getElementById("fit").addEventListener("click", fit);

/** Where names would be too small to be read, the picture begins at its first node instead of showing all. */
function begin() {
  const { width, height } = svg.getBoundingClientRect();
  const least = 0.5;
  if (Math.min(width / size.width, height / size.height) >= least) return;
  const first = boxes[0]?.getBoundingClientRect();
  const scale = Math.max(size.width / width, size.height / height);
  const middle = first === undefined ? size.y + size.height / 2 : size.y + size.height / 2 + (first.top + first.height / 2 - svg.getBoundingClientRect().top - height / 2) * scale;
  view = { x: size.x, y: middle - height / least / 2, width: width / least, height: height / least };
  show();
}

const boxes = [];
for (const box of svg.querySelectorAll("g.node")) boxes[Number(box.id.slice(1))] = box;
const lines = [];
for (const line of svg.querySelectorAll("g.edge")) lines[Number(line.id.slice(1))] = line;
const facts = document.getElementById("facts");
function tell(at) {
  const node = graph.nodes[at];
  const asks = graph.edges.filter(([, to]) => to === at).map(([from]) => graph.nodes[from].name);
  const asked = graph.edges.filter(([from]) => from === at).map(([, to]) => graph.nodes[to].name);
  facts.replaceChildren();
  const add = (tag, text) => { const element = document.createElement(tag); element.textContent = text; facts.append(element); };
  add("h2", node.name);
  if (node.group !== undefined) add("p", "in " + node.group);
  for (const words of [...node.words, ...node.notes]) add("p", words);
  if (asks.length > 0) add("p", "asks for " + asks.join(", "));
  if (asked.length > 0) add("p", "asked for by " + asked.join(", "));
  facts.hidden = false;
  const near = new Set([at]);
  graph.edges.forEach(([from, to], index) => {
    const isNear = from === at || to === at;
    if (isNear) near.add(from).add(to);
    lines[index]?.classList.toggle("near", isNear);
  });
  boxes.forEach((box, index) => box.classList.toggle("far", !near.has(index)));
  svg.classList.add("pointed");
}
function leave() {
  facts.hidden = true;
  svg.classList.remove("pointed");
}
boxes.forEach((box, at) => {
  box.setAttribute("tabindex", "0");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", [graph.nodes[at].name, ...graph.nodes[at].words].join(", "));
  box.addEventListener("pointerenter", () => tell(at));
  box.addEventListener("focus", () => tell(at));
  box.addEventListener("pointerleave", leave);
  box.addEventListener("blur", leave);
});
document.getElementById("find").addEventListener("input", ({ target }) => {
  const wanted = target.value.trim().toLowerCase();
  let first;
  boxes.forEach((box, at) => {
    const isFound = wanted !== "" && graph.nodes[at].name.toLowerCase().includes(wanted);
    box.classList.toggle("found", isFound);
    if (isFound) first ??= box;
  });
  if (first === undefined) return;
  const { x, y, width, height } = first.getBBox();
  const shift = svg.querySelector("g.graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
  view.x = x + shift.e + width / 2 - view.width / 2;
  view.y = y + shift.f + height / 2 - view.height / 2;
  show();
});
begin();
`;
