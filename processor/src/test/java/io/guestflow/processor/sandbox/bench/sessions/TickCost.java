package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.bench.Compilers;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Lets a thousand sessions of one partition come due at the same instant, again and again, and takes the processor time
 * of the whole process, without its compilers: what others do on the machine is not in it, and whatever walks over all
 * sessions is. What the process uses besides is measured between one batch and the next, because it changes: what
 * loading left to do is done for minutes.
 */
final class TickCost {
    static final int DUE = 1_000;

    /** From one batch to the next; in the first half it is worked off, the second has nothing due. */
    private static final Duration PERIOD = Duration.ofSeconds(4);

    private static final Duration HALF = PERIOD.dividedBy(2);
    private static final Duration LEAD = Duration.ofMillis(50);
    private static final Duration WARM_UP_PERIOD = Duration.ofSeconds(1);
    private static final Duration FIRST_AFTER = Duration.ofSeconds(20);
    private static final Duration REST_SLICE = Duration.ofSeconds(10);
    private static final int REST_SLICES = 12;
    private static final double COMPILERS_AT_REST = 0.05;
    private static final Duration ALL_WITHIN = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Progress progress;
    private final Findings findings;

    TickCost(InstantSource clock, Progress progress, Findings findings) {
        this.clock = clock;
        this.progress = progress;
        this.findings = findings;
    }

    /** Measures with so many live sessions, which must have been applied. */
    Ticks measure(int live, int batches, long pid, Watch watch, Openings openings) throws InterruptedException {
        run(live, "warm-up", 3 * batches, WARM_UP_PERIOD, watch, openings, warm -> sleepUntil(warm.due(3 * batches)));
        awaitRest(pid);
        double[] due = new double[batches];
        double[] quiet = new double[batches];
        Histogram done = run(live, "tick", batches, PERIOD, watch, openings, measured -> {
            for (int batch = 0; batch < batches; batch++) {
                Instant from = measured.due(batch).minus(LEAD);
                sleepUntil(from);
                double before = cpuMs(pid);
                sleepUntil(from.plus(HALF));
                double between = cpuMs(pid);
                sleepUntil(from.plus(PERIOD));
                due[batch] = between - before;
                quiet[batch] = cpuMs(pid) - between;
            }
        });
        double[] cost = new double[batches];
        Arrays.setAll(cost, batch -> due[batch] - quiet[batch]);
        var ticks = new Ticks(
                live,
                batches,
                rounded(middle(cost)),
                rounded(middle(quiet) * 1000 / HALF.toMillis()),
                Percentiles.of(done));
        progress.say("%,d live: %.1f ms of processor time for %,d due, done %.0f ms after"
                .formatted(live, ticks.cpuMsPerBatch(), DUE, ticks.done().p50()));
        return ticks;
    }

    private interface Meanwhile {
        void run(Batches batches) throws InterruptedException;
    }

    /** Opens sessions that come due in batches, and sees that all of them end; returns how long after they were due. */
    private Histogram run(
            int live, String name, int batches, Duration period, Watch watch, Openings openings, Meanwhile meanwhile)
            throws InterruptedException {
        var crowd = new Crowd(name + "-" + live);
        var seen = new Batches(crowd, batches, clock.instant().plus(FIRST_AFTER), period);
        watch.tell(seen);
        Instant opened = clock.instant();
        for (int i = 0; i < batches * DUE; i++) {
            openings.open(seen.conversation(i), crowd.guest(i), opened, seen.due(i / DUE));
        }
        openings.flush();
        meanwhile.run(seen);
        seen.awaitAll(ALL_WITHIN);
        watch.check();
        watch.tell(new Watch.Listener() {});
        seen.findings(live).forEach(findings::broken);
        return seen.done();
    }

    private void awaitRest(long pid) throws InterruptedException {
        Compilers compilers = Compilers.of(List.of(pid));
        double cores = Double.MAX_VALUE;
        for (int i = 0; i < REST_SLICES && cores > COMPILERS_AT_REST; i++) {
            TimeUnit.NANOSECONDS.sleep(REST_SLICE.toNanos());
            cores = compilers.cores();
        }
        if (cores > COMPILERS_AT_REST) {
            findings.remark("compilers still used %.2f cores when ticks were measured".formatted(cores));
        }
    }

    /** The mean of the middle half: the system counts in hundredths of a second, and a collection hits a batch or two. */
    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int quarter = sorted.length / 4;
        return Arrays.stream(sorted, quarter, sorted.length - quarter).average().orElse(0);
    }

    private static double cpuMs(long pid) {
        return ProcessUse.cpu(pid).toNanos() / 1e6 - Compilers.seconds(pid) * 1000;
    }

    private void sleepUntil(Instant time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(
                Math.max(0, Duration.between(clock.instant(), time).toMillis()));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Which conversations come due when, and when they were seen to end. */
    private static final class Batches implements Watch.Listener {
        private final List<String> conversations = new ArrayList<>();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Instant first;
        private final Duration period;
        private final int[] ended;
        private final Instant[] last;
        private int doubled;
        private int left;

        Batches(Crowd crowd, int batches, Instant first, Duration period) {
            this.first = first;
            this.period = period;
            this.ended = new int[batches];
            this.last = new Instant[batches];
            this.left = batches * DUE;
            // All in one partition, so that they are one task's.
            for (int n = 0; conversations.size() < batches * DUE; n++) {
                String conversation = crowd.conversation(n);
                if (Crowd.partition(conversation, World.PARTITIONS) == 0) {
                    numbers.put(conversation, conversations.size());
                    conversations.add(conversation);
                }
            }
        }

        String conversation(int number) {
            return conversations.get(number);
        }

        Instant due(int batch) {
            return first.plus(period.multipliedBy(batch));
        }

        @Override
        public synchronized void session(Session session, int partition, Instant readAt) {
            if (session.state() != SessionState.EXPIRED) {
                return;
            }
            Integer number = numbers.get(session.conversationId());
            if (number == null) {
                return;
            }
            int batch = number / DUE;
            if (++ended[batch] > DUE) {
                doubled++;
            }
            last[batch] = readAt;
            left--;
            if (left <= 0) {
                notifyAll();
            }
        }

        synchronized void awaitAll(Duration within) throws InterruptedException {
            long deadline = System.nanoTime() + within.toNanos();
            while (left > 0) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return;
                }
                wait(leftMs);
            }
        }

        synchronized List<String> findings(int live) {
            List<String> broken = new ArrayList<>();
            if (left > 0 || doubled > 0) {
                broken.add("ticks at %,d live: %d sessions did not end, %d ended twice".formatted(live, left, doubled));
            }
            return broken;
        }

        /** From when a batch is due to when the last of it was read, in nanoseconds. */
        synchronized Histogram done() {
            Histogram done = LoadReport.histogram();
            for (int batch = 0; batch < last.length; batch++) {
                if (last[batch] != null) {
                    long nanos = Duration.between(due(batch), last[batch]).toNanos();
                    done.recordValue(Math.clamp(nanos, 0, done.getHighestTrackableValue()));
                }
            }
            return done;
        }
    }
}
