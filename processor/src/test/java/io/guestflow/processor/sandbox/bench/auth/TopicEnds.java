package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How far each hop's topic is written, over all its partitions; transaction markers take offsets too. */
record TopicEnds(Map<Hop, Long> of) {

    static TopicEnds now(KafkaSandbox kafka, Side side) throws InterruptedException {
        try {
            return now(kafka.admin(), side);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not tell its topics' ends", e.getCause());
        }
    }

    private static TopicEnds now(Admin admin, Side side) throws ExecutionException, InterruptedException {
        Map<String, Hop> hops = new HashMap<>();
        for (Hop hop : Hop.values()) {
            hops.put(side.topic(hop), hop);
        }
        Map<TopicPartition, OffsetSpec> partitions =
                admin.describeTopics(hops.keySet()).allTopicNames().get().values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<Hop, Long> ends = new EnumMap<>(Hop.class);
        admin.listOffsets(partitions).all().get().forEach((partition, end) -> {
            Hop hop = hops.get(partition.topic());
            ends.merge(hop, end.offset(), Long::sum);
        });
        return new TopicEnds(ends);
    }

    /** What was written since then, for each of so many requests. */
    Map<Hop, Double> perRequestSince(TopicEnds before, int requests) {
        Map<Hop, Double> written = new EnumMap<>(Hop.class);
        of.forEach((hop, end) ->
                written.put(hop, Math.round(100.0 * (end - before.of.getOrDefault(hop, 0L)) / requests) / 100.0));
        return written;
    }
}
