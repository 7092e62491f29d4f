/** ListBuckets, in pages when asked. */
import { xmlAnswer } from "../answer.ts";
import { isoMillis } from "../dates.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { personElement } from "../person.ts";
import { document, element, textElement } from "../xml/xml-writer.ts";

export const listBuckets: Operation = {
  name: "ListBuckets",
  async run({ storage, query }) {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? "";
    const wanted = query.get("max-buckets") ?? "10000";
    if (!/^\d+$/.test(wanted) || Number(wanted) < 1 || Number(wanted) > 10_000) {
      throw s3Error("InvalidArgument", {
        message: "Argument max-buckets must be an integer between 1 and 10000.",
        details: { ArgumentName: "max-buckets", ArgumentValue: wanted },
      });
    }
    const matching = storage.buckets().filter(({ name }) => name.startsWith(prefix) && name > after);
    const page = matching.slice(0, Number(wanted));
    const next = matching.length > page.length ? page.at(-1)?.name : undefined;
    return xmlAnswer(
      document(
        "ListAllMyBucketsResult",
        personElement("Owner"),
        element(
          "Buckets",
          ...page.map(({ name, createdMs, region }) =>
            element(
              "Bucket",
              textElement("Name", name),
              textElement("CreationDate", isoMillis(createdMs)),
              textElement("BucketRegion", region),
            ),
          ),
        ),
        textElement("ContinuationToken", next),
        textElement("Prefix", query.get("prefix")),
      ),
    );
  },
};
