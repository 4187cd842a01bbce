package adit.server.takeover;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// A pool that remembers which steps it was asked to take.
final class FakeFollowed implements Followed {

    private final HandedOver handed;
    private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();

    FakeFollowed(HandedOver handed) {
        this.handed = handed;
    }

    /// The next step, waited for.
    void expect(String step) throws InterruptedException {
        assertThat(steps.poll(20, TimeUnit.SECONDS)).isEqualTo(step);
    }

    @Override
    public void leaveDirectory() {
        steps.add("leave directory");
    }

    @Override
    public HandedOver stopAccepting() {
        steps.add("stop accepting");
        return handed;
    }

    @Override
    public void retire() {
        steps.add("retire");
    }

    @Override
    public void drain(Duration over) {
        steps.add("drain over " + over.toSeconds());
    }

    @Override
    public void goOn(String why) {
        steps.add("go on: " + why);
    }
}
