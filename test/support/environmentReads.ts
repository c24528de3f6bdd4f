import ts from 'typescript';

/** What a program reads from the environment. */
export interface EnvironmentReads {
  /** Names, and prefixes of names, such as `ENDPOINT_URL_*`. */
  readonly names: ReadonlySet<string>;
  /** The number of reads whose name is not written in the same place. Not all of these can be followed. */
  readonly computed: number;
  /** The number of uses of the whole environment: listed, or passed to a function. */
  readonly whole: number;
}

const MOST_STEPS = 6;

/**
 * Finds the reads in a packed program by its syntax: `process.env.X`, also through constants, parameters, and aliases.
 */
export function findEnvironmentReads(program: string): EnvironmentReads {
  const { file, symbolOf } = bind(program);
  const known = collect(file, symbolOf);
  const names = new Set<string>();
  const counts = { computed: 0, whole: 0 };
  const take = (found: readonly string[] = []): void => {
    for (const name of found) names.add(name);
  };
  const visit = (node: ts.Node): void => {
    if (isEnvironment(node)) {
      const [outer, inner] = outside(node);
      if (ts.isPropertyAccessExpression(outer)) take([outer.name.text]);
      else if (ts.isElementAccessExpression(outer) && outer.expression === inner) {
        if (!ts.isStringLiteralLike(outer.argumentExpression)) counts.computed++;
        take(resolve(outer.argumentExpression, known, 0));
      } else if (ts.isVariableDeclaration(outer) && ts.isObjectBindingPattern(outer.name)) {
        take(outer.name.elements.map((element) => (element.propertyName ?? element.name).getText()));
      } else {
        const alias = aliasOf(outer);
        const through = alias === undefined ? [] : readsThrough(alias, scopeOf(node), known);
        if (through.length === 0) counts.whole++;
        else through.forEach(take);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  // A short name of the packer can represent other texts as well.
  return { names: new Set([...names].filter((name) => /^[a-z_]\w*\*?$/i.test(name))), ...counts };
}

/** `process.env`, or the same property of an object that is an alias of the process. */
const isEnvironment = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === 'env' &&
  /(?:^|\.)(?:process|default)$/.test(node.expression.getText());

/** Returns the node around one, ignoring parentheses, and that node's child. */
function outside(node: ts.Node): readonly [ts.Node, ts.Node] {
  return ts.isParenthesizedExpression(node.parent) ? outside(node.parent) : [node.parent, node];
}

function aliasOf(node: ts.Node): string | undefined {
  if (ts.isVariableDeclaration(node) || ts.isParameter(node)) return node.name.getText();
  const isAssigned =
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(node.left);
  return isAssigned ? node.left.getText() : undefined;
}

const scopeOf = (node: ts.Node): ts.Node =>
  ts.isFunctionLike(node) || ts.isSourceFile(node) ? node : scopeOf(node.parent);

function readsThrough(
  alias: string,
  scope: ts.Node,
  known: Known,
): readonly (readonly string[] | undefined)[] {
  const found: (readonly string[] | undefined)[] = [];
  const visit = (node: ts.Node): void => {
    const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    if (isAccess && ts.isIdentifier(node.expression) && node.expression.text === alias) {
      found.push(
        ts.isPropertyAccessExpression(node) ? [node.name.text] : resolve(node.argumentExpression, known, 0),
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return found;
}

/** A node with its declarations, which are internal to TypeScript. */
type Scope = ts.Node & { readonly locals?: ReadonlyMap<string, ts.Symbol> };
type SymbolOf = (name: ts.Node) => ts.Symbol | undefined;

/**
 * Returns the syntax of a program, and the declaration of each of its names, because the packer uses short names many
 * times.
 */
function bind(text: string): { readonly file: ts.SourceFile; readonly symbolOf: SymbolOf } {
  const name = 'program.js';
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const options: ts.CompilerOptions = { allowJs: true, noLib: true, noResolve: true, types: [] };
  const program = ts.createProgram([name], options, {
    ...ts.createCompilerHost(options),
    getSourceFile: (wanted) => (wanted === name ? file : undefined),
    fileExists: (wanted) => wanted === name,
  });
  // Declares the names of each scope. The checker's own search infers types as it goes, which takes minutes here.
  program.getTypeChecker();
  const symbolOf: SymbolOf = (node) => {
    for (let scope: Scope | undefined = node; scope; scope = scope.parent as Scope | undefined) {
      const found = scope.locals?.get(node.getText());
      if (found) return found;
    }
    return undefined;
  };
  return { file, symbolOf };
}

/** The values of names in a program. Every text that is assigned to a name counts. */
interface Known {
  readonly symbolOf: SymbolOf;
  readonly constants: ReadonlyMap<ts.Symbol, readonly string[]>;
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly calls: ReadonlyMap<ts.Symbol, readonly ts.CallExpression[]>;
}

function collect(file: ts.SourceFile, symbolOf: SymbolOf): Known {
  const constants = new Map<ts.Symbol, string[]>();
  const fields = new Map<string, string[]>();
  const calls = new Map<ts.Symbol, ts.CallExpression[]>();
  const put = <Key, Value>(map: Map<Key, Value[]>, key: Key | undefined, value: Value): void => {
    if (key === undefined) return;
    const values = map.get(key);
    if (values) values.push(value);
    else map.set(key, [value]);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteralLike(node.initializer)) {
      put(constants, symbolOf(node.name), node.initializer.text);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      ts.isStringLiteralLike(node.right)
    ) {
      put(constants, symbolOf(node.left), node.right.text);
    } else if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) {
      put(fields, node.name.getText(), node.initializer.text);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      put(calls, symbolOf(node.expression), node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { symbolOf, constants, fields, calls };
}

/** Returns the names that an expression can be, or undefined if it cannot be followed. */
function resolve(expression: ts.Expression, known: Known, step: number): readonly string[] | undefined {
  if (step > MOST_STEPS) return undefined;
  if (ts.isParenthesizedExpression(expression)) return resolve(expression.expression, known, step);
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return known.fields.get(expression.name.text);
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return resolve(expression.left, known, step + 1)?.map((start) => start.replace(/\*?$/, '*'));
  }
  if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
    const { name, expression: of } = expression.expression;
    return name.text === 'toLowerCase' ? resolve(of, known, step + 1) : undefined;
  }
  if (!ts.isIdentifier(expression)) return undefined;
  const symbol = known.symbolOf(expression);
  const declared = symbol?.valueDeclaration;
  if (symbol && declared && ts.isParameter(declared)) {
    return resolveArgument(declared.parent, declared.parent.parameters.indexOf(declared), known, step + 1);
  }
  return symbol && known.constants.get(symbol);
}

function resolveArgument(
  owner: ts.SignatureDeclaration,
  at: number,
  known: Known,
  step: number,
): readonly string[] | undefined {
  const symbol = owner.name && known.symbolOf(owner.name);
  const calls = (symbol && known.calls.get(symbol)) ?? [];
  return calls.flatMap(({ arguments: all }) => (all[at] && resolve(all[at], known, step)) ?? []);
}
