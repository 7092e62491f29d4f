/** One download through a public verb with default settings: `entrepot.mjs copy|localCopy URI FILE`; prints where the bytes are. */
import { entrepot } from "entrepot";

const [, , verb, uri = "", file = ""] = process.argv;
const data = entrepot({
  endpoint: process.env.BENCH_ENDPOINT,
  region: "us-east-1",
  addressing: "path",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
try {
  if (verb === "copy") {
    await data.copy(uri, file);
    console.log(file);
  } else {
    const copy = await data.localCopy(uri);
    console.log(copy.path);
    await copy.close();
  }
} finally {
  await data.close();
}
