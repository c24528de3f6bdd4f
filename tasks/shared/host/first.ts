/**
 * The first import of every program. The order matters: on an old Node, the log has one sentence instead of a stack
 * trace; a signal is noticed while the libraries load; and the libraries find nothing in the environment or the agent's
 * folder that is not for them.
 */
import './nodeVersion';
import './cancellation';
import './environment';
import './keyFolder';
import './secretVariables';
import './agentVersion';
