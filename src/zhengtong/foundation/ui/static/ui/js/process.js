// A process drawn by bpmn-js, marked from the list beside it: rows name an element and its state. Without this file
// the list says the same.

const STATES = ["done", "now", "next", "cancelled", "blocking", "added", "changed"];

function rows() {
  return [...document.querySelectorAll("[data-zt-element]")];
}

function badge(row) {
  const words = row.dataset.ztBadge;
  if (!words) return null;
  const mark = document.createElement("span");
  mark.className = "zt-process__badge";
  mark.dataset.state = row.dataset.ztState;
  mark.textContent = words;
  return mark;
}

export function mark(canvas, registry, overlays) {
  const badged = new Set();
  overlays.remove({ type: "zt" });
  for (const element of registry.getAll()) for (const state of STATES) canvas.removeMarker(element.id, `zt-at-${state}`);
  for (const row of rows()) {
    const element = registry.get(row.dataset.ztElement);
    if (!element || element === canvas.getRootElement()) continue;
    canvas.addMarker(element.id, `zt-at-${row.dataset.ztState}`);
    const words = badge(row);
    if (!words || badged.has(element.id)) continue;
    badged.add(element.id);
    overlays.add(element.id, "zt", { position: { top: -11, left: 6 }, html: words });
  }
}

// A row's link shows where its element stands; by mouse or by keyboard it is the same link.
export function follow(canvas, registry, chosen) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-zt-show]");
    const element = link && registry.get(link.dataset.ztShow);
    if (!element) return;
    event.preventDefault();
    canvas.scrollToElement(element, 80);
    chosen(element);
    canvas.getContainer().closest(".zt-process").scrollIntoView({ block: "nearest" });
  });
}

export function tools(canvas, place) {
  const bar = document.querySelector("[data-zt-process-tools]");
  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zt-zoom]");
    if (!button) return;
    if (button.dataset.ztZoom === "fit") fit(canvas, place);
    else canvas.zoom(canvas.zoom() * (button.dataset.ztZoom === "in" ? 1.25 : 0.8), "auto");
  });
}

// The whole where it stays readable; a long process begins at its beginning, or where it stands now.
export function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= 0.5) { clear(canvas); return; }
  canvas.zoom(0.7);
  const now = rows().find((row) => row.dataset.ztState === "now" || row.dataset.ztState === "blocking");
  const box = canvas.viewbox();
  canvas.viewbox({ ...box, x: box.inner.x - 30, y: box.inner.y - 30 });
  clear(canvas);
  try { if (now) canvas.scrollToElement(now.dataset.ztElement, 60); } catch { /* what is not drawn cannot be shown */ }
}

// Where one draws, the palette lies over the left edge: what begins there is moved out from under it, and made smaller
// where its end would leave the other edge by a little.
function clear(canvas) {
  const palette = canvas.getContainer().querySelector(".djs-palette");
  const free = palette ? palette.offsetLeft + palette.offsetWidth + 20 : 0;
  const { inner, outer, scale } = canvas.viewbox();
  const wide = (outer.width - free - 20) / inner.width;
  if (free && wide < scale && wide >= 0.4) canvas.zoom(wide, "auto");
  const box = canvas.viewbox();
  const left = (box.inner.x - box.x) * box.scale;
  if (left < free) canvas.viewbox({ ...box, x: box.x - (free - left) / box.scale });
}

export function say(place, words) {
  const note = document.querySelector("[data-zt-process-said]");
  if (note) { note.textContent = words; note.hidden = false; }
  place.hidden = true;
}

// The drawing is a picture of the list: readers of screens have the list.
export function describe(place) {
  const picture = place.querySelector("svg[tabindex]");
  if (!picture) return;
  picture.setAttribute("role", "application");
  picture.setAttribute("aria-label", place.dataset.label);
}

const PAUSES = [400, 1200]; // milliseconds before asking a busy server once more

async function ask(address) {
  for (const pause of PAUSES) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.status < 500) return answer;
    await new Promise((go) => setTimeout(go, pause));
  }
  return fetch(address, { credentials: "same-origin" });
}

async function draw(place) {
  const answer = await ask(place.dataset.ztProcess);
  if (!answer.ok) { say(place, place.dataset.failed); return; }
  place.hidden = false;
  const viewer = new window.BpmnJS({ container: place });
  try { await viewer.importXML(await answer.text()); } catch { say(place, place.dataset.failed); return; }
  const [canvas, registry, overlays] = ["canvas", "elementRegistry", "overlays"].map((name) => viewer.get(name));
  let last = null;
  mark(canvas, registry, overlays);
  follow(canvas, registry, (element) => {
    if (last) canvas.removeMarker(last, "zt-at-chosen");
    canvas.addMarker(element, "zt-at-chosen");
    last = element;
  });
  tools(canvas, place);
  describe(place);
  fit(canvas);
  place.dataset.drawn = "";
}

for (const place of document.querySelectorAll("[data-zt-process]")) draw(place);
