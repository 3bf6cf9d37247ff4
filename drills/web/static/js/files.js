// Files that a scenario hands to people: pictures are shown, everything else is read as plain text.

import { h, icon } from "./dom.js";

/** @typedef {{name: string, type: string, size: number, sha256: string, alt?: string}} HandedFile */

/** How much of a text is shown, in characters. */
const SHOWN = 200_000;

/** @param {string} drill @param {HandedFile} file */
const addressOf = (drill, file) => `/d/${encodeURIComponent(drill)}/files/${file.sha256}`;

/** A size as people read it. @param {number} bytes */
export const size = (bytes) => (bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** @param {string} drill @param {HandedFile[] | undefined} files @returns {HTMLElement | null} */
export function handed(drill, files) {
  return files && files.length > 0 ? h("div", { class: "handed" }, files.map((file) => (file.type.startsWith("image/") ? picture(drill, file) : text(drill, file)))) : null;
}

/** @param {string} drill @param {HandedFile} file */
function picture(drill, file) {
  const address = addressOf(drill, file);
  return h(
    "figure",
    {},
    h("a", { href: address, target: "_blank", rel: "noopener" }, h("img", { src: address, alt: file.alt ?? "", loading: "lazy" })),
    h("figcaption", { class: "small soft" }, `${file.name}, ${size(file.size)}`),
  );
}

/** A text is fetched when somebody opens it. @param {string} drill @param {HandedFile} file */
function text(drill, file) {
  const address = addressOf(drill, file);
  const body = h("pre", { tabindex: 0, "aria-label": file.name }, "…");
  let fetched = false;
  const open = async () => {
    if (fetched) return;
    fetched = true;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const whole = await answer.text();
      body.textContent = whole.length > SHOWN ? `${whole.slice(0, SHOWN)}\n…` : whole;
    } catch {
      fetched = false;
      body.textContent = "It could not be fetched. Close it and open it again.";
    }
  };
  return h(
    "details",
    { ontoggle: (/** @type {Event} */ event) => /** @type {HTMLDetailsElement} */ (event.currentTarget).open && void open() },
    h("summary", {}, icon("paper"), ` ${file.name}`, h("span", { class: "soft small" }, ` ${size(file.size)}`)),
    body,
    h("p", { class: "small" }, h("a", { href: address, target: "_blank", rel: "noopener" }, "Open it alone")),
  );
}
