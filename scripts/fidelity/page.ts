import { EXPERIMENTS } from '../live/experiments';
import { WEAK, type Assumption } from './assumption';
import { ASSUMPTIONS } from './assumptions';

/** Returns the list of assumptions as Markdown, under its headings. */
export const list = (): readonly string[] =>
  Object.entries(ASSUMPTIONS).flatMap(([heading, some]) => [`## ${heading}`, '', ...some.flatMap(toLines)]);

function toLines(assumption: Assumption): readonly string[] {
  const { id, says, marks, source, where, ifFalse, switches = [] } = assumption;
  return [
    `### \`${id}\``,
    '',
    `${says} [${marks.join(', ')}]${source === undefined ? '' : ` (${source})`}`,
    '',
    `- **Used by** ${where.map(toPlace).join(', ')}.`,
    `- **If it is false:** ${ifFalse}`,
    ...(switches.length > 0
      ? [`- **In the simulation:** ${switches.map((name) => `\`${name}\``).join(', ')}.`]
      : []),
    ...settledBy(assumption),
    '',
  ];
}

const toPlace = (place: string): string => {
  const [file = '', name = ''] = place.split('#');
  return `\`${file}\` (\`${name}\`)`;
};

function settledBy({ id, marks, notTried }: Assumption): readonly string[] {
  if (EXPERIMENTS.some(({ fact }) => fact === id))
    return [`- **Settled by** \`scripts/live/experiments/${fileOf(id)}.ts\`.`];
  if (notTried !== undefined) return [`- **Not tried:** ${notTried}`];
  return marks.some((mark) => WEAK.includes(mark)) ? ['- **Not settled yet.**'] : [];
}

/** Returns the file of an experiment by the ID of its fact: `nearEnd` for `near-end`. */
export const fileOf = (id: string): string =>
  id.replace(/-(\w)/g, (_whole, letter: string) => letter.toUpperCase());
