import path from 'node:path';
import MarkdownIt from 'markdown-it';
import ts from 'typescript';
import { filesBelow, read } from '../docs/documents';

/** A text that people can read, and its place. */
export interface ReadableText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Words with a space between them. A text that is not a sentence, such as a key or a path, has none. */
const SENTENCE = /\p{L}.* .*\p{L}/su;

/**
 * Returns the texts in a program that people can read: its string literals and templates with a space. Comments, names,
 * and imports are not included.
 */
export function textsOfProgram(file: string, program = read(file)): readonly ReadableText[] {
  const source = ts.createSourceFile(file, program, ts.ScriptTarget.Latest, true);
  const texts: ReadableText[] = [];
  const add = (node: ts.Node, text: string): void => {
    if (!SENTENCE.test(text)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    texts.push({ file, line: line + 1, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node, node.text);
    if (ts.isTemplateExpression(node)) add(node, textOfTemplate(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** Returns the text between the values of a template, with an ellipsis for each value. */
const textOfTemplate = ({ head, templateSpans }: ts.TemplateExpression): string =>
  head.text + templateSpans.map(({ literal }) => `…${literal.text}`).join('');

/** Returns the prose of a Markdown file, without code, HTML, and the targets of links. */
export function textsOfDocument(file: string, markdown = read(file)): readonly ReadableText[] {
  return new MarkdownIt({ html: true }).parse(markdown, {}).flatMap((token) => {
    if (token.type !== 'inline') return [];
    const prose = (token.children ?? [])
      .map(({ type, content }) =>
        type === 'text' || type === 'softbreak' ? content || ' ' : type === 'code_inline' ? '…' : '',
      )
      .join('');
    return [{ file, line: (token.map?.[0] ?? 0) + 1, text: prose }];
  });
}

/** Returns the values in a JSON file that people can read. */
export function textsOfJson(file: string, json = read(file)): readonly ReadableText[] {
  const texts: ReadableText[] = [];
  JSON.parse(json, (_key, value: unknown) => {
    if (typeof value === 'string' && SENTENCE.test(value)) texts.push({ file, line: 0, text: value });
    return value;
  });
  return texts;
}

/** Returns the comments of a YAML file, which explain an example. */
export function textsOfYaml(file: string, yaml = read(file)): readonly ReadableText[] {
  return yaml.split('\n').flatMap((text, at) => {
    const comment = /(?:^|\s)#\s(.*)$/.exec(text)?.[1];
    return comment === undefined ? [] : [{ file, line: at + 1, text: comment }];
  });
}

/** Returns everything in the repository that people who use, approve, or build the extension can read. */
export function allTexts(): readonly ReadableText[] {
  const programs = ['tasks', 'web', 'scripts', 'publishing'].flatMap((folder) =>
    filesBelow(folder, '.ts').filter((file) => !file.includes('node_modules')),
  );
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...filesBelow('docs', '.md'),
    ...filesBelow('examples', '.md'),
  ];
  const json = [
    'vss-extension.json',
    'vss-extension.dev.json',
    ...filesBelow('tasks', path.posix.join('task.json')),
    ...filesBelow('docs/roles', '.json'),
  ];
  return [
    ...programs.flatMap((file) => textsOfProgram(file)),
    ...documents.flatMap((file) => textsOfDocument(file)),
    ...json.flatMap((file) => textsOfJson(file)),
    ...['examples', 'templates'].flatMap((folder) =>
      filesBelow(folder, '.yml').flatMap((file) => textsOfYaml(file)),
    ),
  ];
}
