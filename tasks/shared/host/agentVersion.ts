/**
 * Imported before the task library, which reads the agent's version whenever it reads or writes a task variable. The
 * library throws if a variable of the pipeline has replaced the version. Every agent that runs these tasks is new
 * enough.
 */
delete process.env['AGENT_VERSION'];
delete process.env['SECRET_AGENT_VERSION'];
