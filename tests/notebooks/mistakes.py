"""About a hundred mistakes that a learner makes in the course's cells, and what is said of each.

They are made in one kernel, in which steps 1 to 4 are done. Before each, what the steps made is put
back as it was; ``fresh()`` is a code that nobody exchanged yet, and ``good(…)`` are the fields of
an exchange of one, with some changed.
"""

from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake.

    Attributes:
        case: what was done.
        cell: that does it.
        cause: what is said of it, in part.
        remedy: what to do, in part.
    """

    case: str
    cell: str
    cause: str
    remedy: str


# Each mistake on a line, as long as it is: they are read as a table.
# fmt: off
_AGAIN = "Run the cell that makes it again."
_LIST = "lc.show(requests.post(platform.list_chats_url, timeout=9, {}))"
_BEARER = 'headers={"Authorization": f"Bearer {token.access_token}"}'


def _gone(name: str, cell: str, where: str) -> Mistake:
    cause = f"A cell deleted it. It is made in {where}"
    return Mistake(f"{name} is there no more", f"del {name}\n{cell}", cause, _AGAIN)


def _elsewhere(name: str, cell: str) -> Mistake:
    """One that another notebook makes."""
    return Mistake(f"{name} is there no more", f"del {name}\n{cell}", "A cell deleted it", name)


ORDER = [
    _gone("app", "app.client_id", "step 1"),
    _gone("authorization_url", "lc.AuthorizationForm(platform, authorization_url)", "step 2"),
    _gone("token", "lc.check_token(token)", "step 3"),
    _gone("token_response", "lc.Token.from_response(token_response)", "step 3"),
    _gone("response", "lc.show(response)", "step 4"),
    _gone("tables", "tables.chats.head()", "step 4"),
    _gone("platform", "lc.CredentialsForm(platform)", "the first cell"),
    _gone("lc", "lc.show(response)", "the first cell"),
    _gone("requests", "requests.post(platform.token_url, timeout=9)", "the first cell"),
    _gone("pkce", "pkce.verifier", "step 2"),
    _gone("urlencode", "urlencode({})", "step 2"),
    _elsewhere("session", "session.token"),
    _elsewhere("client", "client.list_chats_pages()"),
    Mistake(
        "step 1 is not done",
        "app = lc.CredentialsForm(lc.connect('live'))\napp.client_id",
        "is not done yet",
        "Fill in the form",
    ),
    Mistake(
        "step 2 is not done",
        "authorization = lc.AuthorizationForm(platform, authorization_url)\nauthorization.code",
        "is not done yet",
        "link",
    ),
]

OVERWRITTEN = [
    Mistake("app is a text", "app = 'x'\napp.client_id", "app is not what step 1", "lc.Cred"),
    Mistake(
        "app without its brackets",
        "app = lc.CredentialsForm\nlc.check_app(app)",
        "CredentialsForm",
        "app",
    ),
    Mistake(
        "token is its access token",
        "token = token.access_token\ntoken.access_token",
        "A secret has no .access_token",
        "Leave .access_token out",
    ),
    Mistake(
        "token is the answer",
        "token = token_response\ntoken.access_token",
        "token is not what step 3 makes",
        "token = lc.Token.from_response(token_response)",
    ),
    Mistake(
        "token is a dict",
        "token = token_response.json()\ntoken.access_token",
        "token is not what step 3 makes",
        "token = lc.Token.from_response(token_response)",
    ),
    Mistake(
        "platform is a text",
        "platform = 'sandbox'\nplatform.token_url",
        "platform is not what the first cell makes",
        "platform = lc.connect()",
    ),
    Mistake(
        "connect without its brackets",
        "platform = lc.connect\nplatform.token_url",
        "Its brackets are missing",
        "platform = lc.connect()",
    ),
    Mistake(
        "pkce without its brackets",
        "pkce = lc.Pkce\npkce.verifier",
        "Its brackets are missing",
        "pkce = lc.Pkce.new()",
    ),
    Mistake(
        "authorization is a text",
        "authorization = authorization_url\nauthorization.code",
        "authorization is not what step 2 makes",
        "authorization = lc.AuthorizationForm",
    ),
    Mistake(
        "authorization is the code",
        "authorization = authorization.code\nauthorization.code",
        "A secret has no .code",
        "Leave .code out",
    ),
    Mistake(
        "tables is the answer's dict",
        "tables = response.json()\ntables.chats",
        "tables is not what step 4 makes",
        "tables = lc.tables(response)",
    ),
    Mistake(
        "tables is one table",
        "tables = tables.chats\ntables.users",
        "tables is not what step 4 makes",
        "tables = lc.tables(response)",
    ),
    Mistake("response is its JSON", "response = response.json()\nlc.show(response)", "dict", "show"),
    Mistake(
        "client is the session", "client = session\nclient.list_chats_pages()", "client", "AgentChat"
    ),
]

MISTYPED = [
    Mistake("ap", "ap.client_id", "This kernel has no ap.", "Is app meant?"),
    Mistake("tokn", "lc.check_token(tokn)", "This kernel has no tokn.", "Is token meant?"),
    Mistake("Lc", "Lc.show(response)", "This kernel has no Lc.", "Is lc meant?"),
    Mistake("request", "request.post('')", "This kernel has no request.", "Is requests meant?"),
    Mistake("lc.chek_app", "lc.chek_app(app)", "lc has no chek_app", "Is check_app meant?"),
    Mistake("lc.Show", "lc.Show(response)", "lc has no Show", "Is show meant?"),
    Mistake(
        "lc.CredentialForm",
        "lc.CredentialForm(platform)",
        "lc has no CredentialForm",
        "Is CredentialsForm meant?",
    ),
    Mistake("platform.token_ur", "platform.token_ur", "platform has no", "Is token_url meant?"),
    Mistake("app.client_ID", "app.client_ID", "app has no client_ID", "Is client_id meant?"),
    Mistake("app.secret", "app.secret", "app has no secret", "Is client_secret meant?"),
    Mistake("token.acces_token", "token.acces_token", "token has no", "Is access_token meant?"),
    Mistake("authorization.cod", "authorization.cod", "authorization has no", "Is code meant?"),
    Mistake("pkce.verifyer", "pkce.verifyer", "pkce has no verifyer", "Is verifier meant?"),
    Mistake("response.jason", "response.jason()", "response has no jason", "Is json meant?"),
    Mistake("requests.pots", "requests.pots('')", "requests has no pots", "Is post meant?"),
    Mistake("tables.chat", "tables.chat", "tables has no chat", "Is chats meant?"),
    Mistake("response.access_token", "token_response.access_token", "whole answer", ".json()["),
    Mistake(
        "a field of the answer",
        "token_response.json()['acces_token']",
        'There is no "acces_token" in this.',
        'Is "access_token" meant?',
    ),
    Mistake(
        "another field of the answer",
        "response.json()['chats']",
        'There is no "chats" in this.',
        'Is "chats_summary" meant?',
    ),
]

CALLED = [
    Mistake(
        "AuthorizationForm the other way round",
        "lc.AuthorizationForm(authorization_url, platform)",
        "is not a platform",
        "lc.AuthorizationForm(platform, authorization_url)",
    ),
    Mistake("CredentialsForm of nothing", "lc.CredentialsForm()", "It needs platform", "(platform)"),
    Mistake("CredentialsForm of an app", "lc.CredentialsForm(app)", "not a platform", "lc.connect()"),
    Mistake("check_app of a token", "lc.check_app(token)", "is not what this checks", "check_app(app)"),
    Mistake("check_token of an app", "lc.check_token(app)", "token", "check_token(token)"),
    Mistake(
        "check_authorization of an address",
        "lc.check_authorization(authorization_url)",
        "is not what this checks",
        "check_authorization(authorization)",
    ),
    Mistake(
        "check_chats the other way round",
        "lc.check_chats(tables, response)",
        "is not what this checks",
        "lc.check_chats(response, tables)",
    ),
    Mistake("check_unanswered of nothing", "lc.check_unanswered(None, tables)", "None", "table"),
    Mistake("check_unanswered of a number", "lc.check_unanswered(3, tables)", "int", "table"),
    Mistake(
        "check_unanswered the other way round",
        "lc.check_unanswered(tables, tables.chats)",
        "is not what this checks",
        "lc.check_unanswered(unanswered, tables)",
    ),
    Mistake("quiz of nothing", "lc.quiz()", "It needs question_id", 'lc.quiz("calls")'),
    Mistake("quiz with a slip", 'lc.quiz("statee")', "no question 'statee'", 'lc.quiz("state")'),
    Mistake("progress of a name", "lc.progress(5)", "no text", 'lc.progress(name="Mia")'),
    Mistake("glossary with a slip", 'lc.glossary("redirct uri")', "no word", "redirect URI"),
    Mistake("RequestLab of an app", "lc.RequestLab(app, platform)", "not a platform", "RequestLab("),
    Mistake("AgentChat the other way round", "lc.AgentChat(token, platform)", "platform", "AgentChat("),
    Mistake("AgentChat of an app", "lc.AgentChat(platform, app)", "token", "token"),
    Mistake("tables of a platform", "lc.tables(platform)", "answer", "lc.tables("),
    Mistake("show of a platform", "lc.show(platform)", "answer", "lc.show("),
    Mistake("Token of a dict", "lc.Token.from_response({})", "dict", "token_response"),
    Mistake("Token of another answer", "lc.Token.from_response(response)", "is not a token", "Check the address"),
    Mistake("catch_up of nothing", "lc.catch_up()", "It needs platform", "lc.catch_up(platform)"),
    Mistake("catch_up of a token", "lc.catch_up(token)", "not a platform", "lc.catch_up(platform)"),
    Mistake("connect to something", "lc.connect('test')", "test", "sandbox"),
    Mistake("write_standalone of an app", "lc.write_standalone(app)", "not a platform", "platform"),
    Mistake("an address is called", "platform.token_url()", "is no function", "platform.token_url"),
    Mistake("app in square brackets", "app['client_id']", "square brackets", "app.client_id"),
    Mistake("token in square brackets", "token['access_token']", "square", "token.access_token"),
    Mistake("the answer in square brackets", "response['chats_summary']", "answer", "response.json()["),
    Mistake("json without its brackets", "response.json['chats_summary']", "function", "response.json()["),
    Mistake("client_id is set", "app.client_id = 'x'", "can't be set", "form"),
    Mistake("a secret in a text", "print('The secret is ' + app)", "", ""),
]


def _link(case: str, change: str, cause: str, remedy: str) -> Mistake:
    cell = (
        f"parameters = {{**parameters, {change}}}\n"
        "lc.AuthorizationForm(platform, f'{platform.authorization_url}?{urlencode(parameters)}')"
    )
    return Mistake(case, cell, cause, remedy)


LINK = [
    _link("the secret as client_id", "'client_id': app.client_secret", "client_id", "app.client_id"),
    _link("no state", "'state': ''", "state", "Add it to the parameters"),
    _link("response_type token", "'response_type': 'token'", "response_type=token", "code"),
    _link("new_state without brackets", "'state': lc.new_state", "state", "lc.new_state()"),
    _link("the app as client_id", "'client_id': app", "client_id", "app.client_id"),
    _link("the app as redirect_uri", "'redirect_uri': app", "redirect", "app.redirect_uri"),
    _link("no redirect_uri", "'redirect_uri': ''", "redirect_uri", "Add it to the parameters"),
    _link("method md5", "'code_challenge_method': 'md5'", "md5", "S256"),
    _link("half a challenge", "'code_challenge': pkce.challenge[:20]", "challenge", "pkce.challenge"),
    Mistake(
        "the token's address in the place of the page's",
        "lc.AuthorizationForm(platform, f'{platform.token_url}?{urlencode(parameters)}')",
        "does not lead to the authorization page",
        "platform.authorization_url",
    ),
    Mistake(
        "no question mark",
        "lc.AuthorizationForm(platform, platform.authorization_url + urlencode(parameters))",
        "",
        "",
    ),
    Mistake(
        "parameters without urlencode",
        "lc.AuthorizationForm(platform, f'{platform.authorization_url}?{parameters}')",
        "",
        "urlencode(parameters)",
    ),
    Mistake("a dict as the link", "lc.AuthorizationForm(platform, parameters)", "dict", "authorization_url"),
    Mistake("urlencode of a text", "urlencode('client_id')", "takes a dict", "urlencode(parameters)"),
    Mistake("urlencode of the form", "urlencode(app)", "takes a dict", "urlencode(parameters)"),
]


def _exchange(case: str, change: str, cause: str, remedy: str) -> Mistake:
    cell = f"lc.show(requests.post(platform.token_url, timeout=9, data=good({change})))"
    return Mistake(case, cell, cause, remedy)


EXCHANGE = [
    _exchange("the code twice", "code=authorization.code", "was exchanged before", "new code"),
    Mistake(
        "the code is too old",
        "fields = good()\ncontrol.advance(600)\n"
        "lc.show(requests.post(platform.token_url, timeout=9, data=fields))",
        "The code has expired",
        "Follow the link of step 2",
    ),
    _exchange("a code of somewhere", "code='dal:' + 'y' * 27", "knows no such code", "link of step 2"),
    _exchange("half a code", "code=fresh()[:-4]", "was cut off", "authorization.code"),
    _exchange("the code encoded", "code=fresh().replace(':', '%3A')", "%3A", "colon"),
    _exchange("the form as the code", "code=authorization", "several words", "authorization.code"),
    _exchange("the address as the code", "code='http://127.0.0.1:8377/callback?code=' + fresh()", "", "code"),
    _exchange("another app's secret", "client_secret=other.client_secret", "another one's", "app.client_secret"),
    _exchange("another app's id", "client_id=other.client_id", "", "app.client_id"),
    _exchange("id and secret swapped", "client_id=app.client_secret, client_secret=app.client_id", "in each other's place", "app.client_id"),
    _exchange("a mistyped secret", "client_secret=app.client_secret[::-1]", "not the app's", "app.client_secret"),
    _exchange("the form as the secret", "client_secret=app", "client_secret is not the Client Secret alone", "app.client_secret"),
    _exchange("the placeholder", "client_secret='YOUR_CLIENT_SECRET'", "placeholder", "app.client_secret"),
    _exchange("dots as the secret", "client_secret='••••••••'", "dots", "app.client_secret"),
    _exchange("a slash too many", "redirect_uri=app.redirect_uri + '/'", "ends in a slash", "to the letter"),
    _exchange("localhost", "redirect_uri=app.redirect_uri.replace('127.0.0.1', 'localhost')", "localhost", "to the letter"),
    _exchange("https", "redirect_uri=app.redirect_uri.replace('http:', 'https:')", "https", "to the letter"),
    _exchange("another port", "redirect_uri=app.redirect_uri.replace('8', '9')", "port", "to the letter"),
    _exchange("no path", "redirect_uri=app.redirect_uri.rsplit('/', 1)[0]", "one ends where the other goes on", "to the letter"),
    _exchange("no redirect_uri", "redirect_uri=None", "redirect_uri", "Add it"),
    _exchange("the verifier is lost", "code_verifier=None", "code_verifier is missing", "verifier"),
    _exchange("a new verifier", "code_verifier=lc.Pkce.new().verifier", "code_verifier", "link of step 2"),
    _exchange("the challenge as the verifier", "code_verifier=pkce.challenge", "code_challenge of the link", "pkce.verifier"),
    _exchange("a British grant", "grant_type='authorisation_code'", "none such", "authorization_code"),
    _exchange("the other grant", "grant_type='refresh_token'", "is a code", "authorization_code"),
    Mistake("the fields as params", "lc.show(requests.post(platform.token_url, timeout=9, params=good()))", "in the address", "data={...}"),
    Mistake("the fields as a text", "lc.show(requests.post(platform.token_url, timeout=9, data=str(good())))", "", "json={...}"),
    Mistake("the fields as a set", "lc.show(requests.post(platform.token_url, timeout=9, data={'grant_type', 'code'}))", "a set", "colon"),
    Mistake("a GET", "lc.show(requests.get(platform.token_url, timeout=9, params=good()))", "was a GET", "requests.post"),
    Mistake("to the page", "lc.show(requests.post(platform.authorization_url, timeout=9, data=good()))", "page for people", "platform.token_url"),
    Mistake("the names in camel case", "lc.show(requests.post(platform.token_url, timeout=9, data={'grantType': 'x'}))", "grantType", "Correct the name"),
]

CHATS = [
    Mistake("Basic", _LIST.format('json={}, headers={"Authorization": f"Basic {token.access_token}"}'), "says Basic", "Change Basic to Bearer"),
    Mistake("no header", _LIST.format("json={}"), "no Authorization header", "Bearer"),
    Mistake("the header mistyped", _LIST.format('json={}, headers={"Authorisation": "Bearer x"}'), "Authorisation", "Authorization"),
    Mistake("no Bearer", _LIST.format('json={}, headers={"Authorization": token.access_token}'), "does not begin with Bearer", "Bearer"),
    Mistake("the token itself", _LIST.format('json={}, headers={"Authorization": f"Bearer {token}"}'), "dots in it", "token.access_token"),
    Mistake("headers as a set", _LIST.format('json={}, headers={"Authorization", "x"}'), "a set", "headers={"),
    Mistake("headers as a text", _LIST.format('json={}, headers="Authorization: x"'), "a text", "headers={"),
    Mistake("a personal access token with Bearer", _LIST.format('json={}, headers={"Authorization": f"Bearer {pat}"}'), "personal access token", "auth="),
    Mistake("a token of another service", _LIST.format('json={}, headers={"Authorization": "Bearer ghp_not_a_real_token"}'), "knows no such token", "step 2"),
    Mistake("the token of another sandbox", _LIST.format('json={}, headers={"Authorization": f"Bearer {foreign}"}'), "another platform", "steps 1 to 3"),
    Mistake("the refresh token", _LIST.format('json={}, headers={"Authorization": f"Bearer {token.refresh_token}"}'), "refresh token", "token.access_token"),
    Mistake("the code as the token", _LIST.format('json={}, headers={"Authorization": f"Bearer {authorization.code}"}'), "authorization code", "token.access_token"),
    Mistake("a limit of 500", _LIST.format("json={'limit': 500}, " + _BEARER), "limit is 500", "from 1 to 100"),
    Mistake("a limit in quotes", _LIST.format("json={'limit': '10'}, " + _BEARER), 'limit is "10"', "without quotation marks"),
    Mistake("page_id with filters", _LIST.format("json={'page_id': page_id, 'filters': {}}, " + _BEARER), "page_id came together", "page_id alone"),
    Mistake("a made-up page_id", _LIST.format("json={'page_id': 'x'}, " + _BEARER), "page_id", "next_page_id"),
    Mistake("the body as a form", _LIST.format("data={'limit': 10}, " + _BEARER), "as a form", "json={...}"),
    Mistake("the body as params", _LIST.format("params={'limit': 10}, " + _BEARER), "no body", "{}"),
    Mistake("no body", _LIST.format(_BEARER), "no body", "at least {}"),
    Mistake("active in quotes", _LIST.format("json={'filters': {'active': 'true'}}, " + _BEARER), "filters.active", "quotation"),
    Mistake("JSON's true", "{'active': true}", "Python True", "True"),
    Mistake("a set in JSON", _LIST.format("json={'filters': {'group_ids': {1}}}, " + _BEARER), "a set", "list"),
    Mistake("a time in JSON", _LIST.format("json={'from': platform.now}, " + _BEARER), "json", ""),
    Mistake("a GET of chats", "lc.show(requests.get(platform.list_chats_url, timeout=9, " + _BEARER + "))", "was a GET", "requests.post"),
    Mistake("a version of the future", "lc.show(requests.post(platform.with_version('4.0').list_chats_url, timeout=9, json={}, " + _BEARER + "))", "4.0", "3.6"),
    Mistake("a mistyped method", "lc.show(requests.post(platform.action_url('list_chat'), timeout=9, json={}, " + _BEARER + "))", "no method list_chat", "list_chats"),
    Mistake("the address of tokens", "lc.show(requests.post(platform.token_url, timeout=9, json={'limit': 1}, " + _BEARER + "))", "none of the fields", "list_chats"),
    Mistake("the timeout in quotes", "requests.post(platform.list_chats_url, timeout='9')", "timeout", "timeout=10"),
    Mistake("auth as a text", "requests.post(platform.list_chats_url, timeout=9, auth=token.access_token)", "auth", "headers="),
    Mistake("an address of nowhere", "requests.post('platform.list_chats_url', timeout=9)", "scheme", "platform.token_url"),
    Mistake("https", "requests.post(platform.list_chats_url.replace('http:', 'https:'), timeout=9)", "https", "platform.token_url"),
    Mistake("a token that has expired", "control.expire_tokens()\n" + _LIST.format("json={}, " + _BEARER), "has expired", "Refresh it"),
    Mistake("a refusal read as chats", "requests.post(platform.list_chats_url, timeout=9, json={}).json()['chats_summary']", "is a refusal", "Bearer"),
    Mistake("a refusal made tables", "lc.tables(requests.post(platform.list_chats_url, timeout=9, json={}))", "no Authorization header", "Bearer"),
]

TABLES = [
    Mistake("a column in capitals", "tables.chats['Chat_ID']", "no column Chat_ID", "Is chat_id meant?"),
    Mistake("a column without its line", "tables.chats['chatid']", "no column chatid", "chat_id"),
    Mistake("one of two columns", "tables.chats[['chat_id', 'customer']]", "no column customer", "customer_"),
    Mistake("a table in brackets", "tables['chats']", "square brackets", "tables.chats"),
    Mistake("a column behind a dot", "tables.chats.Chat_id", "no column Chat_id", "Is chat_id meant?"),
    Mistake("query", "tables.users.query(\"Type == 'agent'\")", "no column Type", "Is type meant?"),
    Mistake("groupby", "tables.users.groupby('Country')", "no column Country", "Is country meant?"),
    Mistake("sort_values", "tables.users.sort_values('Name')", "no column Name", "Is name meant?"),
    Mistake("set_index", "tables.users.set_index('userid')", "no column userid", "Is user_id meant?"),
    Mistake("drop_duplicates", "tables.users.drop_duplicates('userid')", "no column userid", "user_id"),
    Mistake("dropna", "tables.users.dropna(subset='Email')", "no column Email", "Is email meant?"),
    Mistake("loc", "tables.users.loc[:, 'Email']", "no column Email", "Is email meant?"),
    Mistake("a table is called", "tables.chats()", "is no function", "tables.chats"),
]

AROUND = [
    Mistake("curl", "curl -X POST https://api.livechatinc.com/", "a terminal: curl", "request lab"),
    Mistake("lc-tutorial", "lc-tutorial stop", "a terminal: lc-tutorial", "Terminal"),
    Mistake("pip", "pip3 install requests --upgrade x", "a terminal: pip", "Terminal"),
    Mistake("typographic quotes", "json={“limit”: 10}", "typographic", "plain ones"),
    Mistake("a bracket left open", "dict(a=1", "closed nowhere", "closing bracket where it belongs"),
    Mistake("a quotation mark left open", "x = 'a", "no quotation mark ends it", "same mark"),
    Mistake("no comma", "{'a': 1 'b': 2}", "side by side", "comma"),
]

MISTAKES = [
    *ORDER,
    *OVERWRITTEN,
    *MISTYPED,
    *CALLED,
    *LINK,
    *EXCHANGE,
    *CHATS,
    *TABLES,
    *AROUND,
]


#: What is the learner's own keeps its traceback.
OWN = [
    ("my_own_name", "NameError"),
    ("{'a': 1}['b']", "KeyError"),
    ("'a'.b", "AttributeError"),
    ("len(3)", "TypeError"),
    ("'a' + 1", "TypeError"),
    ("int('x')", "ValueError"),
]
