// The page, live. Each event brings the changing part whole; only what differs is touched, so that
// focus, selection and scrolling stay. Without this script the page is right when it is loaded.

const room = document.getElementById("room");
const live = document.getElementById("live");
const names = document.getElementById("names");

const keyOf = (node) => node.dataset?.key;

function agree(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || keyOf(old) !== keyOf(now)) {
    old.replaceWith(now);
  } else if (old.nodeType === Node.ELEMENT_NODE) {
    for (const { name } of [...old.attributes]) {
      // What somebody has unfolded stays so.
      if (!now.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    agreeWithin(old, now);
  } else if (old.nodeValue !== now.nodeValue) {
    old.nodeValue = now.nodeValue;
  }
}

// A learner's row moves as a whole: a button on it never becomes another learner's.
let rows = new Map();

function agreeWithin(old, now) {
  const wanted = [...now.childNodes];
  wanted.forEach((node, position) => {
    const there = old.childNodes[position] ?? null;
    const same = keyOf(node) ? rows.get(keyOf(node)) : there;
    if (!same) {
      old.insertBefore(node, there);
      return;
    }
    if (same !== there) old.insertBefore(same, there);
    agree(same, node);
  });
  [...old.childNodes].slice(wanted.length).forEach((node) => node.remove());
}

function show(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement;
  rows = new Map([...room.querySelectorAll("[data-key]")].map((row) => [keyOf(row), row]));
  agreeWithin(room, parsed.body);
  // What is moved loses the focus.
  if (focused !== document.activeElement && room.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

const events = new EventSource(room.dataset.events);
events.addEventListener("room", (event) => {
  show(event.data);
  room.dataset.at = event.timeStamp;
});
events.addEventListener("open", () => say("Live", false));
events.addEventListener("error", () => {
  say(live.dataset.lost, true);
  // A browser gives up where it was refused; the board may be there again later.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 15000);
});

function say(words, lost) {
  if (live.textContent !== words) live.textContent = words;
  live.classList.toggle("lost", lost);
}

function hideNames(hidden) {
  document.body.classList.toggle("names-hidden", hidden);
  names.setAttribute("aria-pressed", String(hidden));
  sessionStorage.setItem("names-hidden", String(hidden));
}

if (names) {
  hideNames(sessionStorage.getItem("names-hidden") === "true");
  names.addEventListener("click", () => {
    hideNames(!document.body.classList.contains("names-hidden"));
  });
}
