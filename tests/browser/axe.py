"""axe-core, which looks for what keeps people from using a page: by keyboard, by reader, by eye.

Source: npm, axe-core. Its rules are those of WCAG 2.2 (A and AA), and best practices of its own.
"""

from playwright.sync_api import Page

from tests.needed import of_npm

_RUN = """async ([within, only]) => {
    const found = await axe.run(
        within ? {include: [[within]]} : document,
        only ? {runOnly: only} : {},
    );
    return found.violations.map((rule) =>
        `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 200)).join("\\n    ")}`);
}"""


def violations(page: Page, within: str | None = None, *only: str) -> list[str]:
    """What a page does wrong, by rule, with the elements that do it.

    Args:
        page: to look at. Its policy need not allow scripts of others.
        within: a selector; the whole page, if not given.
        only: the rules to ask, by name; all of them, if none is given.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(of_npm("axe", "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, [within, list(only) or None])
    return found
