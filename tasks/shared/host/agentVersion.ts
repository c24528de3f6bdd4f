/**
 * Imported before the task library, which reads the version of the agent whenever it reads or writes a task variable. It
 * throws where a variable of the pipeline has put something else there, and every agent that runs these tasks is new
 * enough.
 */
delete process.env['AGENT_VERSION'];
delete process.env['SECRET_AGENT_VERSION'];
