"""The methods of the product APIs that the documentation has, and the scopes that each takes.

Source: livechat-public-docs, messaging/agent-chat-api, messaging/customer-chat-api and
management/configuration-api of version 3.6, and 3.4 to 3.7 for what differs.
"""

_READ = ("chats--all:ro", "chats--access:ro")
_WRITE = ("chats--all:rw", "chats--access:rw")

#: For each method of the Agent Chat API the scopes of which it takes one; empty where it takes
#: none.
AGENT_SCOPES: dict[str, tuple[str, ...]] = {
    "list_chats": _READ,
    "list_threads": _READ,
    "get_chat": _READ,
    "list_archives": _READ,
    "follow_chat": _READ,
    "mark_events_as_seen": _READ,
    "start_chat": _WRITE,
    "resume_chat": _WRITE,
    "deactivate_chat": _WRITE,
    "transfer_chat": _WRITE,
    "add_user_to_chat": _WRITE,
    "remove_user_from_chat": _WRITE,
    "send_event": _WRITE,
    "send_event_preview": _WRITE,
    "send_rich_message_postback": _WRITE,
    "send_thinking_indicator": _WRITE,
    "send_typing_indicator": _WRITE,
    "request_thread_summary": _WRITE,
    "update_chat_properties": _WRITE,
    "delete_chat_properties": _WRITE,
    "update_thread_properties": _WRITE,
    "delete_thread_properties": _WRITE,
    "update_event_properties": _WRITE,
    "delete_event_properties": _WRITE,
    "tag_thread": _WRITE,
    "untag_thread": _WRITE,
    "get_customer": ("customers:ro",),
    "list_customers": ("customers:ro",),
    "create_customer": ("customers:rw",),
    "update_customer": ("customers:rw",),
    "ban_customer": ("customers.ban:rw",),
    "set_routing_status": (
        "agents--my:rw",
        "agents--all:rw",
        "agents-bot--my:rw",
        "agents-bot--all:rw",
    ),
    "list_routing_statuses": ("agents--all:ro", "agents-bot--all:ro"),
    "multicast": ("multicast:rw",),
    "list_agents_for_transfer": (),
    "unfollow_chat": (),
    "upload_file": (),
    "get_license_info": (),
}

#: The same of the Configuration API. Of methods with several rules it names none.
CONFIGURATION_SCOPES: dict[str, tuple[str, ...]] = {
    "list_agents": ("agents--all:ro",),
    "get_agent": ("agents--my:ro", "agents--all:ro"),
    "list_groups": ("groups--all:ro",),
    "get_group": ("groups--my:ro", "groups--all:ro"),
    "create_group": ("groups--all:rw",),
    "update_group": ("groups--my:rw", "groups--all:rw"),
    "delete_group": ("groups--my:rw", "groups--all:rw"),
    "list_bots": ("agents-bot--my:ro", "agents-bot--all:ro"),
    "get_bot": ("agents-bot--my:ro", "agents-bot--all:ro"),
    "create_bot": ("agents-bot--my:rw",),
    "update_bot": ("agents-bot--my:rw", "agents-bot--all:rw"),
    "delete_bot": ("agents-bot--my:rw", "agents-bot--all:rw"),
    "list_tags": ("tags--all:ro", "tags--groups:ro"),
    "create_tag": ("tags--all:rw", "tags--groups:rw"),
    "update_tag": ("tags--all:rw", "tags--groups:rw"),
    "delete_tag": ("tags--all:rw", "tags--groups:rw"),
    "list_auto_accesses": ("access_rules:ro",),
    "list_webhooks": ("webhooks.configuration:rw",),
    "register_webhook": ("webhooks.configuration:rw",),
    "unregister_webhook": ("webhooks.configuration:rw",),
    "get_license_webhooks_state": ("webhooks.state:ro",),
    "enable_license_webhooks": ("webhooks.state:rw",),
    "disable_license_webhooks": ("webhooks.state:rw",),
    "list_properties": ("properties.configuration:rw",),
    "register_property": ("properties.configuration:rw",),
    "unregister_property": ("properties.configuration:rw",),
    "publish_property": ("properties.configuration:rw",),
    "update_canned_response": ("canned_responses--groups:rw", "canned_responses--all:rw"),
    "list_canned_responses": ("canned_responses--groups:ro", "canned_responses--all:ro"),
    "delete_canned_response": ("canned_responses--groups:rw", "canned_responses--all:rw"),
}
_CONFIGURATION_OTHERS = (
    "create_agent",
    "update_agent",
    "delete_agent",
    "suspend_agent",
    "unsuspend_agent",
    "request_agent_unsuspension",
    "approve_agent",
    "add_auto_access",
    "delete_auto_access",
    "update_auto_access",
    "create_bot_template",
    "delete_bot_template",
    "update_bot_template",
    "list_bot_templates",
    "issue_bot_token",
    "reset_bot_template_secret",
    "reset_bot_secret",
    "list_customer_bans",
    "unban_customer",
    "create_greeting",
    "update_greeting",
    "delete_greeting",
    "list_greetings",
    "get_greeting",
    "update_license_properties",
    "list_license_properties",
    "delete_license_properties",
    "update_group_properties",
    "list_groups_properties",
    "delete_group_properties",
    "list_webhook_names",
    "list_channels",
    "check_product_limits_for_plan",
    "get_product_source",
    "reactivate_email",
    "update_company_details",
    "create_canned_response",
    "update_translations",
    "list_translations",
    "add_allowed_domain",
    "list_allowed_domains",
    "delete_allowed_domain",
    "ban_customer",
    "batch_create_agents",
    "batch_delete_agents",
    "list_group_properties",
    "get_license_id",
    "get_organization_id",
)
_CUSTOMER = (
    "list_chats",
    "list_threads",
    "get_chat",
    "start_chat",
    "resume_chat",
    "deactivate_chat",
    "get_dynamic_configuration",
    "get_configuration",
    "send_event",
    "delete_event",
    "upload_file",
    "send_rich_message_postback",
    "send_sneak_peek",
    "get_localization",
    "update_chat_properties",
    "delete_chat_properties",
    "update_thread_properties",
    "delete_thread_properties",
    "update_event_properties",
    "delete_event_properties",
    "list_license_properties",
    "list_group_properties",
    "update_customer",
    "set_customer_session_fields",
    "get_customer",
    "list_group_statuses",
    "check_goals",
    "get_form",
    "get_predicted_agent",
    "get_url_info",
    "mark_events_as_seen",
    "accept_greeting",
    "cancel_greeting",
    "request_welcome_message",
    "send_greeting_button_clicked",
    "request_email_verification",
)

#: The names of all methods, by the part of the address that says which API it is.
METHODS: dict[str, tuple[str, ...]] = {
    "agent": tuple(AGENT_SCOPES),
    "configuration": (*CONFIGURATION_SCOPES, *_CONFIGURATION_OTHERS),
    "customer": _CUSTOMER,
}

#: What the APIs are called.
API_NAMES = {
    "agent": "Agent Chat API",
    "configuration": "Configuration API",
    "customer": "Customer Chat API",
}

#: Those that are called with GET.
BY_GET: dict[str, tuple[str, ...]] = {
    "agent": (),
    "configuration": ("get_license_id", "get_organization_id"),
    "customer": (
        "list_license_properties",
        "list_group_properties",
        "get_dynamic_configuration",
        "get_configuration",
        "get_localization",
    ),
}

#: Of versions 3.4 to 3.7, the first and the last that have a method, where not all of them do.
_SPANS: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {
    "agent": {
        ("3.4", "3.5"): ("list_customers", "create_customer"),
        ("3.5", "3.5"): ("get_license_info",),
        ("3.6", "3.7"): ("send_event_preview", "send_thinking_indicator", "request_thread_summary"),
    },
    "configuration": {
        ("3.4", "3.4"): ("list_group_properties", "get_license_id", "get_organization_id"),
        ("3.5", "3.7"): (
            "create_bot_template",
            "delete_bot_template",
            "update_bot_template",
            "list_bot_templates",
            "issue_bot_token",
            "reset_bot_template_secret",
            "reset_bot_secret",
            "list_groups_properties",
            "create_tag",
            "delete_tag",
            "list_tags",
            "update_tag",
            "batch_delete_agents",
            "batch_create_agents",
            "list_channels",
            "check_product_limits_for_plan",
            "get_product_source",
        ),
        ("3.6", "3.7"): (
            "list_customer_bans",
            "unban_customer",
            "create_greeting",
            "update_greeting",
            "delete_greeting",
            "list_greetings",
            "get_greeting",
            "reactivate_email",
            "update_company_details",
        ),
        ("3.7", "3.7"): (
            "ban_customer",
            "create_canned_response",
            "update_canned_response",
            "list_canned_responses",
            "delete_canned_response",
            "update_translations",
            "list_translations",
            "add_allowed_domain",
            "list_allowed_domains",
            "delete_allowed_domain",
        ),
    },
    "customer": {
        ("3.4", "3.6"): ("get_predicted_agent",),
        ("3.6", "3.7"): ("delete_event", "request_welcome_message", "send_greeting_button_clicked"),
    },
}

#: The same by API and method.
VERSIONS: dict[str, dict[str, tuple[str, str]]] = {
    api: {name: span for span, names in spans.items() for name in names}
    for api, spans in _SPANS.items()
}

#: The version to use. Source: livechat-public-docs, messaging (API versioning).
STABLE = "3.6"


def scopes_of(service: str, action: str) -> tuple[str, ...] | None:
    """The scopes of which a method takes one; empty where it takes none, None where unknown."""
    of = {"agent": AGENT_SCOPES, "configuration": CONFIGURATION_SCOPES}.get(service, {})
    return of.get(action)
