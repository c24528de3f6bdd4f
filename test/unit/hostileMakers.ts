import type { CodedError } from '../../tasks/shared/core/errors';
import type { Things } from './hostileThings';

/** What a message function gives. */
export type Made = string | CodedError | undefined;
type Callable = ((...args: never) => unknown) | (new (...args: never) => unknown);
/** How each message of a module is made, for every variant of what it speaks of. */
export type Makers<Module> = {
  readonly [Name in keyof Module as Module[Name] extends Callable ? Name : never]: (
    things: Things,
  ) => readonly Made[];
};

/** The same message of several things. */
export const both = <T>(make: (given: T) => Made, ...given: readonly T[]): readonly Made[] => given.map(make);
