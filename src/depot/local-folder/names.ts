/** Whether objects can lie side by side in one folder of this disk, each under its own name. Pure but for `isCaseBlind`. */
import { safeJoin } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Member } from "./members.ts";

/** The path of each member below `root`, in their order. Throws one error that holds all `failures`. */
export async function pathsOf(
  root: string,
  members: readonly Member[],
  isCaseBlind: () => Promise<boolean>,
): Promise<readonly string[]> {
  const failures: EntrepotError[] = [];
  const paths = members.map((member) => {
    try {
      return safeJoin(root, member.name);
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      failures.push(aboutMember(member, error));
      return "";
    }
  });
  let clashes = clashesOf(members, (name) => name);
  // few folders have two names that only a blind disk takes for one, so few ask the disk
  if (clashes.length === 0) {
    const folded = clashesOf(members, fold);
    if (folded.length > 0 && (await isCaseBlind())) clashes = folded;
  }
  failures.push(...clashes);
  const [first] = failures;
  if (first === undefined) return paths;
  if (failures.length === 1) throw first;
  const count = failures.length.toLocaleString("en-US");
  throw new EntrepotError(first.code, `${count} objects cannot lie in one folder; the first: ${first.message}`, {
    uri: first.uri,
    hint: first.hint,
    failures,
  });
}

/** As disks do that take `A` for `a`, and one way to write `é` for the other. */
function fold(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function clashesOf(members: readonly Member[], form: (name: string) => string): EntrepotError[] {
  const files = new Map<string, Member>();
  const clashes: EntrepotError[] = [];
  for (const member of members) {
    const name = form(member.name);
    const twin = files.get(name);
    if (twin === undefined) files.set(name, member);
    else clashes.push(clash(member, twin));
  }
  for (const member of members) {
    const name = form(member.name);
    for (let end = name.indexOf("/"); end !== -1; end = name.indexOf("/", end + 1)) {
      const above = files.get(name.slice(0, end));
      if (above !== undefined) clashes.push(inTheWay(above, member));
    }
  }
  return clashes;
}

const apart = "Fetch them into folders of their own.";

function clash(member: Member, twin: Member): EntrepotError {
  const names = member.name === twin.name ? member.name : `${member.name} and ${twin.name}`;
  const { uri } = member.place;
  return new EntrepotError("already-exists", `${uri} and ${twin.place.uri} would both be ${names} in the folder`, {
    uri,
    hint: apart,
  });
}

function inTheWay(file: Member, below: Member): EntrepotError {
  const { uri } = file.place;
  const message = `${uri} cannot be a file: ${below.place.uri} would lie in a folder of that name`;
  return new EntrepotError("unrepresentable-name", message, { uri, hint: apart });
}

function aboutMember({ place }: Member, { code, message, hint, cause }: EntrepotError): EntrepotError {
  return new EntrepotError(code, message, { uri: place.uri, hint, cause });
}
