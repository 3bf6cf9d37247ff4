// A form's field for the time zone says the browser's, unless somebody has said another.

import { byId } from "./dom.js";

const zone = byId("f-timezone");
zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
