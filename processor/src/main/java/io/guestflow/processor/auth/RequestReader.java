package io.guestflow.processor.auth;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Origin;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Reads requests. What cannot be read is a dead letter. What does not lie in the partition of its guest, because its
 * producer partitions otherwise or keys by something else, takes one hop through a topic of our own: one task owns each
 * guest.
 */
final class RequestReader extends ContextualProcessor<byte[], byte[], byte[], Object> {
    private static final int LONGEST_SCHEMA = 128;

    private final IntSupplier partitions;
    private final UnreadableRecords unreadable;
    private final CommitPacer commits;
    private final AuthMeters meters;

    RequestReader(IntSupplier partitions, UnreadableRecords unreadable, CommitPacer commits, AuthMeters meters) {
        this.partitions = partitions;
        this.unreadable = unreadable;
        this.commits = commits;
        this.meters = meters;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        read(record);
        commits.processed(context());
    }

    private void read(Record<byte[], byte[]> record) {
        Source here = Origin.of(context());
        RequestReading reading;
        try {
            reading = RequestReading.of(record.value());
        } catch (ContractViolation violation) {
            meters.request();
            unreadable.tell(context(), record, here, violation);
            return;
        }
        byte[] key = reading.guestId().getBytes(StandardCharsets.UTF_8);
        int home = Utils.toPositive(Utils.murmur2(key)) % partitions.getAsInt();
        boolean rekeyed = here.topic().equals(Topics.GUEST_AUTH_REQUESTS_REKEYED.name());
        if (home != here.partition() && !rekeyed) {
            // Not the caller's other headers: as large as a record may be, they would make this one too large.
            Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
            Header schema = record.headers().lastHeader(RecordHeaders.SCHEMA);
            if (schema != null && schema.value() != null && schema.value().length <= LONGEST_SCHEMA) {
                headers.add(schema);
            }
            Trace.of(record.headers()).addTo(headers);
            headers.add(RecordHeaders.ORIGIN, Origin.text(here));
            context()
                    .forward(
                            new Record<byte[], Object>(
                                    key, new Routed(home, record.value()), record.timestamp(), headers),
                            AuthTopology.REKEYED_SINK);
            // Somebody waits for this one as for any other.
            commits.request(context());
            meters.rekeyed();
            return;
        }
        meters.request();
        Source source = rekeyed ? Origin.before(record.headers(), here) : here;
        context()
                .forward(
                        new Record<byte[], Object>(
                                key,
                                new AuthInput.Request(reading, sentAt(record), source, Trace.of(record.headers())),
                                record.timestamp()),
                        AuthTopology.GUEST_AUTH);
    }

    /** A record without a timestamp, which very old clients can write, counts as sent now. */
    private Instant sentAt(Record<byte[], byte[]> record) {
        return Instant.ofEpochMilli(
                record.timestamp() > 0 ? record.timestamp() : context().currentSystemTimeMs());
    }
}
