import { runAfter } from './index';

void runAfter();
