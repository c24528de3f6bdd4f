import type { Failure } from './errors';
import { maskCredentials } from './mask';

/**
 * Makes foreign text safe: a VM name, a message from Azure, a response of an address service, or an input. Everything
 * that is shown passes through here first, so that it cannot run a logging command, break a line, reverse the reading
 * direction, or show a credential.
 */

// Controls, invisible formatting (direction marks, zero-width characters, tags), separators and lone
// surrogates, by their Unicode general categories.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const LONGEST = 400;

/**
 * The agent warns about every line with `##vso` that is not a command. It searches by culture, which ignores characters
 * without a weight in between (azure-pipelines-agent, WorkerCommandManager): in the tables of Unicode's collation, these
 * are invisible characters, unassigned ones, marks, and a few more. `##[error]` is a format.
 */
const TWO_SIGNS = /#(?=[\p{C}\p{M}\p{Default_Ignorable_Code_Point}\u0640\u07fa\u180a\u1cd3\ufe73]*#)/gu;

/** Replaces the first of two consecutive `#` with another spelling. */
export const partSigns = (text: string, sign: string): string =>
  // Most texts have no such sign, and the pattern takes about a millisecond to compile.
  text.includes('#') ? text.replace(TWO_SIGNS, sign) : text;

/** Printable ASCII. For most texts, `UNSAFE` is not needed, which takes about a millisecond to compile. */
const PLAIN = /^[ -~]*$/;

/** Returns a text on one line, without invisible characters, and without two `#` that might begin a command. */
export const onOneLine = (text: string): string =>
  partSigns((PLAIN.test(text) ? text : text.replace(UNSAFE, ' ')).replace(/ {2,}/g, ' ').trim(), '# ');

/**
 * Returns a foreign text on one line, with at most 400 characters: no control or direction characters, nothing that
 * looks like a credential, and no start of a logging command.
 */
export const safeText = (foreign: string): string => harmless(foreign, LONGEST);

/** Makes Azure's own words safe. Keeps 1,200 characters: the end names what forbids a call, after long IDs. */
export const azureWords = (words: string): string => harmless(words, 3 * LONGEST).replace(/\.$/, '');

function harmless(foreign: string, longest: number): string {
  const text = onOneLine(maskCredentials(foreign));
  if (text.length <= longest) return text;
  // Do not cut a character of two code units in half.
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Returns a foreign text for a Markdown table cell, which shows it as text, and never as Markdown or HTML. */
export const markdownText = (foreign: string): string => escapeMarkdown(safeText(foreign));

/**
 * Returns a sentence from the messages modules in the same way. Every value in it is already safe and short, so the
 * sentence is shown to its end, which says what to do.
 */
export const markdownSentence = (sentence: string): string => escapeMarkdown(onOneLine(sentence));

/** Returns a failure as an item of a list. */
export const failureMarkdown = ({ code, seen, remedy }: Failure): string =>
  `- ${code}: ${markdownSentence(seen)} ${markdownSentence(remedy)}`;

function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_[\]#!|~^$@:]/g, (character) => `&#${String(character.charCodeAt(0))};`)
      // Such a name becomes a link automatically, as do two slashes, addresses with a colon, and email addresses.
      .replace(/www\./gi, (www) => `${www.slice(0, 3)}&#46;`)
      .replace(/\/(?=\/)/g, '&#47;')
  );
}

/** Returns text in plain sentences, and makes every value in it safe. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return parts.reduce((text, part, index) => {
    const value = values[index - 1] ?? '';
    return text + (typeof value === 'number' ? String(value) : safeText(value)) + part;
  });
}

/**
 * Returns the subject of a call, such as `The list of VMs`, as part of a sentence. Names of services stay unchanged.
 */
export const inSentence = (what: string): string =>
  what.replace(/^(?:The|An?) /u, (article) => article.toLowerCase());

/** A subject that is a service, although it has an article. */
export const MANAGED_IDENTITY_SERVICE = 'The managed identity service of this agent';

/** Returns the call that a subject names, such as `The call (the list of VMs)`, or `undefined` for a service. */
export const callOf = (what: string): string | undefined =>
  inSentence(what) === what || what === MANAGED_IDENTITY_SERVICE
    ? undefined
    : `The call (${inSentence(what)})`;

/** Returns who should respond to a call: Azure, with the subject of the call, or the service that is the subject. */
export const responderOf = (what: string): string =>
  callOf(what) === undefined ? what : `Azure (${inSentence(what)})`;

/** Formats a list as `a, b and c`. */
export function listText(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

/** Formats a time as UTC, to the second: `2026-11-21 10:15:00 UTC`. `at` is milliseconds since 1970. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
