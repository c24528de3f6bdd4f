import type { Policy } from '../core/policy';
import { say } from '../core/text';

export type PolicyPlace = Pick<Policy, 'name' | 'resourceGroup' | 'location'>;

/** Returns a policy with its group and region, because each of them can have a policy with the name `default`. */
export const policyName = ({ name, resourceGroup, location }: PolicyPlace): string =>
  resourceGroup === '' ? say`${name}` : say`${name} (${resourceGroup}, ${location})`;
