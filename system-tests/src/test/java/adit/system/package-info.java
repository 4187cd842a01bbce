/// The whole machine against real parts: one class a promise.
///
/// The pool runs in a process of its own where it has to die, else in this one; PostgreSQL and the Bitcoin
/// node are real. Start at [PoolProcess] and [SurvivesKillMinusNineTest].
package adit.system;
