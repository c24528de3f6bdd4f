import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CodedError } from '../../tasks/shared/core/errors';

/** Texts that an attacker would choose: commands, line breaks, direction marks, Markdown, HTML, and parts of them. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc
    .array(
      fc.oneof(
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
        {
          weight: 3,
          arbitrary: fc.constantFrom(
            ...['##vso[task.setvariable variable=x]y', '##[error]e', '##[group]g', '##VSO[a.b]c', '##vso'],
            ...['#', '##', 'vso[', '[', ']', '\r', '\n', '\r\n', '\t', '\0', '\u001b[31m', '\u0085'],
            ...[
              '\u202e',
              '\u2066',
              '\u200b',
              '\u00ad',
              '\ufeff',
              '\u2028',
              '\u2029',
              '\ud83d',
              '\u{e0041}',
              '\ufe0f',
              '\u0591',
              '\u0640',
            ],
            ...['|', '\\', '\\|', '`', '``', '*', '_', '~~', '<br>', '<script>', '</td>', '&#124;', '&lt;'],
            ...['![a](https://evil.test/b)', '[a](javascript:b)', '<https://evil.test>', '@ana', '#42', '!7'],
            ...[' ', 'https://evil.test/', '$(x)', '%0A', '%AZP25', ';', '"', "'", '.', ','],
          ),
        },
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('##vso[a.b]'.repeat(200), '|'.repeat(5000), 'a'.repeat(398) + '\u{1f600}'.repeat(3)),
);

/** Asserts that a text is safe in a log: one line, no direction marks, no two characters that begin a command. */
export function assertHarmless(text: string, from = ''): void {
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u, from);
  assert.doesNotMatch(text.replace(/[\p{Default_Ignorable_Code_Point}\p{M}\u0640]/gu, ''), /##/, from);
}

/** Returns the result, or `undefined` if the input was rejected with a code and a harmless message. */
export function codedOnly<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    assert.ok(error instanceof CodedError, error instanceof Error ? error.stack : String(error));
    assertHarmless(error.message);
    return undefined;
  }
}

/** A valid JSON value with some of its parts replaced by anything or removed. */
export function damaged(valid: unknown): fc.Arbitrary<unknown> {
  const places = listPlaces(valid);
  const anything: fc.Arbitrary<unknown> = fc.oneof(
    fc.jsonValue(),
    hostileText,
    fc.constantFrom(undefined, null, 0, -1, 1e300, '', [], {}, [null], [[]], true),
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...places), anything), { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce((value, [place, replacement]) => replaced(value, place, replacement), valid),
    );
}

type Place = readonly string[];

/** Returns the path of every part of a JSON value, including the whole. */
function listPlaces(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, part]) => listPlaces(part).map((rest) => [key, ...rest])),
  ];
}

function replaced(value: unknown, [key, ...rest]: Place, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item, at) => (String(at) === key ? replaced(item, rest, replacement) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === key ? replaced(part, rest, replacement) : (part as unknown),
    ]),
  );
}

/** Whether a value has the type that its users rely on. */
export const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Calls a reader with damaged JSON, in the form in which the SDK provides it. */
export function forAnyDamage<T>(valid: unknown, read: (model: never) => T, check: (value: T) => void): void {
  assert.ok(codedOnly(() => read(valid as never)) !== undefined, 'The valid value must be read.');
  fc.assert(
    fc.property(damaged(valid), (model) => {
      const value = codedOnly(() => read(model as never));
      if (value !== undefined) check(value);
    }),
    { numRuns: 2000 },
  );
}
