// Drill time in the browser, and how times and spans are written.

/** The drill's clock: set by the server, kept going by the browser's monotonic clock. */
export class DrillClock {
  /** @param {Server.ClockState} told */
  constructor(told) {
    this.told = told;
    this.heard = performance.now();
  }

  /** @param {Server.ClockState} told */
  set(told) {
    this.told = told;
    this.heard = performance.now();
  }

  get running() {
    return this.told.running;
  }

  /** Real milliseconds since the clock was told. */
  get since() {
    return this.told.running ? performance.now() - this.heard : 0;
  }

  /** Drill time now, in milliseconds since the start. */
  get at() {
    return this.told.at + this.since * (this.told.pace || 1);
  }

  /** The instant now, as the server sees it; it runs on while drill time is paused. */
  get wall() {
    return new Date(Date.parse(this.told.wall) + (performance.now() - this.heard));
  }
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** Drill time as a clock shows it: 0:07, 12:34, 1:02:03. @param {number} ms */
export function drillTime(ms) {
  const all = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor((all % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** A span in words short enough for a label: 45 s, 3 min, 1 h 20 min. @param {number} ms */
export function span(ms) {
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${Math.floor(minutes / 60)} h`;
}

/** A span to the second, as papers write it: 45 s, 4 min 5 s, 1 h 2 min. @param {number} ms */
export function spell(ms) {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes) return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}

/** The nearest second, as papers round: one instant is read the same wherever it stands. @param {string | Date} instant */
const rounded = (instant) => new Date(Math.round(new Date(instant).getTime() / 1000) * 1000);

/** Writes times of day in the drill's time zone. */
export class TimeOfDay {
  /** @param {string} zone */
  constructor(zone) {
    const options = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    this.short = new Intl.DateTimeFormat("en-GB", options);
    this.long = new Intl.DateTimeFormat("en-GB", { ...options, second: "2-digit" });
    this.date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: zone });
  }

  /** @param {string | Date} instant */
  minutes(instant) {
    return this.short.format(rounded(instant));
  }

  /** @param {string | Date} instant */
  seconds(instant) {
    return this.long.format(rounded(instant));
  }

  /** @param {string | Date} instant */
  day(instant) {
    return this.date.format(new Date(instant));
  }
}

/**
 * Calls `tick` at once, and about every second while the page is visible.
 * @param {() => void} tick
 */
export function everySecond(tick) {
  tick();
  setInterval(() => document.visibilityState === "visible" && tick(), 1000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
}
