/**
 * The first import of every program, in this order: an old Node reads one sentence and not a stack trace, a signal is
 * noticed while the libraries load, and they find nothing in the environment, and in the agent's folder, that is not
 * for them.
 */
import './nodeVersion';
import './cancellation';
import './environment';
import './keyFolder';
import './secretVariables';
import './agentVersion';
