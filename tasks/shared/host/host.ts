import type { CodedError } from '../core/errors';
import type { Clock } from '../core/limits';
import type { Log } from '../core/log';
import type { VariableName } from './variables';

/**
 * What a program finds around it: the agent, or whatever plays its part in a test. Everything that a task learns of its
 * run, and everything that it gives back, goes through here.
 */
export interface Host {
  readonly log: Log;
  readonly clock: Clock;
  /**
   * Milliseconds since 1970 by the machine's clock: to say when something was written. It stands in for Azure's time only
   * where no answer has told that.
   */
  time(): number;
  /** Fires when the agent cancels the run; from then on there are seconds to say what stays open. */
  readonly cancelled: AbortSignal;
  /** The names of variables of the pipeline that were taken out of the environment, as they were spelled there. */
  readonly ignoredVariables: readonly string[];

  /**
   * Reads an input by the name that task.json gives it; empty when it is not set. Throws JIT101 when an old agent may
   * have put a variable in its place.
   */
  readInput(name: string): string;
  /** Reads a variable of the pipeline; empty when it is not set. */
  readVariable(name: VariableName): string;
  /**
   * Throws JIT101 when variables of the pipeline leave it open what a step was given: two of one name in the environment,
   * or one that may stand in the place of a connection.
   */
  checkVariables(): void;
  /** Reads the service connection with this id; an unknown id gives one in which everything is empty. */
  readConnection(id: string): ServiceConnection;
  /** What an earlier attempt of this step, or its main step, left for those after it; empty when there is nothing. */
  readTaskVariable(name: string): string;
  /** Leaves a text for later attempts of this step and its post-job step. Not for secrets. */
  setTaskVariable(name: string, text: string): void;

  /** Masks a secret from here on. */
  maskSecret(secret: string): void;
  /** A line for the debug log, which the agent shows where `System.Debug` is set. Without foreign text. */
  debug(text: string): void;
  /** Sets an output of this step, `$(step.name)`. */
  setOutput(name: string, text: string): void;
  /** Shows a file of Markdown on the run's page. The agent reads it after the task has ended. */
  showSummary(file: string): void;

  /**
   * Attaches a file to the run. The agent reads it after the task has ended.
   *
   * @param type by which pages find it
   * @param name without characters that the name of a file may not have; another attachment of this name is replaced
   */
  attach(type: string, name: string, file: string): void;

  /** Exceptions that nobody caught go to `report` instead of a stack trace. */
  onUncaught(report: (error: unknown) => void): void;
  /** Ends the step: failed with a code, succeeded with an issue that the run's page shows, or succeeded. To be called once. */
  setResult(failure: CodedError | undefined, issue?: string): void;
  /** Ends the process after everything written has left it. A reported failure has exit code 0 as well. */
  leave(): void;
}

/** A service connection as the agent hands it over. Keys are looked up without regard to case. */
export interface ServiceConnection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  parameter(key: string): string;
  property(key: string): string;
}

/** The agent's own connection to Azure DevOps, which no variable of the pipeline can change. */
export const agentConnection = (host: Pick<Host, 'readConnection'>): ServiceConnection =>
  host.readConnection('SYSTEMVSSCONNECTION');
