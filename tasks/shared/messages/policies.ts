import type { Policy } from '../core/policy';
import { say } from '../core/text';

export type PolicyPlace = Pick<Policy, 'name' | 'resourceGroup' | 'location'>;

/** A policy with its group and region: `default` may be the name of one in each of them. */
export const policyName = ({ name, resourceGroup, location }: PolicyPlace): string =>
  resourceGroup === '' ? say`${name}` : say`${name} (${resourceGroup}, ${location})`;
