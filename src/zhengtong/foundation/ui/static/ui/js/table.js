// The desk by keyboard: J K X Enter F / ? E. Off while typing, and the reader may switch it off.

const STORE = "zt-keys";
const on = () => localStorage.getItem(STORE) !== "off";
const typing = (target) => target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox";

function chosen(table) {
  return [...table.querySelectorAll("tbody .zt-check")].filter((box) => box.checked);
}

function refresh(table) {
  const bar = document.querySelector("[data-zt-bulk]");
  const count = chosen(table).length;
  const all = table.querySelector("[data-zt-all]");
  const boxes = table.querySelectorAll("tbody .zt-check").length;
  if (all) {
    all.checked = count > 0 && count === boxes;
    all.indeterminate = count > 0 && count < boxes;
  }
  if (!bar) return;
  bar.hidden = count === 0;
  const words = bar.querySelector("[data-zt-chosen]");
  if (words) words.textContent = count;
}

function move(table, step) {
  const rows = [...table.querySelectorAll("tbody tr")];
  const here = rows.findIndex((row) => row.hasAttribute("data-current"));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  if (!next) return;
  if (rows[here]) rows[here].removeAttribute("data-current");
  next.setAttribute("data-current", "");
  const link = next.querySelector("th a");
  if (link) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function unselect(table) {
  chosen(table).forEach((box) => { box.checked = false; });
  refresh(table);
}

const ROW_KEYS = {
  j: (table) => move(table, 1),
  k: (table) => move(table, -1),
  x: (table) => {
    const box = table.querySelector("tbody tr[data-current] .zt-check");
    if (box) box.click();
  },
  Enter: (table) => {
    const row = table.querySelector("tbody tr[data-current]");
    if (row && row.dataset.url) location.href = row.dataset.url;
  },
  Escape: unselect,
};

function press(table, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const toggle = document.querySelector("[data-zt-keys-toggle]");
  if (key === "?" && toggle) { toggle.click(); return; }
  if (!on()) return;
  if (key === "Enter" && event.target.closest("a, button, summary")) return;
  const control = document.querySelector(`[data-zt-key="${CSS.escape(key)}"]`);
  if (control && control.offsetParent !== null) {
    event.preventDefault();
    if (control.matches("input")) control.focus();
    else control.click();
    return;
  }
  if (table && ROW_KEYS[key]) { event.preventDefault(); ROW_KEYS[key](table); }
}

function startToggle() {
  const toggle = document.querySelector("[data-zt-keys-toggle]");
  if (!toggle) return;
  toggle.hidden = false;
  const show = () => toggle.setAttribute("aria-pressed", String(on()));
  toggle.addEventListener("click", () => { localStorage.setItem(STORE, on() ? "off" : "on"); show(); });
  show();
}

export function startTable() {
  const table = document.querySelector("[data-zt-table]");
  if (!table && !document.querySelector("[data-zt-key]")) return;
  document.addEventListener("keydown", (event) => press(table, event));
  startToggle();
  if (!table) return;
  table.addEventListener("change", (event) => {
    if (event.target.matches("[data-zt-all]")) {
      table.querySelectorAll("tbody .zt-check").forEach((box) => { box.checked = event.target.checked; });
    }
    refresh(table);
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-zt-unselect]")) unselect(table); });
  refresh(table);
}
