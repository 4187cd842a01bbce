/// Who earns what: pure functions from work and a reward to whole millisatoshi, without clock, thread or disk.
///
/// Everything is an integer or an exact fraction of integers; the only roundings of money are the three of
/// `Apportion`. Start at [Settlement], which shares out a block's reward, and [PpsAccrual], which prices work
/// block by block. [WorkSlice] is what comes in, [Distribution] what goes out. Nothing here is mutable beyond
/// one call, so every function may be called from any thread. Imports `java.base` only.
package adit.payout;
