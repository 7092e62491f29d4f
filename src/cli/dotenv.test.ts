import { describe, expect, it } from "vitest";
import { mergeDotenv } from "./dotenv.ts";

describe("the .env of the working folder", () => {
  it("adds what the environment does not say", () => {
    const { env, fromDotenv } = mergeDotenv(
      { AWS_REGION: "eu-west-1" },
      { AWS_REGION: "x", ENTREPOT_LOCATION: "cloud" },
    );
    expect(env).toEqual({ AWS_REGION: "eu-west-1", ENTREPOT_LOCATION: "cloud" });
    expect(fromDotenv).toEqual(["ENTREPOT_LOCATION"]);
  });

  it("counts an empty variable as one that says nothing", () => {
    expect(mergeDotenv({ AWS_REGION: "" }, { AWS_REGION: "x" }).env["AWS_REGION"]).toBe("x");
  });

  it("understands the names of the source systems", () => {
    const file = { CloudData: "TRUE", AWS_MODEL_BUCKET: "b", Region_Name: "us-east-2" };
    expect(mergeDotenv({}, file).env).toEqual(file);
  });

  it("leaves what is not ours alone", () => {
    expect(mergeDotenv({}, { NODE_OPTIONS: "--import x", PATH: ".", HTTPS_PROXY: "http://x", HOME: "." }).env).toEqual(
      {},
    );
  });

  it.each([
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "ENTREPOT_ENDPOINT",
    "ENTREPOT_ALLOW_INSECURE_ENDPOINT",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_CA_BUNDLE",
    "ENTREPOT_ENV_FILE",
    "S3STASHER_ENV",
  ])("may not say where credentials go: %s", (name) => {
    expect(mergeDotenv({}, { [name]: "evil" })).toEqual({ env: {}, fromDotenv: [], refused: [name] });
  });

  it.each([
    "ENTREPOT_CACHE_DIR",
    "ENTREPOT_CACHE_MAX_AGE",
    "ENTREPOT_CACHE_MODE",
    "S3STASHER_CACHE_DIR",
    "ENTREPOT_NETWORK",
    "ENTREPOT_OUTBOX",
  ])("may not bring copies that answer for a bucket: %s", (name) => {
    expect(mergeDotenv({}, { [name]: "./.c" })).toEqual({ env: {}, fromDotenv: [], refused: [name] });
  });

  it("may not name the database that says what a worker executes", () => {
    expect(mergeDotenv({}, { ENTREPOT_RUNS: "./db" })).toEqual({ env: {}, fromDotenv: [], refused: ["ENTREPOT_RUNS"] });
  });

  it("may name a root in a store, but no web server", () => {
    expect(mergeDotenv({}, { ENTREPOT_ROOT_CLOUD: "s3://b/" }).fromDotenv).toEqual(["ENTREPOT_ROOT_CLOUD"]);
    expect(mergeDotenv({}, { ENTREPOT_ROOT_CLOUD: "http://h/" }).refused).toEqual(["ENTREPOT_ROOT_CLOUD"]);
    expect(mergeDotenv({}, { CLOUD_READ_BASEPATH: "https://h/" }).refused).toEqual(["CLOUD_READ_BASEPATH"]);
  });

  it("never completes half an identity: it is taken whole from one place", () => {
    const { env } = mergeDotenv({ AWS_PROFILE: "mine" }, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
    expect(env).toEqual({ AWS_PROFILE: "mine" });
  });
});
