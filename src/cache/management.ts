/** What looking after the cache needs and reading does not: loaded when it is first asked for. */
export { stats } from "./maintain.ts";
export { verifyPins } from "./pins/damaged-pins.ts";
export { beginPin } from "./pins/pinning.ts";
export { readiness } from "./pins/ready.ts";
export { sweepMarks } from "./pins/stray-marks.ts";
export { unpin } from "./pins/unpin.ts";
export { clear, prune } from "./prune.ts";
export { link } from "./state/link.ts";
export { keptAt, look, lookAt } from "./state/look.ts";
export { survey } from "./state/survey.ts";
export { verify } from "./state/verify.ts";
