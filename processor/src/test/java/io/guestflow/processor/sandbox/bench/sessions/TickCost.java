package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.Progress;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Lets a thousand sessions of one partition come due at the same instant, again and again, and takes the processor time
 * of the whole process: what others do on the machine is not in it, and whatever walks over all sessions is.
 */
final class TickCost {
    static final int DUE = 1_000;

    private static final Duration GAP = Duration.ofSeconds(2);
    private static final Duration FIRST_AFTER = Duration.ofSeconds(20);
    private static final Duration QUIET_FOR = Duration.ofSeconds(5);
    private static final int QUIET_TRIES = 24;
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
        awaitQuiet(pid);
        double idle = cpuMsPerSecond(pid, Duration.ofSeconds(10));
        var crowd = new Crowd("tick-" + live);
        var seen = new Batches(crowd, 2 * batches, clock.instant().plus(FIRST_AFTER));
        watch.tell(seen);
        Instant opened = clock.instant();
        for (int i = 0; i < 2 * batches * DUE; i++) {
            openings.open(seen.conversation(i), crowd.guest(i), opened, seen.due(i / DUE));
        }
        openings.flush();
        // The first half is for the compiler.
        sleepUntil(seen.due(batches).minus(GAP.dividedBy(2)));
        Duration cpu = ProcessUse.cpu(pid);
        long from = System.nanoTime();
        sleepUntil(seen.due(2 * batches - 1).plus(GAP));
        double seconds = (System.nanoTime() - from) / 1e9;
        double used = ProcessUse.cpu(pid).minus(cpu).toMillis();
        seen.awaitAll(ALL_WITHIN);
        watch.check();
        watch.tell(new Watch.Listener() {});
        seen.findings(live).forEach(findings::broken);
        var ticks = new Ticks(
                live,
                batches,
                rounded((used - idle * seconds) / batches),
                rounded(idle),
                Percentiles.of(seen.done(batches)));
        progress.say("%,d live: %.1f ms of processor time for %,d due, done %.0f ms after"
                .formatted(live, ticks.cpuMsPerBatch(), DUE, ticks.done().p50()));
        return ticks;
    }

    /** Compiling and compacting go on for a while after a load. */
    private void awaitQuiet(long pid) throws InterruptedException {
        double last = Double.MAX_VALUE;
        for (int i = 0; i < QUIET_TRIES; i++) {
            double now = cpuMsPerSecond(pid, QUIET_FOR);
            if (now > 0.8 * last && now < 500) {
                return;
            }
            last = now;
        }
        findings.remark("the processor did not come to rest before ticks were measured");
    }

    private static double cpuMsPerSecond(long pid, Duration length) throws InterruptedException {
        Duration before = ProcessUse.cpu(pid);
        long from = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(length.toNanos());
        return ProcessUse.cpu(pid).minus(before).toNanos() / 1e6 / ((System.nanoTime() - from) / 1e9);
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
        private final int[] ended;
        private final Instant[] last;
        private int doubled;
        private int left;

        Batches(Crowd crowd, int batches, Instant first) {
            this.first = first;
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
            return first.plus(GAP.multipliedBy(batch));
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

        /** Of the batches that count, in nanoseconds. */
        synchronized Histogram done(int warmUp) {
            Histogram done = LoadReport.histogram();
            for (int batch = warmUp; batch < last.length; batch++) {
                if (last[batch] != null) {
                    long nanos = Duration.between(due(batch), last[batch]).toNanos();
                    done.recordValue(Math.clamp(nanos, 0, done.getHighestTrackableValue()));
                }
            }
            return done;
        }
    }
}
