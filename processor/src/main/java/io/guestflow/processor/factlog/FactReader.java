package io.guestflow.processor.factlog;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.codec.Problem.Defect;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactRecord.Passed;
import io.guestflow.processor.factlog.FactRecord.Told;
import io.guestflow.processor.factlog.KnownFacts.Meeting;
import io.guestflow.processor.factlog.KnownFacts.Met;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.PartitionProgress;
import io.guestflow.processor.wire.ReadMark;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads facts, drops those that come again, and tells everybody who derives something of each record. A fact is known once it
 * was told. Whom a defect of ours kept from it is remembered with it: when that is mended and the topic is read again, it is
 * told once more, and to nobody else.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class FactReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private static final Logger LOG = LoggerFactory.getLogger(FactReader.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long REUSED_TOLD_EVERY_MS = 60_000;

    private static final Problem ID_MADE_UP = new Problem(
            "factId",
            Defect.WRONG,
            "must be the id of this fact alone: another one has it, and yet another one the id that this one has instead,"
                    + " which is no accident");

    private final List<String> derivations;
    private final int everybody;
    private final UnreadableRecords unreadable;
    private final FactMeters meters;
    private final FactLog.Surroundings around;
    private final FactMark ids = new FactMark();
    private KnownFacts known;
    private FactLog.@Nullable Audited audited;
    private ReadMark mark;
    private long reusedToldAtMs = -REUSED_TOLD_EVERY_MS;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    FactReader(List<String> derivations, UnreadableRecords unreadable, FactMeters meters, FactLog.Surroundings around) {
        this.derivations = derivations;
        this.everybody = (1 << derivations.size()) - 1;
        this.unreadable = unreadable;
        this.meters = meters;
        this.around = around;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        super.init(context);
        known = KnownFacts.of(context);
        audited = around.audited().get().get(context.taskId().partition());
        mark = new ReadMark(progress());
        context.schedule(
                LOOK_EVERY,
                PunctuationType.WALL_CLOCK_TIME,
                timestamp -> mark.readUntil(progress(), Instant.ofEpochMilli(context.currentSystemTimeMs()))
                        .ifPresent(until -> meters.readUntil(context.taskId().toString(), until)));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        mark.processed(
                Instant.ofEpochMilli(record.timestamp()),
                Instant.ofEpochMilli(context().currentSystemTimeMs()));
        Source here = Origin.of(context());
        Reading reading;
        try {
            reading = read(record, here);
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            // It becomes a dead letter; who counts what has passed must not wait for it for ever.
            Record<byte[], Object> passed = new Record<>(record.key(), new Passed(here), record.timestamp());
            derivations.forEach(derivation -> context().forward(passed, derivation));
            throw defect;
        }
        // They say in its headers that they are done with it.
        Record<byte[], Object> told = new Record<>(record.key(), reading.record(), record.timestamp());
        Record<byte[], Object> passed = told.withValue(new Passed(here));
        int missing = 0;
        for (int i = 0; i < derivations.size(); i++) {
            int bit = 1 << i;
            boolean tells = (reading.tellsTo() & bit) != 0;
            context().forward(tells ? told : passed, derivations.get(i));
            if (tells && !Derivation.takeDone(told.headers())) {
                missing |= bit;
            }
        }
        Meeting meeting = reading.meeting();
        if (meeting != null && (meeting.met() == Met.NEW || missing != meeting.missing())) {
            known.remember(meeting, missing);
        }
    }

    @Override
    public void close() {
        meters.gone(context().taskId().toString());
    }

    /**
     * What becomes of a record.
     *
     * @param tellsTo a bit for each derivation that is handed it as it is; the others only see it pass
     * @param meeting of a fact that is to be remembered when it has been told
     */
    private record Reading(
            FactRecord record, int tellsTo, @Nullable Meeting meeting) {}

    private Reading read(Record<byte[], byte[]> record, Source here) {
        if (!isThisVersion(record.headers())) {
            // A newer writer's. It is not wrong, so it is no dead letter.
            meters.unknownVersion();
            return passed(here);
        }
        Fields fields;
        Fact fact;
        try {
            fields = Fact.CODEC.fields(record.value());
            if (Fact.isOfUnknownKind(fields)) {
                meters.unknownKind();
                return passed(here);
            }
            fact = Fact.CODEC.read(fields);
        } catch (ContractViolation violation) {
            unreadable.tell(context(), record, here, violation);
            meters.deadLetter();
            return passed(here);
        }
        if (fact instanceof Fact.MessageSeen) {
            // No decision, and by far the most of all facts. Sessions, which tell them, are always exactly once.
            meters.told();
            return new Reading(told(fact, record, here), everybody, null);
        }
        Meeting meeting = meet(fact, record);
        return switch (meeting.met()) {
            case NEW -> {
                meters.told();
                yield new Reading(told(fact, record, here), everybody, meeting);
            }
            case KNOWN -> again(meeting, fact, record, here);
            case ID_REUSED -> underAnotherId(Fact.CODEC.read(fields.with("factId", ids.otherId(fact))), record, here);
        };
    }

    /** Of derivations that there were more of once, nobody is told. */
    private Reading again(Meeting meeting, Fact fact, Record<byte[], byte[]> record, Source here) {
        int missing = meeting.missing() & everybody;
        if (missing == 0) {
            meters.known();
            return passed(here);
        }
        meters.toldAgain();
        return new Reading(told(fact, record, here), missing, meeting);
    }

    /** Neither dropped as if it were known, nor told under an id by which the audit has another record. */
    private Reading underAnotherId(Fact fact, Record<byte[], byte[]> record, Source here) {
        Meeting meeting = meet(fact, record);
        return switch (meeting.met()) {
            case NEW -> {
                meters.idReused();
                tellReused(here);
                yield new Reading(told(fact, record, here), everybody, meeting);
            }
            case KNOWN -> again(meeting, fact, record, here);
            case ID_REUSED -> {
                unreadable.tell(
                        context(), record, here, new ContractViolation(Fact.CODEC.schema(), List.of(ID_MADE_UP)));
                meters.deadLetter();
                yield passed(here);
            }
        };
    }

    /** There may be as many as a topic has records. */
    private void tellReused(Source here) {
        long nowMs = context().currentSystemTimeMs();
        if (nowMs < reusedToldAtMs + REUSED_TOLD_EVERY_MS) {
            return;
        }
        reusedToldAtMs = nowMs;
        LOG.warn(
                "The fact at {}-{}@{} came with the id of another one of the last days, and is told under an id of its own:"
                        + " a topic that facts come from was made anew, or is read again under another key for"
                        + " references; RATIONALE.md, \"Audit\", says more. Further ones within a minute are only counted",
                here.topic(),
                here.partition(),
                here.offset());
    }

    private Meeting meet(Fact fact, Record<byte[], byte[]> record) {
        Meeting meeting = known.meet(fact, record.timestamp(), context().currentSystemTimeMs());
        if (meeting.met() == Met.NEW && wasAudited(fact, record)) {
            known.remember(meeting, 0);
            return new Meeting(Met.KNOWN, meeting.key(), meeting.content(), 0);
        }
        return meeting;
    }

    /** Where what is known was lost, an operator has the facts of that time read again: only times can be asked for. */
    private boolean wasAudited(Fact fact, Record<byte[], byte[]> record) {
        FactLog.Audited last = audited;
        return last != null
                && record.timestamp() <= last.at().toEpochMilli()
                && last.ids().contains(fact.factId());
    }

    private static Told told(Fact fact, Record<byte[], byte[]> record, Source here) {
        return new Told(fact, here, Trace.of(record.headers()), record);
    }

    private static Reading passed(Source here) {
        return new Reading(new Passed(here), 0, null);
    }

    private Optional<PartitionProgress> progress() {
        return around.polled()
                .progress(Topics.GUEST_FACTS.name(), context().taskId().partition());
    }

    /** Without the header it is ours too: headers are what gets lost when somebody copies a topic. */
    private static boolean isThisVersion(Headers headers) {
        Header schema = headers.lastHeader(RecordHeaders.SCHEMA);
        return schema == null
                || schema.value() == null
                || Fact.CODEC.schema().equals(new String(schema.value(), StandardCharsets.UTF_8));
    }
}
