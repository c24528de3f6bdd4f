import { toReport } from '../../../scripts/live/report';
import { createScrubber } from '../../../scripts/live/scrub/scrubber';
import { startKitBed } from './kitBed';

/** Returns a sample report: that of the simulated Azure with the assumed behavior. */
export async function writeSampleReport(): Promise<string> {
  const bed = await startKitBed();
  try {
    const result = await bed.run();
    return toReport(result, createScrubber(bed.azure.secrets()));
  } finally {
    await bed.close();
  }
}
