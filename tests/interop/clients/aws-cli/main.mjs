// The AWS CLI judges an S3 server by the commands that people type: `aws s3 …` first, `aws s3api …` where that cannot say it.
for (const part of ["objects", "listing", "reading", "refusals", "keys", "states"]) await import(`./${part}.mjs`);
