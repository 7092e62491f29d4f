/** Our archives read by Python and the usual programs, and theirs by us. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ArchiveFormat, type Depot, entrepot } from "entrepot";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";

let folder: string;
let data: Depot;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-tools-"));
  data = entrepot({ env: {}, envFile: false, cache: false }) as Depot;
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

/** Tools that this machine has not: said at the end, loudly. */
const missing = new Set<string>();
afterAll(() => {
  if (missing.size > 0) console.warn(`SKIPPED for want of: ${[...missing].join(", ")}`);
});
function has(tool: string): boolean {
  try {
    execFileSync("which", [tool], { stdio: "ignore" });
    return true;
  } catch {
    missing.add(tool);
    return false;
  }
}
const run = (tool: string, args: readonly string[], cwd = folder): Buffer =>
  execFileSync(tool, args, { cwd, maxBuffer: 1e9, stdio: ["ignore", "pipe", "pipe"] });
const python = (code: string, ...args: readonly string[]) => run("python3", ["-c", code, ...args]);

const long = `${"d".repeat(120)}/${"e".repeat(90)}/${"f".repeat(60)}.txt`;
const tree: Readonly<Record<string, string | Uint8Array>> = {
  "a.txt": "one",
  "deep/er/b.bin": Uint8Array.from({ length: 2_300_000 }, (_, at) => (at * at * 31) >>> 7),
  "deep/empty.txt": "",
  "größe/日本.txt": "two",
  "a b+c%20.txt": "three",
  [long]: "five",
  "zeros.bin": new Uint8Array(400_000),
};

async function plant(at: string): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    await writeFile(join(at, path), content);
  }
}

async function contents(at: string, path = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(at, path), { withFileTypes: true })) {
    const own = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(found, await contents(at, own));
    else
      found[own] = createHash("sha256")
        .update(await readFile(join(at, own)))
        .digest("hex");
  }
  return found;
}

const tars: readonly ArchiveFormat[] = ["tar", "tar.gz", "tar.bz2", "tar.xz"];
const formats: readonly ArchiveFormat[] = ["zip", ...tars];

describe.skipIf(!has("python3"))("Python", () => {
  test.each(formats)("reads our %s", async (format) => {
    await plant(join(folder, "in"));
    await data.pack(join(folder, "in"), join(folder, `m.${format}`));
    const code =
      format === "zip"
        ? "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])"
        : "import sys,tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])";
    python(code, `m.${format}`, "out");
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
  });

  test.each([
    ["zip", "zip"],
    ["tar", "tar"],
    ["tar.gz", "gztar"],
    ["tar.bz2", "bztar"],
    ["tar.xz", "xztar"],
  ])("writes %s for us", async (suffix, format) => {
    await plant(join(folder, "in"));
    python("import sys,shutil; shutil.make_archive('m', sys.argv[1], 'in')", format);
    await data.unpack(join(folder, `m.${suffix}`), join(folder, "out"));
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
  });

  test.each(["USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT"])("writes tars as %s for us", async (format) => {
    await plant(join(folder, "in"));
    if (format === "USTAR_FORMAT") await rm(join(folder, "in", "d".repeat(120)), { recursive: true });
    python(`import tarfile; t=tarfile.open('m.tar','w',format=tarfile.${format}); t.add('in','.'); t.close()`);
    await data.unpack(join(folder, "m.tar"), join(folder, "out"));
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
  });

  test.each(["ZIP_STORED", "ZIP_DEFLATED", "ZIP_BZIP2", "ZIP_LZMA"])(
    "writes zips by %s for us, also as a stream",
    async (method) => {
      const code = `
import sys, zipfile
class Pipe:
  def __init__(self, f): self.f = f
  def write(self, b): return self.f.write(b)
  def flush(self): self.f.flush()
for name, seekable in (("a.zip", True), ("b.zip", False)):
  with open(name, "wb") as f:
    with zipfile.ZipFile(f if seekable else Pipe(f), "w", zipfile.${method}) as z:
      z.writestr("a/größe.txt", "one" * 1000)
      with z.open("large.bin", "w", force_zip64=True) as m:
        for k in range(300): m.write(bytes([k % 251]) * 4096)
`;
      python(code);
      for (const name of ["a", "b"]) {
        await data.unpack(join(folder, `${name}.zip`), join(folder, name), { maxRatio: Infinity });
        expect((await readFile(join(folder, name, "a/größe.txt"), "utf8")).length).toBe(3000);
        const large = Buffer.concat(Array.from({ length: 300 }, (_, at) => Buffer.alloc(4096, at % 251)));
        expect(Buffer.compare(await readFile(join(folder, name, "large.bin")), large)).toBe(0);
      }
    },
  );

  test("reads 70,000 entries of ours by zip64, and we read its", async () => {
    await mkdir(join(folder, "in"));
    const names = Array.from({ length: 70_000 }, (_, at) => `${at % 100}/${at}`);
    for (let at = 0; at < 100; at += 1) await mkdir(join(folder, "in", String(at)));
    for (const name of names) await writeFile(join(folder, "in", name), "");
    await data.pack(join(folder, "in"), join(folder, "m.zip"));
    expect(python("import zipfile; print(len(zipfile.ZipFile('m.zip').namelist()))").toString().trim()).toBe("70000");
    python("import zipfile\nwith zipfile.ZipFile('p.zip','w') as z:\n  for k in range(70000): z.writestr(f'{k}','')");
    const list = await data.archive(join(folder, "p.zip")).list().toArray();
    expect(list.length).toBe(70_000);
  }, 120_000);
});

describe.skipIf(!has("tar"))("tar", () => {
  test.each([
    ["tar", ""],
    ["tar.gz", "z"],
    ...(has("bzip2") ? [["tar.bz2", "j"]] : []),
    ...(has("xz") ? [["tar.xz", "J"]] : []),
  ])("reads our %s, and we read its", async (format = "", flag = "") => {
    await plant(join(folder, "in"));
    await data.pack(join(folder, "in"), join(folder, `m.${format}`));
    await mkdir(join(folder, "out"));
    run("tar", [`-x${flag}f`, `../m.${format}`], join(folder, "out"));
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
    run("tar", [`-c${flag}f`, `t.${format}`, "-C", "in", "."]);
    await data.unpack(join(folder, `t.${format}`), join(folder, "back"));
    expect(await contents(join(folder, "back"))).toEqual(await contents(join(folder, "in")));
  });

  test("writes labels and incremental backups, which are read", async () => {
    await plant(join(folder, "in"));
    run("tar", ["-cf", "l.tar", "-V", "a label", "-C", "in", "."]);
    run("tar", ["-cf", "g.tar", "-g", "snar", "-C", "in", "."]);
    for (const name of ["l", "g"]) {
      await data.unpack(join(folder, `${name}.tar`), join(folder, name));
      expect(await contents(join(folder, name))).toEqual(await contents(join(folder, "in")));
    }
  });

  test("of a sparse file is unsupported, not wrong", async () => {
    await mkdir(join(folder, "in"));
    run("truncate", ["-s", "10M", "in/hole"]);
    for (const format of ["gnu", "posix"]) {
      run("tar", ["-cSf", "s.tar", `--format=${format}`, "-C", "in", "hole"]);
      await expect(data.unpack(join(folder, "s.tar"), join(folder, "out"))).rejects.toMatchObject({
        code: "unsupported",
      });
    }
  });
});

describe.skipIf(!has("unzip") || !has("zip"))("unzip and zip", () => {
  test("read ours, and we read theirs", async () => {
    await plant(join(folder, "in"));
    await data.pack(join(folder, "in"), join(folder, "m.zip"), { modified: "keep" });
    run("unzip", ["-tq", "m.zip"]);
    run("unzip", ["-q", "m.zip", "-d", "out"]);
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
    run("zip", ["-qr", "../t.zip", "."], join(folder, "in"));
    await data.unpack(join(folder, "t.zip"), join(folder, "back"));
    expect(await contents(join(folder, "back"))).toEqual(await contents(join(folder, "in")));
    run("zip", ["-qr", "-P", "word", "../secret.zip", "a.txt"], join(folder, "in"));
    await expect(data.unpack(join(folder, "secret.zip"), join(folder, "no"))).rejects.toMatchObject({
      code: "unsupported",
    });
    run("zip", ["-qry", "../linked.zip", "."], join(folder, "in"));
  });
});

describe.skipIf(!has("bsdtar"))("bsdtar", () => {
  test.each(["zip", "pax", "gnutar"])("writes %s for us, to a file and into a pipe, and reads ours", async (format) => {
    await plant(join(folder, "in"));
    const suffix = format === "zip" ? "zip" : "tar";
    run("bsdtar", ["-c", "--format", format, "-f", `f.${suffix}`, "-C", "in", "."]);
    // what goes into a pipe is padded with zeros
    await writeFile(join(folder, `p.${suffix}`), run("bsdtar", ["-c", "--format", format, "-f", "-", "-C", "in", "."]));
    for (const name of ["f", "p"]) {
      await data.unpack(join(folder, `${name}.${suffix}`), join(folder, name));
      expect(await contents(join(folder, name))).toEqual(await contents(join(folder, "in")));
    }
    await data.pack(join(folder, "in"), join(folder, `o.${suffix}`));
    await mkdir(join(folder, "out"));
    run("bsdtar", ["-xf", `../o.${suffix}`], join(folder, "out"));
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
  });
});

describe.skipIf(!has("7z"))("7z", () => {
  test.each([
    ["Copy", "unpacked"],
    ["Deflate", "unpacked"],
    ["BZip2", "unpacked"],
    ["LZMA", "unpacked"],
    ["Deflate64", "unsupported"],
    ["PPMd", "unsupported"],
  ])("writes zips by %s: %s", async (method, expected) => {
    await plant(join(folder, "in"));
    await writeFile(
      join(folder, "in", "large.csv"),
      Array.from({ length: 90_000 }, (_, at) => `${at},${at % 97},three\n`).join(""),
    );
    run("7z", ["a", "-bd", "-tzip", `-mm=${method}`, "../m.zip", "."], join(folder, "in"));
    const unpacking = data.unpack(join(folder, "m.zip"), join(folder, "out"));
    if (expected === "unsupported") {
      await expect(unpacking).rejects.toMatchObject({ code: "unsupported", message: expect.stringContaining(method) });
      return;
    }
    await unpacking;
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
  });

  test("reads our zip, and its encrypted one is unsupported", async () => {
    await plant(join(folder, "in"));
    await data.pack(join(folder, "in"), join(folder, "m.zip"));
    run("7z", ["x", "-bd", "-oout", "m.zip"]);
    expect(await contents(join(folder, "out"))).toEqual(await contents(join(folder, "in")));
    run("7z", ["a", "-bd", "-tzip", "-mem=AES256", "-pword", "../s.zip", "."], join(folder, "in"));
    await expect(data.unpack(join(folder, "s.zip"), join(folder, "no"))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("encrypted"),
    });
  });
});

describe.each([
  ["bzip2", ".bz2", ["-9", "-1"]],
  ["xz", ".xz", ["-0", "-6", "--check=sha256", "--block-size=50000"]],
  ["gzip", ".gz", ["-6"]],
] as const)("%s", (tool, suffix, levels) => {
  const text = Array.from({ length: 40_000 }, (_, at) => `${at},${Math.imul(at, 2_654_435_761) >>> 12}\n`).join("");
  test.skipIf(!has(tool))("reads what value verbs write by their suffix, and they read its", async () => {
    await data.writeText(join(folder, `t.csv${suffix}`), text);
    expect(run(tool, ["-dc", `t.csv${suffix}`]).toString()).toBe(text);
    await writeFile(join(folder, "p.csv"), text);
    for (const level of levels) {
      await writeFile(join(folder, `p.csv${suffix}`), run(tool, ["-kc", level, "p.csv"]));
      expect(await data.readText(join(folder, `p.csv${suffix}`))).toBe(text);
      expect(await data.readLines(join(folder, `p.csv${suffix}`), { limit: 2 })).toEqual(text.split("\n").slice(0, 2));
    }
    await data.copy(join(folder, "p.csv"), join(folder, "copied/"), { compress: tool });
    expect(run(tool, ["-dc", `copied/p.csv${suffix}`]).toString()).toBe(text);
    await data.copy(join(folder, `copied/p.csv${suffix}`), join(folder, "plain/"), { decompress: true });
    expect(await data.readText(join(folder, "plain/p.csv"))).toBe(text);
  });
});
