// Brings to the kernel what the fields of a form hold, and its clicks, in the order in which a
// person made them. The fields are those of ipywidgets, whose own way is too loose for that: while
// the answer to a field's last change is out, its next one is kept back, and a click is sent at
// once, so that the click overtakes it. And what it knows of a field is saved with the notebook.
// Here nothing of what is typed reaches the state of a widget before the kernel has seen it: the
// events end here, and each message carries what all fields hold that the kernel doesn't know yet.

const KEY = "lc-at-"; // the class that names a field or a button, with the id of its model
const PATIENCE = 400; // milliseconds after which a person is told that the kernel is busy

const BUSY = "The kernel is busy with something else: this is done as soon as it is free.";
const GONE =
  "The kernel is not connected, so nothing was sent, and what you typed is still here. " +
  "Wait until it is back, then press again; after a restart, run this cell again.";

const keyOf = (element) => {
  const owner = element.closest?.(`[class*="${KEY}"]`);
  return owner && [...owner.classList].find((name) => name.startsWith(KEY))?.slice(KEY.length);
};
const ownerOf = (key) => document.querySelector(`.${KEY}${key}`);
const controlIn = (owner) => owner?.querySelector("input, textarea, select");
const isSecret = (control) => control.closest(".lc-secret") !== null;
const valueOf = (control) =>
  control.matches("select") ? control.selectedIndex : control.value;

export default () => {
  const edited = new Set(); // fields that hold what was not sent yet
  const typed = new Map(); // what a person typed, until the kernel has dealt with it
  const watched = new Set();
  const pressed = new Set(); // buttons that the kernel has not done with
  const notes = new Set();
  let model, timer, under_way = 0;

  const form = () => model.get("form");
  const isMine = (element) =>
    element.closest?.(".lc-form")?.classList.contains(form()) ?? false;
  const modelOf = (key) => model.widget_manager.get_model(key);

  const say = (text) => {
    clearTimeout(timer);
    for (const note of notes) {
      note.textContent = text;
      note.hidden = !text;
    }
  };

  // What a form says is of the action before, once another is under way: it shows again only where
  // the kernel had nothing else to say. What is said meanwhile is another element.
  const messages = () => document.querySelectorAll(`.${form()} .lc-speech .widget-html-content > *`);
  const hideMessages = () => {
    for (const message of messages()) message.classList.add("lc-before");
  };
  const showMessages = () => {
    for (const message of messages()) message.classList.remove("lc-before");
  };

  const isConnected = (element) => {
    if (element.closest(".jupyter-widgets-disconnected")) return false;
    const kernel = model.widget_manager?.kernel;
    if (kernel === undefined) return true; // another program than JupyterLab: it doesn't say
    return kernel?.connectionStatus === "connected" && !/dead|term|restart/.test(kernel.status);
  };

  const send = (content, done) => {
    under_way += 1;
    hideMessages();
    say("");
    timer = setTimeout(() => say(BUSY), PATIENCE);
    const status = ({ content: { execution_state } }) => {
      if (execution_state === "busy") say("");
      if (execution_state !== "idle") return;
      under_way -= 1;
      say("");
      done?.();
      if (under_way === 0) {
        showMessages();
        settle();
      }
    };
    // On a hub only the browser knows where that is: the callback address begins so.
    model.send({ ...content, origin: location.origin }, { iopub: { status } });
  };

  // The kernel has dealt with everything: the fields show what it made of it.
  const settle = async () => {
    for (const key of typed.keys()) if (!edited.has(key)) typed.delete(key);
    for (const key of watched) {
      const field = await modelOf(key);
      if (under_way > 0) return;
      if (!typed.has(key)) show(key, field);
    }
  };

  const show = (key, field) => {
    for (const owner of document.querySelectorAll(`.${KEY}${key}`)) {
      owner.classList.remove("lc-edited");
      const control = controlIn(owner);
      if (control.matches("select")) control.selectedIndex = field.get("index") ?? -1;
      else if (!isSecret(control) && control.value !== field.get("value"))
        control.value = field.get("value");
      if (isSecret(control)) control.placeholder = field.get("placeholder");
    }
  };

  // A field that is told something else by the kernel would lose what is being typed.
  const watch = async (key) => {
    if (watched.has(key)) return;
    watched.add(key);
    const field = await modelOf(key);
    field.on("change", () => {
      const control = controlIn(ownerOf(key));
      if (!control || !typed.has(key) || valueOf(control) === typed.get(key)) return;
      if (control.matches("select")) control.selectedIndex = typed.get(key);
      else control.value = typed.get(key);
    });
  };

  const edit = (control) => {
    const key = keyOf(control);
    if (!key) return;
    edited.add(key);
    typed.set(key, valueOf(control));
    ownerOf(key).classList.add("lc-edited");
    watch(key);
  };

  // What the kernel does not know yet. A secret leaves its field with it.
  const take = () =>
    [...edited].flatMap((key) => {
      edited.delete(key);
      const control = controlIn(ownerOf(key));
      if (!control) return [];
      if (control.matches("select")) {
        const label = control.selectedOptions[0]?.textContent.replaceAll("\xa0", " ");
        return [{ key, index: control.selectedIndex, label }];
      }
      const text = control.value;
      if (isSecret(control)) {
        control.value = "";
        if (text) control.placeholder = "•••••••• sent";
        typed.delete(key);
      }
      return [{ key, text }];
    });

  const leave = (control) => {
    if (!edited.has(keyOf(control))) return;
    if (!isConnected(control)) say(GONE);
    else send({ fields: take() });
  };

  const press = (button) => {
    const key = keyOf(button);
    if (pressed.has(key)) return;
    if (!isConnected(button)) {
      say(GONE);
      return;
    }
    pressed.add(key);
    send({ fields: take(), click: key }, () => {
      pressed.delete(key);
      if (button.closest(".lc-copies")) copy(button, key);
    });
  };

  // Into the clipboard, where the browser lets us; the kernel says what came of it.
  const copy = async (button, key) => {
    const text = button.closest(".lc-form").querySelector(`.lc-copied-by-${key} textarea`);
    if (!text?.value || text.offsetParent === null) return;
    let copied = false;
    try {
      await navigator.clipboard.writeText(text.value);
      copied = true;
    } catch {
      text.select();
      copied = document.execCommand("copy");
    }
    send({ fields: [], copied: key, done: copied });
  };

  const listeners = {
    input: (event) => edit(event.target),
    change: (event) => {
      event.stopPropagation();
      const { target } = event;
      if (!typed.has(keyOf(target)) && !(isSecret(target) && !target.value)) edit(target);
      leave(target);
    },
    click: (event) => {
      const button = event.target.closest("button");
      if (!button || button.disabled) return;
      event.stopPropagation();
      // The second click of a double click belongs to the first.
      if (event.detail < 2 || button.closest(".lc-again")) press(button);
    },
    keydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const { target } = event;
      if (target.matches("button") && event.repeat) event.preventDefault();
      if (!target.matches("input") || event.shiftKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (event.repeat) return;
      const submit = target.closest(".lc-enter")
        && target.closest(".lc-form").querySelector("button.lc-default");
      if (submit && !submit.disabled) press(submit);
      else leave(target);
    },
  };

  return {
    initialize(context) {
      model = context.model;
      const hear = (event) => {
        if (isMine(event.target) && keyOf(event.target)) listeners[event.type](event);
      };
      const types = Object.keys(listeners);
      for (const type of types) document.addEventListener(type, hear, true);
      return () => {
        for (const type of types) document.removeEventListener(type, hear, true);
      };
    },
    render({ el }) {
      const note = document.createElement("div");
      note.className = "lc-say lc-say-waiting lc-note-of-courier";
      note.setAttribute("role", "status");
      note.hidden = true;
      // Until it is here, the form's style keeps the fields back.
      el.append(note, Object.assign(document.createElement("span"), { className: "lc-ready" }));
      notes.add(note);
      return () => notes.delete(note);
    },
  };
};
