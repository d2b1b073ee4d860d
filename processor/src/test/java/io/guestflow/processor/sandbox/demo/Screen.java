package io.guestflow.processor.sandbox.demo;

import static java.util.stream.Collectors.joining;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Shape;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What people read: one line for each thing that happens.
 *
 * <p>Threading: any thread.
 */
final class Screen {
    private static final int LABEL = Arrays.stream(GuestKind.values())
            .mapToInt(kind -> kind.label().length())
            .max()
            .orElse(0);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.S").withZone(ZoneOffset.UTC);

    private final PrintStream out;
    private final boolean colour;
    private final long startNanos;

    Screen(PrintStream out, boolean colour, long startNanos) {
        this.out = out;
        this.colour = colour;
        this.startNanos = startNanos;
    }

    /** Colours are for terminals that can show them, and for people who have not said no (no-color.org). */
    static boolean colour(boolean terminal, Map<String, String> environment) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    private enum Paint {
        DIM(2),
        RED(31),
        GREEN(32),
        YELLOW(33),
        CYAN(36);

        private final int code;

        Paint(int code) {
            this.code = code;
        }
    }

    void line(String text) {
        print(text);
    }

    /** {@code words} tells of the request what its label does not. */
    void asked(Asked asked, String words, long nowNanos) {
        print(event(asked, "->", nowNanos) + paint(Paint.DIM, words));
    }

    void answered(Asked asked, GuestAuthResult result, boolean replayed, Duration after, long nowNanos) {
        Paint paint = switch (result.status()) {
            case AUTHENTICATED -> Paint.GREEN;
            case REJECTED -> Paint.YELLOW;
            case FAILED -> Paint.RED;
        };
        String status = String.format(Locale.ROOT, "%-13s", result.status());
        String took = String.format(Locale.ROOT, " %6d ms  ", after.toMillis());
        print(event(asked, "<-", nowNanos) + paint(paint, status) + took + details(result, replayed));
    }

    void deadLetter(String of, String why, long nowNanos) {
        String line = String.format(Locale.ROOT, "%8.3f <- %-" + LABEL + "s  ", seconds(nowNanos), "dead letter");
        print(line + of + "  " + paint(Paint.DIM, why));
    }

    /** A webhook of a conversation goes to Kafka. */
    void webhook(SessionKind kind, String conversationId, Shape shape, Happening happening, long nowNanos) {
        String what = "webhook, " + lower(shape) + ": " + lower(happening);
        print(event(kind.label(), conversationId, "->", nowNanos) + paint(Paint.DIM, what));
    }

    /** A session's state was published. */
    void session(SessionKind kind, Session session, long nowNanos) {
        Paint paint = switch (session.state()) {
            case ACTIVE -> Paint.GREEN;
            case EXPIRING -> Paint.YELLOW;
            case EXPIRED, CLOSED -> Paint.CYAN;
        };
        String state = String.format(Locale.ROOT, "%-13s", session.state());
        print(event(kind.label(), session.conversationId(), "==", nowNanos) + paint(paint, state) + details(session));
    }

    private static String details(Session session) {
        Instant ended = session.endedAt();
        if (ended != null) {
            return " " + session.endReason() + " after " + seconds(Duration.between(session.openedAt(), ended));
        }
        String until = " until " + CLOCK.format(session.expiresAt());
        return session.state() == SessionState.EXPIRING
                ? until + ", idle"
                : until + (session.refreshes() == 0 ? ", new" : ", refresh " + session.refreshes());
    }

    private static String seconds(Duration length) {
        return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Lines that stay together. */
    void status(String... lines) {
        print(Arrays.stream(lines).map(line -> paint(Paint.CYAN, line)).collect(joining(System.lineSeparator())));
    }

    void wrong(String text) {
        print(paint(Paint.RED, text));
    }

    private String event(Asked asked, String arrow, long nowNanos) {
        return event(asked.kind().label(), asked.name(), arrow, nowNanos);
    }

    private String event(String kind, String name, String arrow, long nowNanos) {
        return String.format(Locale.ROOT, "%8.3f %s %-" + LABEL + "s  %-13s ", seconds(nowNanos), arrow, kind, name);
    }

    private static String details(GuestAuthResult result, boolean replayed) {
        String text = switch (result) {
            case Authenticated ok -> ok.conversationId() + context(ok);
            case NotAuthenticated refused ->
                refused.error().code() + " " + refused.error().httpStatus()
                        + (refused.error().retryAfterSeconds() == null
                                ? ""
                                : ", again in " + refused.error().retryAfterSeconds() + " s");
        };
        String attempt = result.attempt() == 1 ? "" : ", attempt " + result.attempt();
        return text + attempt + (replayed ? ", replayed" : "");
    }

    private static String context(Authenticated ok) {
        String dropped = ok.contextDropped().stream()
                .map(drop -> drop.key() + " " + drop.reason())
                .collect(joining(", "));
        return (ok.contextInjected() ? ", context given" : "") + (dropped.isEmpty() ? "" : ", dropped " + dropped);
    }

    private double seconds(long nowNanos) {
        return (nowNanos - startNanos) / 1e9;
    }

    private String paint(Paint paint, String text) {
        return colour && !text.isEmpty() ? "\033[" + paint.code + "m" + text + "\033[0m" : text;
    }

    private synchronized void print(String line) {
        out.println(line);
        out.flush();
    }
}
