import type { CodedError } from '../../tasks/shared/core/errors';
import type { Things } from './hostileThings';

/** The result of a message function. */
export type Made = string | CodedError | undefined;
type Callable = ((...args: never) => unknown) | (new (...args: never) => unknown);
/** Creates each message of a module, in every variant. */
export type Makers<Module> = {
  readonly [Name in keyof Module as Module[Name] extends Callable ? Name : never]: (
    things: Things,
  ) => readonly Made[];
};

/** Creates the same message for several things. */
export const both = <T>(make: (given: T) => Made, ...given: readonly T[]): readonly Made[] => given.map(make);
