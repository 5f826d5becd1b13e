// The page, live. Each event brings the changing part whole; only what differs is touched, so that
// focus, selection and scrolling stay. Without this script the page is right when it is loaded.

const room = document.getElementById("room");
const live = document.getElementById("live");
const names = document.getElementById("names");

function agree(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) {
    old.replaceWith(now);
  } else if (old.nodeType === Node.ELEMENT_NODE) {
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    agreeWithin(old, now);
  } else if (old.nodeValue !== now.nodeValue) {
    old.nodeValue = now.nodeValue;
  }
}

function agreeWithin(old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  before.slice(after.length).forEach((node) => node.remove());
  after.forEach((node, position) => {
    if (position < before.length) agree(before[position], node);
    else old.append(node);
  });
}

const events = new EventSource(room.dataset.events);
events.addEventListener("room", (event) => {
  const parsed = new DOMParser().parseFromString(event.data, "text/html");
  agreeWithin(room, parsed.body);
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
