// What is wrong with the page that is open: its list of complaints. Asked through the debugging protocol.
(({ language, prefixes, foreign }) => {
  const wrong = [];
  const say = (what, element) => wrong.push(element ? `${what}: ${element.outerHTML.slice(0, 140).replace(/\s+/g, " ")}` : what);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const wide = document.documentElement.clientWidth;

  if (document.documentElement.scrollWidth > wide) say(`the page is ${document.documentElement.scrollWidth - wide} px too wide`);
  for (const nav of all(".top nav")) if (wide > 640 && nav.scrollWidth > nav.clientWidth) say("the sections do not fit");
  if (document.documentElement.lang !== language) say(`lang is ${document.documentElement.lang}`);
  if (document.title.split("·")[0].trim().length < 2) say(`title is "${document.title}"`);
  const heads = all("h1").filter(seen);
  if (heads.length !== 1) say(`${heads.length} h1`);
  const levels = all("h1, h2, h3, h4").filter(seen).map((one) => [Number(one.tagName[1]), one]);
  levels.forEach(([level, one], n) => n && level > levels[n - 1][0] + 1 && say("a heading skips a level", one));

  const ids = all("[id]").map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) say(`id ${id} twice`);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
    for (const one of all(`[${name}]`))
      for (const id of one.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) say(`${name} leads nowhere`, one);

  const words = (element) => (element.getAttribute("aria-label") || element.title || element.textContent || element.alt || "").trim();
  const pictured = (element) => [...element.querySelectorAll("img")].some((one) => one.alt);
  for (const one of all("button, a[href], summary, [role=button]").filter(seen)) if (!words(one) && !pictured(one)) say("nothing says what this does", one);
  for (const one of all("input:not([type=hidden]), select, textarea"))
    if (!one.labels?.length && !one.alt && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby")) say("a field without a label", one);
  for (const one of all("img")) {
    if (!one.hasAttribute("alt")) say("a picture without alt", one);
    if (seen(one) && one.complete && !one.naturalWidth) say("a broken picture", one);
  }
  for (const one of all("th").filter(seen)) if (!one.textContent.trim() && one.parentElement.lastElementChild !== one) say("a column without a name", one);

  const scrolls = (element) => element && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  for (const one of all("button, a[href], input, select, textarea, summary").filter(seen)) {
    const { left, right, width } = one.getBoundingClientRect();
    if (width > 1 && (left < -1 || right > wide + 1) && !scrolls(one.parentElement) && !one.matches(".skip")) say("cut off at the edge", one);
    if (one.matches("button, a.button") && one.scrollWidth > one.clientWidth + 1) say("its words do not fit", one);
  }

  const key = new RegExp(`(^|\\s)(${prefixes.join("|")})\\.[a-z_]+(\\.[a-z_]+)*(\\s|$)`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const shown = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (node.data.trim() && !parent.closest("script, style, noscript") && seen(parent)) shown.push([node.data.trim(), parent]);
  }
  for (const one of all("[aria-label], [title], [alt], [placeholder]"))
    for (const name of ["aria-label", "title", "alt", "placeholder"]) if (one.getAttribute(name)) shown.push([one.getAttribute(name).trim(), one]);
  const others = new Set(foreign);
  for (const [text, parent] of shown) {
    if (key.test(text) && !parent.closest(".mono, code")) say(`a message key, "${text}"`, parent);
    if (/undefined|\bNaN\b|\[object |Invalid Date|\bNone\b|\{[a-z_]+\}/.test(text)) say(`no words, "${text.slice(0, 60)}"`, parent);
    if (/\b[a-z]+_[a-z_]+\b/.test(text) && !parent.closest(".mono, code, kbd, [lang=en]")) say(`a name of the program, "${text.slice(0, 60)}"`, parent);
    if (others.has(text) && !parent.closest(`[lang]:not(html)`)) say(`of the other language, "${text}"`, parent);
  }

  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const kept = new Map();
  const rgba = (colour) => {
    if (kept.has(colour)) return kept.get(colour);
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    kept.set(colour, [r, g, b, a / 255]);
    return kept.get(colour);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const behind = (element) => {
    if (!element) return [255, 255, 255, 1];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    if (backgroundImage !== "none") return null;
    const colour = rgba(backgroundColor);
    if (colour[3] === 1) return colour;
    const below = behind(element.parentElement);
    return below && over(colour, below);
  };
  const light = (colour) => colour.slice(0, 3).map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)).reduce((sum, one, n) => sum + one * [0.2126, 0.7152, 0.0722][n], 0);
  const asked = new Set();
  for (const [, element] of shown) {
    if (asked.has(element) || !seen(element) || !element.textContent.trim() || element.closest("svg, .leaflet-container, :disabled, .hidden, .skip, option, canvas")) continue;
    asked.add(element);
    const style = getComputedStyle(element);
    const ground = behind(element);
    if (!ground || Number(style.opacity) < 1) continue;
    const [bright, dim] = [light(over(rgba(style.color), ground)), light(ground)].sort((one, other) => other - one);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const ratio = (bright + 0.05) / (dim + 0.05);
    if (ratio < (size >= 24 || (bold && size >= 18.66) ? 3 : 4.5)) say(`contrast ${ratio.toFixed(2)}`, element);
  }

  const was = document.activeElement;
  const worn = (element) => (({ outlineStyle, boxShadow, fill }) => `${outlineStyle} ${boxShadow} ${fill}`)(getComputedStyle(element));
  const styled = new Set();
  for (const one of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']").filter(seen)) {
    if (one.disabled || styled.has(one.tagName + one.className)) continue;
    styled.add(one.tagName + one.className);
    if (one === document.activeElement) one.blur();
    const before = worn(one);
    one.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== one) say("cannot be reached with keys", one);
    else if (worn(one) === before) say("nobody sees that the focus is here", one);
    if (one.tabIndex > 0) say("jumps the order of the tabulator", one);
  }
  was?.focus?.({ preventScroll: true });
  if (was === document.body) document.activeElement.blur();
  return [...new Set(wrong)];
})
