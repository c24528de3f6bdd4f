import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseState } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import * as closing from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { aPolicy, aVm, NOW } from './core/policies';
import { assertHarmless, damaged, hostileText } from './hostileTexts';

const STATE = {
  ...{ version: 1, connectionId: 'c', close: true },
  opened: [
    {
      ...{ vm: aVm().id, policy: aPolicy().id, port: 22, protocol: '*', sources: ['20.50.1.7'], endsAt: NOW },
      ...{ startedAt: new Date(NOW).toISOString(), others: { sources: ['20.50.1.8'], endsAt: NOW } },
    },
  ],
};

describe('the state for the post-job step', () => {
  it('is read as it was written, or reported as unreadable, regardless of its content', () => {
    assert.equal(parseState(JSON.stringify(STATE)).kind, 'state');
    fc.assert(
      fc.property(
        fc.oneof(
          damaged(STATE).map((value) => JSON.stringify(value ?? null)),
          hostileText,
        ),
        (text) => {
          const read = parseState(text);
          if (read.kind !== 'state') return;
          assert.equal(typeof read.state.connectionId, 'string');
          for (const opened of read.state.opened) {
            assert.ok(opened.port > 0 && opened.port < 65_536);
            // The final messages of the post-job step must not fail.
            assertHarmless(
              closing.closedText({ kind: 'open', opened, until: opened.endsAt, isAllowed: false, why: 'a' })
                .text,
            );
            assertHarmless(closing.closedText({ kind: 'closed', opened, how: 'verified' }).text);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
