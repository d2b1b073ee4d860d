package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The announced pauses and who came during them. Overlapping announcements are one pause.
 *
 * <p>Threading: any thread; outside a pause only a volatile is read.
 */
final class Pauses {

    private static final int REMEMBERED = 10_000;

    private final List<Pause> pauses = new ArrayList<>();
    private volatile Instant currentEnd = Instant.MIN;

    void announce(Instant now, Duration length) {
        if (length.isPositive()) {
            extend(now, now.plus(length));
        }
    }

    private synchronized void extend(Instant now, Instant end) {
        if (now.isBefore(currentEnd)) {
            Pause current = pauses.removeLast();
            Instant later = end.isAfter(current.endsAt()) ? end : current.endsAt();
            pauses.add(new Pause(current.announcedAt(), later, current.arrivals()));
            currentEnd = later;
        } else if (pauses.size() < REMEMBERED) {
            pauses.add(new Pause(now, end, new ArrayList<>()));
            currentEnd = end;
        }
    }

    void arrived(Instant now) {
        if (now.isBefore(currentEnd)) {
            count(now);
        }
    }

    private synchronized void count(Instant now) {
        if (now.isBefore(currentEnd)) {
            Pause current = pauses.getLast();
            if (current.arrivals().size() < REMEMBERED) {
                current.arrivals().add(Duration.between(current.announcedAt(), now));
            }
        }
    }

    synchronized List<Pause> all() {
        return pauses.stream()
                .map(p -> new Pause(p.announcedAt(), p.endsAt(), List.copyOf(p.arrivals())))
                .toList();
    }

    synchronized void reset() {
        pauses.clear();
        currentEnd = Instant.MIN;
    }
}
