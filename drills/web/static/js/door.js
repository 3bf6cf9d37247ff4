// The door of a drill, for the person who leads it: who waits to come in, letting them in, and sending somebody out.

import { drillPath, getJson, postJson } from "./api.js";
import { confirm, toast } from "./ui.js";

/** @typedef {{id: string, name: string, here: boolean, admitted: boolean, waiting: boolean, simulated: boolean}} Person */

/** The people who wait to come in; null if unknown right now: the next change of the lobby brings it. @param {string} drill @returns {Promise<Person[] | null>} */
export async function atTheDoor(drill) {
  const lobby = await getJson(drillPath(drill, "/lobby")).catch(() => null);
  return lobby && lobby.people.filter((/** @type {Person} */ person) => person.waiting);
}

/** @param {string} drill @param {string} path @param {object} body */
export async function post(drill, path, body) {
  try {
    await postJson(drillPath(drill, path), body);
    return true;
  } catch (problem) {
    toast(/** @type {Error} */ (problem).message);
    return false;
  }
}

/** Lets somebody in, or with an empty id all who wait; whether that worked. @param {string} drill @param {string} member */
export const letIn = (drill, member) => post(drill, "/admit", { member });

/** Frees somebody's seat after a confirmation; whether it is free now. @param {string} drill @param {{id: string, name: string}} person */
export async function freeSeat(drill, { id, name }) {
  const sure = await confirm({
    title: `Free the seat of ${name}?`,
    text: `The person in it is sent out, and their personal link stops working. ${name} can come back by the shared link.`,
    yes: "Free the seat",
    danger: true,
  });
  return sure && post(drill, "/revoke", { member: id });
}
