// The list of steps: each shows only what its verb has. Without this file all of it stands there.

function tidy(step) {
  const verb = step.querySelector("select[name$='.verb']").value;
  for (const field of step.querySelectorAll("[data-zt-for]")) {
    const on = field.dataset.ztFor;
    field.hidden = on !== "" && !on.split(" ").includes(verb) && !field.querySelector("[aria-invalid]");
  }
}

for (const step of document.querySelectorAll("[data-zt-step]")) {
  tidy(step);
  step.addEventListener("change", () => tidy(step));
}
