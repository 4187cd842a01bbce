package adit.miner;

import java.util.concurrent.atomic.AtomicReference;

import adit.stratum.v1.V1Notify;

/// What a subscribed client must know to find a share by itself, for scripts that submit real ones.
///
/// It hashes on the calling thread until it has one, so the difficulty should be small: about one hash a unit.
public record ShareFinder(
        byte[] extranoncePrefix, int extranonceBytes, int versionMask, long difficultyUnits) {

    /// Finds a share of a job; another seed finds another share.
    public Submission find(V1Notify job, long seed) {
        var work =
                Work.of(job, extranoncePrefix, extranonceBytes, versionMask, difficultyUnits, seed);
        var first = new AtomicReference<Submission>();
        var search =
                new Search(
                        work,
                        Grinder.NONCE_BITS,
                        new Finds() {
                            @Override
                            public boolean hasRoom() {
                                return first.get() == null;
                            }

                            @Override
                            public void found(Work of, Submission submission) {
                                first.set(submission);
                            }
                        });
        var found = first.get();
        while (found == null) {
            Check.that(search.hash(1) == 1, "the job has no share left");
            found = first.get();
        }
        return found;
    }
}
