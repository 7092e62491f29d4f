/**
 * One door's page of the reference, as Markdown: what the declarations say, docstrings and defaults included, in the
 * order of the outline. Adds no word of its own but titles of columns.
 */
import ts from "typescript";
import { checker, exportsOf, mentions, ownDeclarations, reachableFrom, sourceOf } from "./declarations.mjs";
import { doors } from "./doors.mjs";
import { itemsOf, outline, outlineFindings } from "./reference-outline.mjs";
import { code, documentation, headerOf, signature, typeText } from "./reference-text.mjs";

/**
 * @typedef {object} Page
 * @property {ReadonlyMap<ts.Symbol, string>} anchors where each type is described
 */

/** What the outline of a door lacks or has too much, in words. @param {import("./doors.mjs").Door} door */
export function doorFindings(door) {
  const exported = exportsOf(door);
  const members = membersOfDepot(exported.get("Depot"));
  return outlineFindings(door.name, new Set(exported.keys()), new Set(members.keys()));
}

/** @param {import("./doors.mjs").Door} door @param {string} errors the table of codes */
export function doorPage(door, errors) {
  const exported = exportsOf(door);
  const members = membersOfDepot(exported.get("Depot"));
  const sections = outline[door.name] ?? [];
  const slug = slugs();
  const anchors = anchorsOf(door, slug);
  // what another door exports is described there
  for (const other of doors.filter(({ name }) => name !== door.name)) {
    for (const [symbol, anchor] of anchorsOf(other)) {
      if (!anchors.has(symbol)) anchors.set(symbol, `${fileOf(other)}${anchor}`);
    }
  }
  const others = reachableFrom(exported.values())
    .filter((symbol) => !anchors.has(symbol))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  slug("Mentioned, not exported");
  for (const symbol of others) anchors.set(symbol, `#${slug(symbol.name)}`);

  const page = { anchors };
  return [
    `# ${door.name}`,
    "<!-- Written by `npm run reference` from the declarations; edit the docstrings in src/. -->",
    headerOf(sourceOf(door)),
    contents(sections),
    ...sections.flatMap((section) => [
      `## ${section.title}`,
      ...itemsOf(section).flatMap(({ name, isVerb }) => {
        const symbol = isVerb ? members.get(name) : exported.get(name);
        return symbol ? item(page, symbol, name) : [];
      }),
      ...(section.errors ? [errors] : []),
    ]),
    ...(others.length > 0
      ? ["## Mentioned, not exported", ...others.flatMap((symbol) => item(page, symbol, symbol.name))]
      : []),
  ]
    .filter((text) => text !== "")
    .join("\n\n")
    .concat("\n");
}

/** Where on its page each thing stands that a door exports. @param {import("./doors.mjs").Door} door */
function anchorsOf(door, slug = slugs()) {
  const exported = exportsOf(door);
  const members = membersOfDepot(exported.get("Depot"));
  /** @type {Map<ts.Symbol, string>} */
  const anchors = new Map();
  slug(door.name);
  for (const section of outline[door.name] ?? []) {
    slug(section.title);
    for (const { name, isVerb } of itemsOf(section)) {
      const anchor = `#${slug(name)}`;
      const symbol = isVerb ? members.get(name) : exported.get(name);
      if (symbol) anchors.set(symbol, anchor);
    }
  }
  return anchors;
}

/** The page of a door. @param {import("./doors.mjs").Door} door */
export function fileOf(door) {
  return `${door.name.replace("/", "-")}.md`;
}

/** @param {ts.Symbol | undefined} depot */
function membersOfDepot(depot) {
  const members = depot ? checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(depot)) : [];
  return new Map(members.filter(isNamed).map((member) => [member.name, member]));
}

/** @param {readonly import("./reference-outline.mjs").Section[]} sections */
function contents(sections) {
  const slug = slugs();
  return sections.map(({ title }) => `[${title}](#${slug(title)})`).join(" · ");
}

/** @param {Page} page @param {ts.Symbol} symbol @param {string} name @returns {string[]} */
function item(page, symbol, name) {
  const declarations = ownDeclarations(symbol);
  const callable = declarations.filter((node) => ts.isFunctionDeclaration(node) || ts.isMethodSignature(node));
  const title = `### ${name}${callable.length > 0 ? "()" : ""}`;
  if (callable.length > 0) {
    return [title, ...callable.flatMap((declaration) => callableItem(page, declaration))];
  }
  const [declaration] = declarations;
  if (declaration === undefined) return [title];
  const doc = documentation(declaration);
  if (ts.isInterfaceDeclaration(declaration) && name === "Depot") return [title, doc, code(header(declaration))];
  if (ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration)) {
    const head = header(declaration);
    return [
      title,
      doc,
      /[< ]/.test(head.slice("interface ".length)) ? code(head) : "",
      memberTable(page, symbol, declaration),
    ];
  }
  if (ts.isTypeAliasDeclaration(declaration)) return [title, doc, ...aliasItem(page, declaration)];
  return [title, doc, code(signature(declaration)), typesOf(page, declaration)];
}

/** @param {Page} page @param {ts.FunctionDeclaration | ts.MethodSignature} declaration */
function callableItem(page, declaration) {
  const options = declaration.parameters.at(-1);
  const isOptions = options !== undefined && /options|overrides|limits/.test(options.name.getText());
  return [
    documentation(declaration),
    code(signature(declaration)),
    isOptions && options.type ? objectTables(page, options.type) : "",
    typesOf(page, declaration),
  ];
}

/** An alias for an object is a table, any other is its own text. @param {Page} page @param {ts.TypeAliasDeclaration} declaration */
function aliasItem(page, declaration) {
  const parts = partsOf(declaration.type);
  const isObject = parts.some(ts.isTypeLiteralNode) && !parts.some(ts.isUnionTypeNode);
  if (isObject) return [objectTables(page, declaration.type)];
  return [code(signature(declaration)), typesOf(page, declaration)];
}

/** @param {ts.TypeNode} node @returns {ts.TypeNode[]} */
function partsOf(node) {
  if (ts.isParenthesizedTypeNode(node)) return partsOf(node.type);
  return ts.isIntersectionTypeNode(node) ? node.types.flatMap(partsOf) : [node];
}

/** Own options as rows, those of other types by name. @param {Page} page @param {ts.TypeNode} node */
function objectTables(page, node) {
  const parts = partsOf(node);
  const rows = parts
    .filter(ts.isTypeLiteralNode)
    .flatMap(({ members }) => members.flatMap((member) => rowOf(page, member)));
  const others = parts.filter(ts.isTypeReferenceNode).map((part) => namesOf(page, part));
  return [
    table(rows),
    others.length > 0 ? `${rows.length > 0 ? "And those" : "Options: those"} of ${others.join("; ")}.` : "",
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** @param {Page} page @param {ts.TypeReferenceNode} node */
function namesOf(page, node) {
  const symbol = checker.getTypeFromTypeNode(node).aliasSymbol ?? checker.getSymbolAtLocation(node.typeName);
  const properties = checker.getPropertiesOfType(checker.getTypeFromTypeNode(node)).filter(isNamed);
  const link = linked(page, symbolOf(node) ?? symbol, node.typeName.getText());
  return `${link} (${properties.map(({ name }) => `\`${name}\``).join(", ")})`;
}

/** @param {Page} page @param {ts.Symbol} symbol @param {ts.InterfaceDeclaration | ts.ClassDeclaration} declaration */
function memberTable(page, symbol, declaration) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const own = checker.getPropertiesOfType(type).flatMap((property) =>
    ownDeclarations(property)
      .filter((member) => member.parent === declaration || !isShown(page, member.parent))
      .flatMap((member) => rowOf(page, member)),
  );
  const constructors = declaration.members.filter(ts.isConstructorDeclaration).flatMap((member) => rowOf(page, member));
  const bases = (declaration.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .filter(({ expression }) => page.anchors.has(symbolOf(expression) ?? symbol))
    .map(({ expression }) => {
      const names = checker.getPropertiesOfType(checker.getTypeAtLocation(expression)).filter(isNamed);
      return `${linked(page, symbolOf(expression), expression.getText())} (${names.map(({ name }) => `\`${name}\``).join(", ")})`;
    });
  const rest = bases.length > 0 ? `And those of ${bases.join("; ")}.` : "";
  return [table([...constructors, ...own]), rest].filter((text) => text !== "").join("\n\n");
}

/** @param {Page} page @param {ts.Node} parent */
function isShown(page, parent) {
  const symbol = ts.isInterfaceDeclaration(parent) ? checker.getSymbolAtLocation(parent.name) : undefined;
  return symbol !== undefined && page.anchors.has(symbol);
}

/** @param {Page} page @param {ts.Node} member @returns {string[]} */
function rowOf(page, member) {
  if (ts.isConstructorDeclaration(member))
    return [row("", `\`new (${member.parameters.map((one) => typeText(one)).join(", ")})\``, "")];
  if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) {
    if (ts.isComputedPropertyName(member.name)) return [];
    return [
      row(
        `\`${member.name.getText()}()\``,
        `\`${signature(member, Number.POSITIVE_INFINITY)}\``,
        documentation(member),
      ),
    ];
  }
  if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
  if (ts.isPrivateIdentifier(member.name) || ts.isComputedPropertyName(member.name)) return [];
  const text = member.type === undefined ? "" : typeText(member.type, member.questionToken !== undefined);
  const target = member.type && /^\w+$/.test(text) ? symbolOf(namedIn(member.type)) : undefined;
  const name = member.name.getText().replaceAll('"', "");
  return [row(`\`${name}${member.questionToken ? "?" : ""}\``, linked(page, target, text), documentation(member))];
}

/** The one name in `X | undefined`. @param {ts.TypeNode} type @returns {ts.TypeNode} */
function namedIn(type) {
  return (ts.isUnionTypeNode(type) && type.types.find(ts.isTypeReferenceNode)) || type;
}

/** @param {string} name @param {string} type @param {string} text */
function row(name, type, text) {
  return `| ${name} | ${type.replaceAll("|", "\\|")} | ${text.replaceAll("\n", " ").replaceAll("|", "\\|")} |`;
}

/** @param {readonly string[]} rows */
function table(rows) {
  return rows.length === 0 ? "" : ["| name | type | |", "|---|---|---|", ...rows].join("\n");
}

/** Where to go on reading. @param {Page} page @param {ts.Node} declaration */
function typesOf(page, declaration) {
  /** @type {Set<string>} */
  const links = new Set();
  const name = ts.getNameOfDeclaration(/** @type {ts.Declaration} */ (declaration));
  const own = name && checker.getSymbolAtLocation(name);
  mentions(declaration, (symbol) => {
    if (symbol !== own && page.anchors.has(symbol)) links.add(linked(page, symbol, symbol.name));
  });
  return [...links]
    .filter((link) => !link.includes("()"))
    .sort()
    .join(" · ");
}

/** @param {Page} page @param {ts.Symbol | undefined} symbol @param {string} text */
function linked(page, symbol, text) {
  const anchor = symbol && page.anchors.get(symbol);
  return anchor === undefined ? `\`${text}\`` : `[\`${text}\`](${anchor})`;
}

/** @param {ts.Node} node */
function symbolOf(node) {
  const symbol = checker.getSymbolAtLocation(ts.isTypeReferenceNode(node) ? node.typeName : node);
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** `interface X<T> extends Y`. @param {ts.InterfaceDeclaration | ts.ClassDeclaration} declaration */
function header(declaration) {
  const kind = ts.isClassDeclaration(declaration) ? "class" : "interface";
  const parameters = declaration.typeParameters
    ? `<${declaration.typeParameters.map((one) => typeText(one)).join(", ")}>`
    : "";
  const bases = (declaration.heritageClauses ?? []).map((clause) => ` ${typeText(clause)}`).join("");
  return `${kind} ${declaration.name?.getText()}${parameters}${bases}`;
}

/** @param {ts.Symbol} symbol */
function isNamed(symbol) {
  return !symbol.name.startsWith("__");
}

/** As GitHub makes anchors of headings. */
function slugs() {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return (/** @type {string} */ title) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  };
}
