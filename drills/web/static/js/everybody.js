// The list of people shows the lines that contain what is typed above it.

import { byId } from "./dom.js";

const find = byId("find");
const lines = [...document.querySelectorAll("#names > li")].map((item) => ({ item: /** @type {HTMLElement} */ (item), text: item.textContent.toLowerCase() }));

find?.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  for (const { item, text } of lines) item.hidden = !text.includes(wanted);
});
