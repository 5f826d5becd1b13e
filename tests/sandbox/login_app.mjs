// An app that signs people in with nuxt-auth-utils and its own provider for this platform, as it is.
// Of Nuxt there is only what that file asks for: its settings, its way to make errors, and $fetch.
//
// Usage: node login_app.mjs NODE_MODULES SETTINGS, the latter as JSON; it prints its port.
import { createServer } from "node:http";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, settings] = process.argv.slice(2);
const of = (path) => import(pathToFileURL(`${modules}/${path}`));

globalThis.settings = { oauth: { livechat: JSON.parse(settings) } };
globalThis.h3 = await of("h3/dist/index.mjs");
globalThis.$fetch = (await of("ofetch/dist/node.mjs")).$fetch;

const imports = `export const useRuntimeConfig = () => globalThis.settings;
export const createError = globalThis.h3.createError;`;
const hooks = `export const resolve = (name, context, next) => name === "#imports"
  ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(imports)}`)}, shortCircuit: true }
  : next(name, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const provider = await of("nuxt-auth-utils/dist/runtime/server/lib/oauth/livechat.js");
const app = globalThis.h3.createApp();
const signIn = provider.defineOAuthLiveChatEventHandler({
  onSuccess: (event, { user, tokens }) => ({ user, scope: tokens.scope }),
});
app.use("/auth/livechat", signIn);

const server = createServer(globalThis.h3.toNodeListener(app));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
