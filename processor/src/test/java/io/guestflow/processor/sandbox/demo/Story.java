package io.guestflow.processor.sandbox.demo;

import static io.guestflow.processor.sandbox.demo.Visit.When.ANSWERED;
import static io.guestflow.processor.sandbox.demo.Visit.When.AT_ONCE;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Who comes when. An act is told beat by beat and has every kind of guest in it; it can be told again and again, with
 * other guests each time.
 *
 * <p>Threading: one thread.
 */
final class Story {
    /** Beats of one act. */
    static final int BEATS = 66;

    /** Guests who come one by one, each second beat the next; between them come good guests. */
    private static final List<GuestKind> ONE_BY_ONE = List.of(
            GuestKind.NO_CONSENT,
            GuestKind.PERSONAL_CONTEXT,
            GuestKind.CHANNEL_FORBIDDEN,
            GuestKind.REPEAT_ANSWERED,
            GuestKind.GARBAGE,
            GuestKind.FOREIGN_PARTITION,
            GuestKind.REPEAT_PENDING,
            GuestKind.CHANNEL_NOT_OURS,
            GuestKind.FOUR_AT_ONCE,
            GuestKind.INVALID,
            GuestKind.GARBAGE,
            GuestKind.FOREIGN_KEY);

    /**
     * The burst. Those who wait fill the next two seconds at {@link Stage#CALLS_PER_SECOND}; those in a hurry come a beat
     * later, when less of that has passed than they could wait, and so none of them can be served in time.
     */
    private static final int BURST_BEAT = 24;

    private static final int BURST_PATIENT = 40;
    private static final int BURST_HURRIED = 12;
    private static final long HURRY_MS = 1_500;

    /** Those whose sessions are followed, each second beat the next; first, because sessions take longer than an act. */
    private static final List<GuestKind> SESSIONS = List.of(
            GuestKind.CHATS,
            GuestKind.NEVER_WRITES,
            GuestKind.GOES_QUIET,
            GuestKind.IS_CLOSED,
            GuestKind.CHATS,
            GuestKind.NEVER_WRITES,
            GuestKind.GOES_QUIET,
            GuestKind.IS_CLOSED);

    private final Messages messages;
    private int guests;
    private int garbage;

    Story(Messages messages) {
        this.messages = messages;
    }

    /** Those who come at this beat of an act. */
    List<Visit> beat(int beat) {
        return kinds(beat).stream().map(this::visit).toList();
    }

    static List<GuestKind> kinds(int beat) {
        return switch (beat) {
            case BURST_BEAT -> Collections.nCopies(BURST_PATIENT, GuestKind.BURST_PATIENT);
            case BURST_BEAT + 1 -> Collections.nCopies(BURST_HURRIED, GuestKind.BURST_HURRIED);
            default ->
                List.of(
                        beat % 2 == 1
                                ? ONE_BY_ONE.get(beat / 2 % ONE_BY_ONE.size())
                                : beat / 2 < SESSIONS.size() ? SESSIONS.get(beat / 2) : GuestKind.GOOD);
        };
    }

    Visit visit(GuestKind kind) {
        guests++;
        String guest = String.format(Locale.ROOT, "guest-%04d", guests);
        List<Asked> asked = Stream.iterate(1, n -> n + 1)
                .limit(kind.requests().size())
                .map(n -> new Asked(
                        kind, Asked.name(guest, "r" + n), kind.requests().get(n - 1)))
                .toList();
        Asked first = asked.getFirst();
        Messages.Draft plain = messages.request(guest, "r1");
        return switch (kind) {
            case GOOD, CHATS, NEVER_WRITES, GOES_QUIET, IS_CLOSED ->
                Visit.of(first, withContext(plain).keyed());
            case NO_CONSENT -> Visit.of(first, plain.withoutConsent().keyed());
            case CHANNEL_FORBIDDEN ->
                Visit.of(first, plain.channel(Messages.CHANNEL_CXONE_FORBIDS).keyed());
            case CHANNEL_NOT_OURS ->
                Visit.of(first, plain.channel("web-messaging-of-another").keyed());
            case PERSONAL_CONTEXT ->
                Visit.of(
                        first,
                        withContext(plain)
                                .context("campaign", Messages.NEVER_TOLD + "@example.com")
                                .context(Messages.NEVER_TOLD, "whatever")
                                .context("remark", Messages.NEVER_TOLD)
                                .keyed());
            case REPEAT_ANSWERED -> twice(first, withContext(plain).keyed(), ANSWERED);
            case REPEAT_PENDING -> twice(first, withContext(plain).keyed(), AT_ONCE);
            case INVALID -> Visit.of(first, messages.invalid(guest, "r1"));
            case GARBAGE -> Visit.of(first, messages.garbage(garbage++));
            case FOREIGN_PARTITION -> Visit.of(first, withContext(plain).inForeignPartition());
            case FOREIGN_KEY ->
                Visit.of(first, withContext(plain).keyedBy(guests % 2 == 0 ? null : "a-key-of-their-own"));
            case FOUR_AT_ONCE -> atOnce(guest, asked);
            case BURST_PATIENT -> Visit.of(first, plain.keyed());
            case BURST_HURRIED ->
                Visit.of(first, plain.timeoutMs(HURRY_MS).keyed()).then(ANSWERED, first, plain.keyed());
        };
    }

    private Visit atOnce(String guest, List<Asked> asked) {
        Visit visit = new Visit(List.of());
        for (int n = 1; n <= asked.size(); n++) {
            visit = visit.then(
                    AT_ONCE, asked.get(n - 1), messages.request(guest, "r" + n).keyed());
        }
        return visit;
    }

    private static Visit twice(Asked asked, ProducerRecord<byte[], byte[]> message, Visit.When again) {
        return Visit.of(asked, message).then(again, asked, message);
    }

    private Messages.Draft withContext(Messages.Draft draft) {
        return draft.context("segment", guests % 3 == 0 ? "returning" : "anonymous")
                .context("campaign", guests % 4 == 0 ? "spring-2026" : "organic")
                .context("device", guests % 2 == 0 ? "web" : "mobile");
    }
}
