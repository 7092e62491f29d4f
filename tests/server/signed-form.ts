/** A browser's form for an upload to S3, as an independent hand would sign it: with Node's crypto, from AWS's description. */
import { createHmac } from "node:crypto";

export interface FormSettings {
  readonly bucket: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Beside those for the bucket, the fields and the signature. */
  readonly conditions?: readonly unknown[] | undefined;
  /** Fields that get no condition of their own. */
  readonly uncovered?: readonly string[] | undefined;
  readonly nowMs: number;
  readonly expiresMs?: number | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** Instead of the policy that the other settings make. */
  readonly policy?: string | undefined;
}

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** All fields but the file, in the order in which they are to be sent. */
export function signedFields(settings: FormSettings): Record<string, string> {
  const { bucket, fields, uncovered = [], nowMs, region = "us-east-1" } = settings;
  const date = `${new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const scope = [date.slice(0, 8), region, "s3", "aws4_request"];
  const signed: Record<string, string> = {
    ...fields,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": [settings.accessKeyId ?? "test", ...scope].join("/"),
    "X-Amz-Date": date,
    ...(settings.sessionToken === undefined ? {} : { "X-Amz-Security-Token": settings.sessionToken }),
  };
  const covered = Object.entries(signed).filter(([name]) => !uncovered.includes(name));
  const document = {
    expiration: new Date(settings.expiresMs ?? nowMs + 60_000).toISOString(),
    conditions: [...(settings.conditions ?? []), { bucket }, ...covered.map(conditionFor)],
  };
  const policy = settings.policy ?? Buffer.from(JSON.stringify(document)).toString("base64");
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${settings.secretAccessKey ?? "secret"}`);
  return { ...signed, Policy: policy, "X-Amz-Signature": hmac(key, policy).toString("hex") };
}

/** What the name of the file will be is not known when the form is signed. */
function conditionFor([name, value]: readonly [string, string]): unknown {
  const variable = value.indexOf("${");
  return variable < 0 ? { [name]: value } : ["starts-with", `$${name}`, value.slice(0, variable)];
}

/** The form itself; `undefined` as a value leaves a field out. */
export function formOf(
  fields: Readonly<Record<string, string | undefined>>,
  file: string | undefined,
  filename = "cat.jpg",
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  if (file !== undefined) form.set("file", new Blob([file], { type: "image/jpeg" }), filename);
  return form;
}

/** Signs and posts forms to one bucket of a server that may start later. */
export function formsFor(bucket: string, endpoint: () => string, nowMs: number) {
  const submit = (body: FormData) => fetch(`${endpoint()}/${bucket}`, { method: "POST", body, redirect: "manual" });
  return {
    form: (fields: FormSettings["fields"], more: Partial<FormSettings> = {}) =>
      signedFields({ bucket, fields, nowMs, ...more }),
    post: (fields: Parameters<typeof formOf>[0], file = "meow", filename?: string) =>
      submit(formOf(fields, file, filename)),
    submit,
  };
}

/** Stands for the name of the file, in any field. */
export const filenameVariable = "$\u007bfilename}";

/** Status and elements of an error document. */
export async function refusalOf(answer: Response): Promise<Record<string, unknown>> {
  const text = await answer.text();
  const elements = [...text.matchAll(/<([\w-]+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value]);
  return { status: answer.status, ...Object.fromEntries(elements) };
}
