// Brings to the kernel what the fields of a form hold, and its clicks, in the order in which a
// person made them. The fields are those of ipywidgets, whose own way is too loose for that: while
// the answer to a field's last change is out, its next one is kept back, and a click is sent at
// once, so that the click overtakes it. And what it knows of a field is saved with the notebook.
// Here nothing of what is typed reaches the state of a widget before the kernel has seen it: the
// events end here, and each message carries what all fields hold that the kernel doesn't know yet.

const KEY = "lc-at-"; // the class that names a field or a button, with the id of its model
const PATIENCE = 400; // milliseconds after which a person is told that the kernel is busy

const BUSY = "The kernel is busy with something else: this is done as soon as it is free.";
const KEPT = "so nothing was sent, and what you typed is still here.";
const AGAIN = "Run the notebook's cells again, from the first one on.";
const GONE = `The kernel is not connected, ${KEPT} Wait until it is back, then press again.`;
const ENDED = `The kernel that this form belongs to has ended, ${KEPT} ${AGAIN}`;
const CUT_SHORT = `The kernel ended before it was done with this. ${AGAIN}`;

const keyOf = (element) => {
  const owner = element.closest?.(`[class*="${KEY}"]`);
  return owner && [...owner.classList].find((name) => name.startsWith(KEY))?.slice(KEY.length);
};
const ownerOf = (key) => document.querySelector(`.${KEY}${key}`);
const controlIn = (owner) => owner?.querySelector("input, textarea, select");
const isSecret = (control) => control.closest(".lc-secret") !== null;
const labelOf = (option) => option?.textContent.replaceAll("\xa0", " ");
const valueOf = (control) =>
  control.matches("select") ? labelOf(control.selectedOptions[0]) : control.value;
const put = (control, value) => {
  if (!control.matches("select")) {
    control.value = value;
    return;
  }
  // The list may be another one by now.
  const index = [...control.options].findIndex((option) => labelOf(option) === value);
  if (index >= 0) control.selectedIndex = index;
};

export default () => {
  const edited = new Set(); // fields that hold what was not sent yet
  const typed = new Map(); // what a person typed, until the kernel has dealt with it
  const carried = new Map(); // which message brought a field to the kernel last
  const watched = new Map(); // the models of fields that were typed in
  const under_way = new Set(); // messages that the kernel has not done with
  const pressed = new Map(); // buttons that it has not done with, and the message of each
  const notes = new Set();
  let model, timer, sharing_thread, sent = 0, has_ended = false;

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

  const whyNot = (element) => (has_ended ? ENDED : isConnected(model, element) ? "" : GONE);

  // Nothing more comes of what is under way.
  const end = () => {
    has_ended = true;
    if (under_way.size === 0) return;
    under_way.clear();
    pressed.clear();
    say(CUT_SHORT);
  };

  const send = (content, done) => {
    const number = (sent += 1);
    under_way.add(number);
    for (const { key } of content.fields) carried.set(key, number);
    hideMessages();
    say("");
    timer = setTimeout(() => say(BUSY), PATIENCE);
    const status = ({ content: { execution_state } }) => {
      if (!under_way.has(number)) return;
      if (execution_state === "busy") say("");
      if (execution_state !== "idle") return;
      under_way.delete(number);
      say("");
      done?.();
      if (under_way.size === 0) {
        showMessages();
        settle();
      }
    };
    // On a hub only the browser knows where that is: the callback address begins so.
    model.send({ ...content, number, origin: location.origin }, { iopub: { status } });
    return number;
  };

  // The kernel has dealt with what this message brought of the field, and goes on only then to say
  // what comes of it: the field shows what the kernel made of it, unless it holds something newer.
  const take_over = ({ taken: key, number }) => {
    if (edited.has(key) || carried.get(key) !== number) return;
    typed.delete(key);
    if (watched.has(key)) show(key, watched.get(key));
  };

  // The step is done, and Shift+Enter shall run what comes next, not the form's cell again. Who is
  // elsewhere by now is left there; a button that worked has lost the focus meanwhile.
  const go_on = () => {
    const cell = document.querySelector(`.${form()}`)?.closest(".jp-Cell");
    const { activeElement: focused, body } = document;
    if (!cell?.matches(".jp-mod-active")) return;
    if (focused !== body && !cell.closest(".jp-Notebook").contains(focused)) return;
    let next = cell.nextElementSibling;
    while (next && !next.matches(".jp-Cell")) next = next.nextElementSibling;
    next?.focus({ preventScroll: true });
  };

  const hear_from_kernel = (message) => (message.done ? go_on() : take_over(message));

  // The kernel has dealt with everything: so with all that is not newer, whatever became of it.
  const settle = () => {
    for (const key of typed.keys()) if (!edited.has(key)) typed.delete(key);
    for (const [key, field] of watched) if (!typed.has(key)) show(key, field);
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
    const field = await modelOf(key);
    if (watched.has(key)) return;
    watched.set(key, field);
    field.on("change", () => {
      const control = controlIn(ownerOf(key));
      if (control && typed.has(key) && valueOf(control) !== typed.get(key))
        put(control, typed.get(key));
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
      if (control.matches("select"))
        return [{ key, index: control.selectedIndex, label: valueOf(control) }];
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
    const why = whyNot(control);
    if (why) say(why);
    else send({ fields: take() });
  };

  const press = (button) => {
    const key = keyOf(button);
    // Impatience: the same once more. With something else in between, it is meant.
    if (pressed.get(key) === sent && edited.size === 0) return;
    const why = whyNot(button);
    if (why) {
      say(why);
      return;
    }
    const number = send({ fields: take(), click: key }, () => {
      if (pressed.get(key) === number) pressed.delete(key);
      if (button.closest(".lc-copies")) copy(button, key);
    });
    pressed.set(key, number);
  };

  // The kernel learns that a link was followed, and what the form said of the way before.
  const follow = (link) => {
    if (whyNot(link)) return;
    const said = link.closest(".lc-form").querySelector(".lc-speech [data-said]")?.dataset.said;
    send({ fields: take(), followed: keyOf(link), said: said ?? "" });
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

  // JupyterLab takes letters, arrows, Enter and Space for itself wherever the focus is, but not where
  // the element itself has this attribute: "d d" on a button would delete the cell. What runs a cell
  // is left to it, and so is what is pressed with Control, Command or Alt.
  const keep = (event) => {
    if (!isMine(event.target)) return;
    const runs = event.key === "Enter" && event.shiftKey;
    const is_its_own = runs || event.ctrlKey || event.metaKey || event.altKey;
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !is_its_own);
  };

  // What ipywidgets shows by colour alone is said, too: which of several buttons is chosen. And what
  // the form says is read aloud: only of an element that is there before can a screen reader know.
  const describe = (element) => {
    for (const speech of element.querySelectorAll(":is(.lc-speech, .lc-live):not([aria-live])"))
      speech.setAttribute("aria-live", "polite");
    for (const button of element.querySelectorAll(".lc-choices button")) {
      const chosen = String(button.classList.contains("mod-active"));
      button.setAttribute("aria-pressed", chosen);
    }
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
      const link = event.target.closest("a");
      if (link) {
        follow(link);
        return;
      }
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
      // Before JupyterLab's own listener, which the document has.
      window.addEventListener("keydown", keep, true);
      model.on("msg:custom", hear_from_kernel);
      const forget_kernel = when_kernel_ends(model, end);
      return () => {
        forget_kernel();
        for (const type of types) document.removeEventListener(type, hear, true);
        window.removeEventListener("keydown", keep, true);
      };
    },
    render({ el }) {
      const note = document.createElement("div");
      note.className = "lc-say lc-say-waiting lc-note-of-courier";
      note.setAttribute("role", "status");
      note.hidden = true;
      el.append(note);
      notes.add(note);
      // Until it is ready, the form's style keeps the fields back.
      const ready = Object.assign(document.createElement("span"), { className: "lc-ready" });
      const observer = new MutationObserver(() => describe(el.closest(".lc-form")));
      const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] };
      // It becomes a part of the form after this.
      const begin = () => {
        const element = el.closest(".lc-form");
        if (!element) {
          frame = requestAnimationFrame(begin);
          return;
        }
        sharing_thread ??= share_thread_with_cells(model, keyOf(el));
        sharing_thread.finally(() => el.append(ready));
        describe(element);
        observer.observe(element, changes);
        // Some forms show an address that depends on where the browser is.
        if (!whyNot(element)) model.send({ shown: true, origin: location.origin });
      };
      let frame = requestAnimationFrame(begin);
      return () => {
        cancelAnimationFrame(frame);
        observer.disconnect();
        notes.delete(note);
      };
    },
  };
};
