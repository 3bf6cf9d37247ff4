// A list that changes while somebody types in it: an item is made once, and stays as long as its key does.

/**
 * Brings the children of a list in line with the items, touching only what is new, gone or moved.
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {(item: T) => string} keyOf changes when the item must be made again
 * @param {(item: T) => HTMLElement} make
 */
export function keyed(list, items, keyOf, make) {
  const known = new Map([...list.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const found = known.get(key);
    if (found) {
      known.delete(key);
      return found;
    }
    const made = make(item);
    made.dataset.key = key;
    return made;
  });
  for (const gone of known.values()) gone.remove();
  wanted.forEach((element, place) => {
    if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
}
