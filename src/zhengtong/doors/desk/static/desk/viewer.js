// The viewer without losing what is typed beside it: its links and forms bring only the viewer's parts anew.
// Without this file each of them loads the whole page.

const PARTS = [".zt-viewer", ".zt-material-list", ".zt-case-head__actions", ".zt-tabs"];
const STEP = 1000;

// What is typed into a note stays while the page is turned, enlarged or left for another of the same material.
function noteNow() {
  const form = document.querySelector("[data-desk-note]");
  return form && form.closest("details").open ? new FormData(form) : null;
}

function noteAgain(typed) {
  const form = document.querySelector("[data-desk-note]");
  if (!typed || !form || form.elements.material.value !== typed.get("material")) return;
  form.closest("details").open = true;
  for (const name of ["page", "place", "text", "x", "y"]) form.elements[name].value = typed.get(name);
  form.querySelector("[data-desk-clicked]").hidden = !typed.get("x");
}

function bring(text, address, typed) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.querySelector(".zt-viewer")) { location.href = address; return; }
  const key = document.activeElement && document.activeElement.dataset.ztKey;
  for (const part of PARTS) {
    const now = document.querySelectorAll(part);
    fresh.querySelectorAll(part).forEach((each, place) => { if (now[place]) now[place].replaceWith(each); });
  }
  const again = key && document.querySelector(`.zt-viewer [data-zt-key="${CSS.escape(key)}"]`);
  if (again) again.focus({ preventScroll: true });
  history.replaceState(null, "", address);
  noteAgain(typed);
  ready();
}

async function swap(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (answer.redirected && new URL(answer.url).pathname.startsWith("/account/")) { location.href = answer.url; return; }
  const sent = options !== undefined;
  bring(await answer.text(), sent && !answer.redirected ? location.href : answer.url, sent ? null : noteNow());
}

function pin(sheet, event) {
  const matrix = sheet.getScreenCTM();
  const form = document.querySelector("[data-desk-note]");
  if (!matrix || !form) return;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  const share = (value, whole) => Math.round(Math.min(Math.max(value / whole, 0), 1) * STEP);
  form.elements.x.value = share(point.x, Number(sheet.dataset.width));
  form.elements.y.value = share(point.y, Number(sheet.dataset.height));
  mark(sheet, point);
  form.querySelector("[data-desk-clicked]").hidden = false;
  form.querySelector("[data-desk-click]").hidden = true;
  form.elements.text.focus();
}

function mark(sheet, point) {
  let dot = sheet.querySelector(".desk-pin--new");
  if (!dot) {
    dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("class", "desk-pin--new");
    dot.setAttribute("r", "22");
    sheet.append(dot);
  }
  dot.setAttribute("cx", point.x);
  dot.setAttribute("cy", point.y);
}

function ready() {
  const hint = document.querySelector("[data-desk-click]");
  const clicked = document.querySelector("[data-desk-clicked]");
  if (hint) hint.hidden = !clicked.hidden || !document.querySelector("[data-desk-sheet]");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".zt-viewer a[data-desk-swap], .zt-viewer__turn a, .zt-material-list a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    swap(link.href);
    return;
  }
  const sheet = event.target.closest("[data-desk-sheet]");
  const open = document.querySelector(".desk-note[open]");
  if (sheet && open) pin(sheet, event);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "note-place" && event.target.id !== "note-page") return;
  const form = event.target.form;
  form.elements.x.value = "";
  form.elements.y.value = "";
  form.querySelector("[data-desk-clicked]").hidden = true;
  const dot = document.querySelector(".desk-pin--new");
  if (dot) dot.remove();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-desk-swap]");
  if (!form) return;
  event.preventDefault();
  swap(form.action, { method: "POST", body: new FormData(form) });
});

// A browser's own reader of PDF takes the focus once it has loaded, in the middle of a word: the field, or the page with
// its keys, has it back, once for each frame and soon after it came. Whoever goes there by Tab, or later, stays there.
const began = Date.now();
const came = new WeakMap();
const refused = new WeakSet();
const SOON = 400;
const LOADING = 10000;
let held = null;
let tabbed = 0;

function giveBack() {
  const frame = document.activeElement;
  if (!frame || frame.tagName !== "IFRAME" || refused.has(frame)) return;
  const now = Date.now();
  if (now - tabbed < SOON || now - (came.get(frame) || began) > LOADING) return;
  refused.add(frame);
  if (held && held.isConnected) held.focus({ preventScroll: true });
  else { frame.blur(); window.focus(); }
}

document.addEventListener("load", (event) => { if (event.target.tagName === "IFRAME") came.set(event.target, Date.now()); }, true);
document.addEventListener("keydown", (event) => { if (event.key === "Tab") tabbed = Date.now(); }, true);
document.addEventListener("focusout", (event) => {
  const left = event.target;
  if (left.tagName === "IFRAME") return;
  held = left;
  setTimeout(() => { if (held === left) held = null; }, SOON);
});
window.addEventListener("blur", () => setTimeout(giveBack));

ready();
