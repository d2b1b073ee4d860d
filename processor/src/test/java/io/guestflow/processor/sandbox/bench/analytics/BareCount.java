package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.CpuMeter;
import io.guestflow.processor.sandbox.bench.CpuUse;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Stretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Lets the bare count read all facts that there are from the beginning, as a new application each time, for a bounded
 * time: a pass is over in seconds, and several of them together are one measurement. It tells itself how far it is: it
 * commits twice a second, and passes may have too few commits to tell a rate by them.
 *
 * <p>Threading: one thread.
 */
final class BareCount {
    private static final Duration DONE_WITHIN = Duration.ofMinutes(2);
    private static final int PASSES_MOST = 3;
    private static final double MILLION = 1e6;

    private final CountProcess count;
    private final CountMain.By by;
    private final Map<String, Long> pids;
    private int applications;

    BareCount(CountProcess count, CountMain.By by, Map<String, Long> pids) {
        this.count = count;
        this.by = by;
        this.pids = pids;
    }

    /**
     * What it counted.
     *
     * @param records in all passes together
     * @param perSecond while it was busy: without the first fifth of each pass
     * @param processorCores that the processor beside it used, which should have had nothing to do
     */
    record Counted(long records, double perSecond, CpuUse cpu, double processorCores) {}

    /** Passes over all that was released until they lasted so long together, or there were enough of them. */
    Counted measure(FactBacklogs facts, Duration lasting) throws InterruptedException {
        long begin = System.nanoTime();
        CpuMeter cpu = CpuMeter.start(pids);
        List<Reading> passes = new ArrayList<>();
        double left = lasting.toMillis() / 1e3;
        while (left > 0 && passes.size() < PASSES_MOST) {
            Reading pass = pass(facts, Duration.ofMillis(Math.round(left * 1e3)));
            passes.add(pass);
            left -= pass.busy().seconds();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long records = Math.round(facts.releasedFacts() * sum(passes, Reading::share));
        CpuUse used = cpu.use(Math.toIntExact(Math.max(1, Math.round(records / 1e3))));
        List<Stretch> busy = passes.stream().map(Reading::busy).toList();
        return new Counted(
                records,
                facts.releasedFacts() * sum(busy, Stretch::share) / sum(busy, Stretch::seconds),
                used,
                used.of("processor") * records / MILLION / seconds);
    }

    private Reading pass(FactBacklogs facts, Duration most) throws InterruptedException {
        String name = "bench-count-by-" + by.name().toLowerCase(Locale.ROOT) + "-" + ++applications;
        count.begin(name, by);
        Reading reading = Reading.follow(name, count::processed, facts.releasedFacts(), most, DONE_WITHIN);
        count.end();
        return reading;
    }

    private static <T> double sum(List<T> all, ToDoubleFunction<T> figure) {
        return all.stream().mapToDouble(figure).sum();
    }
}
