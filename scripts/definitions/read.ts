import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import type { Mappers, Operation, Parameter } from './mapper';
import type { Source } from './sources';

/** The parts of the definitions in a client's package. */
export interface Client {
  readonly mappers: Mappers;
  readonly operations: readonly Operation[];
  /** The possible values of a field, by `Type.field`. */
  readonly words: ReadonlyMap<string, readonly string[]>;
}

export function readClient(folder: string, source: Source): Client {
  const mappers = load(path.join(folder, source.models, 'mappers.js')) as Mappers;
  const parameters = load(path.join(folder, source.models, 'parameters.js')) as Readonly<
    Record<string, Parameter>
  >;
  return {
    mappers,
    operations: source.operations.flatMap((file) =>
      readOperations(readFileSync(path.join(folder, file), 'utf8'), mappers, parameters),
    ),
    words: readWords(readFileSync(path.join(folder, source.types), 'utf8')),
  };
}

/** Loads a module that only contains data. */
function load(file: string): unknown {
  const { outputFiles } = buildSync({
    ...{ entryPoints: [file], bundle: true, write: false, format: 'cjs', logLevel: 'error' },
    packages: 'external',
  });
  const loaded = { exports: {} };
  run(
    { module: loaded, exports: loaded.exports, require: () => ({ __assign: Object.assign }) },
    outputFiles[0]?.text ?? '',
  );
  return loaded.exports;
}

/** Runs JavaScript with these names in scope: the data of the packages, whose hashes npm verified. */
function run(scope: Readonly<Record<string, unknown>>, code: string): unknown {
  const work = compileFunction(code, Object.keys(scope)) as (...values: readonly unknown[]) => unknown;
  return work(...Object.values(scope));
}

/** Reads the operations in the source of a client, because it does not export these constants. */
function readOperations(
  text: string,
  mappers: Mappers,
  parameters: Readonly<Record<string, Parameter>>,
): readonly Operation[] {
  const file = ts.createSourceFile('operations.js', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const found: Operation[] = [];
  const scope = {
    Mappers: mappers,
    Parameters: parameters,
    serializer: {},
    coreClient: {},
    __assign: Object.assign,
  };
  const visit = (node: ts.Node): void => {
    const isSpec =
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      node.name.text.endsWith('OperationSpec') &&
      node.initializer !== undefined;
    if (isSpec) found.push(run(scope, `return (${node.initializer.getText(file)})`) as Operation);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Only the types have the possible values: a field of the type `Status` can have those of the enumeration
 * `KnownStatus`.
 */
function readWords(text: string): ReadonlyMap<string, readonly string[]> {
  const file = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const known = new Map<string, readonly string[]>();
  const fields = new Map<string, string>();
  for (const node of file.statements) {
    if (ts.isEnumDeclaration(node)) known.set(node.name.text, node.members.flatMap(valueOf));
    if (!ts.isInterfaceDeclaration(node)) continue;
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) || !member.type) continue;
      const type = ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type;
      if (ts.isTypeReferenceNode(type))
        fields.set(`${node.name.text}.${member.name.getText(file)}`, `Known${type.typeName.getText(file)}`);
    }
  }
  return new Map(
    [...fields].flatMap(([field, name]) => {
      const words = known.get(name);
      return words ? [[field, words] as const] : [];
    }),
  );
}

const valueOf = ({ initializer }: ts.EnumMember): readonly string[] =>
  initializer && ts.isStringLiteral(initializer) ? [initializer.text] : [];
