// The example app: the authorization code flow with PKCE, and the implicit grant, in a browser.
// There is no secret in here. There can't be: you are reading it.
"use strict";

const byId = (id) => document.getElementById(id);

// The platform's services are beside this page in the sandbox. A real app names their hosts:
// https://accounts.livechat.com and https://api.livechatinc.com.
const here = new URL("./", location.href);
const AUTHORIZATION_URL = here.href;
const TOKEN_URL = new URL("v2/token", here).href;
const LIST_CHATS_URL = new URL("v3.6/agent/action/list_chats", here).href;
const REDIRECT_URI = location.origin + location.pathname;

// What has to outlive the way to the platform and back. It is this tab's alone, and holds neither
// the code nor a token.
const KEPT = "lc_tutorial example app";
let kept = { clientId: "", flow: "code", state: "", verifier: "", passed: [] };

// These are lost when the page is left, on purpose: what is stored, any script of this origin reads.
let code = "";
let accessToken = "";

// --- PKCE and state ----------------------------------------------------------------------------

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const challengeOf = async (verifier) => {
  const bytes = new TextEncoder().encode(verifier);
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
};

// --- Step 1: the link --------------------------------------------------------------------------

const buildLink = async () => {
  const clientId = byId("client-id").value.trim();
  const flow = document.querySelector("[name=flow]:checked").value;
  complain("");
  if (!/^[0-9a-f]{32}$/.test(clientId)) {
    return complain("A Client Id has 32 characters, 0 to 9 and a to f. Copy it from the Console.");
  }
  if (flow === "code" && !crypto.subtle) {
    return complain(
      "Browsers make the challenge only for pages on this machine or with https. Open this page " +
        "at 127.0.0.1.",
    );
  }
  kept = { clientId, flow, state: random(), verifier: "", passed: [] };
  code = accessToken = "";
  const parameters = {
    response_type: flow,
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    state: kept.state,
  };
  if (flow === "code") {
    kept.verifier = random();
    parameters.code_challenge = await challengeOf(kept.verifier);
    parameters.code_challenge_method = "S256";
  }
  note("The link: your browser goes to the platform", `GET ${AUTHORIZATION_URL}`, parameters);
  keep();
  byId("follow").href = `${AUTHORIZATION_URL}?${new URLSearchParams(parameters)}`;
  next("follow", "Sign in there and allow the access. Then you come back to this page.");
};

// --- Step 2: what comes back -------------------------------------------------------------------

const comeBack = () => {
  // A code comes in the query, which servers see. A token comes behind #, which stays in the
  // browser: in its history too, and every script of this page can read it.
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1));
  const answer = query.has("code") ? query : fragment;
  if (!answer.has("code") && !answer.has("access_token")) return false;
  const where = answer === query ? "?, in the query" : "#, in the fragment";
  history.replaceState(null, "", REDIRECT_URI); // out of the address bar, at once
  note(`What came back: behind the ${where}`, REDIRECT_URI, Object.fromEntries(answer));
  if (!kept.state || answer.get("state") !== kept.state) {
    forgetAttempt();
    next("", "Stopped: the state is not the one that this page sent. It may be somebody else's.");
    return true;
  }
  kept.state = ""; // It served once.
  if (answer.has("code")) {
    code = answer.get("code");
    next("exchange", "The state is the one that was sent. Now trade the code for a token.");
  } else {
    accessToken = answer.get("access_token");
    next("list-chats", "The token itself was in the address. Nothing is left to exchange.");
  }
  keep();
  return true;
};

// --- Step 3: the exchange, without a secret ----------------------------------------------------

const exchangeCode = async () => {
  const body = {
    grant_type: "authorization_code",
    code,
    client_id: kept.clientId,
    redirect_uri: REDIRECT_URI,
    code_verifier: kept.verifier,
  };
  const answer = await call("The exchange: no Client Secret, but the verifier", TOKEN_URL, {}, body);
  forgetAttempt();
  if (!answer) return;
  accessToken = answer.access_token;
  next("list-chats", "The page has a token, and a refresh token that works once. Now use it.");
};

// --- Step 4: a request -------------------------------------------------------------------------

const listChats = async () => {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const answer = await call("The request", LIST_CHATS_URL, headers, { limit: 3 });
  if (answer) next("", "Done: an app without a server has listed chats. Go back to the notebook.");
};

const call = async (title, url, headers, body) => {
  headers = { "Content-Type": "application/json", ...headers };
  next("", "Waiting for the answer.");
  let response, answer;
  try {
    response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    answer = await response.json();
  } catch (problem) {
    note(title, `POST ${url}`, body, "no answer that can be read", {}, headers);
    next("", "Stopped: no answer came that can be read. Is the sandbox running?");
    return null;
  }
  note(title, `POST ${url}`, body, `${response.status}`, short(answer), headers);
  if (response.ok) return answer;
  next("", "Stopped: the platform refused. Look at its answer, then start over.");
  return null;
};

// Of chats the ids will do: they hold what customers said.
const short = (answer) => {
  if (!answer.chats_summary) return answer;
  return { found_chats: answer.found_chats, ids: answer.chats_summary.map((chat) => chat.id) };
};

// --- What is shown -----------------------------------------------------------------------------

const SECRET = ["code", "code_verifier", "access_token", "refresh_token", "Authorization"];

const masked = (name, value) => {
  if (!SECRET.includes(name)) return String(value);
  const [, before] = /^((?:Bearer )?(?:[a-z-]+:)?)/.exec(value);
  return `${before}••••••••`;
};

const lines = (values) =>
  Object.entries(values).map(([name, value]) =>
    typeof value === "object" ? `${name}: ${JSON.stringify(value)}` : `${name}: ${masked(name, value)}`,
  );

const note = (title, first, sent, status = "", answer = {}, headers = {}) => {
  const head = [first, ...lines(headers)].join("\n");
  const entry = { title, sent: [head, lines(sent).join("\n")].join("\n\n"), answer: "" };
  if (status) entry.answer = [`Answer: ${status}`, ...lines(answer)].join("\n");
  kept.passed.push(entry);
  showPassed();
};

const showPassed = () => {
  byId("nothing-passed").hidden = kept.passed.length > 0;
  byId("passed").hidden = kept.passed.length === 0;
  byId("passed").replaceChildren(
    ...kept.passed.map(({ title, sent, answer }) => {
      const item = document.createElement("li");
      const heading = document.createElement("h3");
      heading.textContent = title;
      const parts = [sent, answer].filter(Boolean).map((text) => {
        const shown = document.createElement("pre");
        shown.textContent = text;
        return shown;
      });
      item.append(heading, ...parts);
      return item;
    }),
  );
};

const next = (id, words) => {
  byId("next").hidden = false;
  byId("next-words").textContent = words;
  byId("announce").textContent = words;
  for (const each of ["follow", "exchange", "list-chats"]) byId(each).hidden = each !== id;
  byId(id || "next-words").focus();
};

const complain = (words) => {
  const problem = byId("client-id-problem");
  problem.textContent = words;
  problem.hidden = !words;
  byId("client-id").toggleAttribute("aria-invalid", Boolean(words));
  if (words) {
    byId("client-id").setAttribute("aria-invalid", "true");
    byId("client-id").focus();
  }
};

// --- What is kept ------------------------------------------------------------------------------

const keep = () => sessionStorage.setItem(KEPT, JSON.stringify(kept));

const forgetAttempt = () => {
  code = "";
  kept.state = kept.verifier = "";
  keep();
};

const startOver = () => {
  kept = { ...kept, state: "", verifier: "", passed: [] };
  code = accessToken = "";
  keep();
  showPassed();
  byId("next").hidden = true;
  byId("announce").textContent = "Begun anew.";
  byId("client-id").focus();
};

// --- Begin -------------------------------------------------------------------------------------

try {
  kept = { ...kept, ...JSON.parse(sessionStorage.getItem(KEPT)) };
} catch {
  // Nothing of ours is kept, or somebody changed it.
}
byId("redirect-uri").value = REDIRECT_URI;
byId("client-id").value = kept.clientId;
document.querySelector(`[name=flow][value="${kept.flow === "token" ? "token" : "code"}"]`).checked = true;
byId("app").addEventListener("submit", (event) => {
  event.preventDefault();
  buildLink();
});
byId("start-over").addEventListener("click", startOver);
byId("exchange").addEventListener("click", exchangeCode);
byId("list-chats").addEventListener("click", listChats);
if (!comeBack()) {
  kept.passed = [];
  showPassed();
}
