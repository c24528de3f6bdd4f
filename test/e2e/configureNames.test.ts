import { itWithSignals } from '../support/agent/signals';
import { assertFailed, assertNames, usePackagedTask, type Stage } from '../support/packagedTask';

describe('JitConfigurePolicy over policies of one name', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  /** Two VMs that need a policy of one name each, in two groups. */
  const twoDefaults = ({ azure }: Stage) => {
    const vms = ['rg-a', 'rg-b'].map((resourceGroup) => azure.addVm({ name: 'web', resourceGroup }));
    return { vmResourceId: vms.map(({ id }) => id).join(), portRules: '443' };
  };
  const names = ['default (rg-a, westeurope)', 'default (rg-b, westeurope)'];

  it('tells policies of one name apart by their groups, in log, errors and summary', async () => {
    const stage = await task.stage();
    stage.azure.faults.always(({ kind, path }) => kind === 'policy.put' && path.includes('rg-b'), {
      ...{ status: 400, code: 'InvalidPolicy', message: 'Not like this.' },
    });
    const run = await stage.run(twoDefaults(stage));
    assertFailed(run, 'JIT413', ...names);
    assertNames(run.log.join(), ...names.map((name) => `Policy ${name} is made`));
    assertNames(run.summaries.join(), ...names);
  });

  itWithSignals('names both when it is cancelled while both are written', async () => {
    const stage = await task.stage();
    let writes = 0;
    stage.azure.faults.always(({ kind }) => {
      if (kind === 'policy.put' && ++writes === 2) running.cancel();
      return kind === 'policy.put';
    }, 'hang');
    const running = stage.start(twoDefaults(stage), { cancelTimes: { interruptMs: 2500, terminateMs: 0 } });
    const { message } = await running.finished;
    assertNames(message, /^JIT801: /, 'may be changed', ...names);
  });
});
