package io.guestflow.processor.measure;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.LengthPrefixed;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches and their conversations as they are stored: texts, the first being the version of the form. */
final class StoredBatches {
    private static final String VERSION = "1";

    private StoredBatches() {}

    static byte[] write(Batch batch) {
        return LengthPrefixed.of(
                VERSION,
                batch.state().name(),
                Integer.toString(batch.size()),
                Integer.toString(batch.weight()),
                batch.commandId() == null ? "" : batch.commandId());
    }

    static Batch batch(long number, byte[] bytes) {
        List<String> in = read(bytes);
        return new Batch(
                number,
                Batch.State.valueOf(in.get(1)),
                Integer.parseInt(in.get(2)),
                Integer.parseInt(in.get(3)),
                in.get(4).isEmpty() ? null : in.get(4));
    }

    static byte[] write(Subject subject) {
        ConversationMetrics.Own own = subject.own();
        return LengthPrefixed.of(
                VERSION,
                subject.conversationId(),
                subject.guestRef(),
                orEmpty(subject.dimensions().channelId()),
                orEmpty(subject.dimensions().segment()),
                orEmpty(subject.dimensions().campaign()),
                subject.source().topic(),
                Integer.toString(subject.source().partition()),
                Long.toString(subject.source().offset()),
                subject.endReason().name(),
                time(own.openedAt()),
                time(own.endedAt()),
                Long.toString(own.durationMs()),
                Integer.toString(own.inbound()),
                Integer.toString(own.outbound()),
                time(subject.giveUpAt()),
                Integer.toString(subject.asked()),
                Integer.toString(subject.failures()),
                Integer.toString(subject.refusals()),
                Boolean.toString(subject.apart()));
    }

    static Subject subject(byte[] bytes) {
        List<String> in = read(bytes);
        return new Subject(
                in.get(1),
                in.get(2),
                new Dimensions(orNull(in.get(3)), orNull(in.get(4)), orNull(in.get(5))),
                new Source(in.get(6), Integer.parseInt(in.get(7)), Long.parseLong(in.get(8))),
                EndReason.valueOf(in.get(9)),
                new ConversationMetrics.Own(
                        time(in.get(10)),
                        time(in.get(11)),
                        Long.parseLong(in.get(12)),
                        Integer.parseInt(in.get(13)),
                        Integer.parseInt(in.get(14))),
                time(in.get(15)),
                Integer.parseInt(in.get(16)),
                Integer.parseInt(in.get(17)),
                Integer.parseInt(in.get(18)),
                Boolean.parseBoolean(in.get(19)));
    }

    private static List<String> read(byte[] bytes) {
        List<String> in = LengthPrefixed.read(bytes);
        if (!VERSION.equals(in.getFirst())) {
            throw new UnreadableState("the conversations to be measured were stored by a newer version of guestflow:"
                    + " run that version. Do not delete the state or the changelogs of guestflow-facts: audit's chains"
                    + " are among them");
        }
        return in;
    }

    /** No id is empty, so an empty text can stand for none. */
    private static String orEmpty(@Nullable String id) {
        return id == null ? "" : id;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String time(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    private static Instant time(String ms) {
        return Instant.ofEpochMilli(Long.parseLong(ms));
    }
}
