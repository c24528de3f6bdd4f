import { systemClock } from '../tasks/shared/host/clock';
import { live } from './live/main';
import { parseOptions, USAGE } from './live/options';

/** `npm run live`: confirms facts about the real Azure by experiments. No other script runs it. */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.length === 0 || args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const interrupted = new AbortController();
  process.on('SIGINT', () => {
    if (interrupted.signal.aborted) process.exit(130);
    console.log(
      'Interrupted. Restoring everything. Press Ctrl-C again to skip this, and run --clean-up later.',
    );
    interrupted.abort();
  });
  return live(parseOptions(args), {
    ...{ env: process.env, clock: systemClock, signal: interrupted.signal },
    log: (line) => {
      console.log(line);
    },
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
