/// What both Stratum protocols share: the one way in which a peer's bytes can be beyond repair.
///
/// Nothing here owns a thread or imports anything outside `java.base`.
/// Start reading at [MalformedMessage], then go to `adit.stratum.v1`.
package adit.stratum;
