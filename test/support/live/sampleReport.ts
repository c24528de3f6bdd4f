import { toReport } from '../../../scripts/live/report';
import { createScrubber } from '../../../scripts/live/scrub/scrubber';
import { startKitBed } from './kitBed';

/** What a report looks like: that of the simulated Azure, as it is assumed to be. */
export async function writeSampleReport(): Promise<string> {
  const bed = await startKitBed();
  try {
    const result = await bed.run();
    return toReport(result, createScrubber(bed.azure.secrets()));
  } finally {
    await bed.close();
  }
}
