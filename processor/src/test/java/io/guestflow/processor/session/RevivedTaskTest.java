package io.guestflow.processor.session;

import static io.guestflow.processor.session.Given.LIFETIME;
import static io.guestflow.processor.session.Given.RULES;
import static io.guestflow.processor.session.Given.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** Kafka Streams revives a task by initialising the processors that it has already. */
class RevivedTaskTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MockProcessorContext<byte[], Object> context = new MockProcessorContext<>();
    private final SessionProcessor processor = new SessionProcessor(
            RULES,
            new SessionDecisions(RULES, Given.REFS),
            FiringTime.sharedByThread(System::nanoTime),
            new SessionMeters(registry),
            new UnreadableRecords(new DeadLetters(Given.REFS), registry, "dead-letters"));

    RevivedTaskTest() {
        for (String name : new String[] {ConversationStore.LIVE, ConversationStore.HELD, SessionProcessor.TIMERS}) {
            KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
    }

    @Test
    void nothingIsKnownOfWebhooksUntilTheyAreMarkedAgain() {
        initAt(START);
        hears(new Arrival.OfMark(new Mark(START, 0, 1, START)));
        punctuateAt(START.plusSeconds(2));
        hears(new Arrival.OfConversation(
                new SessionInput.Event(Given.opened(START, START.plus(LIFETIME)), new Source("cxone-events", 0, 1)),
                Trace.NONE));
        processor.close();

        Instant again = START.plus(LIFETIME);
        initAt(again);
        punctuateAt(again.plusSeconds(2));
        assertEquals(0, fired(), "what had been waiting may not have been read");
        hears(new Arrival.OfMark(new Mark(again, 0, 1, again)));
        punctuateAt(again.plusSeconds(3));

        assertEquals(1, fired(), "and now it has been");
    }

    /** Of the partitions there are three; this is the task of the first, which hears of them all. */
    @Test
    void whatIntakeTellsIsToldTheOtherPartitions() {
        initAt(START);
        for (int partition = 0; partition < 3; partition++) {
            hears(new Arrival.OfMark(new Mark(START, partition, 3, START.minusMillis(partition))));
        }
        punctuateAt(START.plusMillis(200));
        punctuateAt(START.plusMillis(400));

        List<Routed> told = context.forwarded().stream()
                .map(forwarded -> (Routed) forwarded.record().value())
                .toList();
        assertEquals(List.of(1, 2), told.stream().map(Routed::partition).toList());
        assertEquals(
                new Mark(START.plusMillis(200), 0, 1, START.minusMillis(2)),
                SessionEvent.CODEC.read(told.getFirst().value()));
    }

    private void initAt(Instant now) {
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        processor.init(context);
    }

    private void punctuateAt(Instant now) {
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(now.toEpochMilli());
    }

    private void hears(Arrival arrival) {
        processor.process(new Record<>(new byte[0], arrival, context.currentSystemTimeMs()));
    }

    private double fired() {
        return registry.get("guestflow.timers.fired").counter().count();
    }
}
