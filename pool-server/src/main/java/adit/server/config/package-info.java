/// The configuration: one TOML file becomes one tree of records, or one line says what is wrong with it.
///
/// Start at [PoolConfig], which holds every choice an operator has, with its default. `ConfigReference` describes
/// each key once; the reader ([ConfigFile]), `config/pool.toml` and `docs/operating/configuration.md` all follow it.
/// Read once at start, on the main thread; the records are immutable and each part of the pool is given its own piece.
/// Of ours it imports only the limit of the coinbase tag: what an address or a scheme means is decided by its users.
@NullMarked
package adit.server.config;

import org.jspecify.annotations.NullMarked;
