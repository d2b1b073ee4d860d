package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.facts.RefKey;
import io.guestflow.processor.runtime.FailedRecords;
import io.guestflow.processor.runtime.MainConsumers;
import io.guestflow.processor.runtime.StreamsApplication;
import io.guestflow.processor.runtime.StreamsProperties;
import io.guestflow.processor.wire.CommitPacer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The floor in a process of its own, like the processor: {@link FloorTopology} and {@link FloorEffects}. Prints {@code floor
 * ready}; ends with the process that started it.
 */
final class FloorMain {
    static final String READY = "floor ready";

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration RUNS_WITHIN = Duration.ofSeconds(60);
    private static final long ROCKSDB_BYTES = 64L << 20;
    private static final Duration TRANSACTION_GAP = Duration.ofMillis(2);

    private FloorMain() {}

    /** What it is started with. */
    record Arguments(String bootstrap, String guarantee, String stateDir, String timeout, RecordSizes sizes) {
        List<String> toList() {
            return List.of(bootstrap, guarantee, stateDir, timeout, sizes.toString());
        }

        static Arguments of(String... args) {
            return new Arguments(args[0], args[1], args[2], args[3], RecordSizes.parse(args[4]));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Arguments arguments = Arguments.of(args);
        // The defaults of the settings of the processor; what fails here ends the floor.
        var commits = new CommitPacer(System::nanoTime);
        var properties = new StreamsProperties(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, arguments.bootstrap()),
                arguments.guarantee(),
                Path.of(arguments.stateDir()),
                "bench-floor",
                1,
                SESSION_TIMEOUT,
                -1,
                ROCKSDB_BYTES,
                new FailedRecords(
                        new DeadLetters(new GuestRefs(new RefKey("bench", new byte[32]))),
                        InstantSource.system(),
                        new SimpleMeterRegistry()));
        var effects = new FloorEffects(arguments.bootstrap(), arguments.sizes());
        var streams = new StreamsApplication(
                FloorTopology.build(
                        arguments.sizes(), Duration.parse(arguments.timeout()), Duration.ofMinutes(15), commits),
                properties.of(Hop.FLOOR_APPLICATION, StreamsProperties.Pace.AWAITED),
                TRANSACTION_GAP,
                MainConsumers.plain(commits),
                Time.SYSTEM,
                FloorMain::fatal);
        effects.start();
        streams.start();
        effects.awaitAssigned();
        if (!streams.awaitRunning(RUNS_WITHIN)) {
            fatal("the floor's topology does not run after " + RUNS_WITHIN, null);
        }
        System.out.println(READY);
        new CountDownLatch(1).await();
    }

    static void fatal(String line, @Nullable Throwable cause) {
        System.err.println(line);
        if (cause != null) {
            cause.printStackTrace();
        }
        Runtime.getRuntime().halt(1);
    }
}
