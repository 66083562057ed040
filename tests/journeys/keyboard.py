"""A page by keyboard alone: every control is reached and seen to be reached, and Escape closes what is open."""

from __future__ import annotations

from playwright.sync_api import Page

# More steps than this are not taken on one page: its later controls are of the same kinds.
MOST_STEPS = 120
MOST_PLACES = 8

# Each control that the Tab key should reach, with how it looks before. One of a group of radio buttons stands for all.
WATCH = """(most) => {
  const seen = (element) => element.getClientRects().length && element.checkVisibility({ visibilityProperty: true });
  const groups = new Set();
  const stands = (control) => {
    if (control.type !== "radio") return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(control.name)}"]`)];
    const one = group.find((radio) => radio.checked) ?? group[0];
    return one === control;
  };
  const around = (control) => [control, control.closest("label"), ...(control.labels ?? []), control.parentElement]
    .filter(Boolean);
  const look = (control) => around(control).map((element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle === "none" ? "" : style.outlineStyle + style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecorationLine].join();
  }).join("|");
  const asked = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const controls = [...document.querySelectorAll(asked)].filter((control) =>
    !control.disabled && control.tabIndex >= 0 && stands(control) && (seen(control) || control.matches(".skip")));
  const wanted = controls.slice(0, most);
  // From here, and not from where a form put the focus.
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute("tabindex");
  const before = new Map(wanted.map((control) => [control, look(control)]));
  const walk = { wanted, reached: new Set(), unseen: new Set(), covered: new Set() };
  const covers = (control) => {
    const box = control.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return !inside || (top && !around(control).some((element) => element.contains(top) || top.contains(element)));
  };
  walk.on = (event) => {
    const control = event.target;
    if (!before.has(control)) return;
    walk.reached.add(control);
    if (look(control) === before.get(control)) walk.unseen.add(control);
  };
  // Before the next step, since a page scrolls after it has told of the focus.
  walk.off = () => {
    const control = document.activeElement;
    if (before.has(control) && covers(control)) walk.covered.add(control);
  };
  document.addEventListener("focusin", walk.on);
  document.addEventListener("keydown", walk.off, true);
  window.walkByKeyboard = walk;
  return wanted.length;
}"""
FOUND = """() => {
  const walk = window.walkByKeyboard;
  walk.off();
  document.removeEventListener("focusin", walk.on);
  document.removeEventListener("keydown", walk.off, true);
  delete window.walkByKeyboard;
  const say = (what) => (control) => `${what}: ${control.outerHTML.slice(0, 100)}`;
  return [
    ...walk.wanted.filter((control) => !walk.reached.has(control)).map(say("never reached")),
    ...[...walk.unseen].map(say("not seen to be reached")),
    ...[...walk.covered].map(say("reached behind something else")),
  ];
}"""
ALL_REACHED = "walkByKeyboard.reached.size === walkByKeyboard.wanted.length"
OPEN_MENUS = "document.querySelectorAll('details.menu[open]').length"
OPEN_DIALOGUES = "document.querySelectorAll(':popover-open, dialog[open]').length"


def cannot_be_walked(page: Page) -> list[str]:
    """Controls that Tab does not reach, or reaches without a visible sign; the first MOST_STEPS of the page."""
    controls: int = page.evaluate(WATCH, MOST_STEPS)
    # A place that scrolls is a step too.
    for step in range(controls + MOST_PLACES):
        if step >= controls and page.evaluate(ALL_REACHED):
            break
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate(FOUND)
    return found


def skip_link_fails(page: Page) -> list[str]:
    """Whether the first step from the top leads past the navigation; only for a page that has one."""
    if not page.locator(".skip").count():
        return [] if not page.locator("nav").count() else ["there is a navigation and no way past it"]
    page.evaluate("document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    at = page.evaluate("document.activeElement?.id")
    return [] if at == "main" else [f"the skip link leads to {at!r}"]


def escape_fails(page: Page) -> list[str]:
    """Menus and dialogues that do not open by Enter or do not close by Escape."""
    faults = []
    for menu in page.locator("details.menu > summary").all():
        menu.press("Enter")
        opened = page.evaluate(OPEN_MENUS)
        page.keyboard.press("Escape")
        if not opened or page.evaluate(OPEN_MENUS):
            faults.append(f"menu {menu.inner_text()!r}: opened {opened}, left open {page.evaluate(OPEN_MENUS)}")
    for button in page.locator("button[popovertarget]:not([popovertargetaction=hide])").all():
        button.press("Enter")
        opened = page.evaluate(OPEN_DIALOGUES)
        page.keyboard.press("Escape")
        if not opened or page.evaluate(OPEN_DIALOGUES):
            faults.append(f"dialogue of {button.inner_text()!r}: opened {opened}, left open by Escape")
    return faults
