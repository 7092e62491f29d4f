/** A process of its own that commits to an embedded database, for `embedded.test.ts`: says each commit that it was told of on a line. */
import { openDatabase } from "../../src/queue/index.ts";

const [dir = "", name = "", count = "0"] = process.argv.slice(2);
const database = await openDatabase({ dir, connections: 2, connectMs: 60_000 });
process.stdout.write("open\n");
for (let made = 0; made < Number(count); ) {
  try {
    await database.transaction(async (sql) => {
      await sql.query("INSERT INTO commits (who, number) VALUES ($1, $2)", [name, made]);
      // The second statement sees this one's own first, and nobody else's half.
      await sql.query("INSERT INTO commits (who, number) VALUES ($1, $2)", [name, made + 0.5]);
    });
    process.stdout.write(`${made}\n`);
  } catch (error) {
    // Not known whether it was committed: it is not said, and not tried again.
    process.stdout.write(`? ${made} ${error instanceof Error ? error.message : String(error)}\n`);
  }
  made += 1;
}
await database.close();
process.stdout.write("closed\n");
