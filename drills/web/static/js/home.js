// Writes instants as the reader's own day and time of day.

const DAY = 24 * 60 * 60_000;
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** The start of a day, here. @param {Date} instant */
const dayOf = (instant) => new Date(instant).setHours(0, 0, 0, 0);

for (const element of document.querySelectorAll("time")) {
  const instant = new Date(element.dateTime);
  if (Number.isNaN(instant.getTime())) continue;
  const days = Math.round((dayOf(instant) - dayOf(new Date())) / DAY);
  const day = Math.abs(days) <= 1 ? words.format(days, "day") : date.format(instant);
  element.textContent = `${day[0].toUpperCase()}${day.slice(1)}, ${time.format(instant)}`;
}
