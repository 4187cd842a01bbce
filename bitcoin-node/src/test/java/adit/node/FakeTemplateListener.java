package adit.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import adit.pow.Template;

/// Remembers what a node set told, in order, and lets a test wait for the next of it.
public final class FakeTemplateListener implements TemplateListener {
    public sealed interface Told {}

    public record ATemplate(Template template) implements Told {}

    public record Nothing(String why) implements Told {}

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();

    @Override
    public void template(Template template) {
        told.add(new ATemplate(template));
    }

    @Override
    public void noTemplate(String why) {
        told.add(new Nothing(why));
    }

    /// The next thing told.
    public Told next() throws InterruptedException {
        var next = told.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("nothing was told within " + DEADLINE);
        }
        return next;
    }

    /// The next template that satisfies a condition; what comes before is passed over.
    public Template template(Predicate<Template> condition) throws InterruptedException {
        var passed = new ArrayList<Told>();
        for (int i = 0; i < 1000; i++) {
            var next = next();
            if (next instanceof ATemplate(var template) && condition.test(template)) {
                return template;
            }
            passed.add(next);
        }
        throw new AssertionError("none of these is wanted: " + passed);
    }

    /// The reason for the next "no template"; templates before it are passed over.
    public String nothing() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (next() instanceof Nothing(var why)) {
                return why;
            }
        }
        throw new AssertionError("templates only");
    }

    /// What was told and not yet looked at.
    public List<Told> rest() {
        var rest = new ArrayList<Told>();
        told.drainTo(rest);
        return rest;
    }
}
