type Values = Readonly<Record<string, string>>;

/**
 * Whether an editor shows an input with this rule: comparisons with `=` and `!=`, joined with either `&&` or `||`.
 *
 * @throws Error for a rule of another form, or one that names an input that is not among the values.
 */
export function isVisible(rule: string | undefined, values: Values): boolean {
  if (rule === undefined) return true;
  const isAll = rule.includes('&&');
  const results = rule.split(isAll ? '&&' : '||').map((comparison) => {
    const [, name = '', operator, wanted] = /^\s*(\w+)\s*(!?=)\s*([\w-]+)\s*$/.exec(comparison) ?? [];
    const value = values[name];
    if (value === undefined) throw new Error(`Unknown in a visible rule: ${comparison}`);
    return (value === wanted) === (operator === '=');
  });
  return isAll ? results.every(Boolean) : results.some(Boolean);
}

/**
 * Whether a validation accepts a value. Of the service's functions (microsoft/azure-pipelines-tasks,
 * docs/taskinputvalidation.md), only `isMatch` without options is supported.
 *
 * @throws Error for another expression, because an invalid one would prevent installing the whole extension.
 */
export function passes(expression: string, value: string): boolean {
  const pattern = /^isMatch\(value, '([^']+)'\)$/.exec(expression)?.[1];
  if (pattern === undefined) throw new Error(`Unknown validation: ${expression}`);
  return new RegExp(pattern).test(value);
}
