// Checks a folder of evidence: each log's seals, each record, and the chain over all of them. Loads nothing.
"use strict";

const SEAL = ',"hash":"';
const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder().decode(bytes);

async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(before, bytes) {
  const whole = new Uint8Array(before.length + bytes.length);
  whole.set(before);
  whole.set(bytes, before.length);
  return whole;
}

/** The head of a log, or which line is wrong. */
async function headOf(log) {
  let head = "";
  let number = 0;
  let start = 0;
  while (start < log.length) {
    number += 1;
    const end = log.indexOf(10, start);
    if (end < 0) return { line: number };
    const line = log.subarray(start, end);
    const body = line.subarray(0, Math.max(0, line.length - 64 - 2 - SEAL.length));
    const seal = textOf(line.subarray(body.length));
    const right = await digest(joined(bytesOf(head), body));
    if (seal !== `${SEAL}${right}"}`) return { line: number };
    head = right;
    start = end + 1;
  }
  return { head, lines: number };
}

/** What checking showed: how many drills, the last seal, and a sentence for each thing that is wrong. */
async function checked(read) {
  const chain = await read("chain.txt");
  if (chain === null) return { drills: 0, seal: "", wrong: ["There is no chain.txt: choose the folder that holds it."] };
  const lines = textOf(chain).split("\n");
  const cut = lines.pop() !== "";
  const header = /^drillroom-evidence 1 after ([0-9a-f]{64})$/.exec(lines[0] ?? "");
  if (cut || !header || lines.length < 2) return { drills: 0, seal: "", wrong: ["chain.txt is not a chain of evidence, or was cut short."] };
  const wrong = [];
  let seal = header[1];
  for (const [place, line] of lines.slice(1).entries()) {
    const parts = line.split(" ");
    const claimed = parts.pop();
    const last = place === lines.length - 2;
    if (claimed !== (await digest(bytesOf(`${seal} ${parts.join(" ")}`))))
      wrong.push(`chain.txt, line ${place + 2}: the line, or one before it, was altered after it was written.`);
    seal = claimed;
    if (last) {
      if (parts.length !== 2 || parts[0] !== "evidence.json") wrong.push("chain.txt: the last line does not seal evidence.json.");
      else await same(read, parts[0], parts[1], wrong);
    } else if (parts.length === 3) {
      await drill(read, parts[0], parts[1], wrong);
      await same(read, `records/${parts[0]}.json`, parts[2], wrong);
    } else wrong.push(`chain.txt, line ${place + 2}: this is not the line of a drill.`);
  }
  return { drills: lines.length - 2, seal, wrong };
}

async function drill(read, name, head, wrong) {
  const file = `logs/${name}/log.jsonl`;
  const log = await read(file);
  if (log === null) return wrong.push(`${file} is not there.`);
  const found = await headOf(log);
  if (found.line) wrong.push(`${file}, line ${found.line}: the line, or one before it, was altered after it was written.`);
  else if (found.head !== head) wrong.push(`${file} ends in another hash than the chain says: lines were taken away or added.`);
}

async function same(read, file, wanted, wrong) {
  const bytes = await read(file);
  if (bytes === null) wrong.push(`${file} is not there.`);
  else if ((await digest(bytes)) !== wanted) wrong.push(`${file} was altered after it was written.`);
}

if (typeof document !== "undefined") {
  const chosen = document.getElementById("folder");
  const known = document.getElementById("seal");
  const told = document.getElementById("found");
  const tell = (kind, lines) => {
    told.className = kind;
    told.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  };
  const look = async () => {
    if (!chosen.files.length) return;
    if (!globalThis.crypto?.subtle) return tell("bad", ["This browser computes no hashes here. Open the page from the disk, or over https."]);
    tell("", ["Checking …"]);
    const files = new Map(Array.from(chosen.files, (file) => [file.webkitRelativePath.split("/").slice(1).join("/"), file]));
    const read = async (path) => (files.has(path) ? new Uint8Array(await files.get(path).arrayBuffer()) : null);
    const found = await checked(read);
    const wanted = known.value.trim().toLowerCase();
    if (wanted && wanted !== found.seal) found.wrong.push(`The last seal is another than the one you gave: ${found.seal}.`);
    const drills = found.drills === 1 ? "1 drill" : `${found.drills} drills`;
    if (found.wrong.length) tell("bad", ["Not as it was written:", ...found.wrong]);
    else tell("good", [`As it was written: ${drills}, each log and record and the chain over them.`, `Last seal: ${found.seal}`, wanted ? "It is the seal that you gave." : "Whoever has the whole folder can write all of it anew. Compare the last seal with one that you got in another way."]);
  };
  chosen.addEventListener("change", look);
  known.addEventListener("change", look);
}
