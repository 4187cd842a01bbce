package adit.server.net;

import java.util.Comparator;
import java.util.Locale;

import adit.server.net.CheatingMiner.Share;
import adit.server.net.CheatingMiner.Work;

/// A way to be credited more than one's work, as it has been tried on pools; one turn of it at a time.
enum Cheat {
    /// Nothing of the kind: mines what it was sent last, and submits what meets it.
    HONEST {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share != null) {
                me.submit(share);
            }
        }
    },
    /// Finds first, asks for more, then submits: for the job it was found on and for the one that came with the wish.
    RAISES_AFTER_THE_FIND {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var on = me.latest();
            var share = me.find(on, on.units(), TRIES);
            if (share != null) {
                me.wish(Math.min(on.units() * 64, SimulatedPool.MOST_UNITS));
                me.submit(share);
                me.quote(share, me.latest());
                me.wish(SimulatedPool.LEAST_UNITS);
            }
        }
    },
    /// Asks for less while a hard job is out, and sends weak shares of that.
    LOWERS_AFTER_THE_JOB {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var on = me.latest();
            me.wish(SimulatedPool.LEAST_UNITS);
            var weak = me.find(on, SimulatedPool.LEAST_UNITS, TRIES);
            if (weak != null) {
                me.submit(weak);
                me.quote(weak, me.latest());
            }
            me.wish(SimulatedPool.MOST_UNITS);
        }
    },
    /// Logs in again and again, each time with another difficulty in the password.
    PASSWORD_OPTIONS {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var on = me.latest();
            var share = me.find(on, on.units(), TRIES);
            var option = OPTIONS[me.random.nextInt(OPTIONS.length)];
            me.authorize(
                    me.user(),
                    option.formatted(CheatingMiner.decimal(1L << me.random.nextInt(12))));
            if (share != null) {
                me.submit(share);
                me.quote(share, me.latest());
            }
        }
    },
    /// The same by `mining.configure`.
    MINIMUM_DIFFICULTY {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var on = me.latest();
            var share = me.find(on, on.units(), TRIES);
            me.call(
                    "mining.configure",
                    "[\"minimum-difficulty\"],{\"minimum-difficulty.value\":%s}"
                            .formatted(CheatingMiner.decimal(1L << me.random.nextInt(12))));
            if (share != null) {
                me.submit(share);
            }
        }
    },
    /// Mines the easiest job alive, and quotes the hardest for what it found.
    EASY_WORK_FOR_A_HARD_JOB {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            me.wish(1L << (2 + me.random.nextInt(8)));
            var easiest = me.work.stream().min(BY_UNITS).orElseThrow();
            var share = me.find(easiest, easiest.units(), TRIES);
            if (share != null) {
                me.submit(me.user(), me.work.stream().max(BY_UNITS).orElseThrow().jobId(), share);
                me.submit(share);
            }
        }
    },
    /// Every spelling of a share that a lenient parser would take for another one.
    SPELLINGS {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share == null) {
                return;
            }
            me.submit(share);
            var values =
                    new String[] {
                        me.user(),
                        share.on().jobId(),
                        share.extranonce(),
                        share.ntimeHex(),
                        share.nonceHex()
                    };
            int which = me.random.nextInt(values.length);
            var value = values[which];
            for (var spelling :
                    new String[] {
                        value.toUpperCase(Locale.ROOT),
                        " " + value,
                        value + " ",
                        "0x" + value,
                        "0" + value,
                        value + "0",
                        value.substring(1),
                        value + "\\u0000",
                        "\\u00" + "%02x".formatted((int) value.charAt(0)) + value.substring(1)
                    }) {
                values[which] = spelling;
                me.submitRaw("\"" + String.join("\",\"", values) + "\"");
            }
            values[which] = value;
            var plain = "\"" + String.join("\",\"", values) + "\"";
            me.submitRaw(plain + ",\"00000000\"");
            me.submitRaw(plain + ",\"0\"");
            me.submitRaw(plain + ",\"00000000\",\"more\"");
        }
    },
    /// The same share on a second connection, and again after coming back to the session.
    REPLAYS {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share != null) {
                me.submit(share);
                other.submit(share);
                if (me.random.nextInt(8) == 0) {
                    me.reconnect();
                }
                me.submit(share);
            }
        }
    },
    /// One share under the names of many workers, the payees differing.
    MANY_NAMES {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            me.authorize(me.user() + "2", "x");
            me.authorize(other.user(), "x");
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share != null) {
                me.submit(me.user() + "2", share.on().jobId(), share);
                me.submit(other.user(), share.on().jobId(), share);
                me.submit(share);
                other.submit(me.user(), share.on().jobId(), share);
            }
        }
    },
    /// Times before the job and hours ahead, each a header of its own.
    NTIME {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var found = me.find(me.latest(), me.latest().units(), TRIES);
            if (found != null) {
                for (int seconds : new int[] {-600, -1, 0, 1, 7200, 7201, 100_000}) {
                    var rolled =
                            new Share(
                                    found.on(),
                                    found.rolled(),
                                    found.ntime() + seconds,
                                    found.nonce(),
                                    0);
                    me.hash(rolled);
                    me.submit(rolled);
                }
            }
        }
    },
    /// Bits that nobody may change, so that a pool which masks them sees the same header twice.
    VERSION_BITS {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share != null) {
                for (int bits : new int[] {0, 1, 0x1000, 0x2000_0000, 0x8000_0000, 0x2000}) {
                    var rolled =
                            new Share(
                                    share.on(), share.rolled(), share.ntime(), share.nonce(), bits);
                    me.hash(rolled);
                    me.submit(rolled);
                }
            }
        }
    },
    /// Extranonces a byte short, a byte long, half a byte, and none.
    EXTRANONCE_LENGTHS {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var share = me.find(me.latest(), me.latest().units(), TRIES);
            if (share != null) {
                me.submit(share);
                var hex = share.extranonce();
                for (var length :
                        new String[] {hex.substring(2), hex + "00", hex + "0", "00" + hex, ""}) {
                    me.submitRaw(
                            "\"%s\",\"%s\",\"%s\",\"%s\",\"%s\""
                                    .formatted(
                                            me.user(),
                                            share.on().jobId(),
                                            length,
                                            share.ntimeHex(),
                                            share.nonceHex()));
                }
            }
        }
    },
    /// Goes on mining the oldest job it knows.
    STALE {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            var oldest = me.work.get(Math.max(0, me.work.size() - 1 - me.random.nextInt(12)));
            var share = me.find(oldest, oldest.units(), TRIES);
            if (share != null) {
                me.submit(share);
                me.submit(share);
            }
        }
    },
    /// Has one job sent again and again at many difficulties, and quotes every one of them for each find.
    REISSUES {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            for (int i = 0; i < 3; i++) {
                me.wish(1L << (2 + me.random.nextInt(8)));
            }
            var on = me.work.get(me.random.nextInt(me.work.size()));
            var share = me.find(on, SimulatedPool.LEAST_UNITS, TRIES);
            if (share != null) {
                var known = me.work.toArray(Work[]::new);
                for (var quoted : known) {
                    if (quoted.job().ntime() == on.job().ntime()) {
                        me.quote(share, quoted);
                    }
                }
                me.submit(me.user(), share.on().jobId().substring(1), share);
                me.submit(me.user(), share.on().jobId() + "0", share);
            }
        }
    },
    /// Submits everything that meets the least difficulty there is, whatever was asked.
    WEAK_FLOOD {
        @Override
        void play(CheatingMiner me, CheatingMiner other) {
            for (int i = 0; i < 4; i++) {
                var weak = me.find(me.latest(), SimulatedPool.LEAST_UNITS, TRIES / 4);
                if (weak != null) {
                    me.submit(weak);
                }
            }
        }
    };

    private static final int TRIES = 160;
    private static final Comparator<Work> BY_UNITS = Comparator.comparingLong(Work::units);
    private static final String[] OPTIONS = {"d=%s", "md=%s", "x,diff=%s", "d=%s,md=0.000000001"};

    abstract void play(CheatingMiner me, CheatingMiner other);
}
