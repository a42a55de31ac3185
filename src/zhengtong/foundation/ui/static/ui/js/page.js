// Small things of any page: focus on the error summary, characters left, copying, links that appear late.

export function startFocus() {
  const summary = document.querySelector("[data-zt-focus]");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".zt-error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".zt-field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest && event.target.closest("details.zt-ink-bar__person[open], .zt-menu details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });
  for (const form of document.querySelectorAll("[data-zt-ctrl-enter]")) {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("[value=submit]"));
    });
  }
}

export function startCounts() {
  for (const field of document.querySelectorAll("[data-zt-max]")) {
    const words = document.getElementById(`${field.id}-count`);
    if (!words) continue;
    const max = Number(field.dataset.ztMax);
    let waiting = 0;
    const show = () => {
      const left = max - [...field.value].length;
      words.textContent = (left < 0 ? words.dataset.ztOver : words.dataset.ztLeft).replace("%s", Math.abs(left));
      words.dataset.state = left < 0 ? "over" : "";
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 200);
    });
    words.setAttribute("aria-live", "polite");
    show();
  }
}

export function startCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-zt-copy]");
    if (!button || !navigator.clipboard) return;
    const article = button.closest("article").querySelector(".zt-law-article__text");
    await navigator.clipboard.writeText(`${article.innerText.trim()}\n${button.dataset.ztCopy}`);
    button.dataset.state = "copied";
  });
}

// Who leaves an official's page with words that nobody keeps is asked first. After a refusal (the page answers with a
// fault) what stands in the fields is kept nowhere either.
const WRITTEN = "textarea, input:not([type]), input:is([type=text], [type=email], [type=tel], [type=number], [type=date])";

export function startUnsaved() {
  const page = document.querySelector("[data-zt-unsaved]");
  if (!page) return;
  const visit = performance.getEntriesByType("navigation")[0];
  const refused = Boolean(visit && visit.responseStatus >= 400);
  const lost = (field) => (refused ? field.value.trim() !== "" : field.value !== field.defaultValue);
  const asks = () => [...page.querySelectorAll("form[method=post]:not([role=search], [data-zt-modeller])")]
    .some((form) => [...form.querySelectorAll(WRITTEN)].some(lost));
  let sent = false;
  document.addEventListener("submit", (event) => { sent = event.target.method === "post" && !event.defaultPrevented; });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", (event) => { if (!sent && asks()) event.preventDefault(); });
}

export function startLate() {
  for (const link of document.querySelectorAll("[data-zt-after]")) {
    link.hidden = true;
    setTimeout(() => { link.hidden = false; }, Number(link.dataset.ztAfter) * 1000);
  }
}
