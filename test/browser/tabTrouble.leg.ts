import assert from 'node:assert/strict';
import * as say from '../../web/messages/tab';
import { TROUBLES, type ApiTrouble } from '../../web/messages/trouble';
import { ATTACHMENT_TYPE } from '../../tasks/shared/document/document';
import { formatDocument, type WholeDocument } from '../../tasks/shared/document/format';
import { bigReport } from '../support/report/bigReport';
import { sampleReport } from '../support/report/sampleReport';
import type { ApiAnswer, SentDocument } from '../support/tab/devops';
import { assertAccessible, hold, tellHost, textOf } from '../support/tab/reading';
import { describeInBrowser, type Opened, type Opening } from '../support/tab/useTab';

const AT = Date.UTC(2026, 10, 20, 9, 30);
const HOSTILE = [
  `<img src=x onerror=alert(1)>`,
  `"><script>alert(1)</script>`,
  `javascript:alert(1)`,
  `\u202eevil\u2066`,
  `{{constructor.constructor('alert(1)')()}}`,
  `Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307algo`,
  `x`.repeat(300),
];

const whole = (name: string, content: WholeDocument['content'], more: Partial<WholeDocument> = {}) => ({
  name,
  text: formatDocument({
    ...{ schemaVersion: '1.1', task: 'JitOpenPorts', writtenAt: new Date(AT).toISOString() },
    ...{ part: 'main', failure: null, content },
    step: { jobId: name, jobAttempt: 1, stepId: name, jobName: 'Deploy', stepName: name },
    ...more,
  }),
});
const portOf = (vmName: string, number = 22) => ({
  ...{ vmId: `/subscriptions/s/${vmName}`, vmName, port: number, sources: ['20.61.99.7'], reused: false },
  ...{ endsAt: new Date(AT + 3_600_000).toISOString(), state: 'open' as const, code: null },
  ...{ permanent: false, waitedSeconds: 3 },
});
const opened = (name: string, ...vmNames: readonly string[]): SentDocument =>
  whole(name, { kind: 'opened', ports: vmNames.map((vmName) => portOf(vmName)), leftOut: [] });

describeInBrowser('the tab of a run, if something fails', (tabs) => {
  const open = (documents: readonly SentDocument[], more: Partial<Opening> = {}): Promise<Opened> => {
    const id = tabs.devops.addRun(tabs.devops.addPipeline('deploy-web'), documents);
    return tabs.open({ page: 'tab', build: { id, status: 2 }, at: AT, ...more });
  };
  const broken = (path: string): boolean => path.endsWith(`/attachments/${ATTACHMENT_TYPE}`);

  for (const [answer, trouble] of [
    [{ status: 401, body: '{}' }, 'signIn'],
    [{ status: 203, body: '<html>Sign in</html>' }, 'signIn'],
    [{ status: 403, body: '{}' }, 'forbidden'],
    [{ status: 404, body: '{}' }, 'notFound'],
    [{ status: 429, body: '{}' }, 'busy'],
    [{ status: 503, body: 'Service unavailable' }, 'server'],
    [{ status: 200, body: '<html>Proxy</html>' }, 'senseless'],
    [{ status: 200, body: '{"value":"none"}' }, 'senseless'],
    [{ status: 302, headers: { location: 'https://evil.example/' } }, 'notReached'],
  ] as const satisfies readonly (readonly [ApiAnswer, ApiTrouble])[])
    it(`explains ${answer.status} with ${'body' in answer ? answer.body : 'another address'}, and tries again on request`, async () => {
      tabs.devops.fault = (path) => (broken(path) ? answer : undefined);
      const { page } = await open([opened('one', 'web-01')]);
      await page.waitForSelector('[role=alert]:not([hidden])');
      assert.ok((await textOf(page, '[role=alert]')).includes(TROUBLES[trouble]));
      await assertAccessible(page);
      tabs.devops.fault = () => undefined;
      await page.click('[role=alert] button');
      await page.waitForSelector('tbody tr');
      assert.equal(await page.isVisible('[role=alert]'), false);
    });

  it('does not wait forever for a response', async () => {
    tabs.devops.fault = (path) => (broken(path) ? { status: 0, hang: true } : undefined);
    const { host, page } = await open([opened('one', 'web-01')], { byHand: true });
    await tabs.devops.called(1);
    await host.clock.runFor(31_000);
    await page.waitForSelector('[role=alert]:not([hidden])');
    assert.ok((await textOf(page, '[role=alert]')).includes(TROUBLES.slow));
  });

  it('gets a new token when its token has expired', async () => {
    let refused = false;
    tabs.devops.fault = () => {
      if (refused) return undefined;
      refused = true;
      return { status: 401, body: '{}' };
    };
    const { page } = await open([opened('one', 'web-01')]);
    await page.waitForSelector('tbody tr');
  });

  it('shows the other documents if one cannot be loaded, is damaged, or has an unknown version', async () => {
    const newer = { name: 'newer', text: JSON.stringify({ schemaVersion: '2.0', surprise: true }) };
    const damaged = [
      { name: 'cut-off', text: opened('x', 'web-02').text.slice(0, 50) },
      { name: 'another', text: '[]' },
      { name: 'forged', text: opened('x', 'web-03').text.replace('"open"', '"wide open"') },
      { name: 'late', text: opened('x', 'web-04').text.replace(/"endsAt":"[^"]+"/, '"endsAt":"never"') },
    ];
    tabs.devops.fault = (path) => (path.endsWith('/lost') ? { status: 500, body: '' } : undefined);
    const { page } = await open([newer, ...damaged, opened('lost', 'web-05'), opened('whole', 'web-01')]);
    await page.waitForSelector('section[aria-labelledby=notes]');
    const rows = await page.$$eval('section[aria-labelledby=ports] tbody th', (found) =>
      found.map(({ textContent }) => textContent),
    );
    assert.deepEqual(rows, ['web-01']);
    // The status does not cover what was not read.
    assert.ok((await textOf(page, '[role=status]')).endsWith(say.NOT_WHOLE));
    const notes = await textOf(page, 'section[aria-labelledby=notes]');
    for (const text of [
      say.notShown('newer', say.UNREADABLE.version),
      ...damaged.map(({ name }) => say.notShown(name, say.UNREADABLE.damaged)),
      say.notLoaded('lost', TROUBLES.server),
    ])
      assert.ok(notes.includes(text), text);
    await assertAccessible(page);
  });

  it('shows the run that it received last, even if the response for an earlier one arrives late', async () => {
    const pipeline = tabs.devops.addPipeline('deploy-web');
    const [earlier, later] = ['web-01', 'web-02'].map((name) =>
      tabs.devops.addRun(pipeline, [opened(name, name)]),
    );
    assert.ok(earlier !== undefined && later !== undefined);
    const { host, page } = await tabs.open({ page: 'tab', build: { id: earlier, status: 2 }, at: AT });
    await page.waitForSelector('tbody tr');
    const held = await hold(host, `/builds/${earlier}/`);
    await tellHost(host, 'setBuild', { id: earlier, status: 2 });
    await held.reached;
    await tellHost(host, 'setBuild', { id: later, status: 2 });
    held.release();
    await page.waitForSelector('text=web-02');
    assert.ok(!(await textOf(page)).includes('web-01'));
  });

  it('shows no data of another run if the run cannot be loaded', async () => {
    const { host, page } = await open([opened('one', 'web-01')]);
    await page.waitForSelector('tbody tr');
    await tellHost(host, 'setBuild', { id: 1, status: 2 });
    await page.waitForSelector('[role=alert]:not([hidden])');
    const text = await textOf(page);
    assert.ok(text.includes(TROUBLES.notFound) && !text.includes('web-01'), text);
  });

  it('names the VMs that were left out, with the reasons', async () => {
    const why = { code: 'JIT401', seen: 'No policy lists the VM.', remedy: 'Add it to a policy.' } as const;
    const leftOut = [
      { vmId: '/subscriptions/s/bare', vmName: 'bare', port: null, ...why },
      { vmId: '/subscriptions/s/odd', vmName: HOSTILE[0] ?? '', port: 3389, ...why },
    ];
    const { page, complaints } = await open([whole('deploy', { kind: 'opened', ports: [], leftOut })]);
    await page.waitForSelector('section[aria-labelledby=left-out]');
    const rows = await page.$$eval('section[aria-labelledby=left-out] tbody tr', (found) =>
      found.map((row) => [...row.children].slice(0, 3).map(({ textContent }) => textContent)),
    );
    assert.deepEqual(rows, [
      ['bare', say.WHOLE_VM, 'JIT401'],
      ['<img src=x onerror=alert(1)>', '3389', 'JIT401'],
    ]);
    assert.match(await textOf(page), /No policy lists the VM\.\s*Add it to a policy\./);
    assert.ok((await textOf(page, '[role=status]')).startsWith(say.NO_PORTS));
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
  });

  it('reads every page of the list', async () => {
    tabs.devops.pageSize = 2;
    const names = ['one', 'two', 'three', 'four', 'five'];
    const { page } = await open(names.map((name) => opened(name, `vm-${name}`)));
    await page.waitForSelector('tbody tr');
    assert.equal((await page.$$('tbody tr')).length, 5);
  });

  it('shows a thousand rows, and reports what was left out', async () => {
    const report = bigReport(1000, 1000);
    const { page, complaints } = await open([whole('report', { kind: 'report', report })]);
    await page.waitForSelector('.downloads');
    assert.ok((await page.$$('tbody tr')).length >= 500);
    assert.match(await textOf(page, 'section[aria-labelledby=notes]'), /of 1000 entries/);
    assert.deepEqual(complaints, []);
  });

  it('shows hostile names as text, runs none of them, and links only to the organization', async () => {
    const sample = sampleReport();
    const report = {
      ...sample,
      vms: sample.vms.map((vm, at) => ({ ...vm, name: HOSTILE[at % HOSTILE.length] ?? '' })),
      requests: sample.requests.map((request, at) => ({
        ...request,
        justification: HOSTILE[at % HOSTILE.length] ?? '',
        runUrl:
          [
            'javascript:alert(1)',
            'https://evil.example/contoso/_build/results?buildId=1',
            'https://dev.azure.com/others/_build/results?buildId=1',
            'http://dev.azure.com/contoso/_build/results?buildId=1',
            'https://dev.azure.com/contoso/shop/_build/results?buildId=7',
          ][at % 5] ?? '',
      })),
    };
    const failure = { code: 'JIT101', seen: HOSTILE.join(' '), remedy: 'Correct it.' } as const;
    const { host, page, complaints } = await open(
      [
        opened(HOSTILE[0] ?? '', ...HOSTILE),
        whole('failed', { kind: 'none' }, { failure }),
        // As another step might attach it, without making the texts harmless.
        {
          name: 'report',
          text: whole('report', { kind: 'none' }).text.replace(
            '{"kind":"none"}',
            JSON.stringify({ kind: 'report', report }),
          ),
        },
      ],
      { width: 360 },
    );
    host.on('dialog', () => assert.fail('A script ran.'));
    await page.waitForSelector('.downloads');
    assert.equal(
      await page.evaluate<number>('document.querySelectorAll("img, script[src], iframe, object").length'),
      0,
    );
    const links = await page.$$eval('a', (found) => found.map((link) => link.getAttribute('href')));
    assert.ok(links.includes('https://dev.azure.com/contoso/shop/_build/results?buildId=7'));
    for (const link of links) assert.match(link ?? '', /^https:\/\/dev\.azure\.com\/contoso\//);
    assert.ok((await textOf(page)).includes('<img src=x onerror=alert(1)>'));
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
  });

  it('can connect only to organizations of Azure DevOps, run no other script, and load nothing', async () => {
    const { page } = await open([opened('one', 'web-01')]);
    await page.waitForSelector('tbody tr');
    const refused = (code: string): Promise<string> =>
      page.evaluate<string>(`new Promise((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), { once: true });
        ${code}
      })`);
    assert.equal(await refused(`fetch('https://evil.example/').catch(() => undefined)`), 'connect-src');
    assert.equal(await refused(`fetch(location.href).catch(() => undefined)`), 'connect-src');
    assert.equal(
      await refused(
        `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`,
      ),
      'script-src-elem',
    );
    assert.equal(
      await refused(
        `document.body.append(Object.assign(document.createElement('img'), { src: 'https://dev.azure.com/x.png' }))`,
      ),
      'img-src',
    );
    assert.equal(
      await refused(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://dev.azure.com/' }))`,
      ),
      'frame-src',
    );
  });

  it('reports that a run without documents has no results, and that the page works only in a run', async () => {
    const { page } = await open([]);
    await page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(say.NOTHING)})`);
    const alone = await tabs.open({ page: 'tab' });
    await alone.page.waitForFunction(`document.body.innerText.includes(${JSON.stringify(say.NO_HOST)})`);
    await assertAccessible(alone.page);
  });
});
