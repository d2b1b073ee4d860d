package io.guestflow.processor.sandbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.failure.DeadLetter;
import io.guestflow.contracts.session.Session;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Reads what comes back: shows it, books it to its request, and notices what must not be there at all.
 *
 * <p>Threading: one thread calls {@link #read}.
 */
final class Answers {
    static final List<String> TOPICS =
            List.of(Topics.GUEST_AUTH_RESULTS.name(), Topics.GUEST_DEAD_LETTERS.name(), Topics.GUEST_SESSIONS.name());

    private final Ledger ledger;
    private final Figures figures;
    private final Tally tally;
    private final Screen screen;
    private final SessionBook sessions;
    private final BiConsumer<SessionKind, String> opened;

    /** @param opened is told of every conversation of a guest whose session is followed */
    Answers(
            Ledger ledger,
            Figures figures,
            Tally tally,
            Screen screen,
            SessionBook sessions,
            BiConsumer<SessionKind, String> opened) {
        this.sessions = sessions;
        this.opened = opened;
        this.ledger = ledger;
        this.figures = figures;
        this.tally = tally;
        this.screen = screen;
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
        long now = System.nanoTime();
        String where = record.topic() + "/" + record.partition() + "/" + record.offset();
        if (tells(record, Messages.NEVER_TOLD)) {
            wrong(where + " tells what must never be told");
        }
        try {
            if (record.topic().equals(Topics.GUEST_DEAD_LETTERS.name())) {
                deadLetter(DeadLetter.CODEC.read(record.value()), now);
            } else if (record.topic().equals(Topics.GUEST_SESSIONS.name())) {
                session(record, now);
            } else {
                result(GuestAuthResult.CODEC.read(record.value()), isReplay(record), where, now);
            }
        } catch (ContractViolation e) {
            wrong(where + " is not what its contract says: " + e.getMessage());
        }
    }

    private void result(GuestAuthResult result, boolean replayed, String where, long now) {
        ledger.result(result, replayed, now)
                .ifPresentOrElse(
                        match -> {
                            figures.answered(result, match.after());
                            screen.answered(match.asked(), result, replayed, match.after(), now);
                            if (result instanceof Authenticated welcome && !replayed) {
                                SessionKind.of(match.asked().kind())
                                        .ifPresent(kind -> follow(kind, welcome.conversationId()));
                            }
                        },
                        () -> wrong(where + " answers a request that is not open: "
                                + Asked.name(result.guestId(), result.requestId())));
    }

    private void follow(SessionKind kind, String conversationId) {
        long now = System.nanoTime();
        sessions.belongs(conversationId, kind).forEach(session -> screen.session(kind, session, now));
        opened.accept(kind, conversationId);
    }

    private void session(ConsumerRecord<byte[], byte[]> record, long now) {
        if (record.value() == null) {
            sessions.forgotten(new String(record.key(), UTF_8));
            return;
        }
        Session session = Session.CODEC.read(record.value());
        sessions.published(session).ifPresent(kind -> screen.session(kind, session, now));
    }

    private void deadLetter(DeadLetter letter, long now) {
        String of = letter.topic() + "/" + letter.partition() + "/" + letter.offset();
        String why = letter.cause()
                + (letter.problems().isEmpty() ? "" : ": " + letter.problems().getFirst());
        screen.deadLetter(of, why, now);
        ledger.deadLetter(letter.topic(), letter.partition(), letter.offset(), now);
    }

    private void wrong(String text) {
        screen.wrong(text);
        tally.problem(text);
    }

    private static boolean isReplay(ConsumerRecord<byte[], byte[]> record) {
        Header replayed = record.headers().lastHeader(RecordHeaders.REPLAYED);
        return replayed != null && new String(replayed.value(), UTF_8).equals("true");
    }

    static boolean tells(ConsumerRecord<byte[], byte[]> record, String word) {
        var all = new StringBuilder();
        if (record.key() != null) {
            all.append(new String(record.key(), UTF_8)).append('\n');
        }
        if (record.value() != null) {
            all.append(new String(record.value(), UTF_8));
        }
        for (Header header : record.headers()) {
            all.append('\n').append(header.key());
            if (header.value() != null) {
                all.append('\n').append(new String(header.value(), UTF_8));
            }
        }
        return all.indexOf(word) >= 0;
    }
}
