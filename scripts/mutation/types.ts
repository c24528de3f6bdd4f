import path from 'node:path';
import ts from 'typescript';
import type { Replacement } from './judge';
import { ROOT } from '../stage';

/** Detects mutants that are not valid TypeScript. No one can write them, because lint would reject them. */
export interface TypeCheck {
  readonly isRefused: (mutant: Replacement, source: string) => boolean;
}

/** Checks one changed file at a time against all other files, unchanged. */
export function createTypeCheck(files: readonly string[]): TypeCheck {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const changed = new Map<string, { readonly text: string; readonly version: number }>();
  let version = 0;
  const service = ts.createLanguageService({
    fileExists: (file) => ts.sys.fileExists(file),
    readFile: (file) => ts.sys.readFile(file),
    directoryExists: (folder) => ts.sys.directoryExists(folder),
    getCompilationSettings: () => options,
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => files.map((file) => path.join(ROOT, file)),
    getScriptVersion: (file) => String(changed.get(file)?.version ?? 0),
    getScriptSnapshot: (file) => {
      const text = changed.get(file)?.text ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
  });
  return {
    isRefused: (mutant, source) => {
      const file = path.join(ROOT, mutant.file);
      changed.set(file, { text: applied(mutant, source), version: ++version });
      const found = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
      changed.set(file, { text: source, version: ++version });
      return found.length > 0;
    },
  };
}

/** Returns the source with the mutant in it. */
export function applied({ location: { start, end }, replacement = '' }: Replacement, source: string): string {
  const lines = source.split('\n');
  const at = ({ line, column }: { readonly line: number; readonly column: number }) =>
    lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  return source.slice(0, at(start)) + replacement + source.slice(at(end));
}
