/**
 * Names of columns as pdstools has them: `pyModelID`, `PYMODELID` and `ModelID` are one column, `ModelID`. Pega writes names in any
 * case, so that words that are known are put back into theirs. Pure.
 */

/** In this order: later ones mend what earlier ones broke apart. */
const knownWords: readonly string[] = [
  ...["ID", "Key", "Name", "Treatment", "Count", "Category", "Class", "Time", "DateTime", "UpdateTime", "ToClass"],
  ...["Version", "Predictor", "Predictors", "Rate", "Ratio", "Negatives", "Positives", "Threshold", "Error"],
  ...["Importance", "Type", "Percentage", "Index", "Symbol", "LowerBound", "UpperBound", "Bins", "GroupIndex"],
  ...["ResponseCount", "NegativesPercentage", "PositivesPercentage", "BinPositives", "BinNegatives"],
  ...["BinResponseCount", "BinSymbol", "ResponseCountPercentage", "ConfigurationName", "Configuration"],
];
const patterns = knownWords.map((word) => [new RegExp(word, "gi"), word] as const);

/** Also what a user calls a column in `includeColumns` or a query: `pySnapshotTime`, `snapshottime`. */
export function columnName(given: string): string {
  let name = given
    .toLowerCase()
    .replace(/^p[xyz]/, "")
    .replaceAll("configurationname", "configuration");
  name = capital(name);
  for (const [pattern, word] of patterns) name = capital(name.replace(pattern, word));
  // a name that is nothing but its prefix
  return name === "" ? given : name;
}

/**
 * The columns of an export, each by one name: the second of two that would be the same is `Name_2`. `ModelName` is `Name` where
 * nothing else is.
 */
export function columnNames(given: readonly string[]): readonly string[] {
  const wanted = given.map(columnName);
  const hasName = wanted.includes("Name");
  const taken = new Set<string>();
  return wanted.map((each) => {
    const name = each === "ModelName" && !hasName ? "Name" : each;
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
