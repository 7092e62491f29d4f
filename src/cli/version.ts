/** The version of the package, as a constant: `entrepot --version` reads no file. A test holds it to package.json. */
export const version = "0.1.0";
