import assert from 'node:assert/strict';
import { APPLICATION, requestorNote } from '../../../tasks/shared/view/messages/open';
import { whoCell } from '../../../tasks/shared/view/whoCell';
import { vmTable } from '../../../tasks/shared/view/auditTables';
import { describeRun } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/justification';
import { aReport, aRequest, aVmReport } from '../../support/report/reports';

const ID = '5b2e8f0c-7d41-4a6a-9e15-c04f3f7a1d88';
const HOME = 'https://dev.azure.com/contoso/';
const VARIABLES: Readonly<Record<string, string>> = {
  'System.TeamProject': 'Web Shop',
  'System.HostType': 'build',
  'Build.DefinitionName': 'deploy web',
  'Build.BuildNumber': '20261120.3',
  'Build.RequestedFor': 'Ada Park',
  'Build.BuildId': '4711',
};
const runUrl = `${HOME}Web%20Shop/_build/results?buildId=4711`;
const written = (changed: Readonly<Record<string, string>> = {}): string =>
  describeRun((name) => ({ ...VARIABLES, ...changed })[name] ?? '', HOME);
const application = { who: ID, whoId: null, whoLikely: false };

/** Returns the claim of a person who wants to be mistaken for a pipeline. */
const claimOf = (project: string, part = 'Web%20Shop') => {
  const url = `${HOME}${part}/_build/results?buildId=1`;
  return { justification: `${project} / deploy 20261120.3, requested for Ada Park, ${url}`, runUrl: url };
};

describe('the requestor of an access', () => {
  it('is shown for an application as the pipeline in its justification, with the origin of the name', () => {
    assert.deepEqual(whoCell({ ...application, justification: written(), runUrl }), {
      lines: ['Web Shop / deploy web'],
      note: requestorNote(ID, false, true),
    });
    assert.ok(requestorNote(ID, false, true).startsWith(`${ID}, `));
    const likely = whoCell({ ...application, whoLikely: true, justification: written(), runUrl });
    assert.equal(likely.note, requestorNote(ID, true, true));
  });

  it('is the same for a run that no one requested', () => {
    const justification = written({ 'Build.RequestedFor': '' });
    assert.deepEqual(whoCell({ ...application, justification, runUrl }).lines, ['Web Shop / deploy web']);
  });

  it('includes an unusual run number, because it cannot be distinguished from the name of the pipeline', () => {
    const justification = written({ 'Build.BuildNumber': '2026 main' });
    assert.deepEqual(whoCell({ ...application, justification, runUrl }).lines, [
      'Web Shop / deploy web 2026 main',
    ]);
  });

  it('is the same for a run with the older address of an organization', () => {
    for (const home of [
      'https://contoso.visualstudio.com/',
      'https://contoso.visualstudio.com/DefaultCollection/',
    ]) {
      const justification = describeRun((name) => VARIABLES[name] ?? '', home);
      const older = { justification, runUrl: `${home}Web%20Shop/_build/results?buildId=4711` };
      assert.ok(justification.endsWith(older.runUrl));
      assert.deepEqual(whoCell({ ...application, ...older }).lines, ['Web Shop / deploy web']);
    }
  });

  for (const [what, given] of [
    ['another text', { justification: `Index rebuild ${runUrl}`, runUrl }],
    ['no text', { justification: '', runUrl: null }],
    ['no run of this organization', { justification: written(), runUrl: null }],
    ['a run of another project', { justification: written({ 'System.TeamProject': 'Bank' }), runUrl }],
    ['another run than the one at its end', { justification: `${written()} ${runUrl}0`, runUrl }],
    ['the organization in the place of the project', claimOf('contoso')],
    ['a part of the address in the place of the project', claimOf('_build')],
    [
      'a person, in an address with a part too many',
      claimOf('ada@contoso.example', 'Shop/ada%40contoso.example'),
    ],
    ['a project in another case', claimOf('web shop')],
    [
      'no address at its end',
      { justification: 'Web Shop / deploy 20261120.3, no address', runUrl: 'no address' },
    ],
    ['half of a character', claimOf('\ud800')],
    ['an address that is no text', claimOf('Web Shop', '%ff')],
    ['no pipeline', { justification: written({ 'Build.DefinitionName': '' }), runUrl }],
  ] as const)
    it(`remains an application with its ID if the justification has ${what}`, () => {
      assert.deepEqual(whoCell({ ...application, ...given }), { lines: [APPLICATION], note: ID });
    });

  it('is never a pipeline if Azure has a name', () => {
    const person = { who: 'ada@contoso.example', whoId: null, whoLikely: false };
    assert.deepEqual(whoCell({ ...person, justification: written(), runUrl }), { lines: [person.who] });
    const named = { who: 'shop-deploy', whoId: ID, whoLikely: false };
    assert.deepEqual(whoCell({ ...named, justification: written(), runUrl }), {
      lines: ['shop-deploy'],
      note: ID,
    });
  });

  it('is named in the same way for the last use of a VM and in the list of requests', () => {
    const vm = aVmReport('web-01');
    const request = aRequest(1, { vmId: vm.id, who: ID, whoId: null, justification: written(), runUrl });
    const used = { ...vm, lastUse: request.time, lastUser: ID };
    const noteOf = (requests: (typeof request)[]): string | undefined =>
      vmTable([used], aReport({ vms: [used], requests }), 1).rows[0]?.at(-1)?.note;
    assert.equal(noteOf([request]), `Web Shop / deploy web, ${requestorNote(ID, false, true)}`);
    assert.equal(noteOf([]), ID);
  });
});
