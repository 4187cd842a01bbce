package adit.server.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every line the pool tells its operator at INFO and above, as a method: INFO is what one would tell a
/// colleague, WARN what someone must act on, ERROR that a part has stopped. No peer can trigger INFO at
/// will, and no secret or unchecked text of a peer stands in a line.
public final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger("adit");

    public void starting(String version, String network) {
        LOG.info("Adit {} starts on {}", version, network);
    }

    /// Something that should be mended though the pool starts.
    public void configurationWarning(String placeAndProblem) {
        LOG.warn("{}", placeAndProblem);
    }

    /// A port is open.
    ///
    /// @param tls what is said of TLS; empty where none is spoken
    public void listening(String listener, String address, int port, String tls) {
        LOG.info(
                "Stratum V1 listener {} on {}:{}{}",
                listener,
                address,
                port,
                tls.isEmpty() ? "" : ", " + tls);
    }

    public void certificateLoaded(String file, String ends) {
        LOG.info("TLS certificate {} read, valid until {}", file, ends);
    }

    public void certificateKept(String why) {
        LOG.warn("The new TLS certificate is of no use, the old one stays: {}", why);
    }

    public void keptCertificateUnusable(String why) {
        LOG.warn(
                "The TLS certificate ordered before is of no use, a new one will be ordered: {}",
                why);
    }

    /// The operator has asked for it.
    public void reloaded(String whatCameOfIt) {
        LOG.info("Reload: {}", whatCameOfIt);
    }

    public void orderFailed(String authority, String why, long nextMinutes) {
        LOG.warn(
                "No TLS certificate from {}, the next attempt comes in {} min: {}",
                authority,
                nextMinutes,
                why);
    }

    public void waitsForCertificate(String listener) {
        LOG.warn("Listener {} opens as soon as the pool has a TLS certificate", listener);
    }

    public void portUnavailable(String why) {
        LOG.error("A port that waited for its certificate stays closed: {}", why);
    }

    public void certificateEndsSoon(String ends) {
        LOG.warn(
                "The TLS certificate ends on {}; miners will refuse it from then on. Renew it",
                ends);
    }

    public void webListening(String address, int port) {
        LOG.info("Status page and API on http://{}:{}/", address, port);
    }

    public void newTip(String hash, int height, String node) {
        LOG.info("New tip {} from node {}: mining height {}", hash, node, height);
    }

    public void noTemplate(String why) {
        LOG.error(
                "No node has a valid template, miners get no new work until one is well again: {}",
                why);
    }

    public void templatesAreBack(String node, int height) {
        LOG.info("Node {} has templates again, at height {}", node, height);
    }

    public void templateRefused(int height, String node, String why) {
        LOG.error(
                "Node {} refuses the block of its own template at height {}, miners get one without"
                        + " transactions: {}",
                node,
                height,
                why);
    }

    public void lettingMinersGo(long seconds, int miners, long overSeconds) {
        LOG.error(
                "No node has had a valid template for {} seconds: the ports close and {} let go"
                        + " over {} seconds, so that they turn to their other pools",
                seconds,
                miners == 1 ? "1 miner is" : miners(miners) + " are",
                overSeconds);
    }

    public void portsOpenAgain() {
        LOG.info("There is work again and the ports for miners are open");
    }

    public void portsStayClosed(String why) {
        LOG.error("There is work again, but a port for miners cannot be opened: {}", why);
    }

    public void jobIsBehind(int height, String node, int nodeHeight) {
        LOG.error(
                "Miners work at height {} although node {} has block {}: report this as a defect",
                height,
                node,
                nodeHeight);
    }

    public void nodeIsBehind(String node, int height, int best) {
        LOG.warn("Node {} stays behind: at height {} while another is at {}", node, height, best);
    }

    public void nodeCaughtUp(String node, int height) {
        LOG.info("Node {} has caught up at height {}", node, height);
    }

    public void blockFound(int height, String hash, String worker) {
        LOG.info("Block found at height {}: {} by {}", height, hash, worker);
    }

    public void blockAccepted(int height, String hash, String node) {
        LOG.info("Block {} at height {} accepted by node {}", hash, height, node);
    }

    public void blockRefused(int height, String hash, String node, String reason) {
        LOG.error(
                "Block {} at height {} refused by node {}: {}. It is kept in blocks/refused",
                hash,
                height,
                node,
                reason);
    }

    public void blockNotDelivered(int height, String hash, String why) {
        LOG.warn(
                "Block {} at height {} not delivered yet, will be sent again: {}",
                hash,
                height,
                why);
    }

    public void blockGivenUp(int height, String hash) {
        LOG.error(
                "Block {} at height {} is given up: for a day no node took it. The next start sends it once more",
                hash,
                height);
    }

    public void blockFileFailed(String hash, String why) {
        LOG.error(
                "Block {} could not be written to disk (it is still sent to nodes): {}", hash, why);
    }

    public void blockFileNotMoved(String hash, String why) {
        LOG.error(
                "The file of block {} stays among those pending, and the block is sent once more at the next start: {}",
                hash,
                why);
    }

    public void blockTakenUp(int height, String hash, String worker) {
        LOG.warn(
                "Block {} at height {} by {} is in the journal now: the pool had ended before that was certain",
                hash,
                height,
                worker);
    }

    public void blockNotTakenUp(String hash, String why) {
        LOG.error(
                "Block {} may be missing from the journal, and then nobody is paid for it; its .record file stays among the blocks pending, and the next start tries again: {}",
                hash,
                why);
    }

    public void blockRecordsUnreadable(String why) {
        LOG.error(
                "The .record files among the blocks pending cannot be listed, and the next start tries again: {}",
                why);
    }

    public void blockRecordStays(String hash, String why) {
        LOG.warn(
                "The .record file of block {} stays among the blocks pending, and is looked at once more at the next start: {}",
                hash,
                why);
    }

    public void blockNotSafe(int height, String hash) {
        LOG.error(
                "Block {} at height {} is neither on disk nor known to a node yet: a pool that dies now loses it",
                hash,
                height);
    }

    public void blockState(int height, String hash, String state) {
        LOG.info("Block {} at height {} is {}", hash, height, state);
    }

    public void blockCredited(
            int height, String scheme, int miners, long rewardSats, long directSats) {
        if (directSats > 0) {
            LOG.info(
                    "Block at height {} credited by {}: its own coinbase pays {} of {} sats to its finder,"
                            + " pending until mature",
                    height,
                    scheme,
                    directSats,
                    rewardSats);
            return;
        }
        if (miners == 0) {
            LOG.info(
                    "Block at height {} booked by {}: {} sats, none of them owed to a miner",
                    height,
                    scheme,
                    rewardSats);
            return;
        }
        LOG.info(
                "Block at height {} credited by {}: {} sats less the pool fee to {}, pending until mature",
                height,
                scheme,
                rewardSats,
                miners(miners));
    }

    /// What was pending is owed now.
    public void blockReleased(int height, String hash, int miners) {
        if (miners == 0) {
            LOG.info("Block {} at height {}: none of it is owed to a miner", hash, height);
            return;
        }
        LOG.info(
                "Block {} at height {}: what it pays is owed to {} from now on",
                hash,
                height,
                miners(miners));
    }

    public void blockLost(int height, String hash, long rewardSats) {
        LOG.error(
                "Block {} at height {} left the chain after its {} sats were released: booked as a loss of"
                        + " the operator's, somebody must look",
                hash,
                height,
                rewardSats);
    }

    public void settlementWaits(int height, String hash, String why) {
        LOG.warn("Block {} at height {} cannot be credited yet: {}", hash, height, why);
    }

    public void sharesPaid(String from, String to, int miners) {
        LOG.info("Shares from {} to {} credited to {}", from, to, miners(miners));
    }

    public void leads() {
        LOG.info("This server settles");
    }

    public void settlementFailed(String why) {
        LOG.error(
                "Settlement stands still and tries again; no shares are lost, but nobody is credited: {}",
                why);
    }

    public void settlementGoesOn() {
        LOG.info("Settlement goes on");
    }

    public void journalFailed(String why) {
        LOG.error(
                "The share journal has failed, no share is acknowledged and miners are let go."
                        + " Repair the disk and start again: {}",
                why);
    }

    public void databaseDown(String why) {
        LOG.warn("PostgreSQL is away; shares are kept in the journal until it is back: {}", why);
    }

    public void databaseIsBack() {
        LOG.info("PostgreSQL is back");
    }

    public void forgotten(int journalFiles, int shareDays) {
        LOG.info(
                "Forgotten after their retention: {} of the journal, {} of single shares",
                counted(journalFiles, "file"),
                counted(shareDays, "day"));
    }

    public void housekeepingFailed(String why) {
        LOG.warn("Old shares could not be forgotten, will be tried again in an hour: {}", why);
    }

    /// The load is at another level, counted as the meter counts it.
    public void loadLevel(int level, String name, String measured) {
        LOG.info("The pool's load is at level {} ({}) now: {}", level, name, measured);
    }

    public void fewFiles(long files, long connections, int wanted) {
        LOG.warn(
                "The system allows {} open files, so only {} of {} connections are taken;"
                        + " raise the limit (ulimit -n, LimitNOFILE)",
                files,
                connections,
                wanted);
    }

    public void cannotAccept(String listener, String why) {
        LOG.warn(
                "Listener {} can take no connection at the moment, who comes waits; raise the limit of open"
                        + " files (ulimit -n, LimitNOFILE) or see what else takes them: {}",
                listener,
                why);
    }

    public void traceBegun(String shown) {
        LOG.info("Trace {}", shown);
    }

    /// Before its time, by the operator.
    public void traceStopped(int number) {
        LOG.info("Trace {} was stopped", number);
    }

    /// Whoever mistyped a name looks for it here.
    ///
    /// @param beginning of the name that was given, printable
    public void loginRefused(String address, String beginning, int characters, String reason) {
        LOG.info(
                "A login from {} was refused; its name begins with '{}' and has {}: {}",
                address,
                beginning,
                counted(characters, "character"),
                reason);
    }

    public void penalty(String source, String offence, long seconds, int count) {
        LOG.info(
                "{} is kept out for {} s: {} (penalty {} in a row)",
                source,
                seconds,
                offence,
                count);
    }

    public void penaltyLifted(String source) {
        LOG.info("{} may come in again: its penalty was lifted", source);
    }

    public void snapshotSetAside(String file, String aside, String why) {
        LOG.warn(
                "{} could not be used and is kept as {}; the pool starts without what it remembered: {}",
                file,
                aside,
                why);
    }

    public void snapshotNotRead(String file, String why) {
        LOG.warn("{} could not be read; the pool starts without what it remembered: {}", file, why);
    }

    public void snapshotNotWritten(String file, String why) {
        LOG.warn("{} could not be written, will be tried again: {}", file, why);
    }

    public void summary(int connections, long accepted, long refused, String hashrate) {
        LOG.info(
                "{}; in the last minutes {} accepted ({}), {} refused",
                counted(connections, "connection"),
                counted(accepted, "share"),
                hashrate,
                counted(refused, "submission"));
    }

    public void draining(int connections, long seconds) {
        LOG.info(
                "Draining: no new connections; {} asked to reconnect over {} s",
                connections == 1 ? "1 miner is" : miners(connections) + " are",
                seconds);
    }

    public void drained() {
        LOG.info("Drained: the last miner has gone");
    }

    public void followed() {
        LOG.info("Another process takes over: it may begin its own epoch of the journal");
    }

    public void portsHandedOver(int ports, int channels) {
        LOG.info(
                "Handed {} and the prefixes of {} over",
                counted(ports, "listening port"),
                miners(channels));
    }

    public void followerGone(String why) {
        LOG.warn("The process that took over is gone ({}): this one goes on as before", why);
    }

    public void drainsOn(String why) {
        LOG.info(
                "The process that took over is gone ({}) and another one serves: this one drains on",
                why);
    }

    public void directoryTaken(String why) {
        LOG.warn(
                "Yet another process has taken the data directory, so this one only serves: {}",
                why);
    }

    public void notOpenedAgain(String why) {
        LOG.warn("Not everything is as it was before the takeover, restart when it suits: {}", why);
    }

    public void portsTakenOver(int ports, int channels) {
        LOG.info(
                "Took {} and the prefixes of {} over",
                counted(ports, "listening port"),
                miners(channels));
    }

    public void followedGone() {
        LOG.warn(
                "The pool to be taken over died before it had handed over: starting as after any stop");
    }

    public void followedEnded() {
        LOG.info("The pool that was taken over has ended");
    }

    public void journalForeign(String why) {
        LOG.error("No share could ever reach PostgreSQL, so the pool stops: {}", why);
    }

    public void stopping() {
        LOG.info("Stopping");
    }

    public void stopped() {
        LOG.info("Stopped cleanly");
    }

    public void bug(String where, Throwable failure) {
        LOG.error("A defect of ours in {}", where, failure);
    }

    private static String miners(int count) {
        return counted(count, "miner");
    }

    private static String counted(long count, String one) {
        return count == 1 ? "1 " + one : count + " " + one + "s";
    }
}
