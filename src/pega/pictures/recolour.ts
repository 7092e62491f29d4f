/** A chart in other colours. Pure. */
import type { ChartOption, Json } from "./chart.ts";

/** Only what stands where colours stand: a name that reads like a colour stays a name. */
export function recoloured(option: ChartOption, colours: ReadonlyMap<string, string>): ChartOption {
  const walk = (value: Json | undefined, name: string): Json | undefined => {
    if (typeof value === "string") return /colou?r$|^fill$/i.test(name) ? (colours.get(value) ?? value) : value;
    if (Array.isArray(value)) return value.map((each: Json) => walk(each, name) as Json);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, key)])) as Json;
  };
  return walk(option, "") as ChartOption;
}
