"""The methods of the product APIs that the documentation has, imitated or not.

One table for each API. Each row has a method's name, the versions that have it, and the scopes of
which a token needs one; where the rules are more than that, the method's page tells them.

Source: livechat-public-docs, the method pages of messaging/agent-chat-api,
management/configuration-api and messaging/customer-chat-api of versions 3.4 to 3.7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lc_tutorial.sandbox.world import Version, versions

Api = Literal["agent", "configuration", "customer"]
"""As they are called in an address."""

API_NAMES: dict[Api, str] = {
    "agent": "Agent Chat API",
    "configuration": "Configuration API",
    "customer": "Customer Chat API",
}


@dataclass(frozen=True)
class Documented:
    """A method as the documentation has it.

    Attributes:
        api: Which API it belongs to.
        name: The name of its action.
        group: The heading that it stands under.
        since: The first version of ours that has it.
        until: The last one.
        scopes: Those of which a token needs one; none where none is needed.
        by_get: Whether it is called by GET, not by POST.
    """

    api: Api
    name: str
    group: str
    since: Version
    until: Version
    scopes: tuple[str, ...]
    by_get: bool = False

    def is_in(self, version: Version) -> bool:
        """Whether that version has it."""
        return self.since <= version <= self.until

    @property
    def span(self) -> str:
        """The versions that have it, in words."""
        first, last = self.since.number, self.until.number
        if self.since == self.until:
            return f"version {first}"
        return f"versions {first} to {last}"


_AGENT = """
Chats:
  list_chats                     3.4-3.7  chats--all:ro chats--access:ro
  list_threads                   3.4-3.7  chats--all:ro chats--access:ro
  get_chat                       3.4-3.7  chats--all:ro chats--access:ro
  list_archives                  3.4-3.7  chats--all:ro chats--access:ro
  start_chat                     3.4-3.7  chats--all:rw chats--access:rw
  resume_chat                    3.4-3.7  chats--all:rw chats--access:rw
  deactivate_chat                3.4-3.7  chats--all:rw chats--access:rw
  follow_chat                    3.4-3.7  chats--all:ro chats--access:ro
  unfollow_chat                  3.4-3.7
Chat access:
  transfer_chat                  3.4-3.7  chats--all:rw chats--access:rw
Chat users:
  add_user_to_chat               3.4-3.7  chats--all:rw chats--access:rw
  remove_user_from_chat          3.4-3.7  chats--all:rw chats--access:rw
Events:
  send_event_preview             3.6-3.7  chats--all:rw chats--access:rw
  send_event                     3.4-3.7  chats--all:rw chats--access:rw
  upload_file                    3.4-3.7
  send_rich_message_postback     3.4-3.7  chats--all:rw chats--access:rw
Properties:
  update_chat_properties         3.4-3.7  chats--all:rw chats--access:rw
  delete_chat_properties         3.4-3.7  chats--all:rw chats--access:rw
  update_thread_properties       3.4-3.7  chats--all:rw chats--access:rw
  delete_thread_properties       3.4-3.7  chats--all:rw chats--access:rw
  update_event_properties        3.4-3.7  chats--all:rw chats--access:rw
  delete_event_properties        3.4-3.7  chats--all:rw chats--access:rw
Thread tags:
  tag_thread                     3.4-3.7  chats--all:rw chats--access:rw
  untag_thread                   3.4-3.7  chats--all:rw chats--access:rw
Customers:
  get_customer                   3.4-3.7  customers:ro
  update_customer                3.4-3.7  customers:rw
  ban_customer                   3.4-3.7  customers.ban:rw
  list_customers                 3.4-3.5  customers:ro
  create_customer                3.4-3.5  customers:rw
Status:
  set_routing_status             3.4-3.7  agents--my:rw agents--all:rw agents-bot--my:rw agents-bot--all:rw
  list_routing_statuses          3.4-3.7  agents--all:ro agents-bot--all:ro
Other:
  mark_events_as_seen            3.4-3.7  chats--all:ro chats--access:ro
  send_thinking_indicator        3.6-3.7  chats--all:rw chats--access:rw
  send_typing_indicator          3.4-3.7  chats--all:rw chats--access:rw
  multicast                      3.4-3.7  multicast:rw
  list_agents_for_transfer       3.4-3.7
  request_thread_summary         3.6-3.7  chats--all:rw chats--access:rw
Configuration:
  get_license_info               3.5
"""  # noqa: E501

_CONFIGURATION = """
Agents:
  create_agent                   3.4-3.7  accounts--all:rc accounts--all:rw subscription.lc:rw accounts.roles.lc--all:rw
  get_agent                      3.4-3.7  agents--my:ro agents--all:ro
  list_agents                    3.4-3.7  agents--all:ro
  update_agent                   3.4-3.7  agents--my:rw agents--all:rw accounts.roles.lc--all:rw
  delete_agent                   3.4-3.7  agents--my:rw accounts--my:rw agents--all:rw accounts--all:rw
  suspend_agent                  3.4-3.7  agents--all:rw sessions--all:rw
  unsuspend_agent                3.4-3.7  agents--all:rw accounts--all:rw subscription.lc:rw
  request_agent_unsuspension     3.4-3.7
  approve_agent                  3.4-3.7  agents--all:rw accounts--all:rw subscription.lc:rw
Auto access:
  add_auto_access                3.4-3.7  access_rules:rw
  list_auto_accesses             3.4-3.7  access_rules:ro
  delete_auto_access             3.4-3.7  access_rules:rw
  update_auto_access             3.4-3.7  access_rules:rw
Bots:
  create_bot_template            3.5-3.7  bots.templates:rw
  create_bot                     3.4-3.7  agents-bot--my:rw
  delete_bot_template            3.5-3.7  bots.templates:rw
  delete_bot                     3.4-3.7  agents-bot--my:rw agents-bot--all:rw
  update_bot_template            3.5-3.7  bots.templates:rw
  update_bot                     3.4-3.7  agents-bot--my:rw agents-bot--all:rw
  list_bot_templates             3.5-3.7  bots.templates:rw
  list_bots                      3.4-3.7  agents-bot--my:ro agents-bot--all:ro
  get_bot                        3.4-3.7  agents-bot--my:ro agents-bot--all:ro
  issue_bot_token                3.5-3.7
  reset_bot_template_secret      3.5-3.7  bots.templates:rw
  reset_bot_secret               3.5-3.7  agents-bot--my:rw
Bans:
  list_customer_bans             3.6-3.7  banlist_read
  unban_customer                 3.6-3.7  banlist_write
  ban_customer                   3.7      banlist_write
Greetings:
  create_greeting                3.6-3.7  greetings:rw
  update_greeting                3.6-3.7  greetings:rw
  delete_greeting                3.6-3.7  greetings:rw
  list_greetings                 3.6-3.7  greetings:ro
  get_greeting                   3.6-3.7  greetings:ro
Groups:
  create_group                   3.4-3.7  groups--all:rw
  update_group                   3.4-3.7  groups--my:rw groups--all:rw
  delete_group                   3.4-3.7  groups--my:rw groups--all:rw
  list_groups                    3.4-3.7  groups--all:ro
  get_group                      3.4-3.7  groups--my:ro groups--all:ro
Properties:
  register_property              3.4-3.7  properties.configuration:rw
  unregister_property            3.4-3.7  properties.configuration:rw
  publish_property               3.4-3.7  properties.configuration:rw
  list_properties                3.4-3.7  properties.configuration:rw
  update_license_properties      3.4-3.7  properties.license.value--my:rw properties.license.value--all:rw
  list_license_properties        3.4-3.7  properties.license.value--my:ro properties.license.value--all:ro
  delete_license_properties      3.4-3.7  properties.license.value--my:rw properties.license.value--all:rw
  update_group_properties        3.4-3.7  properties.group.value--my:rw properties.group.value--all:rw
  list_groups_properties         3.5-3.7  properties.group.value--all:ro
  delete_group_properties        3.4-3.7  properties.group.value--my:rw properties.group.value--all:rw
  list_group_properties          3.4      properties.group.value--my:ro properties.group.value--all:ro
Tags:
  create_tag                     3.5-3.7  tags--all:rw tags--groups:rw
  delete_tag                     3.5-3.7  tags--all:rw tags--groups:rw
  list_tags                      3.5-3.7  tags--all:ro tags--groups:ro
  update_tag                     3.5-3.7  tags--all:rw tags--groups:rw
Webhooks:
  register_webhook               3.4-3.7  webhooks.configuration:rw
  list_webhooks                  3.4-3.7  webhooks.configuration:rw
  unregister_webhook             3.4-3.7  webhooks.configuration:rw
  list_webhook_names             3.4-3.7
  enable_license_webhooks        3.4-3.7  webhooks.state:rw
  disable_license_webhooks       3.4-3.7  webhooks.state:rw
  get_license_webhooks_state     3.4-3.7  webhooks.state:ro
Canned responses:
  create_canned_response         3.7      canned_responses_write
  update_canned_response         3.7      canned_responses--groups:rw canned_responses--all:rw
  list_canned_responses          3.7      canned_responses--groups:ro canned_responses--all:ro
  delete_canned_response         3.7      canned_responses--groups:rw canned_responses--all:rw
Translations:
  update_translations            3.7      languages_write
  list_translations              3.7      languages_read
Allowed domains:
  add_allowed_domain             3.7      domain_manage
  list_allowed_domains           3.7      domain_manage
  delete_allowed_domain          3.7      domain_manage
Batch requests:
  batch_delete_agents            3.5-3.7
  batch_create_agents            3.5-3.7
Other:
  list_channels                  3.5-3.7
  check_product_limits_for_plan  3.5-3.7  subscription.lc:rw
  get_product_source             3.5-3.7
  reactivate_email               3.6-3.7  agents--all:rw
  update_company_details         3.6-3.7  organization--my:rw
  get_license_id                 3.4
  get_organization_id            3.4
"""  # noqa: E501

_CUSTOMER = """
Chats:
  list_chats                     3.4-3.7
  list_threads                   3.4-3.7
  get_chat                       3.4-3.7
  start_chat                     3.4-3.7
  resume_chat                    3.4-3.7
  deactivate_chat                3.4-3.7
Configuration:
  get_dynamic_configuration      3.4-3.7
  get_configuration              3.4-3.7
Events:
  send_event                     3.4-3.7
  delete_event                   3.6-3.7
  upload_file                    3.4-3.7
  send_rich_message_postback     3.4-3.7
  send_sneak_peek                3.4-3.7
Localization:
  get_localization               3.4-3.7
Properties:
  update_chat_properties         3.4-3.7
  delete_chat_properties         3.4-3.7
  update_thread_properties       3.4-3.7
  delete_thread_properties       3.4-3.7
  update_event_properties        3.4-3.7
  delete_event_properties        3.4-3.7
  list_license_properties        3.4-3.7
  list_group_properties          3.4-3.7
Customers:
  update_customer                3.4-3.7
  set_customer_session_fields    3.4-3.7
  get_customer                   3.4-3.7
Status:
  list_group_statuses            3.4-3.7
Other:
  check_goals                    3.4-3.7
  get_form                       3.4-3.7
  get_predicted_agent            3.4-3.6
  get_url_info                   3.4-3.7
  mark_events_as_seen            3.4-3.7
  accept_greeting                3.4-3.7
  cancel_greeting                3.4-3.7
  request_welcome_message        3.6-3.7
  send_greeting_button_clicked   3.6-3.7
  request_email_verification     3.4-3.7
"""


#: Those that are called by GET.
_BY_GET = {
    "agent": frozenset(),
    "configuration": frozenset({"get_license_id", "get_organization_id"}),
    "customer": frozenset(
        {
            "list_license_properties",
            "list_group_properties",
            "get_dynamic_configuration",
            "get_configuration",
            "get_localization",
        }
    ),
}


def _read(api: Api, table: str) -> Iterator[Documented]:
    """Read a table of names, versions and scopes, under headings that end in a colon."""
    group = ""
    for line in table.splitlines():
        if line.endswith(":"):
            group = line.removesuffix(":")
        elif line:
            name, span, *scopes = line.split()
            since, _, until = span.partition("-")
            yield Documented(
                api,
                name,
                group,
                _version(since),
                _version(until or since),
                tuple(scopes),
                name in _BY_GET[api],
            )


def _version(number: str) -> Version:
    version = versions.parse(number)
    assert version is not None  # noqa: S101  (a slip in a table)
    return version


#: The methods of each API by their names, in the order of the documentation.
CATALOGUE: dict[Api, dict[str, Documented]] = {
    "agent": {method.name: method for method in _read("agent", _AGENT)},
    "configuration": {method.name: method for method in _read("configuration", _CONFIGURATION)},
    "customer": {method.name: method for method in _read("customer", _CUSTOMER)},
}
