package adit.stratum.v1;

import java.math.BigDecimal;

/// What one line of a pool says to a miner.
public sealed interface V1ServerMessage {

    /// `mining.notify`
    record Notify(V1Notify job) implements V1ServerMessage {}

    record SetDifficulty(BigDecimal difficulty) implements V1ServerMessage {}

    record SetExtranonce(byte[] extranoncePrefix, int extranonceBytes) implements V1ServerMessage {}

    record SetVersionMask(int mask) implements V1ServerMessage {}

    /// `client.reconnect`; an empty host and port 0 mean the same place as before.
    record Reconnect(String host, int port, int waitSeconds) implements V1ServerMessage {}

    record ShowMessage(String text) implements V1ServerMessage {}

    /// `client.get_version`, to be answered under this id.
    record GetVersion(long id) implements V1ServerMessage {}

    /// `mining.ping`, to be answered under this id.
    record Ping(long id) implements V1ServerMessage {}

    /// The answer to a call of ours; id -1 where it is no number. Code 0 and an empty text mean no error.
    record Reply(long id, Result result, int errorCode, String errorText)
            implements V1ServerMessage {

        public boolean isTrue() {
            return result.equals(new Result.Bool(true)) && errorCode == 0;
        }
    }

    /// A method that a miner needn't know, or an empty line.
    record Other(String method) implements V1ServerMessage {}

    /// What a reply carries.
    sealed interface Result {
        record Bool(boolean value) implements Result {}

        record None() implements Result {}

        record Subscribed(String sessionId, byte[] extranoncePrefix, int extranonceBytes)
                implements Result {}

        /// A mask of 0 means that version rolling was not granted.
        record Configured(int versionMask) implements Result {}

        /// A string, or anything else as empty text.
        record Text(String value) implements Result {}
    }
}
