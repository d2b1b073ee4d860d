package io.guestflow.processor.factlog;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactRecord.Passed;
import io.guestflow.processor.factlog.FactRecord.Told;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Reads facts, drops those that come again, and tells everybody who derives something of each record.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class FactReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private static final Problem ID_REUSED = new Problem(
            "factId",
            Defect.WRONG,
            "must be the id of this fact alone: another one had it within the last days. A topic that facts come from was"
                    + " made anew; RATIONALE.md, \"Audit\", says what to do");

    private final List<String> derivations;
    private final UnreadableRecords unreadable;
    private final FactMeters meters;
    private KnownFacts known;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    FactReader(List<String> derivations, UnreadableRecords unreadable, FactMeters meters) {
        this.derivations = derivations;
        this.unreadable = unreadable;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        super.init(context);
        known = KnownFacts.of(context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        FactRecord read = read(record, Origin.of(context()));
        for (String derivation : derivations) {
            context().forward(new Record<byte[], Object>(record.key(), read, record.timestamp()), derivation);
        }
    }

    private FactRecord read(Record<byte[], byte[]> record, Source here) {
        if (!isThisVersion(record.headers())) {
            // A newer writer's. It is not wrong, so it is no dead letter.
            meters.unknownVersion();
            return new Passed(here);
        }
        Fact fact;
        try {
            Fields fields = Fact.CODEC.fields(record.value());
            if (Fact.isOfUnknownKind(fields)) {
                meters.unknownKind();
                return new Passed(here);
            }
            fact = Fact.CODEC.read(fields);
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            meters.deadLetter();
            return new Passed(here);
        }
        return switch (meet(fact, record)) {
            case NEW -> {
                meters.told();
                yield new Told(fact, here, Trace.of(record.headers()), record);
            }
            case KNOWN -> {
                meters.known();
                yield new Passed(here);
            }
            case ID_REUSED -> {
                unreadable.tell(
                        context(), record, here, new ContractViolation(Fact.CODEC.schema(), List.of(ID_REUSED)));
                meters.idReused();
                yield new Passed(here);
            }
        };
    }

    private KnownFacts.Met meet(Fact fact, Record<byte[], byte[]> record) {
        // No decision, and by far the most of all facts: analytics counts one twice that at_least_once brings twice.
        return fact instanceof Fact.MessageSeen
                ? KnownFacts.Met.NEW
                : known.meet(fact, record.timestamp(), context().currentSystemTimeMs());
    }

    /** Without the header it is ours too: headers are what gets lost when somebody copies a topic. */
    private static boolean isThisVersion(Headers headers) {
        Header schema = headers.lastHeader(RecordHeaders.SCHEMA);
        return schema == null
                || schema.value() == null
                || Fact.CODEC.schema().equals(new String(schema.value(), StandardCharsets.UTF_8));
    }
}
