/** A role that is taken with a token in a file, which somebody else (Kubernetes, a CI) renews: it is read anew each time. */
import { expandPath } from "../profiles.ts";
import { askSts, sessionName } from "./sts.ts";
import { misconfigured, named, sourceIn, variable, type Way, type WayContext } from "./way.ts";

const variables = {
  web_identity_token_file: "AWS_WEB_IDENTITY_TOKEN_FILE",
  role_arn: "AWS_ROLE_ARN",
  role_session_name: "AWS_ROLE_SESSION_NAME",
} as const;

export const webIdentity: Way = {
  name: "assume-role-with-web-identity",
  find(context) {
    const { profile, world } = context;
    const path = setting(context, "web_identity_token_file");
    if (path === undefined) return "no web_identity_token_file is named";
    const roleArn = setting(context, "role_arn");
    const here = context.fromEnvironment && variable(context, variables.web_identity_token_file) !== undefined;
    const inProfile = !here && profile !== undefined ? profile : undefined;
    const where = inProfile === undefined ? "the environment" : named(inProfile, "web_identity_token_file");
    if (roleArn === undefined) {
      throw misconfigured(
        `${where} names a web identity token, but no role`,
        "Set AWS_ROLE_ARN, or role_arn beside it.",
      );
    }
    const place = inProfile?.placeOf("web_identity_token_file");
    return {
      source: `web identity of ${inProfile === undefined || place === undefined ? "the environment" : sourceIn(inProfile, place)}`,
      place,
      value: async () => {
        const file = expandPath(world, path);
        const token = (await world.readFile(file))?.trim();
        if (!token) {
          throw misconfigured(
            `the web identity token file ${file} ${token === undefined ? "does not exist" : "is empty"}`,
            `Check the path that ${where} names.`,
          );
        }
        return askSts(context, {
          action: "AssumeRoleWithWebIdentity",
          parameters: {
            RoleArn: roleArn,
            RoleSessionName: setting(context, "role_session_name") ?? sessionName(world.clock.now()),
            WebIdentityToken: token,
          },
          credentials: undefined,
          hints: {
            forbidden: `The trust policy of ${roleArn} must allow the provider and the subject of the token in ${file}.`,
            unauthenticated: `STS does not accept the token in ${file}: is it still renewed, and is its issuer known to the account?`,
            misconfigured: `Check role_arn, role_session_name and region of ${where}.`,
          },
        });
      },
    };
  },
};

function setting(context: WayContext, name: keyof typeof variables): string | undefined {
  const own = context.fromEnvironment ? variable(context, variables[name]) : undefined;
  return own ?? (context.profile?.settings[name] || undefined);
}
