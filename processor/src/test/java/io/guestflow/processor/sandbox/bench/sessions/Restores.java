package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.session.Session;
import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Restarts a processor that has many sessions, with its state and without, and lets another one take over. */
final class Restores {
    private static final double MIB = 1 << 20;
    private static final Duration STANDBY_WITHIN = Duration.ofMinutes(15);
    private static final Duration STILL_FOR = Duration.ofSeconds(15);
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofMinutes(5);
    private static final Duration PROBE_EVERY = Duration.ofMillis(200);

    private final World world;
    private final InstantSource clock;
    private final Progress progress;

    Restores(World world, InstantSource clock, Progress progress) {
        this.world = world;
        this.clock = clock;
        this.progress = progress;
    }

    private record Started(ProcessorProcess processor, double seconds) {}

    /** @param running has the sessions; nothing runs when this returns */
    RestoreFigures measure(ProcessorProcess running, double mostRssMiB, Watch watch, Openings openings)
            throws InterruptedException {
        world.stop(running);
        double changelogMiB = mib(Changelogs.lying(world.kafka().admin()));
        Started kept = start();
        progress.say("restarted with its state in %.1f s".formatted(kept.seconds));
        world.stop(kept.processor);
        deleteStores(world.state("first"));
        Started restored = start();
        Double restoredMiB = mib(ProcessUse.bytesRead(restored.processor.pid()));
        progress.say("restarted without its state in %.1f s, %s MiB read".formatted(restored.seconds, restoredMiB));
        ProcessorProcess second = world.start("second");
        awaitStandby();
        long read = ProcessUse.bytesRead(second.pid()).orElse(0);
        double takeover = takeover(restored.processor, watch, openings);
        OptionalLong readAfter = ProcessUse.bytesRead(second.pid());
        Double takeoverMiB = readAfter.isPresent() ? mib(readAfter.getAsLong() - read) : null;
        progress.say("taken over in %.1f s, %s MiB read".formatted(takeover, takeoverMiB));
        world.stop(second);
        return new RestoreFigures(
                mostRssMiB, changelogMiB, kept.seconds, restored.seconds, restoredMiB, takeover, takeoverMiB);
    }

    private Started start() {
        long from = System.nanoTime();
        ProcessorProcess processor = world.start("first");
        return new Started(processor, seconds(from));
    }

    /** Ready does not say when a standby has caught up; what it writes to the disk does. */
    private void awaitStandby() throws InterruptedException {
        progress.say("waiting until the standby has caught up");
        long deadline = System.nanoTime() + STANDBY_WITHIN.toNanos();
        long last = -1;
        long sinceNanos = System.nanoTime();
        while (System.nanoTime() - deadline < 0) {
            long now = size(world.state("second"));
            // Compaction inside RocksDB moves a little, always.
            if (Math.abs(now - last) > (1 << 20)) {
                sinceNanos = System.nanoTime();
            } else if (System.nanoTime() - sinceNanos > STILL_FOR.toNanos() && now > size(world.state("first")) / 3) {
                return;
            }
            last = now;
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IllegalStateException("the standby did not catch up within " + STANDBY_WITHIN);
    }

    /** In every partition sessions are opened after the kill; the first of each that is published ends the wait. */
    private double takeover(ProcessorProcess first, Watch watch, Openings openings) throws InterruptedException {
        var probes = new Probes(new Crowd("probe"));
        watch.tell(probes);
        world.kill(first);
        long killed = System.nanoTime();
        Instant far = clock.instant().plus(Duration.ofHours(4));
        for (int number = 0; !probes.all(); number++) {
            if (seconds(killed) > TAKEN_OVER_WITHIN.toSeconds()) {
                throw new IllegalStateException("nobody took over within " + TAKEN_OVER_WITHIN);
            }
            openings.open(probes.crowd.conversation(number), probes.crowd.guest(number), clock.instant(), far);
            if (number % (4 * World.PARTITIONS) == 0) {
                openings.flush();
                watch.check();
                TimeUnit.NANOSECONDS.sleep(PROBE_EVERY.toNanos());
            }
        }
        watch.tell(new Watch.Listener() {});
        return Math.round(probes.lastNanos(killed) / 1e7) / 100.0;
    }

    private static final class Probes implements Watch.Listener {
        private final Crowd crowd;
        // Guarded by this.
        private final BitSet partitions = new BitSet();
        private long lastAt;

        Probes(Crowd crowd) {
            this.crowd = crowd;
        }

        @Override
        public synchronized void session(Session session, int partition, Instant readAt) {
            if (crowd.number(session.conversationId()) >= 0 && !partitions.get(partition)) {
                partitions.set(partition);
                lastAt = System.nanoTime();
            }
        }

        synchronized boolean all() {
            return partitions.cardinality() == World.PARTITIONS;
        }

        synchronized long lastNanos(long since) {
            return lastAt - since;
        }
    }

    /** The instance keeps its name: with another one it would wait for its former self to time out. */
    private static void deleteStores(Path state) {
        Path stores = state.resolve("streams");
        if (!Files.isDirectory(stores)) {
            throw new IllegalStateException("there are no stores in " + stores);
        }
        try (Stream<Path> tree = Files.walk(stores)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + stores, e);
        }
    }

    private static long size(Path root) {
        long bytes = 0;
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                // RocksDB may have deleted it since it was listed.
                if (Files.isRegularFile(path)) {
                    bytes += sizeIfThere(path);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            return bytes;
        }
        return bytes;
    }

    private static long sizeIfThere(Path path) {
        try {
            return Files.size(path);
        } catch (IOException gone) {
            return 0;
        }
    }

    private static @Nullable Double mib(OptionalLong bytes) {
        return bytes.isPresent() ? (Double) mib(bytes.getAsLong()) : null;
    }

    private static double mib(long bytes) {
        return Math.round(bytes / MIB * 10) / 10.0;
    }

    private static double seconds(long fromNanos) {
        return Math.round((System.nanoTime() - fromNanos) / 1e7) / 100.0;
    }
}
