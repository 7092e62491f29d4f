/** The command as it is built, a server of ours that it finds by its environment, and a depot that looks at the server without a cache. */
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { BuiltCommand } from "./spawn-command.ts";

export interface ShellWorld {
  readonly server: S3Server;
  readonly command: BuiltCommand;
  readonly data: Depot;
}

/** `env` is added to what leads the command to the server. Whoever opens it closes all three. */
export async function openShellWorld(bucket: string, env: Record<string, string> = {}): Promise<ShellWorld> {
  const server = await startS3Server({ buckets: [bucket] });
  const command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    ...env,
  });
  const data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  return { server, command, data };
}
