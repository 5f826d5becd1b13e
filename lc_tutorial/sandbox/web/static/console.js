// Extras for the Console's pages. Without this file they work all the same, with a few more clicks.
"use strict";

const announce = (text) => {
  document.getElementById("announce").textContent = text;
};

// --- Copy buttons ----------------------------------------------------------------------------

const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard on an http: page that is not on this machine, or no permission.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    const focused = document.activeElement;
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    focused?.focus();
    if (!copied) throw new Error("the browser does not let a page copy");
  }
};

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const label = button.innerHTML;
  let pending;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    try {
      await copyText("value" in source ? source.value : source.textContent.trim());
      button.textContent = "Copied";
      announce("Copied");
    } catch {
      if ("select" in source) source.select();
      else getSelection().selectAllChildren(source);
      button.textContent = "Press Ctrl+C";
      announce("This browser does not let the page copy. The text is selected: press Ctrl+C.");
    }
    clearTimeout(pending);
    pending = setTimeout(() => {
      button.innerHTML = label;
    }, 2000);
  });
}

// --- Your callback address: the browser knows best where it reached the Console ---------------

const callback = document.getElementById("callback");
if (callback && location.pathname.endsWith(callback.dataset.here)) {
  const context = location.pathname.slice(0, -callback.dataset.here.length);
  // Of a sandbox that a class shares, this world has a path of its own behind the port; a hub that
  // leads here itself has none of the learner's Jupyter server in the address.
  const [, before] = /^(.*\/proxy\/)[^/]+(?:\/.*)?$/.exec(context) ?? [];
  const server = callback.dataset.server;
  const proxy = before ?? (server && context.startsWith("/services/") ? `${server}proxy/` : "");
  const shown = document.getElementById("callback-address");
  if (proxy) {
    const address = `${location.origin}${proxy}${callback.dataset.port}/callback`;
    shown.textContent = address;
    document.getElementById("callback-address-value").value = address;
  }
}
const useCallback = document.getElementById("use-callback-address");
if (useCallback) useCallback.hidden = false;

// --- "Save changes" and "All saved" ----------------------------------------------------------

const form = document.getElementById("authorization");
if (form) {
  let leavingByButton = false;

  const contents = (card) =>
    [...card.querySelectorAll("select, [name=required]")]
      .map((control) => (control.type === "checkbox" ? control.checked : control.value))
      .join("\n");

  const cards = [...form.querySelectorAll("[data-card]")].map((card) => {
    const name = card.dataset.card;
    return {
      card,
      button: document.getElementById(`save-${name}`),
      state: document.getElementById(`${name}-state`),
      saved: contents(card),
      note: document.getElementById(`${name}-state`).textContent,
      typed: [...card.querySelectorAll("[name=typed_uri], .picker [name=scope]")],
    };
  });

  const isEdited = ({ card, saved }) =>
    card.dataset.edited === "yes" || contents(card) !== saved;
  const hasTyped = ({ typed }) =>
    typed.some((control) => (control.type === "checkbox" ? control.checked : control.value.trim()));

  const refresh = () => {
    for (const part of cards) {
      const edited = isEdited(part) || hasTyped(part);
      part.button.disabled = !edited;
      part.button.textContent = edited ? "Save changes" : "All saved";
      part.state.textContent = edited ? "Not saved yet" : part.note === "All saved" ? "" : part.note;
      part.state.classList.toggle("edited", edited);
    }
  };
  form.addEventListener("input", refresh);
  refresh();

  addEventListener("beforeunload", (event) => {
    if (!leavingByButton && cards.some((part) => isEdited(part) || hasTyped(part))) {
      event.preventDefault();
    }
  });

  // Enter in a text field presses the button beside it.
  for (const field of form.querySelectorAll("[data-enter]")) {
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        document.querySelector(field.dataset.enter).click();
      }
    });
  }

  const resume = ({ y, button }) => {
    // Who began to do something meanwhile goes on with it.
    if (document.activeElement !== document.body) return;
    const wrong = form.querySelector("[aria-invalid=true]");
    (wrong ?? document.getElementById(button))?.focus({ preventScroll: true });
    // Where all is saved, what to take back to the notebook is shown instead.
    if (location.hash !== "#take-back") scrollTo(0, y);
  };

  // The page comes back from the server where it was left.
  const key = `place:${location.pathname}`;
  form.addEventListener("submit", (event) => {
    leavingByButton = true;
    const place = { y: scrollY, button: event.submitter?.id ?? "" };
    try {
      sessionStorage.setItem(key, JSON.stringify(place));
    } catch {
      // Storage may be off; the address's fragment leads to the right card then.
    }
  });
  try {
    const place = JSON.parse(sessionStorage.getItem(key) ?? "null");
    sessionStorage.removeItem(key);
    // On its way to the fragment the browser takes the focus off, once, in a frame that a busy one
    // draws only after the page is there: so this waits until one was drawn.
    const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    if (place) addEventListener("load", () => drawn(() => resume(place)));
  } catch {
    // As above.
  }
}

// --- Searching the scopes --------------------------------------------------------------------

const search = document.getElementById("scope-search");
if (search) {
  const choices = [...document.querySelectorAll("#scope-select [data-text]")];
  const none = document.getElementById("scope-none");
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const choice of choices) {
      const matches = words.every((word) => choice.dataset.text.toLowerCase().includes(word));
      // What is ticked stays in sight: Add would add it.
      choice.hidden = !matches && !choice.querySelector("input").checked;
      found += choice.hidden ? 0 : 1;
    }
    none.hidden = found > 0;
  };
  search.addEventListener("input", filter);
  filter();
  // Where no button is beside it, the search is done here or not at all.
  if (!search.dataset.enter) {
    document.getElementById("scope-search-field").hidden = false;
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}
