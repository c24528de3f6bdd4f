import { load } from 'koffi';

/**
 * A separate program for Windows: `sendConsoleEvent.ts <process> <event>` sends Ctrl-C (0) or Ctrl-Break (1) to the
 * console of a process, as the agent does. A process has only one console, and the sender must be attached to the
 * console of the receiver, which a test cannot do because it cannot leave its own console. (azure-pipelines-agent,
 * ProcessInvoker.SendCtrlSignal)
 */
const kernel = load('kernel32.dll');

const call = (name: string, types: string, ...values: readonly unknown[]): void => {
  // After a failure, nothing else must run: in the console of the tests, the event would end the tests.
  if (kernel.func(`bool __stdcall ${name}(${types})`)(...values) !== true) throw new Error(`${name} failed.`);
};

const [target, event] = process.argv.slice(2).map(Number);
call('FreeConsole', '');
call('AttachConsole', 'uint32_t', target);
call('SetConsoleCtrlHandler', 'void *, bool', null, true);
call('GenerateConsoleCtrlEvent', 'uint32_t, uint32_t', event, 0);
