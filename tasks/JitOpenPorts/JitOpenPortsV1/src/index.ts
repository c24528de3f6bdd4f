// First, so that an old Node reads one sentence and not a stack trace.
import '../../../shared/host/nodeVersion';
import { runTask } from './run';

void runTask();
