// What several tests start from: the static data of a small drill, events in order, and elements without a browser.

/** @param {Record<string, unknown>} [viewer] */
export const statics = (viewer = { role: "player", member: "ana" }) => ({
  viewer,
  drill: "small-7",
  channel: "#sitrep",
  commander: "commander",
  spokesperson: "communications",
  members: [{ id: "ana", name: "Ana" }, { id: "ben", name: "Ben" }],
  roles: [{ id: "commander", title: "Incident Commander" }, { id: "communications", title: "Communications" }],
  severities: [{ level: 1, name: "Critical" }, { level: 2, name: "Major" }],
  runbooks: [{ id: "deployment", procedures: [{ id: "roll-back", title: "Roll back", steps: [] }] }],
  signals: [{ name: "customers_waiting", title: "Customers waiting" }, { name: "errors", title: "Errors" }],
  ends: { after: 1_800_000, papers: 600_000, hot_wash: 900_000 },
  start: "2026-03-03T15:00:00Z",
});

/** Events of (kind, drill time, fields), each with its place and instant. @param {[string, number, Record<string, unknown>?][]} all @returns {any[]} */
export const events = (...all) =>
  all.map(([kind, at, fields = {}], seq) => ({ kind, seq, at, wall: new Date(Date.parse("2026-03-03T15:00:00Z") + at).toISOString(), ...fields }));

/** An element as far as lists and graphs need one: children in order, attributes, text. */
export class Element {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {Element[]} */
    this.children = [];
    /** @type {Record<string, string>} */
    this.attributes = {};
    /** @type {Record<string, string>} */
    this.dataset = {};
    /** @type {Record<string, string>} */
    this.set = {};
    this.style = { setProperty: (/** @type {string} */ name, /** @type {string} */ value) => (this.set[name] = value) };
    this.textContent = "";
    this.hidden = false;
    /** @type {Element | null} */
    this.parentElement = null;
    /** @type {Record<string, Function>} */
    this.listeners = {};
    /** How often a child was put somewhere. */
    this.moves = 0;
  }

  /** @param {string} name @param {string} value */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /** @param {string} name @param {Function} listener */
  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  /** @param {...(Element | string)} children */
  append(...children) {
    for (const child of children) {
      if (typeof child === "string") this.textContent += child;
      else this.insertBefore(child, null);
    }
  }

  /** @param {Element} child @param {Element | null} before */
  insertBefore(child, before) {
    child.remove();
    child.parentElement = this;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, child);
    this.moves += 1;
  }

  /** @param {...Element} children */
  replaceChildren(...children) {
    for (const child of [...this.children]) child.remove();
    this.append(...children);
  }

  remove() {
    if (this.parentElement) this.parentElement.children = this.parentElement.children.filter((child) => child !== this);
    this.parentElement = null;
  }

  getBoundingClientRect() {
    return { left: 100, right: 100 };
  }

  /** Everything below, in the order of the page. @returns {Element[]} */
  all() {
    return this.children.flatMap((child) => [child, ...child.all()]);
  }
}

/** Lets modules make elements. */
export function withoutBrowser() {
  const make = (/** @type {string} */ tag) => new Element(tag);
  Object.assign(globalThis, {
    Node: Element,
    document: { createElement: make, createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => make(tag) },
    ResizeObserver: class { observe() {} },
  });
}
