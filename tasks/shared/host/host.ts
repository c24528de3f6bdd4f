import type { CodedError } from '../core/errors';
import type { Clock } from '../core/limits';
import type { Log } from '../core/log';
import type { VariableName } from './variables';

/**
 * The environment of a program: the agent, or its replacement in a test. All input and output of a task passes through
 * this interface.
 */
export interface Host {
  readonly log: Log;
  readonly clock: Clock;
  /**
   * Milliseconds since 1970 by the machine's clock, to record when something was written. It replaces Azure's time only
   * if no response has it.
   */
  time(): number;
  /** Fires when the agent cancels the run. After that, only seconds remain to report what stays open. */
  readonly cancelled: AbortSignal;
  /** The names of pipeline variables that were removed from the environment, as they were spelled there. */
  readonly ignoredVariables: readonly string[];

  /**
   * Reads an input by its name in task.json; empty if it is not set. Throws JIT101 if an old agent might have used a
   * variable in its place.
   */
  readInput(name: string): string;
  /** Reads a pipeline variable; empty if it is not set. */
  readVariable(name: VariableName): string;
  /**
   * Throws JIT101 if pipeline variables make it ambiguous what the step was given: two have the same name in the
   * environment, or one might have replaced a connection.
   */
  checkVariables(): void;
  /** Reads the service connection with this ID; for an unknown ID, all fields are empty. */
  readConnection(id: string): ServiceConnection;
  /** Reads what an earlier attempt of this step, or its main step, saved for later ones; empty if there is nothing. */
  readTaskVariable(name: string): string;
  /** Saves a text for later attempts of this step and for its post-job step. Not for secrets. */
  setTaskVariable(name: string, text: string): void;

  /** Masks a secret in all later output. */
  maskSecret(secret: string): void;
  /** Writes a line to the debug log, which the agent shows if `System.Debug` is set. Must not contain foreign text. */
  debug(text: string): void;
  /** Sets an output of this step, `$(step.name)`. */
  setOutput(name: string, text: string): void;
  /** Shows a Markdown file on the run's page. The agent reads it after the task has ended. */
  showSummary(file: string): void;

  /**
   * Attaches a file to the run. The agent reads it after the task has ended.
   *
   * @param type the type by which pages find the attachment
   * @param name without characters that are not allowed in file names; replaces another attachment with this name
   */
  attach(type: string, name: string, file: string): void;

  /** Passes uncaught exceptions to `report`, which replaces the stack trace. */
  onUncaught(report: (error: unknown) => void): void;
  /**
   * Sets the result of the step, once: failed with a code, succeeded with an issue for the run's page, or succeeded.
   */
  setResult(failure: CodedError | undefined, issue?: string): void;
  /** Ends the process after all output is written. The exit code is 0 even if a failure was reported. */
  leave(): void;
}

/** A service connection as the agent provides it. The lookup of keys is case-insensitive. */
export interface ServiceConnection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  parameter(key: string): string;
  property(key: string): string;
}

/** Returns the agent's own connection to Azure DevOps, which no pipeline variable can change. */
export const agentConnection = (host: Pick<Host, 'readConnection'>): ServiceConnection =>
  host.readConnection('SYSTEMVSSCONNECTION');
