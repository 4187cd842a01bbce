/// Who is mining: accounts, usernames, splits, password options.
///
/// Everything here turns a miner's text into a value or into one line a person understands; nothing
/// is kept. The only place beside `bitcoin-node` that uses bitcoinj. Start at [Usernames].
@NullMarked
package adit.server.account;

import org.jspecify.annotations.NullMarked;
