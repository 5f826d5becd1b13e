"""Buttons of which one is chosen."""

from lc_tutorial.forms.choices import Choices


def test_one_is_chosen_and_the_buttons_stay() -> None:
    choices = Choices([("Sandbox", "sandbox"), ("Live platform", "live")])
    seen: list[str] = []
    choices.observe(lambda change: seen.append(change["new"]), names="value")
    buttons = choices.children

    def active() -> list[str]:
        return [each.description for each in buttons if "mod-active" in each._dom_classes]

    assert (choices.value, active()) == ("sandbox", ["Sandbox"])
    buttons[1].click()
    buttons[1].click()
    assert (choices.value, active()) == ("live", ["Live platform"])
    choices.value = "sandbox"
    assert active() == ["Sandbox"]
    assert seen == ["live", "sandbox"]
    assert choices.children == buttons
