/** Keys that stand in one of AWS's two files. A pair is taken from one of them, never half from each. */
import type { PlacedSection } from "../profiles.ts";
import { misconfigured, sourceIn, type Way } from "./way.ts";

export const credentialsFileKeys: Way = keysIn("shared-credentials-file", "credentials");
export const configFileKeys: Way = keysIn("config-file", "config");

/** Whether a profile holds a key of its own, whichever file says so. */
export function hasKeys({ settings }: PlacedSection): boolean {
  return Boolean(settings["aws_access_key_id"] || settings["aws_secret_access_key"]);
}

function keysIn(name: Way["name"], file: "credentials" | "config"): Way {
  return {
    name,
    find({ profile }) {
      if (profile === undefined) return "there is no such profile";
      const section = profile[file];
      if (section === undefined) return `the ${file} file does not hold profile ${profile.name}`;
      const { settings } = section;
      const accessKeyId = settings["aws_access_key_id"];
      if (!accessKeyId) return `profile ${profile.name} in the ${file} file holds no aws_access_key_id`;
      const place = section.placeOf("aws_access_key_id");
      const source = sourceIn(profile, place);
      const secretAccessKey = settings["aws_secret_access_key"];
      if (!secretAccessKey) {
        throw misconfigured(`${source} holds an access key, but no secret`, "Add aws_secret_access_key to it.");
      }
      const sessionToken = settings["aws_security_token"] || settings["aws_session_token"] || undefined;
      return { source, place, value: { accessKeyId, secretAccessKey, sessionToken } };
    },
  };
}
