// 读给我听: the page's main content read aloud in order, what is being read marked. The control stays hidden until this
// device itself can speak the page's language: a voice that lives elsewhere would send the page, names and all, away.

const SLOW = 0.9;
const LONGEST = 160; // some engines fall silent in the middle of a long utterance
const ONE = "button, .govuk-button, summary, legend, label, dt, dd, th, td";
const UNREAD = "[aria-hidden=true], [hidden], script, style, select, textarea, svg, output[hidden]";
const PAUSES = /[^。！？；!?;\n]+[。！？；!?;]*/g;

const plain = (tag) => tag.toLowerCase().replace("_", "-");
const chinese = () => document.documentElement.lang.toLowerCase().startsWith("zh");

function fits(voice) {
  const tag = plain(voice.lang);
  if (!voice.localService || /^(zh-hk|zh-mo|yue)/.test(tag)) return false;
  return chinese() ? /^(zh|cmn)/.test(tag) : tag.startsWith("en");
}

function voice() {
  const found = speechSynthesis.getVoices().filter(fits);
  const near = chinese() ? "zh-cn" : plain(navigator.language || "en");
  return found.find((each) => plain(each.lang) === near) || found[0];
}

function block(node, main) {
  const whole = node.parentElement.closest(ONE);
  if (whole && main.contains(whole)) return whole;
  let at = node.parentElement;
  while (at !== main && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
  return at;
}

function seen(element) {
  return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
}

function content(main) {
  const parts = [];
  const nodes = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const text = node.data.replace(/\s+/g, " ");
    if (!text.trim() || node.parentElement.closest(UNREAD) || !seen(node.parentElement)) continue;
    const at = block(node, main);
    const last = parts[parts.length - 1];
    if (last && last.at === at) last.text += text;
    else parts.push({ at, text });
  }
  return parts.flatMap(({ at, text }) => sentences(text).map((said) => ({ at, said })));
}

function sentences(text) {
  const found = [];
  for (const piece of text.match(PAUSES) || []) {
    const said = piece.trim();
    const last = found.length - 1;
    if (!/[\p{L}\p{N}]/u.test(said)) continue;
    if (last >= 0 && (found[last] + said).length <= LONGEST) found[last] += said;
    else for (let from = 0; from < said.length; from += LONGEST) found.push(said.slice(from, from + LONGEST));
  }
  return found;
}

class Reader {
  constructor(control) {
    this.control = control;
    this.status = control.querySelector("[role=status]");
    this.queue = [];
    this.place = 0;
    this.turn = 0; // what an utterance of an earlier turn reports is no longer of interest
    control.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zt-do]");
      if (button) this[button.dataset.ztDo]();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.control.dataset.state) this.stop();
    });
    addEventListener("pagehide", () => this.silence());
  }

  read() {
    this.queue = content(document.getElementById("main"));
    this.place = 0;
    this.status.textContent = "";
    this.show("reading", "pause");
    this.speak();
  }

  pause() {
    // Not the engine's own pause: some never wake from it. The sentence begins again.
    this.silence();
    this.show("paused", "go");
  }

  go() {
    this.show("reading", "pause");
    this.speak();
  }

  stop() {
    this.silence();
    this.mark(null);
    this.show("", "read");
  }

  silence() {
    this.turn += 1;
    speechSynthesis.cancel();
  }

  speak() {
    const turn = this.turn;
    const next = this.queue[this.place];
    const speaker = voice();
    if (!next || !speaker) { this.stop(); return; }
    if (!next.at.isConnected) { this.place += 1; this.speak(); return; }
    this.mark(next.at);
    const utterance = new SpeechSynthesisUtterance(next.said);
    this.utterance = utterance; // held, or some browsers collect it and never say that it ended
    utterance.voice = speaker;
    utterance.lang = speaker.lang.replace("_", "-");
    utterance.rate = SLOW;
    utterance.onend = () => { if (turn === this.turn) { this.place += 1; this.speak(); } };
    utterance.onerror = () => {
      if (turn !== this.turn) return;
      this.stop();
      this.status.textContent = this.status.dataset.ztFailed;
    };
    speechSynthesis.speak(utterance);
  }

  mark(element) {
    for (const marked of document.querySelectorAll(".zt-reading")) marked.classList.remove("zt-reading");
    if (!element) return;
    element.classList.add("zt-reading");
    element.scrollIntoView({ block: "nearest" });
  }

  show(state, main) {
    const before = this.control.contains(document.activeElement);
    this.control.dataset.state = state;
    for (const button of this.control.querySelectorAll("[data-zt-do]")) {
      const name = button.dataset.ztDo;
      button.hidden = name !== main && !(name === "stop" && state);
    }
    if (before) this.control.querySelector(`[data-zt-do=${main}]`).focus();
  }
}

export function startSpeech() {
  const control = document.querySelector("[data-zt-speech]");
  if (!control || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
  let reader = null;
  const offer = () => {
    if (!voice()) return;
    reader = reader || new Reader(control);
    control.hidden = false;
  };
  offer();
  // Many browsers learn of their voices only after the page is there.
  if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", offer);
}
