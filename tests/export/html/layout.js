// Run within a page by layout.py: what is amiss in its layout, and where its boxes stand.
(() => {
  const OUTSIDE = ".unseen, option, script, svg *, .rivals thead, .tolls thead";
  const LAID_OUT = /grid|flex|block|list-item|table/;

  const told = (element) =>
    `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}: ${element.textContent.trim().slice(0, 60)}`;

  // What takes its place among its siblings, one after another.
  const inFlow = (element) => {
    const { position, display } = getComputedStyle(element);
    return !["absolute", "fixed", "sticky"].includes(position) && !display.startsWith("inline");
  };

  const onOneAnother = (one, other) => {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return across > 1 && down > 1;
  };

  function* amiss() {
    const width = document.documentElement.clientWidth;
    const whole = document.documentElement.scrollWidth;
    if (whole > width) yield `scrolls sideways: ${whole}`;
    const seen = [...document.querySelectorAll("main *, nav, nav *, aside, aside *")].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }) && !element.closest(OUTSIDE) && element.getClientRects().length);
    for (const element of seen) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const scrolls = element.parentElement.closest(".wide, .split .claims");
      const inline = style.display === "inline"; // Spaces may hang beyond the line that they end.
      if (!inline && !scrolls && (box.right > width + 1 || box.left < -1)) yield `off the page: ${told(element)}`;
      const hides = ["hidden", "clip"].includes(style.overflowX) && !element.matches("select");
      if (hides && element.scrollWidth > element.clientWidth + 1) yield `cut: ${told(element)}`;
      if (!LAID_OUT.test(style.display)) continue;
      const parts = [...element.children].filter((child) => seen.includes(child) && inFlow(child));
      for (let n = 1; n < parts.length; n += 1) {
        if (onOneAnother(parts[n - 1], parts[n])) yield `one on another: ${told(parts[n - 1])} / ${told(parts[n])}`;
      }
    }
    for (const text of document.querySelectorAll(".report:not([hidden]) .chart text")) {
      const [box, drawing] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
      const beside = box.left < drawing.left - 8 || box.right > drawing.right + 8;
      if (beside || box.top < drawing.top || box.bottom > drawing.bottom) yield `off the drawing: ${text.textContent}`;
    }
  }

  const boxes = (selectors) => {
    const found = {};
    const shown = (element) => element.checkVisibility() && !element.closest(".report[hidden]");
    for (const selector of selectors) {
      [...document.querySelectorAll(selector)].filter(shown).slice(0, 12).forEach((element, n) => {
        const box = element.getBoundingClientRect();
        const name = n ? `${selector} ${n + 1}` : selector;
        found[name] = [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round);
      });
    }
    return found;
  };

  return { faults: () => [...amiss()].slice(0, 8), boxes };
})()
