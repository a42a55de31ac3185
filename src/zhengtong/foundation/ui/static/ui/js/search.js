// Suggestions under the search field: a combobox with a listbox, its count announced. Without it the form just searches.

const PAUSE = 180;

function build(list, items, choose) {
  list.replaceChildren(...items.map((item, place) => {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.id = `${list.id}-${place}`;
    option.dataset.url = item.url || "";
    option.textContent = item.label;
    if (item.note) {
      const note = document.createElement("small");
      note.textContent = item.note;
      option.append(note);
    }
    option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
    return option;
  }));
}

function connect(form) {
  const input = form.querySelector("[type=search]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  let place = -1;
  let waiting = 0;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  const close = () => {
    list.hidden = true;
    place = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => { location.href = option.dataset.url; };
  const mark = (to) => {
    const options = [...list.children];
    if (!options.length) return;
    place = (to + options.length) % options.length;
    options.forEach((option, here) => option.setAttribute("aria-selected", String(here === place)));
    input.setAttribute("aria-activedescendant", options[place].id);
  };
  const ask = async () => {
    const words = input.value.trim();
    if (!words) return close();
    const answer = await fetch(`${form.dataset.ztSuggest}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || input.value.trim() !== words) return close();
    const { items } = await answer.json();
    build(list, items, choose);
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    status.textContent = status.dataset.ztCount.replace("%s", items.length);
    place = -1;
  };
  close();
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => ask().catch(close), PAUSE); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(place + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(place - 1); }
    if (event.key === "Enter" && place >= 0) { event.preventDefault(); choose(list.children[place]); }
  });
}

function voice(button) {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const input = document.getElementById(button.dataset.ztVoice);
  if (!Recognition || !input) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const ear = new Recognition();
    ear.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    ear.onresult = (event) => {
      input.value = event.results[0][0].transcript;
      input.dispatchEvent(new Event("input"));
      input.focus();
    };
    ear.start();
  });
}

export function startSearch() {
  document.querySelectorAll("[data-zt-suggest]").forEach(connect);
  document.querySelectorAll("[data-zt-voice]").forEach(voice);
}
