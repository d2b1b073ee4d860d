package io.guestflow.processor.system;

import io.guestflow.contracts.session.Session;
import io.guestflow.processor.sandbox.bench.sessions.Crowd;
import io.guestflow.processor.sandbox.bench.sessions.Openings;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.webhooks.Talk;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sessions that are opened as auth would do it, without requests, of conversations that CXone knows. The guests of even
 * numbers write, the others are silent.
 *
 * <p>Threading: one thread opens them; any may ask.
 */
final class ManySessions implements AutoCloseable {
    private final GuestflowSandbox guestflow;
    private final Crowd crowd;
    private final Openings openings;
    private final int count;

    ManySessions(GuestflowSandbox guestflow, String name, int count) {
        this.guestflow = guestflow;
        this.crowd = new Crowd(name);
        this.openings = new Openings(guestflow.kafka().bootstrap(), GuestflowSandbox.PARTITIONS);
        this.count = count;
    }

    /** Opens that one as at that time, with so long to live; soon, see {@link #flush}. */
    void open(int number, Instant at, Instant end) {
        Instant opened = at.truncatedTo(ChronoUnit.MILLIS);
        Instant expires = end.truncatedTo(ChronoUnit.MILLIS);
        guestflow
                .cxone()
                .adopt(new Conversation(
                        crowd.conversation(number),
                        crowd.guest(number),
                        GuestRequest.CHANNEL,
                        opened,
                        expires,
                        null,
                        List.of(),
                        0,
                        Map.of()));
        openings.open(crowd.conversation(number), crowd.guest(number), opened, expires);
    }

    /** Returns when the broker has all openings. */
    void flush() {
        openings.flush();
    }

    /** How many write. */
    int writers() {
        return (count + 1) / 2;
    }

    /** Whether that conversation's guest does. */
    boolean writes(String conversationId) {
        return crowd.number(conversationId) % 2 == 0;
    }

    /** One of those who write, counted from 0. */
    Talk writer(int number) {
        return crowd.talk(2 * number);
    }

    /** The conversations of those who write, as CXone has them. */
    List<Conversation> written() {
        return IntStream.range(0, writers())
                .mapToObj(
                        number -> guestflow.cxone().conversation(writer(number).conversationId()))
                .toList();
    }

    /** The last record of each of those who are silent. */
    Map<String, Entry<Session>> silent() {
        Map<String, Entry<Session>> last = new HashMap<>();
        for (Entry<Session> entry : guestflow.sessions().all()) {
            if (crowd.number(entry.value().conversationId()) % 2 == 1) {
                last.put(entry.value().conversationId(), entry);
            }
        }
        return last;
    }

    /** How many sessions have been published. */
    long published() {
        return guestflow.sessions().all().stream()
                .map(entry -> entry.value().conversationId())
                .distinct()
                .count();
    }

    @Override
    public void close() {
        openings.close();
    }
}
