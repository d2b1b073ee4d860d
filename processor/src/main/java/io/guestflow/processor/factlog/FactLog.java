package io.guestflow.processor.factlog;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.GuestRefs;
import io.guestflow.processor.wire.Nodes;
import io.guestflow.processor.wire.PolledPartitions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/**
 * The beginning of the application {@code guestflow-facts}.
 *
 * <pre>
 * guest-facts ──► fact-reader ──► one processor for each derivation
 *                     └─────────► guest-dead-letters
 *                 stores: known-facts known-facts-period
 * </pre>
 *
 * Kafka Streams allows one source for a topic, and reading a fact costs more than what is made of it. A fact that comes
 * again is dropped here, for all of them, so that they cannot disagree.
 */
public final class FactLog {
    /** The application's id: changelogs and state on disk are called by it. */
    public static final String APPLICATION = "guestflow-facts";

    /** The parent of every processor that derives something; it hands each of them a {@link FactRecord} for each record. */
    public static final String READER = "fact-reader";

    /** How long a fact that comes again is known to be one, at the least. */
    public static final Duration REMEMBERED = KnownFacts.REMEMBERED;

    /** Where Kafka Streams keeps which facts are known. */
    public static final String KNOWN_CHANGELOG = APPLICATION + "-" + KnownFacts.STORE + "-changelog";

    static final String SOURCE = "guest-facts-source";
    static final String DEAD_LETTERS_SINK = "fact-dead-letters-sink";

    private FactLog() {}

    /**
     * What a partition's audit has told of the last facts that it came to, all of one time: which ids they had. Those are
     * known, whatever else is.
     */
    public record Audited(Instant at, Set<String> ids) {}

    /**
     * What the log has around it.
     *
     * @param polled asks the consumer of the stream thread how far it is with {@code guest-facts}
     * @param audited what was audited last, by partition; asked by each task
     * @param stands whether nobody reads facts here who should
     */
    public record Surroundings(
            PolledPartitions polled, Supplier<Map<Integer, Audited>> audited, BooleanSupplier stands) {
        /** Nothing was audited before, and what is there reads. */
        public static Surroundings of(PolledPartitions polled) {
            return new Surroundings(polled, Map::of, () -> false);
        }
    }

    /**
     * Adds it to a topology.
     *
     * @param derivations the names of the processors, all of them, that are added as {@link #derivation} with {@link
     *     #READER} as a parent; eight at most. Their order is part of the form of what is known: a new one comes last
     */
    public static void addTo(
            Topology topology, GuestRefs refs, Surroundings around, MeterRegistry registry, String... derivations) {
        FactMeters meters = new FactMeters(registry, around.stands());
        UnreadableRecords unreadable = new UnreadableRecords(new DeadLetters(refs), registry, DEAD_LETTERS_SINK);
        List<String> all = List.of(derivations);
        if (all.size() > Byte.SIZE) {
            throw new IllegalArgumentException("what is known of a fact has room for " + Byte.SIZE + " derivations");
        }

        Nodes.source(topology, SOURCE, Topics.GUEST_FACTS.name());
        topology.addProcessor(READER, () -> new FactReader(all, unreadable, meters, around), SOURCE);
        topology.addStateStore(KnownFacts.store(), READER);
        topology.addStateStore(KnownFacts.periodStore(), READER);
        Nodes.sink(topology, DEAD_LETTERS_SINK, Topics.GUEST_DEAD_LETTERS.name(), READER);
    }

    /** The same where nothing was audited before. */
    public static void addTo(
            Topology topology, GuestRefs refs, PolledPartitions polled, MeterRegistry registry, String... derivations) {
        addTo(topology, refs, Surroundings.of(polled), registry, derivations);
    }

    /**
     * What a processor that derives something is added as. A fact that it fails on, and that becomes a dead letter, is told
     * to it once more if it comes again while it is known, and to no other one.
     *
     * @param processors makes a new one each time
     */
    public static <K, V> ProcessorSupplier<byte[], Object, K, V> derivation(
            Supplier<? extends Processor<byte[], Object, K, V>> processors) {
        return () -> new Derivation<>(processors.get());
    }
}
