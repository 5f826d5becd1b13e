// Shows what the kernel's browser has open: its address, and the page in a frame that has no address
// of its own, no cookies, and no way to anything but messages to here. What is done in the page goes
// to the kernel in the widget's messages, and pages come back in them: nothing is in its state.

const MODEL = "lc-model-"; // the class that names the widget's element, with the id of its model
const PATIENCE = 400; // milliseconds after which a person is told what is waited for

const SILENCE = 10_000; // milliseconds in which a page of ours answers

const BUSY = "The kernel is busy with something else: the page comes as soon as it is free.";
const LOADING = "Waiting for the page.";
const AGAIN = "Run the notebook's cells again, from the first one on.";
const GONE = "The kernel is not connected. Wait until it is back, then try again.";
const ENDED = `The kernel that this frame belongs to has ended. ${AGAIN}`;
const CUT_SHORT = `The kernel ended before the page came. ${AGAIN}`;
const LED_AWAY = "The page tried to lead the frame somewhere else. Press Reload, or go back.";
const COPIED = "The address is in the clipboard.";
const SELECTED = "The address is selected: press Ctrl+C, on a Mac ⌘C.";
const UNSAVED = "This page has changes that are not saved.";

const DARK = "body[data-jp-theme-light=false], body.vscode-dark, html[theme=dark]";

const make = (tag, traits, ...children) => {
  const made = Object.assign(document.createElement(tag), traits);
  made.append(...children);
  // JupyterLab would take letters and arrows for itself, wherever the focus is.
  if (/button|textarea/.test(tag)) made.setAttribute("data-lm-suppress-shortcuts", "");
  return made;
};

const pressing = (text, label, work) => {
  const button = make("button", { type: "button", textContent: text, onclick: work });
  if (label) button.setAttribute("aria-label", label);
  if (label) button.title = label;
  return button;
};

const render = ({ model, el }) => {
  const view = Math.random().toString(36).slice(2);
  let sent = 0; // messages of this view
  let under_way = null; // what was asked for last, until its page is here
  let shown = null; // the page
  let is_ready = false; // its script
  let has_loaded = false; // all of it
  let leaving = null; // what is done once the page has said whether it may be left
  let dark = null; // the theme of the page
  let has_ended = false;
  let timer, guard, silence;

  // --- What there is to see ----------------------------------------------------------------------

  const back = pressing("←", "Back", () => leaveFor(() => ask({ kind: "back" })));
  const reload = pressing("↻", "Reload", () => leaveFor(() => ask({ kind: "reload" })));
  const address = make("textarea", { readOnly: true, rows: 1, spellcheck: false });
  address.setAttribute("aria-label", "Address");
  const copy = pressing("Copy", "Copy the address", () => copyAddress());
  const status = make("div", { className: "lc-browser-status" });
  status.setAttribute("role", "status");
  const question = make("div", { className: "lc-browser-question", hidden: true });
  question.setAttribute("role", "group");
  question.setAttribute("aria-label", UNSAVED);
  const close = pressing("×", "Close", () =>
    leaveFor(() => {
      el.closest(".lc-form")?.querySelector(".lc-open-here")?.focus();
      ask({ kind: "close" });
    }),
  );
  close.hidden = !model.get("closes");
  const bar = make("div", { className: "lc-browser-bar" }, back, reload, address, copy, close);
  const place = make("div", { className: "lc-browser-place" });
  const root = make("section", { className: "lc-browser" }, bar, status, question, place);
  root.setAttribute("aria-label", "The sandbox's pages");
  back.disabled = true;
  el.append(root);

  const say = (text) => {
    clearTimeout(timer);
    status.textContent = text;
  };

  // The whole address, on as many lines as it takes.
  const fit = () => {
    address.style.height = "0";
    address.style.height = `${address.scrollHeight + 2}px`;
  };
  address.addEventListener("focus", () => address.select());
  const widths = new ResizeObserver(fit);
  widths.observe(bar);

  const copyAddress = async () => {
    try {
      await navigator.clipboard.writeText(address.value);
      say(COPIED);
    } catch {
      address.focus();
      address.select();
      say(document.execCommand("copy") ? COPIED : SELECTED);
    }
  };

  // --- To the kernel, and back -------------------------------------------------------------------

  const whyNot = () => (has_ended ? ENDED : isConnected(model, el) ? "" : GONE);

  const ask = (content) => {
    question.hidden = true;
    const why = whyNot();
    if (why) {
      say(why);
      return;
    }
    // Impatience: the same once more, before its page is here.
    const wanted = JSON.stringify(content);
    if (under_way?.wanted === wanted) return;
    const number = `${view}-${(sent += 1)}`;
    under_way = { wanted, number };
    place.setAttribute("aria-busy", "true");
    say("");
    timer = setTimeout(() => say(BUSY), PATIENCE);
    const onStatus = ({ content: { execution_state } }) => {
      if (under_way?.number !== number) return;
      if (execution_state === "busy") {
        say("");
        timer = setTimeout(() => say(LOADING), PATIENCE);
      } else if (execution_state === "idle") settle();
    };
    dark = isDark();
    model.send({ ...content, dark, number }, { iopub: { status: onStatus } });
  };

  const askToBeShown = () => ask({ kind: "shown", origin: location.origin });

  const settle = () => {
    under_way = null;
    place.removeAttribute("aria-busy");
    say("");
  };

  const isLookedAt = () => {
    const { activeElement: focused, body } = document;
    const is_active = el.closest(".lc-form")?.closest(".jp-Cell")?.matches(".jp-mod-active");
    return is_active && (focused === body || el.closest(".lc-form").contains(focused));
  };

  const show = (page) => {
    const is_answer = page.number.startsWith(`${view}-`);
    // The frame is shown in one more place: here nothing has changed, and something may be typed in.
    if (!page.moved && !is_answer && shown) return;
    // Of what this view has asked for, the last counts.
    if (under_way && is_answer && page.number !== under_way.number) return;
    settle();
    question.hidden = true;
    leaving = null;
    const is_first = !shown;
    shown = page;
    address.value = page.address;
    fit();
    // Who pressed the form's button sees the whole page, not its upper edge.
    if (is_first && isLookedAt()) root.scrollIntoView({ block: "nearest" });
    back.disabled = !page.back;
    // The keyboard stays where it is: in the frame, if it was there.
    shown.focuses = page.moved && document.activeElement === frame;
    is_ready = has_loaded = false;
    frame.srcdoc = page.html;
  };

  const end = () => {
    has_ended = true;
    const waited = under_way !== null;
    settle();
    if (waited) say(CUT_SHORT);
  };

  // The frame would have the theme of the system: the kernel gives its pages the notebook's. When that
  // changes, a page in which something is typed stays as it is: the next one has it.
  const isDark = () => document.querySelector(DARK) !== null;
  const themes = new MutationObserver(() => {
    if (is_ready && isDark() !== dark) tellPage({ asks: true });
  });
  themes.observe(document.documentElement, { attributeFilter: ["theme"] });
  themes.observe(document.body, { attributeFilter: ["class", "data-jp-theme-light"] });

  // --- The page in the frame ---------------------------------------------------------------------

  const frame = make("iframe", { title: "A page of the sandbox" });
  // No allow-same-origin: the page is a stranger to the notebook, which can do all that you can.
  frame.setAttribute("sandbox", "allow-scripts allow-forms");
  frame.setAttribute("allow", "clipboard-write *");
  frame.setAttribute("referrerpolicy", "no-referrer");
  place.append(frame);

  const fragment = () => {
    try {
      return decodeURIComponent(new URL(shown.address).hash.slice(1));
    } catch {
      return "";
    }
  };

  // It has no origin that could be named.
  const tellPage = (told) => frame.contentWindow.postMessage({ lcFrame: told }, "*");

  const hear = {
    ready: ({ title }) => {
      is_ready = true;
      frame.title = title || "A page of the sandbox";
      tellPage({ fragment: fragment(), focuses: shown.focuses });
    },
    here: ({ unsaved, typed }) => {
      clearTimeout(guard);
      is_ready = has_loaded = true;
      if (leaving) goOn(unsaved);
      else if (isDark() !== dark && !typed && !unsaved && !whyNot()) askToBeShown();
    },
    link: ({ href, unsaved }) => {
      const follow = () => ask({ kind: "link", href: String(href) });
      if (unsaved) confirm(follow);
      else follow();
    },
    form: ({ action, method, fields }) => ask({ kind: "form", action, method, fields }),
  };

  // What ends the page is done once it has said that all in it is saved, or a person agrees.
  const leaveFor = (work) => {
    if (!is_ready) {
      work();
      return;
    }
    leaving = work;
    clearTimeout(silence);
    silence = setTimeout(() => goOn(false), SILENCE);
    tellPage({ asks: true });
  };
  const goOn = (unsaved) => {
    clearTimeout(silence);
    const work = leaving;
    leaving = null;
    if (work && unsaved) confirm(work);
    else work?.();
  };

  // What a browser asks in a window of its own.
  const confirm = (leave) => {
    const stay = pressing("Stay here", "", () => {
      question.hidden = true;
      frame.focus();
    });
    question.replaceChildren(UNSAVED, " ", pressing("Leave the page", "", leave), stay);
    question.hidden = false;
    stay.focus();
  };

  // Whoever has taken the page's place in the frame lacks the word that the kernel gave the page.
  const heard = ({ source, data }) => {
    const message = data?.lcPage;
    if (source !== frame.contentWindow || !shown || message?.word !== shown.word) return;
    if (Object.hasOwn(hear, message.kind)) hear[message.kind](message);
  };
  window.addEventListener("message", heard);
  // A page of ours says that it is here. Another one came by itself: the address bar is not its own.
  const ledAway = () => {
    is_ready = false;
    frame.srcdoc = "";
    say(LED_AWAY);
  };
  frame.addEventListener("load", () => {
    clearTimeout(guard);
    if (!shown || !frame.srcdoc) return;
    // Once more: another page, or a notebook that has put its cells elsewhere.
    if (has_loaded) is_ready = false;
    has_loaded = is_ready;
    guard = setTimeout(ledAway, SILENCE);
    tellPage({ asks: true });
  });

  // --- Its beginning and its end -----------------------------------------------------------------

  const arrived = (message) => {
    if (message.kind === "page") show(message);
    else leaveFor(() => ask({ kind: "go" }));
  };
  model.on("msg:custom", arrived);
  const forget_kernel = when_kernel_ends(model, end);
  let frame_request;
  const begin = () => {
    const owner = el.closest(`[class*="${MODEL}"]`);
    if (!owner) {
      frame_request = requestAnimationFrame(begin);
      return;
    }
    const name = [...owner.classList].find((each) => each.startsWith(MODEL));
    share_thread_with_cells(model, name.slice(MODEL.length)).finally(askToBeShown);
  };
  frame_request = requestAnimationFrame(begin);
  return () => {
    cancelAnimationFrame(frame_request);
    clearTimeout(timer);
    clearTimeout(guard);
    clearTimeout(silence);
    model.off("msg:custom", arrived);
    forget_kernel();
    widths.disconnect();
    themes.disconnect();
    window.removeEventListener("message", heard);
  };
};

export default { render };
