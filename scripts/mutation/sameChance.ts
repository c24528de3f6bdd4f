import fc from 'fast-check';

/**
 * A mutant that dies by chance would live the next time: properties are tested with the same values in every run. The
 * smallest value that fails is nothing that anybody asks for here.
 */
fc.configureGlobal({ seed: 20_190_401, endOnFailure: true });
