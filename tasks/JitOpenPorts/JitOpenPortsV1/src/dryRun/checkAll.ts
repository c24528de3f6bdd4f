import { toOwnPorts } from '../plan/ownRequests';
import { toRequests } from '../open/requestAccess';
import type { NotedPort as Noted } from '../plan/state';
import { sameId } from '../../../../shared/core/resourceIds';
import { isSignInFailure, isSilence } from '../../../../shared/core/codes';
import { ForbiddenError, type CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import { dryRunDone, unreadable } from '../messages/opening';
import { PURPOSES } from '../../../../shared/messages/rights';
import { logCheckList } from '../../../../shared/task/checkList';
import type { CheckList, Check } from '../../../../shared/core/checks';
import type { CheckedRight } from '../../../../shared/core/rights';
import { checkRights, rightChecks } from '../../../../shared/task/rights';
import type { Context } from '../context';
import { placesOf, type Findings, type NotOpened, type VmFindings } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';
import { awaitsRules, prepare } from '../open/prepare';
import { findPrivateHosts } from '../open/privateHosts';
import { neededRights, type VmScopes } from './neededRights';
import { toCheckList, toShortList, type DryRun } from './checks';
import { toPartialDryRun, toProspect } from './partialDryRun';
import { checkRules, type Refused } from './ruleChecks';
import { failureWithoutRole } from './withoutRole';

/** How long checking rules and rights can take: one minute. */
const CHECK_MS = 60_000;

/**
 * Does in a dry run what `openPorts` does in a real run: the same preparation, which continues after a failure so that
 * one dry run shows everything that is missing, and then checks instead of the request and the wait. Rejects only with
 * bugs.
 *
 * @param earlier what earlier attempts of this step opened
 */
export async function checkAll(
  inputs: OpenPortsInputs,
  context: Context,
  earlier: readonly Noted[],
): Promise<DryRun> {
  const { log, clock, signal } = context;
  // Closing reads the rules, regardless of what is waited for.
  const withRules = awaitsRules(inputs) || inputs.closeAtJobEnd;
  const own = toOwnPorts(earlier);
  const findings = await prepare(inputs, context, own, { stopsAtFailure: false, withRules });
  const { plans } = findings;
  log.progress(50, 'Checking rules and rights');
  // If Azure did not respond, further calls only take time.
  const silent =
    plans.kind === 'failed'
      ? findings.vms.flatMap(azureFailures).find((failure) => isSignInFailure(failure) || isSilence(failure))
      : undefined;
  const [{ rules, blocked, rights }, hosts] = silent
    ? [{ rules: undefined, blocked: [], rights: [] }, []]
    : await Promise.all([
        withLimit(clock, signal, CHECK_MS, (limit) =>
          checkRulesAndRights(inputs, context, findings, withRules, limit),
        ),
        findPrivateHosts(context, inputs, findings),
      ]);
  const withoutRole = silent ? undefined : failureWithoutRole(findings, rights);
  if (plans.kind === 'found' && inputs.onPartial === 'continue') {
    const prospect = toProspect(findings, plans.value, rights, blocked);
    return toPartialDryRun(inputs, context, findings, own, prospect, { rules, rights, hosts });
  }
  const ofRights = silent ? undefined : rightChecks(rights);
  const checks = withoutRole
    ? toShortList(inputs, context.signIn, findings, withoutRole)
    : toCheckList(inputs, context.signIn, findings, own, { rules, rights: ofRights, hosts, silent });
  logCheckList(log, checks);
  // A run that is not allowed to request does not get as far as waiting.
  const [later] = [...(ofRights ?? []), ...(rules ?? [])].flatMap((check) => check.failure ?? []);
  const first = plans.kind === 'failed' ? plans.failure : later;
  const failure = first?.code === withoutRole?.code ? (withoutRole ?? first) : first;
  if (!failure) log.line(dryRunDone);
  return { checks, failure };
}

const azureFailures = ({ policies, place }: VmFindings): readonly CodedError[] =>
  [policies, place].flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));

/** Reads the rules, and checks the rights that these reads did not show. */
async function checkRulesAndRights(
  inputs: OpenPortsInputs,
  context: Context,
  findings: Findings,
  withRules: boolean,
  limit: Limit,
): Promise<{
  readonly rules: CheckList | undefined;
  readonly blocked: readonly NotOpened[];
  readonly rights: readonly CheckedRight[];
}> {
  const { plans, leftOut } = findings;
  const isLeftOut = new Set(leftOut.map(({ vm }) => vm));
  const vms = findings.vms.filter(({ vm }) => !isLeftOut.has(vm));
  const places = placesOf(findings);
  const rules = withRules
    ? await checkRules(
        context,
        vms.flatMap(({ planning, policies }) =>
          planning?.kind === 'found' && planning.value.kind === 'planned' && policies.kind === 'found'
            ? [{ plan: planning.value.plan, policies: policies.value }]
            : [],
        ),
        places,
        awaitsRules(inputs),
        limit,
      )
    : undefined;
  const unread = [...places.values()].flatMap(({ missing }) =>
    missing.map((error) => ({ error, text: unreadable(error) })),
  );
  const refused = [...unread, ...(rules?.refused ?? [])];
  const forbidden = refused.flatMap(({ error }) => (error instanceof ForbiddenError ? error : []));
  const needed = neededRights(
    vms.map((one) => toScopes(one, plans)),
    {
      rules: withRules,
      closes: inputs.closeAtJobEnd,
      refused: (action, scope) => forbidden.find((one) => one.action === action && sameId(one.scope, scope)),
      read: (id) => rules?.read.has(id.toLowerCase()) ?? false,
      inDoubt: ({ key }) => rules?.inDoubt.has(key) ?? false,
      readAdminRules: (vnetId) => rules?.readAdminRules.has(vnetId.toLowerCase()) ?? false,
    },
  );
  // A missing right to read is reported with the rights. Any other refusal is reported only here.
  const known = needed.flatMap(({ purpose, shown }) =>
    shown instanceof ForbiddenError && PURPOSES[purpose].without !== 'perhaps'
      ? [`${shown.action} ${shown.scope}`.toLowerCase()]
      : [],
  );
  const untold = refused.filter(
    ({ error }) =>
      !(error instanceof ForbiddenError && known.includes(`${error.action} ${error.scope}`.toLowerCase())),
  );
  const toWarning = ({ text }: Refused): Check => ({ topic: 'Rules now', mark: 'warning', text, loud: true });
  return {
    blocked: rules?.blocked ?? [],
    rules: untold.length > 0 ? [...untold.map(toWarning), ...(rules?.checks ?? [])] : rules?.checks,
    rights: await checkRights(context.rights, needed, limit),
  };
}

function toScopes({ vm, policies, place, planning }: VmFindings, plans: Findings['plans']): VmScopes {
  const planned = planning?.kind === 'found' ? planning.value : undefined;
  const needsRequest =
    plans.kind === 'failed' ||
    toRequests(plans.value).some(({ ports }) => ports.some((one) => one.wanted === vm));
  return {
    vm,
    place: place.kind === 'found' ? place.value : undefined,
    listed: policies.kind === 'found',
    policyId: planned?.kind === 'planned' ? planned.plan.policy.id : undefined,
    needsRequest,
  };
}
