package adit.pow;

import java.util.List;

/// What channels are given to mine: a template with a coinbase, and all that judging a share on it
/// needs.
///
/// **Invariant:** immutable and shared by all channels; the coinbase belongs to the template: same
/// height, same witness commitment, and it pays exactly the template's coinbase value, within the weight
/// and signature checks that nodes leave free for it.
public final class Job {
    /// Both protocols carry the number in 32 bits.
    private static final long MAX_NUMBER = 0xffff_ffffL;

    /// The top three bits say how a version is to be read and are never rolled.
    private static final int UNROLLABLE_VERSION_BITS = 0xe000_0000;

    private final long number;
    private final Template template;
    private final Coinbase coinbase;
    private final int version;
    private final int versionMask;
    private final int ntime;
    private final Target networkTarget;
    private final long networkUnits;
    private final HeaderPlan headerPlan;
    private final Job shared;
    private final int payee;
    private final long payeeSats;

    public Job(long number, Template template, Coinbase coinbase, int versionMask) {
        Check.that(number >= 0 && number <= MAX_NUMBER, "a job's number must fit 32 bits");
        Check.that(
                (versionMask & UNROLLABLE_VERSION_BITS) == 0,
                "the top three version bits must not be rolled");
        this.number = number;
        this.template = template;
        this.coinbase = coinbase;
        this.versionMask = versionMask;
        version = template.version() & ~versionMask;
        ntime =
                Integer.compareUnsigned(template.currentTime(), template.minTime()) >= 0
                        ? template.currentTime()
                        : template.minTime();
        networkTarget = Target.fromNBits(template.nBits());
        networkUnits = Difficulty.unitsOfTarget(networkTarget);
        headerPlan = checkedPlan(template, coinbase);
        shared = this;
        payee = 0;
        payeeSats = 0;
    }

    private Job(Job shared, Coinbase coinbase, int payee, long payeeSats) {
        number = shared.number;
        template = shared.template;
        this.coinbase = coinbase;
        versionMask = shared.versionMask;
        version = shared.version;
        ntime = shared.ntime;
        networkTarget = shared.networkTarget;
        networkUnits = shared.networkUnits;
        headerPlan = checkedPlan(template, coinbase);
        this.shared = shared;
        this.payee = payee;
        this.payeeSats = payeeSats;
    }

    private static HeaderPlan checkedPlan(Template template, Coinbase coinbase) {
        Check.that(
                coinbase.totalSats() == template.coinbaseValueSats(),
                "a coinbase must pay exactly the template's coinbase value");
        Check.that(
                coinbase.height() == template.height(),
                "a coinbase must be of the template's height");
        Check.that(
                coinbase.witnessCommitment().equals(template.witnessCommitment()),
                "a coinbase must commit to the template's transactions");
        Check.that(
                coinbase.strippedBytes() <= Coinbase.RESERVED_BYTES,
                "a coinbase must fit the weight that nodes leave free for it");
        Check.that(
                coinbase.sigopCost() <= Coinbase.RESERVED_SIGOP_COST,
                "a coinbase must fit the signature checks that nodes leave free for it");
        return new HeaderPlan(
                template.previousHash(),
                coinbase.prefix(),
                coinbase.extranonceBytes(),
                coinbase.suffix(),
                template.branch(),
                template.nBits());
    }

    /// The same work but for the outputs: `payee`, a number that is not 0, gets `sats` of them itself.
    ///
    /// It has this job's number, and a reference of its own.
    public Job paying(int payee, long sats, List<CoinbaseOutput> outputs) {
        Check.that(equals(shared), "another coinbase is made of a template's own job");
        Check.that(payee > 0, "a payee has a number");
        Check.that(
                outputs.stream().anyMatch(output -> output.sats() == sats),
                "a job that pays somebody has an output for it");
        return new Job(this, coinbase.withOutputs(outputs), payee, sats);
    }

    /// The job of the template that differs from this one by its outputs alone; this one, if it does not.
    public Job shared() {
        return shared;
    }

    /// Tells this job from all others, also from those of the same number: payee, then number.
    public long reference() {
        return (long) payee << Integer.SIZE | number;
    }

    /// Whom the coinbase pays itself; 0 where everything goes to the pool.
    public int payee() {
        return payee;
    }

    public long payeeSats() {
        return payeeSats;
    }

    public long number() {
        return number;
    }

    public Template template() {
        return template;
    }

    public Coinbase coinbase() {
        return coinbase;
    }

    public HeaderPlan headerPlan() {
        return headerPlan;
    }

    /// The version a miner is sent: the template's with every rollable bit clear.
    public int version() {
        return version;
    }

    public int versionMask() {
        return versionMask;
    }

    public boolean mayRoll(int versionBits) {
        return (versionBits & ~versionMask) == 0;
    }

    /// The version in the header of a share that rolled these bits; bits outside the mask are
    /// ignored.
    public int headerVersion(int versionBits) {
        return version | (versionBits & versionMask);
    }

    public int ntime() {
        return ntime;
    }

    public Target networkTarget() {
        return networkTarget;
    }

    /// The network's difficulty rounded down to a unit: what caps a share's.
    public long networkUnits() {
        return networkUnits;
    }

    public long rewardSats() {
        return coinbase.totalSats();
    }

    /// The serialised block a share completes, ready to be submitted.
    public byte[] block(byte[] extranonce, int versionBits, int ntime, int nonce) {
        var coinbaseId = Hash.ofContent(coinbase.stripped(extranonce));
        var header =
                new BlockHeader(
                        headerVersion(versionBits),
                        template.previousHash(),
                        template.branch().root(coinbaseId),
                        ntime,
                        template.nBits(),
                        nonce);
        var coinbaseData = coinbase.withWitness(extranonce);
        var transactions = template.transactions();

        int bytes = BlockHeader.BYTES + 5 + coinbaseData.length;
        for (var transaction : transactions) {
            bytes = Math.addExact(bytes, transaction.data().length);
        }
        var block =
                new WireBuffer(bytes)
                        .raw(header.bytes())
                        .compactSize(1 + transactions.size())
                        .raw(coinbaseData);
        transactions.forEach(transaction -> block.raw(transaction.data()));
        return block.toBytes();
    }
}
