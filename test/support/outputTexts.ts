import { fitOutputs, type StepOutputs } from '../../tasks/shared/core/outputs';

/** Returns the outputs as later steps read them, by name, except for the path of the file. */
export const outputTexts = <Name extends string>(outputs: StepOutputs): Readonly<Record<Name, string>> =>
  Object.fromEntries(fitOutputs(outputs).map(({ name, text }) => [name, text])) as Record<Name, string>;
