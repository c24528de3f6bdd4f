import type { Code } from '../tasks/shared/core/codes';

/** The meaning and the resolution of each code in one line, for the Marketplace page. */
export const SHORT_CODES: Readonly<Record<Code, readonly [meaning: string, resolution: string]>> = {
  JIT101: ['One or more inputs are wrong.', 'Correct every input that the message lists.'],
  JIT102: ["The agent's Node is too old.", 'Update the agent, or the system that it runs on.'],
  JIT201: ['The service connection cannot be used.', 'Save it again, or create a new one.'],
  JIT202: [
    'Microsoft Entra ID refused the sign-in.',
    'Renew the secret, fix the federated credential, or assign the managed identity to the agent.',
  ],
  JIT203: [
    'No OIDC token from Azure DevOps.',
    'Permit the pipeline to use the connection, and remove a variable that the message names.',
  ],
  JIT301: [
    'An action is missing from the role.',
    'Assign the role at the scope that the message names, and wait up to ten minutes.',
  ],
  JIT302: ['Defender for Servers Plan 2 is off.', 'Turn the plan on for the subscription.'],
  JIT303: [
    'A deny assignment, Azure Policy, a lock or a disabled subscription forbids the call.',
    'Ask the owner of what Azure names for an exception.',
  ],
  JIT401: [
    'No JIT policy covers the VM.',
    'Add the VM to a policy, for example with `JitConfigurePolicy@1`.',
  ],
  JIT402: ['The port is not in the policy.', 'Request another port, or add the port to the policy.'],
  JIT403: ['The policy does not allow the duration.', 'Request less, or use `duration: max`.'],
  JIT404: [
    'The policy does not allow the source.',
    'Add the address to the policy, or use `sourceIp: policy` (`agent` if it allows any address).',
  ],
  JIT405: ['Azure refused the request.', 'Compare ports, duration and source with the policy.'],
  JIT406: ['The VM or the policy does not exist.', 'Correct the name, or give the full resource id.'],
  JIT411: ['The names of the policy and the VM are too long.', 'Choose a shorter `policyName`.'],
  JIT412: ['The policy was not in place in time.', 'Raise `waitTimeout`, or run the step again.'],
  JIT413: ['Azure refused the policy.', 'Correct what Azure names.'],
  JIT414: ['Another writer kept changing the policy.', 'Run such jobs one after the other.'],
  JIT421: [
    'A VM should have JIT access and has none.',
    'Add the VM to a policy, or delete the rules that allow access.',
  ],
  JIT422: ['A management port is open to the internet.', 'Delete or narrow the rule that the report names.'],
  JIT423: ['The files of the report cannot be written.', 'Set `outputFolder` to a folder that is writable.'],
  JIT424: [
    'A port might be open.',
    'Use addresses instead of service tags in the rule that the report names.',
  ],
  JIT501: [
    'No address service answered.',
    'Allow the agent to reach them, or set `ipEchoUrls` or `sourceIp`.',
  ],
  JIT502: ['The address services disagree.', 'Give all addresses of the agent in `sourceIp`.'],
  JIT503: ["The agent's address is not a public IPv4 address.", 'Give the address in `sourceIp`.'],
  JIT601: ['Azure is throttling.', 'Run the job later, or fewer jobs at the same time.'],
  JIT602: ['Azure answered with a server error.', 'Run the job again, and check status.azure.com.'],
  JIT603: ['Azure was not reached.', 'Check DNS, proxy and firewall for the host that is named.'],
  JIT604: [
    'Azure, or something between it and the agent, gave an unexpected response.',
    'Check proxies and sign-in pages, and run the job again.',
  ],
  JIT701: ['The NSG rule was not there in time.', 'Raise `waitTimeout`, and check for locks on the NSG.'],
  JIT702: ['Another rule blocks.', 'Change the rule that is named, or its priority.'],
  JIT703: ['The request was revoked or superseded.', 'Set `shareActiveRequests: true` in all runs.'],
  JIT704: ['The VM did not answer in time.', 'Start the VM, and check its service and its own firewall.'],
  JIT801: ['The run was canceled.', 'Nothing: access ends at the time that is named.'],
  JIT901: [
    'A bug in this extension.',
    'Report it with the log of a run that has `system.debug` set to `true`.',
  ],
};
