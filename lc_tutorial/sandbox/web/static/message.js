// The end of a sign-in in a popup or a frame: gives the answer to the page that opened it.
// The browser hands it over only if that page is of the origin that is named.
"use strict";

const answer = document.getElementById("answer");
const page = window.opener || (window.parent === window ? null : window.parent);
if (page) {
  page.postMessage(JSON.parse(answer.dataset.message), answer.dataset.recipient);
  window.close(); // A frame can't be closed; whoever made it takes it away.
}
