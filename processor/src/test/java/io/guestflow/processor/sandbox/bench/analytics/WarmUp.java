package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.Compilers;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Progress;
import java.time.Duration;
import java.util.Collection;

/** Load on new processes that does not count: what is measured before the compilers are at rest is the compilers. */
record WarmUp(AnalyticsBenchOptions options, Progress progress, Findings findings) {
    /** Of the machine's processors; a twentieth of two. */
    private static final double AT_REST = 0.1;

    /** Some load. */
    interface Slice {
        void load() throws InterruptedException;
    }

    /** Loads for as long as the options say, and until the compilers of these JVMs are at rest. */
    void run(String what, Collection<Long> pids, Slice slice) throws InterruptedException {
        long begin = System.nanoTime();
        Duration most = options.warmUp().plus(options.warmUpAtMost());
        Compilers compilers = Compilers.of(pids);
        double cores;
        Duration waited;
        do {
            slice.load();
            cores = compilers.cores();
            waited = Duration.ofNanos(System.nanoTime() - begin);
        } while (waited.compareTo(options.warmUp()) < 0 || (cores > AT_REST && waited.compareTo(most) < 0));
        progress.say("%s: warm after %d s, compilers use %.2f cores".formatted(what, waited.toSeconds(), cores));
        tell(what, cores);
    }

    /** Remarks upon compilers that were at work when something was measured. */
    void tell(String what, double cores) {
        if (cores > AT_REST) {
            findings.remark("%s: compilers used %.2f cores when measuring began".formatted(what, cores));
        }
    }
}
