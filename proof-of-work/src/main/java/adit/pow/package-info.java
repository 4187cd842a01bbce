/// Targets, headers, coinbases, merkle branches, templates, jobs, and the one pure function that
/// judges a share.
///
/// Everything here is a value or a plain function of bytes: no clock, no randomness, no input or
/// output, no threads of its own. Values may be shared freely; [adit.pow.Sha256d] and
/// [adit.pow.ShareCheck] hold scratch and belong to one thread each. It imports `java.base` only.
///
/// Byte arrays are in internal (wire) order, and a 32-byte hash read as a number is little-endian;
/// display order exists only in `displayHex()`. Start at [adit.pow.Job], then
/// [adit.pow.ShareCheck].
package adit.pow;
