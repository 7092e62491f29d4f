// The AWS SDK for JavaScript judges an S3 server: each module's import runs its checks, one module after another.
for (const part of [
  "objects",
  "listing",
  "reading",
  "conditions",
  "presigned",
  "identity",
  "integrity",
  "keys",
  "lib-storage",
  "states",
])
  await import(`./${part}.mjs`);
