// The modeller: bpmn-js over the text of the form, with our own fields beside it. What is saved is the text; without
// this file the text itself is edited.

import { describe, fit, follow, mark, say, tools } from "./process.js";

const OWN = ["role", "outcomes", "form", "action", "decision", "result", "stage", "name-en", "clock", "sign", "agree"];
const form = document.querySelector("[data-zt-modeller]");
const text = form.querySelector("textarea[name=xml]");

function speaking(words) {
  return { translate: ["value", (text, values) => (words[text] || text).replace(/{([^}]+)}/g, (_all, key) => (values && values[key]) || `{${key}}`)] };
}

function describedBy(namespace) {
  const properties = OWN.map((name) => ({ name, isAttr: true, type: "String" }));
  return { zt: { name: "zt", prefix: "zt", uri: namespace, xml: { tagAlias: "lowerCase" }, types: [{ name: "Own", extends: ["bpmn:BaseElement"], properties }] } };
}

// A new step is a task of people: a task without a kind cannot be executed.
function withKind(factory) {
  const create = factory.create.bind(factory);
  factory.create = (kind, given) =>
    create(kind, given && given.type === "bpmn:Task" && !given.businessObject ? { ...given, type: "bpmn:UserTask" } : given);
}

function tagOf(element) {
  const name = element.businessObject.$type.split(":")[1];
  return name[0].toLowerCase() + name.slice(1);
}

function timerOf(object) {
  return (object.eventDefinitions || []).find((each) => each.$type === "bpmn:TimerEventDefinition");
}

function bears(element, on) {
  if (on === "*") return true;
  if (on === "timer") return Boolean(timerOf(element.businessObject));
  return on.split(" ").includes(tagOf(element));
}

function valueOf(object, attribute) {
  if (attribute === "conditionExpression") return object.conditionExpression ? object.conditionExpression.body || "" : "";
  if (attribute === "timeDuration") { const time = timerOf(object).timeDuration; return time ? time.body || "" : ""; }
  return object.get(attribute) || "";
}

const APPENDABLE = /(Task|Gateway|SubProcess|Activity|Event)$/;
const LAST = ["endEvent"]; // nothing comes behind it
const UNATTACHED = ["startEvent"]; // it comes behind nothing

// Elements are added, connected and taken out by buttons, so that no mouse is needed.
function hands(part, form, current) {
  const [canvas, registry, selection, modeling, factory] = ["canvas", "elementRegistry", "selection", "modeling", "elementFactory"].map(part);
  const added = form.querySelector("[data-zt-added]");
  const buttons = [...form.querySelectorAll("[data-zt-add]")];
  const [targets, lead, remove] = ["[data-zt-targets]", "[data-zt-lead]", "[data-zt-remove]"].map((name) => form.querySelector(name));

  const isNode = (element) => Boolean(element) && !element.waypoints && element.type !== "label" && APPENDABLE.test(element.type);
  const goesOn = (element) => isNode(element) && !LAST.includes(tagOf(element));
  const fits = (type, element) => (goesOn(element) ? !UNATTACHED.includes(tagOf({ businessObject: { $type: type } })) : !element.parent);

  // Behind what is chosen; on the board itself below everything that is drawn there.
  function add(button) {
    const event = button.dataset.event;
    const shape = factory.createShape({ type: button.dataset.ztAdd, ...(event && { eventDefinitionType: event }), ...(button.dataset.ztAdd === "bpmn:SubProcess" && { isExpanded: true }) });
    const element = current();
    if (goesOn(element)) part("autoPlace").append(element, shape);
    else {
      const box = canvas.viewbox().inner;
      modeling.createShape(shape, { x: (box.x || 0) + 80, y: (box.y || 0) + (box.height || 0) + 80 }, canvas.getRootElement());
    }
    selection.select(shape);
    canvas.scrollToElement(shape, 60);
    added.textContent = `${added.dataset.words}${button.textContent.trim()} ${shape.id}`;
  }

  // Only the buttons that can do something now; one that has the focus keeps it.
  function offer() {
    const element = current();
    for (const button of buttons) button.setAttribute("aria-disabled", String(!fits(button.dataset.ztAdd, element)));
    const others = goesOn(element) ? registry.filter((each) => isNode(each) && each !== element && each.parent === element.parent && !["startEvent", "boundaryEvent"].includes(tagOf(each))) : [];
    const kept = targets.value;
    targets.replaceChildren(...others.map((each) => new Option(`${each.businessObject.name || ""} ${each.id}`.trim(), each.id)));
    if (others.some((each) => each.id === kept)) targets.value = kept;
    lead.setAttribute("aria-disabled", String(!others.length));
    remove.setAttribute("aria-disabled", String(!element.parent));
  }

  for (const button of buttons) button.addEventListener("click", () => { if (button.getAttribute("aria-disabled") !== "true") add(button); });
  lead.addEventListener("click", () => {
    const target = registry.get(targets.value);
    if (target && lead.getAttribute("aria-disabled") !== "true") modeling.connect(current(), target);
  });
  remove.addEventListener("click", () => { if (remove.getAttribute("aria-disabled") !== "true") modeling.removeElements([current()]); });
  return offer;
}

function start(place) {
  const modeler = new window.BpmnJS({
    container: place,
    additionalModules: [speaking(JSON.parse(form.dataset.words))],
    moddleExtensions: describedBy(form.dataset.namespace),
  });
  const part = (name) => modeler.get(name);
  const [canvas, registry, selection, modeling, moddle] = ["canvas", "elementRegistry", "selection", "modeling", "moddle"].map(part);
  const list = form.querySelector("[data-zt-elements]");
  const fields = [...form.querySelectorAll("[data-zt-property]")];
  const usual = form.querySelector("[data-zt-default]");
  let chosen = null;
  let changed = false;
  withKind(part("elementFactory"));

  const offer = hands(part, form, () => chosen || canvas.getRootElement());

  function expression(value) {
    return value ? moddle.create("bpmn:FormalExpression", { body: value }) : undefined;
  }

  function put(attribute, value) {
    const object = chosen.businessObject;
    if (attribute === "conditionExpression") modeling.updateProperties(chosen, { conditionExpression: expression(value) });
    else if (attribute === "timeDuration") modeling.updateModdleProperties(chosen, timerOf(object), { timeDuration: expression(value) });
    else modeling.updateProperties(chosen, { [attribute]: value || undefined });
  }

  function show(element) {
    if (!element.businessObject) return; // the empty board before a model is on it
    chosen = element;
    list.value = element.id;
    offer();
    for (const field of fields) {
      field.hidden = !bears(element, field.dataset.on);
      if (!field.hidden) choose(field.querySelector("input, select, textarea"), valueOf(element.businessObject, field.dataset.ztProperty));
    }
    const source = element.source && element.source.businessObject;
    usual.hidden = tagOf(element) !== "sequenceFlow" || !source || !("default" in Object.getPrototypeOf(source) || source.get("default") !== undefined || /Gateway|Task|Activity/.test(source.$type));
    usual.querySelector("input").checked = !usual.hidden && source.default === element.businessObject;
  }

  // A value that the list does not offer is kept and shown.
  function choose(field, value) {
    if (field === document.activeElement && field.tagName !== "SELECT" && field.dataset.of === chosen.id) return; // half typed
    field.dataset.of = chosen.id;
    if (field.tagName === "SELECT" && value && ![...field.options].some((option) => option.value === value)) field.append(new Option(value, value));
    field.value = value;
  }

  function fill() {
    const kept = chosen && registry.get(chosen.id) ? chosen : canvas.getRootElement();
    list.replaceChildren(...registry.filter((each) => each.type !== "label" && each.businessObject && !each.labelTarget).map((each) =>
      new Option(`${each.businessObject.name || ""} ${each.id}`.trim(), each.id)));
    show(kept);
  }

  list.addEventListener("change", () => {
    const element = registry.get(list.value);
    if (element === canvas.getRootElement()) { selection.select(null); show(element); } else { selection.select(element); canvas.scrollToElement(element, 60); }
  });
  for (const field of fields) field.addEventListener("change", (event) => put(field.dataset.ztProperty, event.target.value.trim()));
  usual.addEventListener("change", (event) => modeling.updateProperties(chosen.source, { default: event.target.checked ? chosen.businessObject : undefined }));
  form.querySelector("[data-zt-undo]").addEventListener("click", () => part("commandStack").undo());
  form.querySelector("[data-zt-redo]").addEventListener("click", () => part("commandStack").redo());
  modeler.on("selection.changed", ({ newSelection }) => show(newSelection[0] || canvas.getRootElement()));
  modeler.on("commandStack.changed", () => { changed = true; fill(); });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  form.addEventListener("submit", async (event) => {
    if (form.elements.file.files.length) { changed = false; return; }
    if (!changed) return;
    event.preventDefault();
    if (document.activeElement) document.activeElement.blur();
    const { xml } = await modeler.saveXML({ format: true });
    text.value = xml;
    changed = false;
    if (event.submitter && event.submitter.name) {
      const over = Object.assign(document.createElement("input"), { type: "hidden", name: event.submitter.name, value: event.submitter.value });
      form.append(over);
    }
    form.submit(); // asked once already: asking again would be taken for a second click
  });
  text.addEventListener("input", () => { changed = false; });

  return { modeler, canvas, registry, selection, fill, overlays: part("overlays") };
}

async function open() {
  const room = form.querySelector("[data-zt-room]");
  const place = room.querySelector(".zt-process");
  room.hidden = false;
  const { modeler, canvas, registry, selection, fill, overlays } = start(place);
  try { await modeler.importXML(text.value); } catch { say(room, form.dataset.failed); return; }
  form.querySelector("[data-zt-text]").open = false;
  mark(canvas, registry, overlays);
  follow(canvas, registry, (element) => selection.select(element));
  tools(canvas, place);
  describe(place);
  fit(canvas);
  fill();
  form.dataset.drawn = "";
}

open();
