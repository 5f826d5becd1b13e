// The first script of a page in the frame: takes links and forms to the widget around it, which has
// the kernel follow them. Attributes are read, not properties: a field may be called "action". The
// kernel calls it with a word that nobody else has: by it the widget knows that this page speaks, and
// not one that has taken its place.
(word) => {
  "use strict";
  // Nobody else can be around: a frame made of text belongs to the page that made it.
  const tell = (message) => parent.postMessage({ lcPage: { ...message, word } }, "*");

  // As forms are sent: with the line ends of the web.
  const text = (value) => String(value).replace(/\r\n?|\n/g, "\r\n");

  const goTo = (fragment) => {
    const target = fragment ? document.getElementById(fragment) : null;
    if (target) target.scrollIntoView();
    else if (!fragment || fragment === "top") scrollTo(0, 0);
    if (target?.matches("[tabindex], input, button, select, textarea, a")) target.focus();
  };

  // The page may ask whether it is to be left: it has something that is not saved.
  const leaves = () => dispatchEvent(new Event("beforeunload", { cancelable: true }));

  let typed = false; // something, or chosen
  addEventListener("input", () => {
    typed = true;
  }, true);

  // In a drawing links have two more forms: another name, and one that moves.
  const XLINK = "http://www.w3.org/1999/xlink";
  const isLink = (element) =>
    element.matches?.("a[href], area[href]") || element instanceof SVGAElement;
  const hrefOf = (link) => link.getAttribute("href") ?? link.getAttributeNS(XLINK, "href");

  // The second click of a double click is none of its own: it would meet the next page.
  addEventListener("click", (event) => {
    const pressed = event.target.closest?.("a, area, button, input[type=submit]");
    if (pressed && event.detail > 1 && pressed.getAttribute("type") !== "button") {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  addEventListener("click", (event) => {
    const link = event.composedPath().find(isLink);
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    const href = hrefOf(link)?.trim();
    if (href === undefined) return;
    if (href.startsWith("#")) goTo(decodeURIComponent(href.slice(1)));
    else tell({ kind: "link", href, unsaved: !leaves() });
  });
  addEventListener("auxclick", (event) => {
    if (event.composedPath().find(isLink)) event.preventDefault();
  });

  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const { target: form, submitter } = event;
    const said = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    const method = said("method").toUpperCase() === "POST" ? "POST" : "GET";
    const fields = [...new FormData(form, submitter)]
      .filter(([, value]) => typeof value === "string")
      .map(([name, value]) => [text(name), text(value)]);
    tell({ kind: "form", action: said("action").trim(), method, fields });
  });

  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !data?.lcFrame) return;
    const { asks, fragment, focuses } = data.lcFrame;
    if (asks) {
      tell({ kind: "here", unsaved: !leaves(), typed });
      return;
    }
    if (focuses) document.querySelector("[autofocus]")?.focus();
    goTo(fragment);
  });
  addEventListener("DOMContentLoaded", () => {
    tell({ kind: "ready", title: document.title });
  });
}
