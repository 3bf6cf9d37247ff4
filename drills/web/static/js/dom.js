// Elements by function call: what people typed only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false | readonly any[]} Child children may be nested */

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes `on*` are listeners, `class`, `data` (an object), `hidden`, `value`… as in HTML
 * @param {Child[]} children
 */
function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(/** @type {HTMLElement} */ (element).dataset, value);
    else if (name === "value" && "value" in element) element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element | DocumentFragment} element @param {Child[]} children */
function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child instanceof Node) element.append(child);
    else if (child !== null && child !== undefined && child !== false) element.append(String(child));
  }
}

/**
 * An HTML element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  return /** @type {any} */ (furnish(document.createElement(tag), attributes, children));
}

/** An SVG element. @param {string} tag @param {Record<string, any>} [attributes] @param {...Child} children */
export function svg(tag, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (furnish(document.createElementNS(SVG, tag), attributes, children));
}

/** An icon of static/icons.svg, beside words that say the same. @param {string} name */
export function icon(name) {
  const sheet = new URL("../icons.svg", import.meta.url).href;
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `${sheet}#${name}` }));
}

/** @param {string} id @returns {any} the element of that id */
export const byId = (id) => document.getElementById(id);

/** The JSON of a data block. @param {string} id */
export const dataOf = (id) => JSON.parse(byId(id)?.textContent || "null");

/** Sets the text only if it differs, to avoid needless announcements and layout. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Replaces the children of an element, and keeps the focus on the control with the same `data-key`.
 * @param {Element} element
 * @param {...Child} children
 */
export function replace(element, ...children) {
  const held = document.activeElement;
  const key = element.contains(held) ? /** @type {HTMLElement} */ (held).dataset?.key : undefined;
  const fresh = document.createDocumentFragment();
  append(fresh, children);
  element.replaceChildren(fresh);
  if (key) /** @type {HTMLElement | null} */ (element.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus();
}

/** Up to two letters for a name. @param {string} name */
export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
