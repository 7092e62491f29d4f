/** Zones as polars knows them. Pure. */

/** Its own name where polars knows it, else `UTC`, in which the same instants have other names. */
export function knownZone(zone: string): string {
  const [, sign, hours, rest] = /^([+-])(\d\d):(\d\d(?::\d\d)?)$/.exec(zone) ?? [];
  if (sign !== undefined) {
    const whole = Number(hours);
    if (whole === 0 || Number(rest?.replace(":", "")) !== 0 || whole > (sign === "+" ? 14 : 12)) return "UTC";
    // these count the other way round
    return `Etc/GMT${sign === "+" ? "-" : "+"}${whole}`;
  }
  return isNamed(zone) ? zone : "UTC";
}

function isNamed(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "" && /^[A-Z]/.test(zone);
  } catch {
    return false;
  }
}
