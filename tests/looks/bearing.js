// What a page does not bear: found in the page itself, by what is seen and not by how it is built.
(() => {
  const ENOUGH = 5, NEAR = 1.5, TARGET = 43.9;
  const name = (one) => {
    const words = (one.innerText || one.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${one.tagName.toLowerCase()}${one.className && typeof one.className === "string" ? `.${one.className.trim().split(/\s+/).join(".")}` : ""} “${words}”`;
  };
  // What is kept for screen readers alone is clipped away, not hidden.
  const forEars = (one) => one && (getComputedStyle(one).clipPath === "inset(50%)" || forEars(one.parentElement));
  const seen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !forEars(one);
  const few = (kind, found) => {
    const each = [...new Set(found)];
    return [...each.slice(0, ENOUGH), ...(each.length > ENOUGH ? [`and ${each.length - ENOUGH} more`] : [])].map((what) => `${kind}: ${what}`);
  };
  const holds = (one, side) => ["hidden", "clip", "auto", "scroll"].includes(getComputedStyle(one)[side]);
  const held = (one, side) => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) if (holds(up, side)) return up;
    return null;
  };

  // What gives way to a title beside it ends in "…": its own title has the whole, and then nothing is lost.
  const saysAll = (one) => one.title === one.textContent.trim().replace(/\s+/g, " ");

  function texts() {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || ["SCRIPT", "STYLE", "TEMPLATE", "OPTION", "TEXTAREA", "NOSCRIPT"].includes(parent.tagName) || !seen(parent)) continue;
      range.selectNodeContents(node);
      const brief = parent.closest("[data-brief]"), short = brief && saysAll(brief) ? brief : null;
      const end = short?.getBoundingClientRect().bottom ?? Infinity;
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1 && box.top < end - NEAR) found.push({ parent, box, short });
    }
    return found;
  }

  function overflowing() {
    const width = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - width;
    if (over <= 0) return [];
    const beyond = (box) => box.width && (box.right > width + NEAR || box.left < -NEAR);
    const free = (one) => seen(one) && !holds(one, "overflowX") && !held(one, "overflowX");
    // Words may stick out of an element that does not itself.
    const words = texts().filter(({ parent, box }) => beyond(box) && free(parent)).map(({ parent }) => parent);
    const boxes = [...document.body.querySelectorAll("*")].filter((one) => beyond(one.getBoundingClientRect()) && free(one));
    const out = [...new Set([...words, ...boxes])];
    const inmost = out.filter((one) => !out.some((other) => other !== one && one.contains(other)));
    return few("runs over", inmost.length ? inmost.map(name) : [`what has no words, by ${over} px`]);
  }

  function clipped() {
    const found = [];
    for (const { parent, box, short } of texts()) {
      for (const [side, before, after] of [["overflowX", "left", "right"], ["overflowY", "top", "bottom"]]) {
        const frame = [parent, held(parent, side)].find((one) => one && ["hidden", "clip"].includes(getComputedStyle(one)[side]));
        if (!frame || frame === short) continue;
        const edge = frame.getBoundingClientRect(), lost = Math.max(edge[before] - box[before], box[after] - edge[after]);
        // A line of text is taller than its letters: only what reaches into them counts.
        if (lost > (side === "overflowX" ? NEAR : box.height / 4)) found.push(`${name(parent)} in ${name(frame).split(" “")[0]}`);
      }
    }
    return few("is cut", found);
  }

  function overlapping() {
    const found = [], rows = new Map(), all = texts();
    all.forEach((one) => {
      const quarter = one.box.height / 4;
      Object.assign(one, { top: one.box.top + quarter, bottom: one.box.bottom - quarter });
      for (let row = Math.floor(one.top / 40); row <= one.bottom / 40; row += 1) rows.set(row, [...(rows.get(row) ?? []), one]);
    });
    for (const row of rows.values())
      for (let first = 0; first < row.length; first += 1)
        for (let second = first + 1; second < row.length; second += 1) {
          const [a, b] = [row[first], row[second]];
          const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (a.short && a.short === b.short) continue;
          if (across > 2 && down > 2 && reached(a) && reached(b) && !stays(a, b) && !stays(b, a)) found.push(`${name(a.parent)} and ${name(b.parent)}`);
        }
    return few("overlaps", found);
  }

  // Whether it is drawn where it is said to be, and not cut off or under a window that stands open.
  function reached({ parent, box }) {
    const edge = held(parent, "overflowX")?.getBoundingClientRect();
    return !edge || (box.left >= edge.left - 1 && box.right <= edge.right + 1 && box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1);
  }

  // Whether one stays on a ground of its own while the other scrolls away under it.
  function stays({ parent }, other) {
    let one = parent;
    while (one && getComputedStyle(one).position !== "sticky") one = one.parentElement;
    return one && getComputedStyle(one).backgroundColor !== "rgba(0, 0, 0, 0)" && held(one, "overflowY")?.contains(other.parent);
  }

  function small() {
    const targets = [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
      .map((target) => target.closest("label") ?? target).filter((target) => target.getClientRects().length && seen(target));
    return few("is a small target", targets.filter((target) => !inSentence(target) && !large(target)).map((target) => {
      const box = target.getBoundingClientRect();
      return `${name(target)}, ${box.width < TARGET ? "narrow" : "low"}`;
    }));
  }

  // A link may give its whole card to the finger: what is laid over it counts.
  function large(target) {
    const over = getComputedStyle(target, "::after");
    const spread = over.position === "absolute" && over.content !== "none" ? [parseFloat(over.width), parseFloat(over.height)] : [0, 0];
    const box = target.getBoundingClientRect();
    return Math.max(box.width, spread[0]) >= TARGET && Math.max(box.height, spread[1]) >= TARGET;
  }

  function inSentence(target) {
    if (target.tagName !== "A" || getComputedStyle(target).display !== "inline") return false;
    const block = target.closest("p, li, dd, td, figcaption, blockquote");
    return Boolean(block) && block.innerText.trim().length > target.innerText.trim().length + 1;
  }

  return { overflowing, clipped, overlapping, small };
})()
