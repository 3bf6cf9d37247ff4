// The words of a line that is typed: a name of the protocol is one, however many words it is written in.

/** How a pattern has a text as it is. @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * The words of a line after its slash, the last one as far as it is written: empty after a space.
 * @param {{roles: {title: string}[], severities: {name: string}[]}} statics
 * @param {string} line
 * @returns {string[]}
 */
export function wordsOf({ roles, severities }, line) {
  const names = [...roles.map((role) => role.title), ...severities.map((one) => one.name), "False alarm"].filter((name) => /\s/.test(name));
  const words = line.match(new RegExp(`${names.map((name) => `(?<!\\S)${literally(name)}(?!\\S)|`).join("")}\\S+`, "gi")) ?? [];
  if (line === "" || /\s$/.test(line)) return [...words, ""];
  // A name that is half written is one word, too.
  for (let first = 1; first < words.length - 1; first += 1) {
    const tail = words.slice(first).join(" ");
    if (names.some((name) => name.toLowerCase().startsWith(tail.toLowerCase()))) return [...words.slice(0, first), tail];
  }
  return words;
}
