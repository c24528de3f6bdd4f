import { load } from 'koffi';

/**
 * A program of its own, for Windows: `sendConsoleEvent.ts <process> <event>` sends Ctrl-C (0) or Ctrl-Break (1) to the
 * console of a process, as the agent does. A process is in one console only, and whoever sends must be in the one that
 * hears it: no test can leave its own.
 * (azure-pipelines-agent, ProcessInvoker.SendCtrlSignal)
 */
const kernel = load('kernel32.dll');

const call = (name: string, types: string, ...values: readonly unknown[]): void => {
  // After a failure nothing follows: in the console of the tests the event would end the tests.
  if (kernel.func(`bool __stdcall ${name}(${types})`)(...values) !== true) throw new Error(`${name} failed.`);
};

const [target, event] = process.argv.slice(2).map(Number);
call('FreeConsole', '');
call('AttachConsole', 'uint32_t', target);
call('SetConsoleCtrlHandler', 'void *, bool', null, true);
call('GenerateConsoleCtrlEvent', 'uint32_t, uint32_t', event, 0);
