import { createPolicyWriter } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import { toPolicyId } from '../../../tasks/shared/core/resourceIds';
import { isAccepted, statusText } from '../azure';
import { Unsettled, type Experiment } from '../experiment';
import { deletePolicy, policyBody, POLICY_NAME } from '../policy';

export const outsidePlan: Experiment = {
  fact: 'outside-plan',
  question: 'How does Azure refuse a VM that Defender for Servers Plan 2 does not cover?',
  does: 'Writes a second temporary policy for the VM that is specified as outside the plan, and deletes it. Skipped without one.',
  minutes: 1,
  async run(bench) {
    const { outsidePlan: vm } = bench.target;
    if (!vm) throw new Unsettled('No VM outside the plan was specified.');
    const { location } = await bench.limited((limit) => createPolicyWriter(bench.arm).getVm(vm, limit));
    const id = toPolicyId(vm.subscriptionId, vm.resourceGroup, location, `${POLICY_NAME}-plan`);
    bench.undo.add('The second temporary policy', () => deletePolicy(bench, id, bench.clock));
    const answer = await bench.ask('PUT', id, 'jit', policyBody(vm.id, [{ number: 22, source: '*' }]));
    return {
      answer: isAccepted(answer)
        ? `Azure accepts a policy for it: ${statusText(answer)}.`
        : `Azure refuses a policy for it: ${statusText(answer)}, "${answer.message}".`,
    };
  },
};
