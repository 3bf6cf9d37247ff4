// Fills in the browser's time zone in a form, unless somebody has chosen another.

import { byId } from "./dom.js";

const zone = byId("f-timezone");
zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
