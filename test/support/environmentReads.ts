import ts from 'typescript';

/** What a program reads from the environment. */
export interface EnvironmentReads {
  /** Names, and beginnings of names as `ENDPOINT_URL_*`. */
  readonly names: ReadonlySet<string>;
  /** How often a name is made up in a way that cannot be followed. */
  readonly unknown: number;
  /** How often the environment is used as a whole: listed, or handed to a function. */
  readonly whole: number;
}

const MOST_STEPS = 6;

/** Finds the reads in a packed program by its syntax: `process.env.X`, by way of constants, parameters and aliases too. */
export function findEnvironmentReads(program: string): EnvironmentReads {
  const file = ts.createSourceFile('program.js', program, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const known = collect(file);
  const names = new Set<string>();
  const counts = { unknown: 0, whole: 0 };
  const take = (found: readonly string[] | undefined): void => {
    if (found === undefined || found.length === 0) counts.unknown++;
    else for (const name of found) names.add(name);
  };
  const visit = (node: ts.Node): void => {
    if (isEnvironment(node)) {
      const [outer, inner] = outside(node);
      if (ts.isPropertyAccessExpression(outer)) take([outer.name.text]);
      else if (ts.isElementAccessExpression(outer) && outer.expression === inner) {
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
  // A short name of the packer may stand for other texts as well.
  return { names: new Set([...names].filter((name) => /^[a-z_]\w*\*?$/i.test(name))), ...counts };
}

/** `process.env`, or the same of an object that stands for the process. */
const isEnvironment = (node: ts.Node): node is ts.PropertyAccessExpression =>
  ts.isPropertyAccessExpression(node) &&
  node.name.text === 'env' &&
  /(?:^|\.)(?:process|default)$/.test(node.expression.getText());

/** The node around one, parentheses left out, and its own child. */
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

/** What names stand for anywhere in a program. A name may stand for several things; all of them count. */
interface Known {
  readonly constants: ReadonlyMap<string, readonly ts.Expression[]>;
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly calls: ReadonlyMap<string, readonly ts.CallExpression[]>;
}

function collect(file: ts.SourceFile): Known {
  const constants = new Map<string, ts.Expression[]>();
  const fields = new Map<string, string[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const put = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteralLike(node.initializer)) {
      put(constants, node.name.getText(), node.initializer);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isStringLiteralLike(node.right)
    ) {
      put(constants, node.left.getText(), node.right);
    } else if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) {
      put(fields, node.name.getText(), node.initializer.text);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const name = node.expression.text;
      (calls.get(name) ?? calls.set(name, []).get(name))?.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { constants, fields, calls };
}

/** The names that an expression may be; undefined when it cannot be followed. */
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
  const name = expression.text;
  for (let scope = scopeOf(expression); ts.isFunctionLike(scope); scope = scopeOf(scope.parent)) {
    const at = scope.parameters.findIndex((parameter) => parameter.name.getText() === name);
    if (at >= 0) return resolveArgument(scope, at, known, step + 1);
  }
  const values = known.constants.get(name)?.flatMap((value) => resolve(value, known, step + 1) ?? []);
  return values;
}

function resolveArgument(
  owner: ts.SignatureDeclaration,
  at: number,
  known: Known,
  step: number,
): readonly string[] | undefined {
  const calls = (owner.name && known.calls.get(owner.name.getText())) ?? [];
  const given = calls.map(({ arguments: all }) => (all[at] ? resolve(all[at], known, step) : []));
  return given.includes(undefined) ? undefined : given.flatMap((one) => one ?? []);
}
