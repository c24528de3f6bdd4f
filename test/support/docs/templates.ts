import path from 'node:path';
import { parse } from 'yaml';
import { read } from './documents';

/** A pipeline template, as in its file. */
export interface Template {
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly default?: unknown;
    readonly values?: readonly unknown[];
  }[];
  readonly stages?: unknown;
  readonly steps?: unknown;
}

export const readTemplate = (file: string): Template => parse(read(file)) as Template;

/** The values of names in expressions: `parameters`, `variables`, and the variable of each surrounding loop. */
type Scope = Readonly<Record<string, unknown>>;

const EXPRESSION = /^\$\{\{\s*(.*?)\s*\}\}$/s;

/**
 * Expands the stages or steps of a template as Azure Pipelines does before a run: `if`, `else`, `each`, values of
 * parameters and variables, and included templates. It supports the functions that the templates here use.
 * (learn.microsoft.com/azure/devops/pipelines/process/template-expressions)
 */
export function expandTemplate(file: string, given: Scope, variables: Scope): unknown {
  const template = readTemplate(file);
  const parameters = Object.fromEntries(
    template.parameters.map(({ name, default: usual, values }) => {
      const value = given[name] ?? usual;
      if (value === undefined) throw new Error(`${file} needs a value for ${name}.`);
      if (values && !values.includes(value))
        throw new Error(`${file}: ${name} is not one of ${values.join(', ')}.`);
      return [name, value];
    }),
  );
  const unknown = Object.keys(given).filter((name) => !(name in parameters));
  if (unknown.length > 0) throw new Error(`${file} has no parameter ${unknown.join(', ')}.`);
  return expand(template.stages ?? template.steps, { parameters, variables }, path.posix.dirname(file));
}

function expand(value: unknown, scope: Scope, folder: string): unknown {
  if (Array.isArray(value)) return expandList(value, scope, folder);
  if (isMapping(value)) return Object.fromEntries(expandPairs(value, scope, folder));
  return typeof value === 'string' ? expandText(value, scope) : value;
}

function expandText(text: string, scope: Scope): unknown {
  const whole = EXPRESSION.exec(text)?.[1];
  if (whole !== undefined) return evaluate(whole, scope);
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_all, expression: string) =>
    String(evaluate(expression, scope)),
  );
}

/** Returns the items of a list, with those that `if`, `else`, `each`, an expression, or a template insert. */
function expandList(items: readonly unknown[], scope: Scope, folder: string): unknown[] {
  let taken = false;
  return items.flatMap((item) => {
    const [key, content] = isMapping(item) ? (Object.entries(item)[0] ?? ['', undefined]) : ['', undefined];
    const directive = EXPRESSION.exec(key)?.[1];
    if (directive !== undefined && Array.isArray(content)) {
      const { scopes, matched } = scopesOf(directive, scope, taken);
      taken = matched;
      return scopes.flatMap((one) => expandList(content, one, folder));
    }
    if (isMapping(item) && typeof item['template'] === 'string') return included(item, scope, folder);
    const expanded = expand(item, scope, folder);
    return typeof item === 'string' && Array.isArray(expanded) ? (expanded as unknown[]) : [expanded];
  });
}

function included(item: Scope, scope: Scope, folder: string): unknown[] {
  const file = path.posix.join(folder, String(item['template']));
  const given = expand(item['parameters'] ?? {}, scope, folder) as Scope;
  return expandTemplate(file, given, scope['variables'] as Scope) as unknown[];
}

function expandPairs(mapping: Scope, scope: Scope, folder: string): (readonly [string, unknown])[] {
  let taken = false;
  return Object.entries(mapping).flatMap(([key, content]) => {
    const directive = EXPRESSION.exec(key)?.[1];
    if (directive !== undefined && isMapping(content)) {
      const { scopes, matched } = scopesOf(directive, scope, taken);
      taken = matched;
      return scopes.flatMap((one) => expandPairs(content, one, folder));
    }
    return [[String(expandText(key, scope)), expand(content, scope, folder)] as const];
  });
}

/** Returns the scopes in which the content of a directive is repeated: one or none for `if` and `else`. */
function scopesOf(
  directive: string,
  scope: Scope,
  taken: boolean,
): { readonly scopes: readonly Scope[]; readonly matched: boolean } {
  const [, name = '', source = ''] = /^each (\w+) in (.+)$/.exec(directive) ?? [];
  if (name !== '') {
    const items = evaluate(source, scope);
    const all = Array.isArray(items)
      ? (items as unknown[])
      : Object.entries(items as Scope).map(([key, value]) => ({ key, value }));
    return { scopes: all.map((item) => ({ ...scope, [name]: item })), matched: false };
  }
  const condition = /^if (.+)$/.exec(directive)?.[1];
  const holds = condition === undefined ? !taken : evaluate(condition, scope) === true;
  return { scopes: holds ? [scope] : [], matched: holds };
}

const sameText = (left: unknown, right: unknown): boolean =>
  String(left).toLowerCase() === String(right).toLowerCase();

/** Text comparisons ignore case, as in the service. */
const FUNCTIONS: Readonly<Record<string, (first: unknown, ...others: readonly unknown[]) => boolean>> = {
  ne: (first, second) => !sameText(first, second),
  notIn: (first, ...others) => !others.some((other) => sameText(first, other)),
};

function evaluate(expression: string, scope: Scope): unknown {
  const [, name = '', args = ''] = /^(\w+)\((.*)\)$/.exec(expression) ?? [];
  if (name !== '') {
    const call = FUNCTIONS[name];
    if (!call) throw new Error(`The function ${name} is not known here.`);
    const [first, ...others] = args.split(/\s*,\s*/).map((arg) => evaluate(arg, scope));
    return call(first, ...others);
  }
  const text = /^'(.*)'$/.exec(expression)?.[1];
  if (text !== undefined) return text;
  const names = expression.replace(/\['(.*?)'\]/g, (_all, key: string) => `|${key}`).split(/\||(?<!\|.*)\./);
  return names.reduce<unknown>((value, key) => (isMapping(value) ? value[key] : undefined), scope);
}

const isMapping = (value: unknown): value is Scope =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
