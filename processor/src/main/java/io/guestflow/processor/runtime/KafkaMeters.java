package io.guestflow.processor.runtime;

import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The meters of Kafka's clients and of Streams that somebody looks at.
 *
 * <p>All of them are too many: one Streams application with 12 tasks and two stores has 3,020 series, 2,000 of them of RocksDB,
 * and a scrape of 650 KB. Those chosen have no store, task or broker node among their tags; partitions only for the lag,
 * because one that is stuck is what one looks for. Names that exist with different sets of tags (such as
 * {@code records.lag.max}, of a client and of a partition) are left out: Prometheus takes only one set.
 */
final class KafkaMeters {
    static final Set<String> STREAMS = Set.of(
            "kafka.stream.client.state",
            "kafka.stream.alive.stream.threads",
            "kafka.stream.failed.stream.threads",
            "kafka.stream.thread.blocked.time.ns.total",
            "kafka.stream.thread.commit.latency.max",
            "kafka.stream.thread.commit.ratio",
            "kafka.stream.thread.commit.total",
            "kafka.stream.thread.poll.ratio",
            "kafka.stream.thread.process.latency.max",
            "kafka.stream.thread.process.ratio",
            "kafka.stream.thread.process.total",
            "kafka.stream.thread.punctuate.latency.max",
            "kafka.stream.thread.punctuate.ratio",
            "kafka.stream.thread.punctuate.total",
            "kafka.stream.thread.task.created.total",
            "kafka.stream.thread.task.closed.total");

    static final Set<String> CONSUMER = Set.of(
            "kafka.consumer.connection.count",
            "kafka.consumer.coordinator.assigned.partitions",
            "kafka.consumer.coordinator.commit.latency.max",
            "kafka.consumer.coordinator.failed.rebalance.total",
            "kafka.consumer.coordinator.rebalance.latency.max",
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.consumer.failed.authentication.total",
            "kafka.consumer.last.poll.seconds.ago",
            "kafka.consumer.time.between.poll.max");

    static final Set<String> PRODUCER = Set.of(
            "kafka.producer.buffer.available.bytes",
            "kafka.producer.bufferpool.wait.time.ns.total",
            "kafka.producer.connection.count",
            "kafka.producer.failed.authentication.total",
            "kafka.producer.flush.time.ns.total",
            "kafka.producer.record.error.total",
            "kafka.producer.record.queue.time.max",
            "kafka.producer.record.retry.total",
            "kafka.producer.record.send.total",
            "kafka.producer.request.latency.avg",
            "kafka.producer.request.latency.max",
            "kafka.producer.requests.in.flight",
            "kafka.producer.txn.abort.time.ns.total",
            "kafka.producer.txn.commit.time.ns.total",
            "kafka.producer.txn.send.offsets.time.ns.total");

    /** Those that do not exist before something runs: the lag of a partition, and the restoring of stores. */
    static final Set<String> WHEN_RUNNING = Set.of(
            "kafka.consumer.fetch.manager.records.lag",
            "kafka.stream.state.updater.active.restoring.tasks",
            "kafka.stream.state.updater.restore.records.rate",
            "kafka.stream.state.updater.standby.updating.tasks");

    private static final Set<String> CHOSEN = Stream.of(STREAMS, CONSUMER, PRODUCER, WHEN_RUNNING)
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private KafkaMeters() {}

    /** Lets through what is chosen, and everything that is not Kafka's. */
    static MeterFilter chosen() {
        return MeterFilter.deny(id -> id.getName().startsWith("kafka.") && !CHOSEN.contains(id.getName()));
    }
}
