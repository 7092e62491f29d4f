/** For `node --import`: writes the most memory that the process ever had, in kilobytes, to the file BENCH_PEAK when it ends. */
import { writeFileSync } from "node:fs";

process.on("exit", () => writeFileSync(process.env.BENCH_PEAK ?? "/dev/null", String(process.resourceUsage().maxRSS)));
