import assert from 'node:assert/strict';
import { createBypass } from '../../../tasks/shared/host/bypassList';

const read = (entries: readonly unknown[]) => {
  const problems: string[] = [];
  let told = 0;
  const bypasses = createBypass(entries, (useless) => {
    told++;
    problems.push(...useless.map(({ entry, problem }) => `${problem} ${entry}`));
  });
  return { bypasses, problems, told: () => told };
};

describe("the agent's bypass list", () => {
  for (const [entry, url, expected] of [
    ['management.azure.com', 'https://management.azure.com/subscriptions', true],
    ['management\\.azure\\.com', 'https://management.azure.com/subscriptions', true],
    ['.*\\.azure\\.com$', 'https://management.azure.com/subscriptions', true],
    ['MANAGEMENT', 'https://management.azure.com/', true],
    ['^https://management', 'https://management.azure.com/', true],
    ['https://management.azure.com/', 'https://management.azure.com/x', true],
    ['localhost:4711', 'https://localhost:4711/x', true],
    ['localhost:4711', 'https://localhost:4712/x', false],
    ['(management|login)\\.azure\\.com', 'https://login.azure.com/', true],
    ['10\\.0\\.\\d+\\.\\d+', 'https://10.0.1.22/', true],
    ['contoso', 'https://management.azure.com/contoso', false],
    ['login', 'https://management.azure.com/', false],
    ['(.+)+', 'https://management.azure.com/', true],
    ['', 'https://management.azure.com/', false],
  ] as const) {
    it(`${expected ? 'names' : 'does not name'} ${url} with ${entry || 'nothing'}`, () => {
      const { bypasses, problems } = read([entry]);
      assert.equal(bypasses(url), expected);
      assert.deepEqual(problems, []);
    });
  }

  it('ignores an unusable entry, and names it once', () => {
    const long = `(${'a'.repeat(400)})`;
    const { bypasses, problems, told } = read(['*.contoso.com', 7, null, long, '(login)']);
    assert.equal(bypasses('https://login.azure.com/'), true);
    assert.equal(bypasses('https://www.contoso.com/'), false);
    assert.deepEqual(problems, [
      'noExpression *.contoso.com',
      'noExpression 7',
      'noExpression null',
      `tooLong ${long}`,
    ]);
    assert.equal(told(), 1, 'they are told all at once');
  });

  it('stops an entry that would never finish, and names it once', () => {
    const { bypasses, problems } = read(['^(.+)+~$', '^(.*)*~$', '(login)']);
    const host = 'a'.repeat(60);
    assert.equal(bypasses(`https://${host}.azure.com/`), false);
    assert.equal(bypasses(`https://x${host}.azure.com/`), false);
    assert.equal(bypasses('https://login.azure.com/'), true);
    assert.deepEqual(problems, ['tooSlow ^(.+)+~$', 'tooSlow ^(.*)*~$']);
  });
});
