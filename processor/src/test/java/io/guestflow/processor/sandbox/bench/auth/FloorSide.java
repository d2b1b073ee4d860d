package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.ChildJvm;
import io.guestflow.processor.sandbox.JvmCommand;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The floor's process and its load. */
final class FloorSide implements Side, AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final ChildJvm jvm;
    private final LoadClient load;

    private FloorSide(ChildJvm jvm, LoadClient load) {
        this.jvm = jvm;
        this.load = load;
    }

    /** Returns when it passes records on; its topics must not exist yet. */
    static FloorSide start(
            KafkaSandbox kafka, int partitions, FloorMain.Arguments arguments, Path jvmOptions, Path logs) {
        kafka.createTopics(
                partitions,
                Arrays.stream(Hop.values())
                        .filter(hop -> !hop.isChangelog())
                        .map(Hop::floor)
                        .toArray(String[]::new));
        ChildJvm jvm = ChildJvm.start(new JvmCommand(
                "floor-" + arguments.guarantee(),
                FloorMain.class.getName(),
                arguments.toList(),
                List.of("@" + jvmOptions),
                JvmCommand.ownClassPath(),
                System.getenv(),
                logs));
        try {
            jvm.awaitLine(FloorMain.READY, FloorMain.READY::equals, READY_WITHIN);
            return new FloorSide(jvm, LoadClient.connect(kafka.bootstrap(), new FloorWorkload(arguments.sizes())));
        } catch (RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "floor";
    }

    @Override
    public LoadClient load() {
        return load;
    }

    @Override
    public String topic(Hop hop) {
        return hop.floor();
    }

    @Override
    public long pid() {
        return jvm.pid();
    }

    @Override
    public long rssBytes() {
        return jvm.rssBytes();
    }

    @Override
    public void reset() {
        // Nobody counts.
    }

    @Override
    public ToLongFunction<String> notOurs() {
        return requestId -> 0;
    }

    @Override
    public List<String> defects(LoadReport report) {
        return report.counts().clean() ? List.of() : List.of("the floor is not clean: " + report);
    }

    @Override
    public void close() {
        load.close();
        jvm.close();
    }
}
