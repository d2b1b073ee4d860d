package io.guestflow.processor.sandbox.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How brokers are started.
 *
 * @param jvmFlags of each node's JVM
 * @param properties broker properties that win over the sandbox's own
 * @param readyWithin bound on the time from start until a node answers
 * @param directory holds each node's data and output; empty means a temporary one that goes with the cluster
 */
public record BrokerOptions(
        List<String> jvmFlags, Map<String, String> properties, Duration readyWithin, Optional<Path> directory) {

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    public BrokerOptions {
        jvmFlags = List.copyOf(jvmFlags);
        properties = Map.copyOf(properties);
    }

    /** For tests and demo: up soonest, also after a stop or a kill, and small. */
    public static BrokerOptions fastStart() {
        // A controller takes a broker back only when its former session has timed out, by default after 9 s.
        return withFlags("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m")
                .property("broker.session.timeout.ms", "1500")
                .property("broker.heartbeat.interval.ms", "300");
    }

    /** For benchmarks: a broker that the JIT compiles fully, so that it is not what is measured. */
    public static BrokerOptions fullJit() {
        return withFlags("-Xms1g", "-Xmx1g");
    }

    public BrokerOptions property(String name, String value) {
        var all = new HashMap<>(properties);
        all.put(name, value);
        return new BrokerOptions(jvmFlags, all, readyWithin, directory);
    }

    /** The data goes when the cluster is closed; what the nodes printed stays. */
    public BrokerOptions in(Path kept) {
        return new BrokerOptions(jvmFlags, properties, readyWithin, Optional.of(kept));
    }

    private static BrokerOptions withFlags(String... flags) {
        return new BrokerOptions(List.of(flags), Map.of(), READY_WITHIN, Optional.empty());
    }
}
