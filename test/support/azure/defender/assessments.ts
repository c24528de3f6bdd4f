import { spelling } from '../jit/service';
import type { Vm } from '../network/vms';
import type { Settings } from '../settings';

/** Defender's "Management ports of virtual machines should be protected with just-in-time network access control". */
export const JIT_ASSESSMENT = '805651bc-6ecd-4c73-9b55-97a19d0582d0';

/** Defender's assessment of a VM. */
export interface NewAssessment {
  readonly vm: Pick<Vm, 'id' | 'subscriptionId'>;
  readonly status: 'Healthy' | 'Unhealthy' | 'NotApplicable';
  /** Defender's code for the reason, such as `OffByPolicy`. */
  readonly cause?: string;
}

/** A row as Resource Graph returns it. */
export interface AssessmentRow {
  readonly id: string;
  readonly resourceId: string;
  readonly status: string;
  readonly cause: string;
}

/** Defender's assessments, by subscription. */
export interface Assessments {
  add(wanted: NewAssessment): void;
  /** By ID, ascending, as in the order of the only query. */
  rows(subscriptionId: string): readonly AssessmentRow[];
}

export function createAssessments(settings: Readonly<Settings>): Assessments {
  const bySubscription = new Map<string, Map<string, AssessmentRow>>();
  const sorted = new Map<string, readonly AssessmentRow[]>();
  return {
    add({ vm, status, cause = '' }) {
      const key = vm.subscriptionId.toLowerCase();
      const rows = bySubscription.get(key) ?? new Map<string, AssessmentRow>();
      const id = `${spelling(settings)(vm.id)}/providers/Microsoft.Security/assessments/${JIT_ASSESSMENT}`;
      rows.set(vm.id.toLowerCase(), { id, resourceId: vm.id.toLowerCase(), status, cause });
      bySubscription.set(key, rows);
      sorted.delete(key);
    },
    rows(subscriptionId) {
      const key = subscriptionId.toLowerCase();
      const found = sorted.get(key) ?? [...(bySubscription.get(key)?.values() ?? [])].sort(byId);
      sorted.set(key, found);
      return found;
    },
  };
}

const byId = (a: AssessmentRow, b: AssessmentRow): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
