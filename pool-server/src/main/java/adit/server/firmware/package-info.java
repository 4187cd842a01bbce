/// What is known of the firmware miners run: how large a coinbase it takes, what numbers it reads, what its screen says.
///
/// [FirmwareBook] is data, read from `config/firmware.toml`; [FirmwareShelf] holds the one in force. Sessions look
/// a firmware up once, when they learn its agent. Imports `adit.pow` and `config`. Start at [Firmware].
@NullMarked
package adit.server.firmware;

import org.jspecify.annotations.NullMarked;
