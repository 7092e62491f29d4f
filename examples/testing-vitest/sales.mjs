/** What is tested: adds up the amounts of all tables in a folder and writes the total beside them. */

/** @param {import("entrepot").Depot} data @param {string} folder */
export async function addUp(data, folder) {
  let total = 0;
  for await (const { uri, path } of data.list(folder)) {
    if (!path.endsWith(".csv")) continue;
    const [, ...rows] = await data.readCsv(uri);
    for (const [, amount] of rows) total += Number(amount);
  }
  await data.writeJson(`${folder}total.json`, { total });
  return total;
}
