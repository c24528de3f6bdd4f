import '../../../shared/host/first';
import { runMain } from './run';

if (require.main === module) void runMain();
