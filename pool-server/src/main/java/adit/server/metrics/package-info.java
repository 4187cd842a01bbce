/// What the pool counts and what it tells its operator.
///
/// [PoolMetrics] holds every meter, [EventLog] every line at INFO and above, each as a method. Both may
/// be used from any thread and import nothing of ours.
@NullMarked
package adit.server.metrics;

import org.jspecify.annotations.NullMarked;
