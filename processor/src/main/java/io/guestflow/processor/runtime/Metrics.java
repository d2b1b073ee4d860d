package io.guestflow.processor.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the process: its own, the JVM's and the few of Kafka's that {@link KafkaMeters} lets in.
 *
 * <p>Threading: the registry may be used by any thread, and an application is bound again by the one that starts it again;
 * other binding and closing belong to the thread that wires the process.
 */
public final class Metrics implements AutoCloseable {
    /** Kafka's meters come and go with partitions; this is how late they are seen. */
    private static final Duration REFRESH = Duration.ofSeconds(15);

    /** On each of Kafka's meters, so that all of one name have the same tags, as Prometheus wants it. */
    private static final String APPLICATION = "application";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<Runnable> unbind = new ArrayDeque<>();
    private final Map<String, KafkaStreams> applications = new ConcurrentHashMap<>();
    private final Map<String, OfApplication> ofApplications = new ConcurrentHashMap<>();
    // One thread for those of other clients; each binder would start one of its own.
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kafka-meters").daemon().factory());

    /**
     * The meters of an application's last life, and who looks after them: they have the names of those of the next one, and
     * would be taken away from it.
     */
    private record OfApplication(KafkaStreamsMetrics meters, ScheduledExecutorService refresher) {
        void close() {
            refresher.close();
            meters.close();
        }
    }

    /** The meters of this process and of its clock. */
    public Metrics(SlewedClock clock) {
        registry.config()
                .meterFilter(KafkaMeters.chosen())
                // Each of the six would look at every thread at every scrape.
                .meterFilter(MeterFilter.denyNameStartsWith("jvm.threads.states"));
        bind(new JvmMemoryMetrics());
        var collector = new JvmGcMetrics();
        bind(collector, collector::close);
        bind(new JvmThreadMetrics());
        bind(new ProcessorMetrics());
        bind(new FileDescriptorMetrics());
        bind(new UptimeMetrics());
        Gauge.builder("guestflow.clock.offset", clock, it -> it.wallOffset().toNanos() / 1e9)
                .description("How far the machine's clock is ahead of the clock of this process")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Where everybody registers meters. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Adds the chosen meters of a Streams application and its clients, and whether it runs; that one outlives it. Those of
     * an earlier one of that name, which has ended, go.
     */
    public void bind(String application, KafkaStreams streams) {
        if (applications.put(application, streams) == null) {
            Gauge.builder("guestflow.application.running", applications, all -> running(all.get(application)))
                    .description("1 while the application's tasks here are assigned and restored, else 0")
                    .tag(APPLICATION, application)
                    .register(registry);
        }
        OfApplication before = ofApplications.remove(application);
        if (before != null) {
            before.close();
        }
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("kafka-meters-" + application).daemon().factory());
        var meters = new KafkaStreamsMetrics(streams, Tags.of(APPLICATION, application), own, REFRESH);
        bind(meters);
        ofApplications.put(application, new OfApplication(meters, own));
    }

    private static double running(@Nullable KafkaStreams streams) {
        return streams != null && streams.state() == KafkaStreams.State.RUNNING ? 1 : 0;
    }

    /** Adds the chosen meters of a consumer. */
    public void bind(String application, Consumer<?, ?> consumer) {
        var meters = new KafkaClientMetrics(consumer, Tags.of(APPLICATION, application), refresher, REFRESH);
        bind(meters, meters::close);
    }

    /** Adds the chosen meters of a producer. */
    public void bind(String application, Producer<?, ?> producer) {
        var meters = new KafkaClientMetrics(producer, Tags.of(APPLICATION, application), refresher, REFRESH);
        bind(meters, meters::close);
    }

    private void bind(MeterBinder binder) {
        binder.bindTo(registry);
    }

    private void bind(MeterBinder binder, Runnable close) {
        bind(binder);
        unbind.push(close);
    }

    /** Stops looking after Kafka's and the collector's meters; the registry itself stays readable. */
    @Override
    public void close() {
        refresher.shutdownNow();
        ofApplications.values().forEach(OfApplication::close);
        while (!unbind.isEmpty()) {
            unbind.pop().run();
        }
    }
}
